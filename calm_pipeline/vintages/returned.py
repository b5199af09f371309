"""Submissions that say again what they said in an earlier vintage, and did not in the last: an old download does it."""

from collections.abc import Iterator
from contextlib import suppress

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from calm_pipeline.errors import CalmError
from calm_pipeline.root import Root, place
from calm_pipeline.vintages.current import Vintage, current, every
from calm_pipeline.vintages.revisions import ID, SAID

TABLE = "submissions"


def returned(root: Root, edition: str, submissions: ir.Table) -> dict[str, int]:
    """By submission the number of the newest vintage in which it said the same as now.

    Args:
        root: where.
        edition: which.
        submissions: as they are now.
    """
    now = submissions.select(ID, SAID).to_pyarrow()
    published = _published(root, edition)
    _, last = next(published, (0, None))
    if last is None:
        return {}
    changed = now.join(last, [ID, SAID], join_type="left anti").join(last.select([ID]), ID, join_type="left semi")
    found: dict[str, int] = {}
    for number, table in published if changed.num_rows else ():
        for one in changed.join(table, [ID, SAID], join_type="left semi")[ID].to_pylist():
            found.setdefault(str(one), number)
    return found


def _published(root: Root, edition: str) -> Iterator[tuple[int, pa.Table]]:
    """The two columns in each vintage that is whole and has them, newest first; equal tables once."""
    now, seen = current(root), set[str]()
    for vintage in reversed(every(root).readable if now else []):
        held = vintage.manifest.editions.get(edition)
        if now and held and vintage.manifest.number <= now.manifest.number and held.tables[TABLE].sha256 not in seen:
            seen.add(held.tables[TABLE].sha256)
            with suppress(CalmError):
                yield from _read(vintage, edition)


def _read(vintage: Vintage, edition: str) -> Iterator[tuple[int, pa.Table]]:
    file = vintage.file(place(TABLE, edition))
    if SAID in pq.read_schema(file).names:
        yield vintage.manifest.number, pq.read_table(file, columns=[ID, SAID], page_checksum_verification=True)
