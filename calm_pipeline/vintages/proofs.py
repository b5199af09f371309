"""Gates proved again: what each check said, and of which bytes, so that nothing else is published on its word."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import ibis.expr.types as ir
from pydantic import Field as Described
from pydantic import ValidationError

from calm_pipeline.errors import CalmError
from calm_pipeline.files import replace
from calm_pipeline.release import CODE
from calm_pipeline.root import Root
from calm_pipeline.vintages.inputs import judged_by
from calm_pipeline.vintages.manifest import Gate
from calm_pipeline.vintages.refusals import VINTAGES, listed

Now = Callable[[str], str | None]
"""The SHA-256 that a table has now; None if it is not there."""


class Name(NamedTuple):
    """A check by its table and its own name."""

    table: str
    check: str


class Proof(Gate):
    """What a check said, as it lies beside the workbench: also by which declarations, by their paths below the root.

    `mild`: if it does not hold, that is no bar.
    """

    blocking: bool
    declared: dict[str, str] = Described(default_factory=dict)
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

    @property
    def figures(self) -> Mapping[str, int | list[str]]: ...


Found = TypeVar("Found", bound=Verdict)


def proved(
    root: Root, edition: str, name: Name, look: Looking, find: Callable[[Looking, str], Found], *, blocking: bool
) -> Found:
    """What a check finds, written down beside the workbench in place of what it found before.

    As with the tables, the digests of the declarations are taken first, so that they are never too new.
    """
    declared = judged_by(root, edition)
    found = find(look, edition)
    proof = Proof(
        **name._asdict(),
        blocking=blocking,
        holds=found.holds,
        mild=found.mild,
        seen=look.seen,
        figures=dict(found.figures),
        declared=declared,
    )
    file = root.proof(edition, *name)
    file.parent.mkdir(parents=True, exist_ok=True)
    replace(file, proof.model_dump_json(indent=1))
    return found


def gates(root: Root, edition: str, names: Iterable[Name], now: Now) -> tuple[Gate, ...]:
    """Every named gate, proved of the files that are to be published; `now` gives the SHA-256 of a table.

    Raises:
        CalmError: a gate was not proved, does not hold, or was proved of other bytes, by other declarations or by
            other code.
    """
    declared = judged_by(root, edition)
    return tuple(_gate(root, edition, name, now, declared) for name in sorted(names))


def advisories(root: Root, edition: str, now: Now) -> tuple[Gate, ...]:
    """What the checks that do not block said of the same bytes; what they said of others is left out."""
    declared = judged_by(root, edition)
    read = (_read(file) for file in sorted(_folder(root, edition).glob("*.json")))
    said = (proof for proof in read if proof and not proof.blocking)
    return tuple(_kept(proof) for proof in said if not _changed(proof, now, declared))


def _folder(root: Root, edition: str) -> Path:
    return root.proof(edition, "-", "-").parent


def _gate(root: Root, edition: str, name: Name, now: Now, declared: Mapping[str, str]) -> Gate:
    words = {"edition": edition, "table": name.table, "check": name.check}
    proof = _read(root.proof(edition, *name))
    if proof is None:
        raise CalmError.of(VINTAGES, "gate_not_proved", **words)
    if not (proof.holds or proof.mild):
        raise CalmError.of(VINTAGES, "gate_failed", **words)
    if changed := _changed(proof, now, declared):
        raise CalmError.of(VINTAGES, "gate_outdated", **words, changed=listed(changed))
    return _kept(proof)


def _read(file: Path) -> Proof | None:
    """A proof; None if there is none in the form of this code."""
    try:
        return Proof.model_validate_json(file.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _changed(proof: Proof, now: Now, declared: Mapping[str, str]) -> list[str]:
    """What is not any more what the check saw: tables, declarations, the code."""
    tables = sorted(table for table, sha256 in proof.seen.items() if now(table) != sha256)
    paths = proof.declared.keys() | declared.keys()
    files = sorted(path for path in paths if proof.declared.get(path) != declared.get(path))
    return [*tables, *files, *(["code"] if proof.code != CODE else [])]


def _kept(proof: Proof) -> Gate:
    """What the manifest keeps of it: its declarations are those of the edition."""
    return Gate(**proof.model_dump(exclude={"blocking", "declared"}))
