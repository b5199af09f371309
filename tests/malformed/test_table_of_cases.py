"""The table of cases in docs: every case has a row, and every row names tests that are there."""

import ast
import fnmatch
import re
from functools import cache
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
TABLE = HOME / "docs" / "malformed-cases.md"
COLUMNS = ["#", "case", "reaction", "answered by", "reading taken", "test"]
CASES = range(1, 63)
BOMBS = "test_bombs_are_refused_within_seconds_and_the_next_file_is_read"
ENTRY = re.compile(r"(?P<where>`tests/[a-z_0-9/]+\.py`|[a-z]+)(: (?P<names>`[a-z_0-9*]+`(, `[a-z_0-9*]+`)*))?")


def rows() -> dict[int, dict[str, str]]:
    """The rows of the table by number of the case."""
    lines = [_cells(line) for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    table = lines[lines.index(COLUMNS) + 2 :]
    found = [dict(zip(COLUMNS, row, strict=True)) for row in table if row[0].isdecimal()]
    numbered = {int(row["#"]): row for row in found}
    assert len(numbered) == len(found), "a case has two rows"
    return numbered


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


@cache
def parsed(file: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The functions of a test module, and every text in it: runs of a test are named by the keys of its examples."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return frozenset(functions), frozenset(texts)


def missing(case: int, cell: str) -> list[str]:
    """What a cell of the column `test` names and nobody has written."""
    wrong = []
    for entry in cell.split("; "):
        found = ENTRY.fullmatch(entry)
        assert found, f"case {case}: not understood: {entry}"
        where, names = found["where"].strip("`"), (found["names"] or "").replace("`", "").split(", ")
        file = HOME / where if "/" in where else HOME / "tests" / "malformed" / f"test_{where}.py"
        wrong += [f"{where}: {name}" for name in names if not file.is_file() or not exists(case, file, name)]
    return wrong


def exists(case: int, file: Path, name: str) -> bool:
    """Whether a module has the function, or for this case one run of a function that looks at many."""
    functions, texts = parsed(file)
    of_the_case = re.compile(f"(test_)?case_{case:02}(?![0-9])")
    if name in ("", "bombs"):
        runs = texts if name else texts | functions
        return any(map(of_the_case.match, runs)) and (not name or BOMBS in functions)
    whole = name if name.startswith("test_") else f"test_case_{name}"
    return bool(fnmatch.filter(functions, whole))


def test_every_case_has_one_row_and_no_other_is_there() -> None:
    assert list(rows()) == list(CASES)


def test_every_row_names_tests() -> None:
    assert not [case for case, row in rows().items() if not row["test"]]


@pytest.mark.parametrize("case", CASES)
def test_every_test_that_is_named_exists(case: int) -> None:
    assert missing(case, rows()[case]["test"]) == []


@pytest.mark.parametrize(
    "cell",
    [
        "files: `08_row_longer_than_the_footer`",
        "nowhere: `08_row_longer_than_the_header`",
        "files: `08_row_longer_than_the_header`, `bombs`",
        "files: `08_row_longer_than_the_header`; remarks",
        "files: `63_*`",
        "`tests/exports/test_nothing.py`: `test_two_versions_of_a_row_are_refused`",
    ],
)
def test_a_test_that_is_named_and_not_there_is_found(cell: str) -> None:
    assert len(missing(8, cell)) == 1


@pytest.mark.parametrize("case", CASES)
def test_the_number_of_a_test_is_that_of_its_row(case: int) -> None:
    """A row that was moved or renumbered would name the test of another case."""
    numbers = re.findall(r"`([0-9]{2})_(?:(?:to|and)_([0-9]{2})_)?", rows()[case]["test"])
    assert all(int(first) <= case <= int(last or first) for first, last in numbers)
