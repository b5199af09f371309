"""What became of each submission since the vintage before: new, gone, another status, other rows about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import ibis
import ibis.expr.types as ir

from calm_pipeline.engine import collect
from calm_pipeline.tables import Contract
from calm_pipeline.vintages.manifest import Cause, Revision, causes_of

ID, SAID = "submission_id", "as_received"
OWN = frozenset({"selections", "answers", "repairs"})
"""Tables whose rows depend on nothing but the answers of the submission they are about, and what was decided of it."""
Read = Callable[[str], ir.Table]


def revisions(
    before: Read, after: Read, contracts: Mapping[str, Contract], causes: tuple[Cause, ...]
) -> Iterator[Revision]:
    """One revision for each submission of an edition about which anything differs, by id.

    Args:
        before: gives the published tables of the vintage before, empty ones if the edition was not in it.
        after: gives those that are to be published.
        contracts: of all published tables.
        causes: the inputs that differ.
    """
    was, now = (_column(read("submissions"), "status") for read in (before, after))
    about = [name for name, contract in contracts.items() if ID in contract.columns]
    differ: dict[str, list[str]] = {}
    for name in about:
        for one in _differing(before(name), after(name), contracts[name]):
            differ.setdefault(one, []).append(name)
    as_before = {one for one in was.keys() | now.keys() if was.get(one) == now.get(one)}
    alone = {one for one in as_before if OWN.issuperset(differ.get(one, ()))}
    corrected, renamed = (_changed(before, after, names) for names in ([SAID], contracts["submissions"].pseudonyms))
    said = {*differ, *corrected}
    for one in corrected | renamed:
        differ[one] = list(dict.fromkeys([*differ.get(one, ()), "submissions"]))
    for one in sorted(differ):
        known = one in was and one in now
        kinds = [pseudonym for pseudonym, those in ((True, renamed), (False, said)) if one in those]
        why = dict.fromkeys(cause for pseudonym in kinds for cause in causes_of(causes, pseudonym=pseudonym))
        yield Revision(
            submission_id=one,
            was=was.get(one),
            now=now.get(one),
            tables=tuple(differ[one]) if known else (),
            causes=tuple(cause for cause in why if _may(cause, known=known, alone=one in alone)) or tuple(why),
        )


def _may(cause: Cause, *, known: bool, alone: bool) -> bool:
    """Whether an input that differs can have done it: only an export brings or takes one.

    A decision of the desk names a submission, but reaches others: a pair's status, and figures like z-scores that
    depend on everybody. So it is left out only where nothing but a submission's own answers differ, as is what was
    said in the edition before.
    """
    if not known:
        return cause.what.startswith("data/raw/") and not cause.what.endswith("/libraries.csv")
    return not (alone and cause.what.startswith(("data/desk/", "edition ")))


def _column(submissions: ir.Table, name: str) -> dict[str, str]:
    """A column by submission; nothing of a vintage that was made before there was one."""
    if name not in submissions.columns:
        return {}
    rows = submissions.select(ID, name).to_pyarrow()
    return dict(zip(rows[ID].to_pylist(), rows[name].to_pylist(), strict=True))


def _changed(before: Read, after: Read, names: Iterable[str]) -> set[str]:
    """The submissions of which a column says something else than before."""
    pairs = [[_column(read("submissions"), name) for read in (before, after)] for name in names]
    return {one for was, now in pairs for one in was.keys() & now.keys() if was[one] != now[one]}


def _differing(before: ir.Table, after: ir.Table, contract: Contract) -> list[str]:
    """The submissions about which any row differs, but for where it came from, who sent it, and the digest of what it
    said.
    """
    was, now = (_digests(table, contract).rename(also=ID) for table in (before, after))
    both = was.outer_join(now, "also")
    same = (both.one == both.one_right) & (both.other == both.other_right)
    found = both.filter(~same.fill_null(False)).select(**{ID: ibis.coalesce(both.also, both.also_right)})
    return [str(one) for one in collect(found)[ID]]


def _digests(table: ir.Table, contract: Contract) -> ir.Table:
    """Of all rows about each submission two numbers of 64 bits that are compared and never kept."""
    kept = [name for name, column in contract.columns.items() if not (column.trace or column.pseudonym or name == SAID)]
    names = [name for name in kept if name in table.columns]
    row = {name: table[name] for name in names} | {"of": ibis.literal(" ".join(names))}
    numbers = {name: ibis.struct({**row, "salt": ibis.literal(name)}).hash().bit_xor() for name in ("one", "other")}
    return table.group_by(ID).agg(**numbers)
