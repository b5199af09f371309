"""All submissions before they have a time and a number: the valid ones, and beside them those that must not count."""

from dataclasses import dataclass, replace

from calm_pipeline.exports.submission import Verbatim
from calm_pipeline.reconstruct.assumptions import Spoilt
from calm_pipeline.reconstruct.kinds import VALID, broken_rule
from calm_pipeline.reconstruct.refusals import RECONSTRUCTION, ReconstructionError
from calm_pipeline.reconstruct.register import Library, Register
from calm_pipeline.reconstruct.respondents import Answers, Desk
from calm_pipeline.reconstruct.spoil import one_tick_apart, spoil

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
SECOND_DRAWS = 1000


@dataclass(frozen=True)
class Draft:
    """Answers sent for a library. `before` is the place of the draft that must be sent later, `rule` what it breaks."""

    kind: str
    answers: Answers
    province: str
    rule: str = ""
    source: str = ""
    before: int | None = None


def draft_all(desk: Desk, register: Register) -> list[Draft]:
    """The valid drafts in the order of the sample, then the others kind by kind.

    Raises:
        ReconstructionError: the register has too few libraries, or no respondent lends itself to a kind.
    """
    size = desk.sample.size
    drafts = [
        Draft(VALID, desk.answers(one, library), library["province"])
        for one, library in enumerate(register.eligible[:size])
    ]
    drafts = _with_full_width(desk, drafts)
    unused = {
        "below_staff": iter(register.too_small),
        "staff_unknown": iter(register.staff_unknown),
        "": iter(register.eligible[size:]),
    }
    originals = iter(desk.chance.shuffled(range(size)))
    for spoilt in desk.assumed.not_counted:
        for _ in range(spoilt.times):
            if spoilt.kind == "superseded":
                drafts.append(_superseded(drafts, next(originals)))
                continue
            library = next(unused.get(spoilt.kind, unused[""]), None)
            if library is None:
                raise _impossible("few_libraries", desk, spoilt)
            drafts += _spoilt(desk, spoilt, library, register.shared_alias)
    return drafts


def _with_full_width(desk: Desk, drafts: list[Draft]) -> list[Draft]:
    """Some valid respondents type full-width digits, which cleaning repairs."""
    name = next((field.name for field in desk.sample.survey.fields() if field.type == "integer"), "")
    left, typed = desk.assumed.export.full_width_numbers, []
    for draft in drafts:
        answer = draft.answers.get(name)
        if left and isinstance(answer, int):
            wide = str(answer).translate(FULL_WIDTH)
            draft, left = replace(draft, answers={**draft.answers, name: Verbatim(wide, wide)}), left - 1
        typed.append(draft)
    return typed


def _superseded(drafts: list[Draft], original: int) -> Draft:
    return replace(drafts[original], kind="superseded", before=original)


def _spoilt(desk: Desk, spoilt: Spoilt, library: Library, shared_alias: str) -> list[Draft]:
    if spoilt.kind == "ambiguous_library":
        spoilt = spoilt.model_copy(update={"text": shared_alias})
    survey = desk.sample.survey
    rule, province = broken_rule(survey, spoilt), library["province"]
    for _ in range(SECOND_DRAWS):
        answers, donor = (desk.answers(desk.chance.below(desk.sample.size), library) for _ in range(2))
        wrong = spoil(survey, answers, spoilt, donor)
        versions = [wrong]
        if spoilt.kind == "contradicting":
            versions.append(one_tick_apart(survey, answers, spoilt.field))
        found = [version for version in versions if version is not None]
        if len(found) == len(versions):
            source = spoilt.text if spoilt.kind == "preview" else ""
            return [Draft(spoilt.kind, version, province, rule, source) for version in found]
    raise _impossible("no_respondent", desk, spoilt)


def _impossible(code: str, desk: Desk, spoilt: Spoilt) -> ReconstructionError:
    words = {"edition": desk.assumed.edition, "kind": spoilt.kind, "field": spoilt.field}
    return ReconstructionError.of(RECONSTRUCTION, code, **words)
