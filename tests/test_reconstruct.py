"""The synthetic reference data: exact margins, the printed correlations, rules kept or broken as said, equal bytes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pytest

from calm_pipeline import engine, validate
from calm_pipeline.clean import Register, clean_submissions, load_register
from calm_pipeline.exports.receive import receive
from calm_pipeline.exports.submission import Silence, Submission, Verbatim
from calm_pipeline.published import Published, Share, load_published
from calm_pipeline.reconstruct import Reconstruction, ReconstructionError, reconstruct, write_reconstruction
from calm_pipeline.reconstruct.assumptions import Assumptions, load_assumptions
from calm_pipeline.reconstruct.kinds import KINDS, VALID
from calm_pipeline.reconstruct.margins import margins
from calm_pipeline.root import Root
from calm_pipeline.rules import derive_rules, verdicts
from calm_pipeline.survey import Survey, load_survey

EDITION = "2023"
HOME = Root(Path(__file__).resolve().parents[1])


@pytest.fixture(scope="module")
def survey() -> Survey:
    return load_survey(HOME.survey(EDITION))


@pytest.fixture(scope="module")
def published() -> Published:
    found = load_published(HOME.published(EDITION))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def assumed() -> Assumptions:
    return load_assumptions(HOME.path / "schemas" / "reconstruction" / f"{EDITION}.yaml")


@pytest.fixture(scope="module")
def made(survey: Survey, published: Published, assumed: Assumptions) -> Reconstruction:
    return reconstruct(survey, published, assumed=assumed)


@pytest.fixture(scope="module")
def written(made: Reconstruction, survey: Survey, tmp_path_factory: pytest.TempPathFactory) -> tuple[Root, list[Path]]:
    root = Root(tmp_path_factory.mktemp("root"))
    return root, write_reconstruction(root, survey, made)


def ticked(one: Submission, key: str) -> Mapping[str, str]:
    answer = one.answers[key]
    return answer if isinstance(answer, Mapping) else {}


def counts(made: Reconstruction, key: str) -> Counter[str]:
    return Counter(option for one in made.valid for option in ticked(one, key))


def test_every_printed_row_is_hit_exactly(made: Reconstruction, published: Published) -> None:
    rows = [(key, option, row[0]) for key, table in published.tables.items() for option, row in table.items()]
    assert len(rows) == 128
    assert [(key, option, counts(made, key)[option]) for key, option, _ in rows] == rows


def test_every_printed_share_is_hit_exactly(made: Reconstruction, published: Published) -> None:
    shares = [said for said in published.statements.values() if isinstance(said, Share)]
    assert {counts(made, said.question)[said.option] - said.count for said in shares} == {0}
    assert {("stage", "systematic", 12), ("stage", "partial", 89), ("target_groups", "alumni", 44)} <= {
        (said.question, said.option, said.count) for said in shares
    }


def test_every_assumed_count_is_hit_exactly(made: Reconstruction, assumed: Assumptions) -> None:
    for key, wanted in assumed.counts.items():
        assert {option: counts(made, key)[option] for option in wanted} == wanted


def test_words_about_training_and_participants_hold(made: Reconstruction, survey: Survey) -> None:
    def ranked(key: str) -> list[str]:
        found = counts(made, key)
        return sorted(survey.questions[key].substantive, key=lambda option: -found[option])

    assert set(ranked("training_types")[:3]) == {"experience_exchange", "front_line_skills", "back_end_skills"}
    assert set(ranked("training_types")[-3:]) == {"emergency", "user_communication", "general_skills"}
    assert set(ranked("engaged_users")[:3]) == {"undergraduates", "masters", "teachers"}


def test_valid_submissions_come_from_different_eligible_libraries(made: Reconstruction, published: Published) -> None:
    named = {name: row for row in made.register for name in (row["name_zh"], *row["aliases"].split("|"))}
    libraries = [named[str(one.answers["library"])] for one in made.valid]
    assert len(libraries) == published.base == len({row["library_id"] for row in libraries})
    assert all(int(row["staff_count"]) >= 80 for row in libraries)
    assert any(row["name_zh"] != one.answers["library"] for row, one in zip(libraries, made.valid, strict=True))


def indices(made: Reconstruction, survey: Survey) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each definition with the scores by index, computed with numpy apart from the code under test."""
    blocks = {}
    for name, index in survey.indices.items():
        columns = []
        for key in index.questions:
            wanted = set(survey.questions[key].substantive)
            columns.append([len(wanted & ticked(one, key).keys()) for one in made.valid])
        blocks[name] = np.array(columns, dtype=float)
    yield "sum", {name: block.sum(axis=0) for name, block in blocks.items()}
    z = {name: (block - block.mean(1, keepdims=True)) / block.std(1, keepdims=True) for name, block in blocks.items()}
    yield "mean_z", {name: block.mean(axis=0) for name, block in z.items()}
    shares = {}
    for name, index in survey.indices.items():
        offered = np.array([len(survey.questions[key].substantive) for key in index.questions])
        asked = np.array([[one.answers[key] is not Silence.SKIPPED for one in made.valid] for key in index.questions])
        shares[name] = np.nanmean(np.where(asked, blocks[name] / offered[:, None], np.nan), axis=0)
    yield "mean_share", shares


