"""What a vintage says of itself: from what it was made, what it holds, which gates it passed, what it revised."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Literal, NamedTuple

from pydantic import Field as Described

from calm_pipeline.root import DATABASE, place
from calm_pipeline.survey.model import Frozen

Change = Literal["added", "removed", "changed"]
DIGITS = 12
KEY = "key"
RETIRED = "schemas/retention.yaml"


class Cause(NamedTuple):
    """An input that is not what it was: its path below the root, `code`, `key`, or the edition before."""

    what: str
    change: Change


class Table(Frozen):
    """One published file. `logical` is a digest of its rows that does not depend on how Parquet encodes them."""

    rows: int
    key: tuple[str, ...]
    sha256: str
    logical: str


class Gate(Frozen):
    """What a check said; `seen` are the SHA-256 of the tables it looked at, `figures` what it counted."""

    table: str
    check: str
    holds: bool
    mild: bool
    code: str
    seen: dict[str, str]
    figures: dict[str, int | list[str]] = Described(default_factory=dict)


class Revision(Frozen):
    """What became of one submission since the vintage before; no answer stands in it.

    `was` and `now` are its status, None where it was not there; `tables` are those in which rows about it differ.
    """

    submission_id: str
    was: str | None
    now: str | None
    tables: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()


class Edition(Frozen):
    """One edition as it was published, and in which vintage that was last done.

    `gates` are the checks that had to hold, `advisories` those that do not block: what they found is no bar.
    """

    since: int
    code: str
    inputs: dict[str, str]
    tables: dict[str, Table]
    gates: tuple[Gate, ...]
    advisories: tuple[Gate, ...] = ()
    revisions: tuple[Revision, ...] = ()


class Manifest(Frozen):
    """Everything about a vintage. `created` is UTC; `shared` are declarations from which the database is built.

    `rewritten`: pseudonyms were taken out of it later, when a person was erased.
    """

    number: int
    parent: str | None
    created: str
    code: str
    shared: dict[str, str]
    database: str
    rewritten: bool = False
    editions: dict[str, Edition] = Described(default_factory=dict)

    def as_bytes(self) -> bytes:
        """The file: sorted, so that the same manifest has the same bytes."""
        return (json.dumps(self.model_dump(mode="json"), sort_keys=True, indent=1) + "\n").encode()

    @property
    def files(self) -> dict[str, str]:
        """SHA-256 by path inside the vintage, of all but the manifest itself."""
        tables = {
            place(name, edition): table.sha256
            for edition, held in self.editions.items()
            for name, table in held.tables.items()
        }
        return {DATABASE: self.database, **tables}


def named(number: int, manifest: bytes) -> str:
    """The name of a vintage's folder; it holds a digest of the manifest, so that a flipped one is seen by its name."""
    return f"{number:04d}-{sha256(manifest).hexdigest()[:DIGITS]}"


def causes(before: Edition | None, after: Edition | None, *, later: bool = True) -> tuple[Cause, ...]:
    """The inputs of an edition that are not what they were, by path; `code` first. One that is gone was retired.

    `later`: whether `after` is the later one.
    """
    if later and before and after is None:
        return (Cause(RETIRED, "changed"),)
    old, new = (_inputs(edition) for edition in (before, after))
    return tuple(differing(old, new))


def causes_of(causes: tuple[Cause, ...], *, pseudonym: bool) -> tuple[Cause, ...]:
    """Those that can have changed a pseudonym, or else the rest: another key changes pseudonyms and nothing else."""
    keyed = tuple(cause for cause in causes if cause.what == KEY)
    others = tuple(cause for cause in causes if cause.what != KEY)
    return keyed or others if pseudonym else others


def _inputs(edition: Edition | None) -> dict[str, str]:
    return {"code": edition.code, **edition.inputs} if edition else {}


def differing(old: dict[str, str], new: dict[str, str]) -> Iterator[Cause]:
    """The inputs whose SHA-256 is not what it was, by path; `code` first."""
    for path in sorted(old.keys() | new.keys(), key=lambda path: (path != "code", path)):
        if old.get(path) != new.get(path):
            yield Cause(path, "changed" if path in old and path in new else "added" if path in new else "removed")
