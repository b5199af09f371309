"""Mutations of a table: characters, cells, rows and columns, each drawn from a seeded source of chance."""

from collections.abc import Callable
from random import Random

from tests.mutation.bases import Records

Mutation = Callable[[Random, Records], Records]
MARKS = "0123456789-.,;:\"'┋→〖〗()（）甲馆 \t\u3000\u200b\u202e\x01\n=@%?#<aZ其²①"
NUMBERS = (
    "-5",
    "0",
    "1",
    "3.0",
    "3.5",
    "1e3",
    "２００",
    "99999999",
    " 200 ",
    "²",
    "1_000",
    "+5",
    "007",
    "-2",
    "-3",
    "２²",
)
SILENCES = ("", "(空)", "(跳过)", "（空）", " ", "\u200b", "-2", "-3", "0")
WIDEN = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def edited(rng: Random, text: str) -> str:
    """One change by a character, or of all characters in width, case or spacing."""
    at, mark = rng.randrange(len(text) + 1), rng.choice(MARKS)
    return rng.choice(
        [
            text[:at] + mark + text[at:],
            text[:at] + text[at + 1 :],
            text[:at] + mark + text[at + 1 :],
            text[:at] + text[at : at + 1] + text[at:],
            text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
            text[:at],
            text.translate(WIDEN),
            text.swapcase(),
            f" {text} ",
            text + text,
        ]
    )


def _somewhere(rng: Random, records: Records, first: int = 1) -> tuple[int, int]:
    return rng.randrange(first, len(records)), rng.randrange(len(records[0]))


def edit_cell(rng: Random, records: Records) -> Records:
    row, column = _somewhere(rng, records)
    records[row][column] = edited(rng, records[row][column])
    return records


def edit_cells(rng: Random, records: Records) -> Records:
    for _ in range(rng.randint(2, 4)):
        edit_cell(rng, records)
    return records


def edit_title(rng: Random, records: Records) -> Records:
    _, column = _somewhere(rng, records)
    records[0][column] = edited(rng, records[0][column])
    return records


def number(rng: Random, records: Records) -> Records:
    row, column = rng.choice(
        [(r, c) for r in range(1, len(records)) for c, cell in enumerate(records[r]) if _digits(cell)]
    )
    records[row][column] = rng.choice(NUMBERS)
    return records


def _digits(cell: str) -> bool:
    return cell.lstrip("-").isdecimal()


def silence(rng: Random, records: Records) -> Records:
    row, column = _somewhere(rng, records)
    records[row][column] = rng.choice(SILENCES)
    return records


def tick(rng: Random, records: Records) -> Records:
    """Another 0 or 1 where one stands, or an option more or less in a list."""
    row, column = _somewhere(rng, records)
    cell, other = records[row][column], records[rng.randrange(1, len(records))][column]
    flipped = {"0": "1", "1": "0"}.get(cell)
    records[row][column] = flipped or rng.choice([f"{cell}┋{other}", cell.split("┋")[0], cell.split("┋")[-1]])
    return records


def answer_of_another(rng: Random, records: Records) -> Records:
    row, column = _somewhere(rng, records)
    records[row][column] = records[rng.randrange(1, len(records))][column]
    return records


def swap_in_row(rng: Random, records: Records) -> Records:
    row, column = _somewhere(rng, records)
    other = rng.choice([rng.randrange(len(records[0])), (column + 1) % len(records[0])])
    records[row][column], records[row][other] = records[row][other], records[row][column]
    return records


def swap_in_column(rng: Random, records: Records) -> Records:
    (row, column), other = _somewhere(rng, records), rng.randrange(1, len(records))
    records[row][column], records[other][column] = records[other][column], records[row][column]
    return records


def shift(rng: Random, records: Records) -> Records:
    """A cell lost or one too many, and the row as long as before or not."""
    row, column = _somewhere(rng, records)
    cells, width = records[row], len(records[row])
    moved = rng.choice([cells[:column] + cells[column + 1 :], [*cells[:column], "", *cells[column:]]])
    records[row] = rng.choice([moved, [*moved, ""][:width]])
    return records


def rows(rng: Random, records: Records) -> Records:
    """Rows swapped, doubled, lost, emptied, cut or moved above the header."""
    one, other = rng.randrange(1, len(records)), rng.randrange(len(records))
    changed = rng.choice(["swap", "double", "lose", "empty", "cut", "insert_empty", "total"])
    if changed == "swap":
        records[one], records[other] = records[other], records[one]
    elif changed == "double":
        records.insert(other, list(records[one]))
    elif changed == "lose":
        del records[other]
    elif changed == "empty":
        records[one] = [""] * len(records[one])
    elif changed == "cut":
        records[one] = records[one][: rng.randrange(len(records[one]))]
    elif changed == "insert_empty":
        records.insert(other, [""] * rng.choice([1, len(records[0])]))
    else:
        records.append(["合计", *["2"] * (len(records[0]) - 1)])
    return records


def columns(rng: Random, records: Records) -> Records:
    """Columns swapped with or without their titles, doubled, lost, untitled or new."""
    one, other = rng.randrange(len(records[0])), rng.randrange(len(records[0]))
    changed = rng.choice(["swap", "titles", "double", "lose", "untitled", "new", "empty"])
    if changed == "swap":
        for row in records:
            row[one], row[other] = row[other], row[one]
    elif changed == "titles":
        records[0][one], records[0][other] = records[0][other], records[0][one]
    elif changed == "double":
        for row in records:
            row.insert(other, row[one])
    elif changed == "lose":
        for row in records:
            del row[one]
    elif changed == "untitled":
        records[0][one] = ""
    else:
        for place, row in enumerate(records):
            row.insert(one, ("99、新列" if changed == "new" else "") if place == 0 else changed)
    return records


ON_CELLS: tuple[Mutation, ...] = (
    *(edit_cell, edit_cell, edit_cells, edit_title, number, silence, tick, tick, answer_of_another, answer_of_another),
    *(swap_in_row, swap_in_column, shift, rows, columns),
)
