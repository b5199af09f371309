"""How the figures were made: base, gates, indices, intervals, rounding, software."""

from collections.abc import Iterator

from calm_pipeline.gates import gate_sentence
from calm_pipeline.report import numbers, words
from calm_pipeline.report.model import Ref, Said, Section, Terms, say
from calm_pipeline.report.sections.base import LEAST_EXPECTED
from calm_pipeline.report.source import Source
from calm_pipeline.statistics.resampling import GROUPS, SEED, TIMES

CODE_SHOWN = 12


def methods(source: Source) -> Iterator[Section]:
    """The section about methods."""
    items = [*_counting(source), *_indices(source), *_figures(source), *_origin(source)]
    yield Section("methods", say(words.METHODS), (Terms(tuple(items)),))


def _counting(source: Source) -> Iterator[tuple[Said, Said]]:
    yield say(words.BASE_TERM), say(words.BASE_MEANS)
    gated = [(question, gate_sentence(source.survey, key)) for key, question in source.survey.questions.items()]
    gates = [
        source.said(words.GATE, number=question.number, gate=source.word(gate)) for question, gate in gated if gate
    ]
    means = say(words.GATES_MEANS, gates=source.word(words.STOP).join(gates)) if gates else say(words.NO_GATES)
    yield say(words.GATES_TERM), means


def _indices(source: Source) -> Iterator[tuple[Said, Said]]:
    for index in source.survey.indices.values():
        asked = [source.survey.questions[key] for key in index.questions]
        named = source.joined(source.said(words.Q, number=question.number) for question in asked)
        items = sum(len(question.substantive) for question in asked)
        yield say(words.AS_IT_IS, text=source.word(index)), say(words.INDEX_MEANS, questions=named, items=items)
    if source.survey.indices:
        yield say(words.VARIANTS_TERM), say(words.VARIANTS_MEANS)


def _figures(source: Source) -> Iterator[tuple[Said, Said]]:
    yield say(words.INTERVALS_TERM), say(words.INTERVALS_MEANS, level=numbers.LEVEL)
    if source.survey.indices:
        means = say(words.RESAMPLING_MEANS, times=numbers.whole(TIMES), seed=SEED, groups=numbers.whole(GROUPS))
        yield say(words.RESAMPLING_TERM), means
    if source.survey.indices or source.has("option_trends"):
        yield say(words.FAMILIES_TERM), say(words.FAMILIES_MEANS)
    if source.survey.indices:
        yield say(words.RELIABILITY_TERM), say(words.RELIABILITY_MEANS)
    if source.has("stage_comparison"):
        yield say(words.EFFECTS_TERM), say(words.EFFECTS_MEANS)
    if source.has("coverage"):
        yield say(words.EXPECTED_TERM), say(words.EXPECTED_MEANS, least=LEAST_EXPECTED)
    yield say(words.SMALL_TERM), say(words.SMALL_MEANS, least=source.stamp.threshold, extremes=source.stamp.extremes)
    yield say(words.ROUNDING_TERM), say(words.ROUNDING_MEANS)
    note = source.survey.fielding.note
    if note:
        yield say(words.FIELDING_TERM), say(words.AS_IT_IS, text=source.word(note))


def _origin(source: Source) -> Iterator[tuple[Said, Said]]:
    made = say(words.RECONSTRUCTED_MEANS, section=Ref("sources"))
    yield say(words.RECONSTRUCTED_TERM), made if source.reconstructed else say(words.NOTHING_RECONSTRUCTED)
    stamp, rules = source.stamp, source.value("SELECT count(*) FROM rules WHERE {here}")
    software = {"version": stamp.version, "code": stamp.code[:CODE_SHOWN]}
    yield say(words.SOFTWARE_TERM), say(words.SOFTWARE_MEANS, **software)
    yield say(words.RULES_TERM), say(words.RULES_MEANS, rules=numbers.whole(rules), rule_set=stamp.rule_set)
    digest = source.value("SELECT survey_sha256 FROM editions WHERE {here}")
    yield say(words.SURVEY_TERM), say(words.SURVEY_MEANS, sha256=digest)
