"""A publish: the tables of one edition from the workbench, proved once more, beside all others as they were published.

The order is what a crash cannot break: a draft, everything in it on the disk, its name, and only then the pointer.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from calm_pipeline.dictionary import Dictionary
from calm_pipeline.engine import connect
from calm_pipeline.errors import CalmError
from calm_pipeline.release import CODE
from calm_pipeline.retention import load_retention
from calm_pipeline.root import DATABASE, Root, digest, place
from calm_pipeline.tables import Contract
from calm_pipeline.views import View
from calm_pipeline.vintages import disk
from calm_pipeline.vintages.current import MANIFEST, Vintage, current, folders, lost, newest, number
from calm_pipeline.vintages.gather import check_nothing_removed, gather
from calm_pipeline.vintages.inputs import inputs, shared
from calm_pipeline.vintages.lock import publishing, writing
from calm_pipeline.vintages.logical import logical_of
from calm_pipeline.vintages.manifest import Edition, Gate, Manifest, Table, causes, named
from calm_pipeline.vintages.proofs import Name, advisories, gates
from calm_pipeline.vintages.prune import prune
from calm_pipeline.vintages.refusals import VINTAGES
from calm_pipeline.vintages.revisions import revisions
from calm_pipeline.warehouse import build


@dataclass(frozen=True)
class Declarations:
    """From what the warehouse file is built besides the tables."""

    contracts: Mapping[str, Contract]
    views: Mapping[str, View]
    dictionary: Dictionary


@dataclass(frozen=True)
class Outcome:
    """The current vintage after a publish; `fresh` if it is a new one. `pruned` are the vintages that went for it."""

    vintage: Vintage
    fresh: bool
    pruned: tuple[str, ...] = ()

    @property
    def rows(self) -> dict[str, int]:
        """The rows of each table over all editions that have it."""
        counts: Counter[str] = Counter()
        for edition in self.vintage.manifest.editions.values():
            counts.update({name: table.rows for name, table in edition.tables.items()})
        return dict(counts)


def publish(
    root: Root,
    edition: str,
    declared: Declarations,
    names: Collection[Name],
    by: str,
    only: Collection[str] | None = None,
) -> Outcome:
    """Publish an edition as it lies on the workbench; all others stay as they were published.

    Nothing is written if nothing differs from the current vintage.

    Args:
        root: where.
        edition: which.
        declared: what the database is built from besides the tables.
        names: the gates: of each a proof must lie beside the workbench, of the very bytes that are published.
        by: who publishes, for whoever has to wait.
        only: the tables to take from the workbench; the others of the edition stay as they were published too.

    Raises:
        CalmError: a gate is not proved; a table or an edition that is published was removed; the current vintage is
            not what was published, or the pointer to it is lost; somebody else writes the edition, or
            publishes for too long.
    """
    with writing(root, edition, by), publishing(root, by):
        before, kept = _before(root), load_retention(root.retention) if root.retention.exists() else None
        taken = {name: one for name, one in declared.contracts.items() if only is None or name in only}
        gone = kept.retired if kept else ()
        if edition in gone:
            raise CalmError.of(VINTAGES, "retired_edition", edition=edition)
        check_nothing_removed(root, before, {edition, *gone}, declared.contracts)
        with disk.draft(root.vintages) as draft:
            gather(root, edition, before, taken, gone, draft)
            others = {name: one for name, one in before.manifest.editions.items() if name not in gone} if before else {}
            made = _edition(root, edition, declared, names, before, others, draft)
            if only is not None and before:
                made = _beside(before.manifest.editions[edition], made)
            editions = {**others, edition: made}
            if before and _same(before.manifest, editions, shared(root)) and not before.damage():
                return Outcome(before, fresh=False)
            vintage = _keep(root, declared, editions, before, draft)
        disk.point(root.pointer, vintage.path)
        pruned = prune(root, kept.vintages, datetime.now(UTC), vintage) if kept else []
        return Outcome(vintage, fresh=True, pruned=tuple(pruned))


def _before(root: Root) -> Vintage | None:
    """The current vintage; where a crash came before the very first move of the pointer, that move is made up for.

    What lies there was proved and is whole. A vintage that has a parent thus always proves that there was a pointer.
    """
    before = current(root)
    if before is None and folders(root):
        before = newest(root)
        if before is None:
            raise lost(root)
        disk.point(root.pointer, before.path)
    return before


def _edition(
    root: Root,
    edition: str,
    declared: Declarations,
    names: Collection[Name],
    before: Vintage | None,
    others: Mapping[str, Edition],
    draft: Path,
) -> Edition:
    """The edition as it lies in the draft, with its gates proved and its submissions compared with those before.

    `others` are the published editions that stay.
    """

    def file(name: str) -> Path:
        return draft / place(name, edition)

    @cache
    def read(name: str) -> pa.Table:
        return pq.read_table(file(name), page_checksum_verification=True)

    engine = connect()

    def after(name: str) -> ir.Table:
        return engine.read_parquet(file(name))

    @cache  # most checks look at the same few tables
    def now(name: str) -> str | None:
        found = root.parquet(name, edition, stage=name not in declared.contracts)
        if name in declared.contracts and not found.is_dir():
            found = file(name)  # the very bytes; what lies in parts was united under the lock of its edition
        return digest(found) if found.exists() else None

    proved, advised = gates(root, edition, names, now), advisories(root, edition, now)
    tables = {
        name: Table(
            rows=pq.read_metadata(file(name)).num_rows,
            key=contract.key,
            sha256=digest(file(name)),
            logical=logical_of(file(name), contract),
        )
        for name, contract in declared.contracts.items()
    }
    was, made_from = others.get(edition), inputs(root, edition, read, others)
    made = Edition(code=CODE, inputs=made_from, tables=tables, gates=proved, advisories=advised, since=0)

    def earlier(name: str) -> ir.Table:
        known = was is not None and name in was.tables
        return engine.read_parquet(before.file(place(name, edition))) if before and known else after(name).limit(0)

    found = revisions(earlier, after, declared.contracts, causes(was, made))
    return made.model_copy(update={"revisions": tuple(found)})


def _beside(was: Edition, made: Edition) -> Edition:
    """Some tables made anew: what is said of all others, and from what they were made, stays."""
    anew = {gate.table for gate in made.gates}
    gates = (*made.gates, *(gate for gate in was.gates if gate.table not in anew))
    told = {"gates": tuple(sorted(gates, key=_place)), "revisions": made.revisions, "since": 0}
    return was.model_copy(update={"tables": made.tables, **told})


def _place(gate: Gate) -> tuple[str, str]:
    return gate.table, gate.check


def _same(before: Manifest, editions: Mapping[str, Edition], declared: Mapping[str, str]) -> bool:
    """Whether nothing differs: tables, inputs, code, verdicts. In which vintage it came to be so does not count.

    Nor do checks that do not block: of the same bytes they say the same, or had not said it yet.
    """

    def bare(held: Mapping[str, Edition]) -> dict[str, Edition]:
        return {
            name: one.model_copy(update={"since": 0, "revisions": (), "advisories": ()}) for name, one in held.items()
        }

    return bare(before.editions) == bare(editions) and (before.code, before.shared) == (CODE, declared)


def _keep(
    root: Root, declared: Declarations, editions: Mapping[str, Edition], before: Vintage | None, draft: Path
) -> Vintage:
    latest = max([number(folder) for folder in folders(root)], default=0)
    stored = {name: sorted(draft.glob(place(name, "*"))) for name in declared.contracts}
    build(draft / DATABASE, stored, declared.contracts, declared.views, declared.dictionary)
    manifest = Manifest(
        number=latest + 1,
        parent=before.path.name if before else None,
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        code=CODE,
        shared=shared(root),
        database=digest(draft / DATABASE),
        editions={
            name: one if one.since else one.model_copy(update={"since": latest + 1}) for name, one in editions.items()
        },
    )
    content = manifest.as_bytes()
    (draft / MANIFEST).write_bytes(content)
    return Vintage(disk.keep(draft, named(manifest.number, content)), manifest)
