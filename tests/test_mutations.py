"""Thousands of mutated exports: each is refused, or what is accepted of it says what its cells say, and no more.

CALM_MUTATIONS sets how many, CALM_SEED another seed. A failure names seed, number and mutation, never an answer.
"""

import io
import os
import time
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
import xlwt

from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports import recognise
from calm_pipeline.exports.grid import parse
from calm_pipeline.exports.headers import Kind
from calm_pipeline.exports.reader import from_grid, join, read_file
from calm_pipeline.exports.receive import receive
from calm_pipeline.exports.refusals import REFUSALS
from tests.judged import judge
from tests.mutation import naive
from tests.mutation.bases import Base, bases
from tests.mutation.compare import differing
from tests.mutation.meaning import Said, meaning
from tests.mutation.mutants import Mutant, mutant
from tests.mutation.on_bytes import bytes_changed

SEED = int(os.environ.get("CALM_SEED", "20230401"))
MUTANTS = int(os.environ.get("CALM_MUTATIONS", "300"))
SHARDS = max(1, MUTANTS // 2500)
AT_ONCE, IN_A_CHILD = 2000, 60
Meant = dict[Kind, dict[int, Said]]


@cache
def sound(place: int, kind: Kind) -> dict[int, Said]:
    """What the export says that was mutated."""
    base = bases()[place]
    said = meaning(base, kind, [list(row) for row in base.records[kind]])
    assert said is not None
    return said


def meant(one: Mutant) -> Meant:
    """What the mutated cells say; where they have no single meaning, only the sound one may be accepted."""
    place = bases().index(one.base)
    return {kind: meaning(one.base, kind, naive.cells(content)) or sound(place, kind) for kind, _, content in one.files}


def read(one: Mutant) -> pa.Table | str:
    """The raw frame, or the code under which a file was refused. Whatever else is raised ends the test."""
    try:
        exports = [from_grid(parse(content, name), one.base.survey, name) for _, name, content in one.files]
        return join(exports, one.base.survey)
    except ExportRefused as refused:
        return refused.code
    except Exception as error:  # noqa: BLE001
        return f"crash: {type(error).__name__}"


def read_in_a_child(one: Mutant, folder: Path) -> pa.Table | str:
    try:
        exports = []
        for _, name, content in one.files:
            (folder / name).write_bytes(content)
            exports.append(read_file(folder / name, one.base.survey))
        return join(exports, one.base.survey)
    except ExportRefused as refused:
        return refused.code


class Campaign:
    """All mutants of a seed: how they ended, and what is wrong."""

    def __init__(self) -> None:
        self.ends: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.accepting: set[int] = set()
        self.waiting: dict[int, list[tuple[int, Mutant, Meant, pa.Table]]] = defaultdict(list)

    def take(self, number: int, folder: Path) -> None:
        one = mutant(SEED, number)
        found = read(one)
        if number // SHARDS % IN_A_CHILD == 0:
            again = read_in_a_child(one, folder)
            same = again == found if isinstance(again, str) else isinstance(found, pa.Table) and again.equals(found)
            self.ends["also read in a child process"] += 1
            self.check(same, number, one, "the child process says otherwise")
        if isinstance(found, str):
            self.ends["files refused"] += 1
            self.codes[found] += 1
            self.check(found in REFUSALS, number, one, found)
            return
        self.ends["files read"] += 1
        said = meant(one)
        self.check(
            all(rows.keys() == set(found["sequence"].to_pylist()) for rows in said.values()), number, one, "rows"
        )
        place = bases().index(one.base)
        self.waiting[place].append((number, one, said, found))
        if sum(raw.num_rows for *_, raw in self.waiting[place]) > AT_ONCE:
            self.judge(place)

    def judge(self, place: int) -> None:
        """All submissions of the waiting mutants in one frame, each as if its library had sent no other."""
        waiting, base = self.waiting.pop(place), bases()[place]
        raw = pa.concat_tables([found for *_, found in waiting])
        ids = range(raw.num_rows)
        judged = judge(base.survey, _renumbered(raw, ids), base.register, apart=True)
        owner = [
            (number, one, said, sequence)
            for number, one, said, found in waiting
            for sequence in found["sequence"].to_pylist()
        ]
        self.check(judged.status.keys() == set(ids), -1, waiting[0][1], "a submission was lost or doubled")
        for row in judged.clean:
            number, one, said, sequence = owner[row["sequence"]]
            self.settle(
                number,
                one,
                base,
                row,
                judged.status[row["sequence"]],
                {kind: rows[sequence] for kind, rows in said.items() if sequence in rows},
            )

    def settle(
        self, number: int, one: Mutant, base: Base, row: dict[str, Any], status: str, said: dict[Kind, Said]
    ) -> None:
        dropped = any(rows["dropped"] for rows in said.values())
        self.check(dropped == (status == "dropped"), number, one, "dropped or not")
        self.ends[f"submissions {status}"] += 1
        if status == "accepted":
            self.accepting.add(bases().index(base))
        if status == "accepted" and said:
            for name in differing(base, row, said):
                self.check(False, number, one, f"accepted with another answer: {name}")

    def check(self, holds: bool, number: int, one: Mutant, what: str) -> None:
        if not holds:
            self.wrong.append(f"seed {SEED}, mutant {number} ({one.what}): {what}")


def _renumbered(raw: pa.Table, ids: range) -> pa.Table:
    ours = {"submission_id": pa.array([f"m{n}" for n in ids]), "sequence": pa.array(ids, pa.int64())}
    for name, values in ours.items():
        raw = raw.set_column(raw.column_names.index(name), name, values)
    return raw


@pytest.fixture
def _known_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The headers of a survey are worked out once and not for every mutant."""
    known = {id(base.survey): recognise.lexicon(base.survey) for base in bases()}
    monkeypatch.setattr(recognise, "lexicon", lambda survey: known[id(survey)])


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.usefixtures("_known_headers")
def test_no_mutant_is_accepted_with_answers_that_its_cells_do_not_give(tmp_path: Path, shard: int) -> None:
    begun, campaign, numbers = time.monotonic(), Campaign(), range(shard, MUTANTS, SHARDS)
    for number in numbers:
        campaign.take(number, tmp_path)
    for place in list(campaign.waiting):
        campaign.judge(place)
    print(f"{len(numbers)} mutants, seed {SEED}, {time.monotonic() - begun:.0f} s")  # noqa: T201
    print(*(f"{n} {what}" for what, n in sorted(campaign.ends.items())), sep="\n")  # noqa: T201
    print("refused as:", ", ".join(f"{code} {n}" for code, n in campaign.codes.most_common()))  # noqa: T201
    assert campaign.wrong == []
    assert campaign.ends["files refused"] > len(numbers) // 5
    assert campaign.accepting == set(range(len(bases())))


def old_workbook() -> bytes:
    out, book = io.BytesIO(), xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for number, row in enumerate(bases()[0].records["text"]):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    book.save(out)
    return out.getvalue()


def test_no_damaged_old_workbook_does_more_than_end_its_child_process(tmp_path: Path) -> None:
    """An xls file has no sums by which a changed byte could be told, so the answers are not looked at."""
    ends: Counter[str] = Counter()
    for number in range(MUTANTS // IN_A_CHILD):
        rng = Random(f"{SEED} old {number}")  # noqa: S311
        (tmp_path / "export.xls").write_bytes(bytes_changed(rng, old_workbook()))
        (about,) = receive([tmp_path / "export.xls"], bases()[0].survey).files.to_pylist()
        ends[about["code"] or "read"] += 1
    print("old workbooks:", ", ".join(f"{code} {n}" for code, n in ends.most_common()))  # noqa: T201
    assert set(ends) <= {*REFUSALS, "read"}
    assert ends.total() == MUTANTS // IN_A_CHILD
