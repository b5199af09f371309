"""Gates proved again: what each check said, and of which bytes, so that nothing else is published on its word."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol, TypeVar

import ibis.expr.types as ir
from pydantic import ValidationError

from calm_pipeline.errors import CalmError
from calm_pipeline.release import CODE
from calm_pipeline.root import Root
from calm_pipeline.survey.model import Frozen
from calm_pipeline.vintages.disk import write
from calm_pipeline.vintages.manifest import Gate
from calm_pipeline.vintages.refusals import VINTAGES, listed


class Name(NamedTuple):
    """A check by its table and its own name."""

    table: str
    check: str


class Proof(Frozen):
    """What a check said, and the SHA-256 of every table it looked at. `mild`: if it does not hold, that is no bar."""

    table: str
    check: str
    blocking: bool
    holds: bool
    mild: bool
    seen: dict[str, str]
    code: str = CODE


class Looking:
    """Gives a check its tables and remembers of which bytes; the digest is taken first, so that it is never too new."""

    def __init__(self, table: Callable[[str], ir.Table], sha256: Callable[[str], str]) -> None:
        self._table, self._sha256 = table, sha256
        self.seen: dict[str, str] = {}

    def __call__(self, name: str) -> ir.Table:
        self.seen[name] = self._sha256(name)
        return self._table(name)


class Verdict(Protocol):
    """What any check finds."""

    @property
    def holds(self) -> bool: ...

    @property
    def mild(self) -> bool: ...


Found = TypeVar("Found", bound=Verdict)


def proved(
    root: Root, edition: str, name: Name, look: Looking, find: Callable[[Looking, str], Found], *, blocking: bool
) -> Found:
    """What a check finds, written down beside the workbench in place of what it found before."""
    found = find(look, edition)
    proof = Proof(**name._asdict(), blocking=blocking, holds=found.holds, mild=found.mild, seen=look.seen)
    write(root.proof(edition, *name), proof.model_dump_json(indent=1).encode())
    return found


def gates(root: Root, edition: str, names: Iterable[Name], lies: Callable[[str], str | None]) -> tuple[Gate, ...]:
    """Every named gate, proved of the files that are to be published; `lies` gives the SHA-256 of a table now.

    Raises:
        CalmError: a gate was not proved, does not hold, or was proved of other bytes.
    """
    return tuple(_gate(root, edition, name, lies) for name in sorted(names))


def _gate(root: Root, edition: str, name: Name, lies: Callable[[str], str | None]) -> Gate:
    words = {"edition": edition, "table": name.table, "check": name.check}
    try:
        proof = Proof.model_validate_json(root.proof(edition, name.table, name.check).read_bytes())
    except (FileNotFoundError, ValidationError):
        raise CalmError.of(VINTAGES, "gate_not_proved", **words) from None
    if not (proof.holds or proof.mild):
        raise CalmError.of(VINTAGES, "gate_failed", **words)
    if changed := sorted(table for table, sha256 in proof.seen.items() if lies(table) != sha256):
        raise CalmError.of(VINTAGES, "gate_outdated", **words, changed=listed(changed))
    return Gate(**proof.model_dump(exclude={"blocking"}))