def test_all_definitions_give_the_printed_correlations(
    made: Reconstruction, survey: Survey, published: Published
) -> None:
    printed = [cell for cell in published.correlations if cell.row != cell.column]
    assert len(printed) == 6
    for definition, scores in indices(made, survey):
        for cell in printed:
            r = np.corrcoef(scores[cell.row], scores[cell.column])[0, 1]
            assert f"{r:.2f}" == cell.r, (definition, cell.row, cell.column)
            assert abs(r - float(cell.r)) < 0.004


def test_the_furthest_stage_is_ahead_of_the_rest_and_of_each_other(made: Reconstruction, survey: Survey) -> None:
    stages = np.array([next(iter(ticked(one, "stage"))) for one in made.valid])
    for _, scores in indices(made, survey):
        for values in scores.values():
            first = values[stages == "systematic"].mean()
            assert first > values[stages != "systematic"].mean()
            assert all(first > values[stages == stage].mean() for stage in set(stages) - {"systematic"})


def test_blanks_of_ticked_options_are_filled(made: Reconstruction, survey: Survey) -> None:
    for one in made.valid:
        for field in survey.choices():
            for option, blank in ticked(one, field.name).items():
                assert bool(blank) == field.options[option].specify


def test_at_least_thirteen_kinds_are_not_counted(made: Reconstruction) -> None:
    wrong = [kind for kind in made.kinds.values() if kind != VALID]
    assert len(wrong) >= 26
    assert set(wrong) == set(KINDS)
    assert len(KINDS) >= 13


def test_numbers_and_times_ascend_inside_the_fielding_period(made: Reconstruction, survey: Survey) -> None:
    sequences = [one.sequence for one in made.submissions]
    times = [one.submitted_at for one in made.submissions]
    assert sequences == sorted(set(sequences)) == list(made.kinds)
    assert sequences[-1] > len(sequences)
    assert times == sorted(set(times))
    assert survey.fielding.opens <= times[0].date() <= times[-1].date() <= survey.fielding.closes


def test_people_and_addresses_are_plainly_invented(made: Reconstruction) -> None:
    for one in made.submissions:
        assert str(one.answers["respondent_mobile"]).startswith("1990000")
        assert one.ip.startswith(("192.0.2.", "198.51.100.", "203.0.113."))


def test_some_numbers_are_typed_in_full_width(made: Reconstruction, assumed: Assumptions) -> None:
    typed = [answer for one in made.valid for answer in one.answers.values() if isinstance(answer, Verbatim)]
    assert len(typed) == assumed.export.full_width_numbers


