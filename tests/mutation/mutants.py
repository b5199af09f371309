"""One mutant a number: a file, or a pair of which one is mutated, always the same for the same seed."""

from copy import deepcopy
from dataclasses import dataclass
from random import Random

from calm_pipeline.exports.headers import Kind
from tests.mutation.bases import IN_WORDS, KINDS, Base, Records, bases
from tests.mutation.on_bytes import ON_CSV, ON_WORKBOOK, as_csv, as_workbook
from tests.mutation.on_cells import ON_CELLS

WEIGHTS = (6, 3, 1)


@dataclass(frozen=True)
class Mutant:
    """`what` names the mutation and nothing of the answers. `files`: kind, name and bytes of one file or two."""

    what: str
    base: Base
    files: tuple[tuple[Kind, str, bytes], ...]


def mutant(seed: int, number: int) -> Mutant:
    """The mutant of that number."""
    rng = Random(f"{seed} {number}")  # noqa: S311
    place = rng.choices(range(len(WEIGHTS)), WEIGHTS)[0]
    base, kind = bases()[place], rng.choice(KINDS)
    how, ending, content = _changed(rng, base.records[kind])
    files = [(kind, _name(rng, base.records[kind], kind, ending), content)]
    if rng.random() < 0.15:
        (other,) = set(KINDS) - {kind}
        files.append((other, "other.csv", as_csv(base.records[other])))
    rng.shuffle(files)
    return Mutant(f"{how} in {ending[1:]} by {kind}, base {place}, {len(files)} file(s)", base, tuple(files))


def _changed(rng: Random, sound: Records) -> tuple[str, str, bytes]:
    ending = rng.choice((".csv", ".csv", ".xlsx"))
    if rng.random() < 0.6:
        on_cells = rng.choice(ON_CELLS)
        records = on_cells(rng, deepcopy(sound))
        return on_cells.__name__, ending, as_csv(records) if ending == ".csv" else as_workbook(records)
    on_bytes = rng.choice(ON_CSV if ending == ".csv" else ON_WORKBOOK)
    return on_bytes.__name__, ending, on_bytes(rng, as_csv(sound) if ending == ".csv" else as_workbook(sound))


def _name(rng: Random, sound: Records, kind: Kind, ending: str) -> str:
    """A plain name, or the platform's, which promises a kind and a number of rows."""
    promise = f"123456789_按{IN_WORDS[kind]}_调查_99_{len(sound) - 1}"
    return rng.choice(("export", "export", promise)) + ending
