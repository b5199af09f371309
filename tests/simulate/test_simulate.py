"""A simulation has the shares and correlations of the reconstruction, and exactly the malformed rows that it says."""

from collections import Counter
from functools import cache
from pathlib import Path

import ibis
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calm_pipeline import validate
from calm_pipeline.clean import clean_submissions
from calm_pipeline.engine import collect
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.receive import Received, receive
from calm_pipeline.marts import index_scores, index_ticks
from calm_pipeline.normalize import selections
from calm_pipeline.project import Project
from calm_pipeline.reconstruct import reconstruct
from calm_pipeline.reconstruct.kinds import KINDS
from calm_pipeline.root import Root
from calm_pipeline.rules import verdicts
from calm_pipeline.simulate import Simulation, simulate
from calm_pipeline.simulate.draw import batches
from calm_pipeline.simulate.pool import Pool, pool_of
from tests.commands import HOME
from tests.reference import DATABASE, EDITION, PROJECT, RULES, SURVEY, tables

MANY = 4000
"""Enough submissions to tell shares, and few enough to wait for."""


def simulated(to: Path, **how: object) -> Simulation:
    published = PROJECT.published(EDITION)
    assert published is not None
    return simulate(Root(HOME), to, SURVEY, published, RULES, **how)  # type: ignore[arg-type]


@cache
def pool() -> Pool:
    published = PROJECT.published(EDITION)
    assert published is not None
    return pool_of(SURVEY, RULES, reconstruct(SURVEY, published))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Simulation]:
    root = tmp_path_factory.mktemp("simulated") / "root"
    return root, simulated(root, submissions=MANY, malformed=0.2, kinds=("text", "number"))


def read(root: Path) -> Received:
    received = receive(Root(root).exports(EDITION), Project(Root(root)).survey(EDITION), personal=False)
    assert set(received.files["verdict"].to_pylist()) == {"read"}
    assert set(received.files["reconstructed"].to_pylist()) == {True}
    return received


@pytest.fixture(scope="module")
def judged(drawn: tuple[Path, Simulation]) -> dict[str, ibis.Table]:
    project = Project(Root(drawn[0]))
    survey = project.survey(EDITION)
    made: dict[str, ibis.Table] = {"raw": ibis.memtable(read(drawn[0]).raw)}

    def keep(name: str, frame: ibis.Table) -> ibis.Table:
        made[name] = ibis.memtable(DATABASE.to_pyarrow(frame))
        return made[name]

    clean = keep("clean", clean_submissions(made["raw"], survey, project.register()))
    broken = keep("violations", validate.violations(keep("verdicts", verdicts(clean, RULES)), RULES, survey))
    accepted = validate.accepted(clean, keep("submissions", validate.submissions(clean, broken, survey)))
    keep("selections", selections(keep("accepted", accepted), survey))
    return made


def test_every_malformed_submission_meets_what_its_kind_should(
    drawn: tuple[Path, Simulation], judged: dict[str, ibis.Table]
) -> None:
    expected = Counter[str]()
    for kind, number in drawn[1].kinds.items():
        expected[KINDS[kind].status] += number  # type: ignore[index]
    expected["accepted"] = MANY - sum(expected.values())
    assert len(drawn[1].kinds) == len(KINDS)
    assert Counter(collect(judged["submissions"])["status"]) == expected


def test_shares_are_those_of_the_reconstruction(judged: dict[str, ibis.Table]) -> None:
    """Of three hundred options none is further off than five standard errors of its share."""
    simulated_, real = (_ticked(table) for table in (judged["selections"], tables()["selections"]))
    assert set(simulated_) == set(real)
    for option, (ticked, asked) in simulated_.items():
        share = real[option][0] / real[option][1]
        assert abs(ticked / asked - share) <= 5 * np.sqrt(max(share * (1 - share), 1 / asked) / asked), option


def _ticked(selections_: ibis.Table) -> dict[tuple[str, str], tuple[int, int]]:
    asked = selections_.filter(selections_.state != "not_asked")
    counts = collect(asked.group_by("field", "option").agg(ticked=asked.selected.sum(), asked=asked.count()))
    return {(row.field, row.option): (row.ticked, row.asked) for row in counts.itertuples()}


def test_correlations_are_about_those_of_the_reconstruction(judged: dict[str, ibis.Table]) -> None:
    simulated_, real = (
        collect(index_scores(index_ticks(table, SURVEY)))
        .pivot(index="submission_id", columns="index_name", values="sum")
        .corr()
        for table in (judged["selections"], tables()["selections"])
    )
    assert (simulated_ - real).abs().to_numpy().max() < 0.05


def test_rows_are_the_same_as_csv_and_as_workbooks_and_by_seed(tmp_path: Path) -> None:
    for name, how in (("a", {"form": "csv"}), ("b", {"form": "xlsx"}), ("c", {"form": "csv", "seed": 2})):
        simulated(tmp_path / name, submissions=150, **how)
    raws = [read(tmp_path / name).raw.drop_columns(["file"]) for name in "abc"]
    assert raws[0].equals(raws[1])
    assert not raws[0].equals(raws[2])


def test_a_simulation_needs_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(CalmError) as error:
        simulated(tmp_path, submissions=10)
    assert error.value.code == "not_empty"


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 400), st.floats(0, 0.4), st.integers(0, 5))
def test_batches_do_not_depend_on_each_other_and_pairs_stay_together(size: int, share: float, seed: int) -> None:
    (batch,) = batches(pool(), size, share, seed)
    assert batch.libraries.tolist() == [
        row - (row in batch.kinds and batch.libraries[row] == row - 1) for row in range(size)
    ]
    pairs = [kind for kind in batch.kinds.values() if kind in ("superseded", "contradicting")]
    assert len(pairs) % 2 == 0


def test_a_row_is_of_one_respondent_only_where_a_rule_looks_at_questions_together() -> None:
    blocks = pool().blocks
    assert blocks["engagement_methods"] == blocks["volunteers_enrolled"]
    assert len(set(blocks.values())) > len(blocks) // 2