def test_the_pipeline_does_what_the_readme_says(
    made: Reconstruction, survey: Survey, written: tuple[Root, list[Path]]
) -> None:
    root, _ = written
    judged, broken = run(survey, root, load_register(root.register))
    expected = {number: "accepted" if kind == VALID else KINDS[kind].status for number, kind in made.kinds.items()}
    assert {row["sequence"]: row["status"] for row in judged} == expected
    dropped = {number for number, status in expected.items() if status == "dropped"}
    assert broken == {(number, rule) for number, rule in made.rules.items() if rule and number not in dropped}


def run(survey: Survey, root: Root, register: Register) -> tuple[list[dict[str, Any]], set[tuple[int, str]]]:
    """The status of every submission, and every pair of submission and broken rule of severity error."""
    database, rules = engine.connect(), derive_rules(survey)
    received = receive(root.exports(EDITION), survey)
    assert received.files["reconstructed"].to_pylist() == [True, True]
    stage = clean_submissions(ibis.memtable(received.raw), survey, register)
    clean = database.create_view("clean", ibis.memtable(stage.to_pyarrow()))
    found = validate.violations(verdicts(clean, rules), rules, survey)
    violations = database.create_view("violations", ibis.memtable(found.to_pyarrow()))
    judged = validate.submissions(clean, violations, survey).to_pyarrow().to_pylist()
    sequences = {row["submission_id"]: row["sequence"] for row in judged}
    errors = violations.filter(violations.severity == "error").to_pyarrow().to_pylist()
    return judged, {(sequences[row["submission_id"]], row["rule"]) for row in errors}


def test_two_runs_are_equal_and_another_seed_is_not(
    made: Reconstruction, survey: Survey, published: Published, assumed: Assumptions
) -> None:
    assert reconstruct(survey, published, assumed=assumed) == made
    assert reconstruct(survey, published, 1, assumed).submissions != made.submissions


def test_the_committed_files_are_what_the_code_writes(written: tuple[Root, list[Path]]) -> None:
    root, files = written
    committed = {file.name: file.read_bytes() for file in (*HOME.raw(EDITION).iterdir(), HOME.register)}
    assert {file.name: file.read_bytes() for file in files}.keys() == committed.keys()
    assert all(file.read_bytes() == committed[file.name] for file in files)
    assert root.register in files


def test_an_earlier_reconstruction_is_replaced(
    made: Reconstruction, survey: Survey, written: tuple[Root, list[Path]]
) -> None:
    root, files = written
    before = [file.read_bytes() for file in files]
    assert write_reconstruction(root, survey, made) == files
    assert [file.read_bytes() for file in files] == before


@pytest.mark.parametrize("foreign", ["2023/export.csv", "libraries.csv"])
def test_what_others_wrote_is_never_overwritten(
    made: Reconstruction, survey: Survey, tmp_path: Path, foreign: str
) -> None:
    root, file = Root(tmp_path), tmp_path / "data" / "raw" / foreign
    file.parent.mkdir(parents=True)
    file.write_text("received", encoding="utf-8")
    with pytest.raises(ReconstructionError, match="not an earlier reconstruction"):
        write_reconstruction(root, survey, made)
    assert file.read_text(encoding="utf-8") == "received"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]


def test_an_option_without_a_count_is_named(survey: Survey, published: Published, assumed: Assumptions) -> None:
    without = assumed.model_copy(update={"counts": {**assumed.counts, "incentives": {}}})
    with pytest.raises(ReconstructionError, match=r"incentives\.other"):
        margins(survey, published, without)
    beyond = assumed.model_copy(update={"counts": {**assumed.counts, "incentives": {"other": 3, "fines": 1}}})
    with pytest.raises(ReconstructionError, match=r"incentives\.fines"):
        margins(survey, published, beyond)


def test_a_count_no_sample_can_hold_is_named(survey: Survey, published: Published, assumed: Assumptions) -> None:
    beyond = {**assumed.counts, "incentives": {"other": 118}}
    with pytest.raises(ReconstructionError, match=r"incentives\.other is to be ticked by 118 libraries, but only 117"):
        reconstruct(survey, published, assumed=assumed.model_copy(update={"counts": beyond}))
