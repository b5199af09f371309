"""`calm vintages` and `calm diff`: what was published when, whether it is still whole, and what changed between two."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from rich.console import Console

from calm_pipeline.commands.query import folding, say
from calm_pipeline.errors import CalmError
from calm_pipeline.escape import csv_line, formula_safe
from calm_pipeline.exports.privacy import shown
from calm_pipeline.project import Project
from calm_pipeline.retention import load_retention
from calm_pipeline.root import Root
from calm_pipeline.survey import Words
from calm_pipeline.text import visible
from calm_pipeline.usage import check_out
from calm_pipeline.vintages import Vintage, current, every, find
from calm_pipeline.vintages.current import Every, folders
from calm_pipeline.vintages.difference import DICTIONARY, Difference, differences
from calm_pipeline.vintages.manifest import Cause, Edition, Manifest, Revision, causes
from calm_pipeline.vintages.refusals import VINTAGES
from calm_pipeline.vintages.watch import watch

SHOWN = 10
CHANGES = {
    "added": Words(en="added", zh="新增"),
    "removed": Words(en="removed", zh="移除"),
    "changed": Words(en="changed", zh="变更"),
}
COLUMNS = ("edition", "table", "key", "change", "column", "before", "after", "causes")


def vintages(root: Root, out: Console) -> None:
    """List every vintage: when, which editions with how many rows, what made it, which checks warned of it.

    The current one is marked. Those that are damaged are named below all others.

    Raises:
        CalmError: the current one is damaged, or the pointer to it is lost.
    """
    now, found = current(root), every(root)
    table = folding("vintage 版本", "published 发布 (UTC)", "editions 年度: rows 行数", "made by 由来")
    for vintage in found.readable:
        mark, manifest = "* " if vintage == now else "  ", vintage.manifest
        held = (
            f"{edition}: {sum(one.rows for one in about.tables.values())}"
            for edition, about in manifest.editions.items()
        )
        made = [*_made_by(vintage, found), *_advised(manifest)]
        table.add_row(mark + vintage.path.name, manifest.created, "\n".join(held), "\n".join(made))
    out.print(table, markup=False)
    out.print("* current 当前版本", markup=False, highlight=False)
    _tell_damaged(found, out)


def _tell_damaged(found: Every, out: Console) -> None:
    for error in found.damaged.values():
        out.print(error.told, style="red", markup=False, highlight=False, soft_wrap=True)


def _advised(manifest: Manifest) -> Iterator[str]:
    """The checks that did not hold when an edition was made in this vintage and were no bar; what they counted."""
    for edition, held in manifest.editions.items():
        for one in (*held.gates, *held.advisories) if held.since == manifest.number else ():
            if not one.holds:
                counted = ", ".join(f"{name} {_figure(count)}" for name, count in one.figures.items())
                yield f"{edition}: {one.table}: {one.check} failed 未通过 ({counted})"


def _figure(count: int | list[str]) -> str:
    return str(count) if isinstance(count, int) else str(len(count))


def _made_by(vintage: Vintage, found: Every) -> Iterator[str]:
    """What differs from the vintage before: editions that came or went, and the inputs of the others."""
    parent = next((one for one in found.readable if one.path.name == vintage.manifest.parent), None)
    held, before = vintage.manifest.editions, parent.manifest.editions if parent else {}
    if vintage.manifest.parent and parent is None:
        damaged = vintage.path.with_name(vintage.manifest.parent) in found.damaged
        yield f"? (the vintage before is {'damaged 前一版本已损坏' if damaged else 'pruned 前一版本已清理'})"
        return
    for edition in sorted(held.keys() | before.keys()):
        if edition not in before or edition not in held:
            yield f"{edition} {_said('added' if edition in held else 'removed')}"
        elif held[edition] != before[edition]:
            yield from _inputs(edition, before[edition], held[edition])
    if parent and vintage.manifest.shared != parent.manifest.shared:
        yield "dictionary, views or contracts 字典、视图或表约定"


def _inputs(edition: str, was: Edition, now: Edition) -> Iterator[str]:
    found = causes(was, now)
    yield from (f"{edition}: {_cause(cause)}" for cause in found)
    if not found:
        names = [name for name, table in now.tables.items() if was.tables.get(name) != table]
        yield f"{edition}: {', '.join(names) or 'gates'}"


def _cause(cause: Cause) -> str:
    return f"{cause.what} {_said(cause.change)}"


def _said(change: str) -> str:
    return f"{CHANGES[change].en} {CHANGES[change].zh}"


def verify(root: Root, out: Console) -> int:
    """Look at every byte of every vintage; 1 if anything is wrong with what was published."""
    wrong = list(watch(root, load_retention(root.retention).vintages if root.retention.exists() else None))
    for one in wrong:
        say(out, one.place, one.what)
    count = len(folders(root))
    out.print(f"{count} vintages, {len(wrong)} places where something is wrong", highlight=False)
    out.print(f"共 {count} 个版本，{len(wrong)} 处有问题", highlight=False)
    return 1 if wrong else 0


def log(root: Root, edition: str, out: Console) -> None:
    """Print every revision of the submissions of an edition, vintage by vintage: what became of it and why.

    Vintages that are damaged are named first; what they say of it is missing.

    Raises:
        CalmError: there is no such edition, neither published nor declared.
    """
    found = every(root)
    _tell_damaged(found, out)
    if not any(edition in vintage.manifest.editions for vintage in found.readable):
        root.check(edition)
    for vintage in found.readable:
        held = vintage.manifest.editions.get(edition)
        if held and held.since == vintage.manifest.number and held.revisions:
            out.print(f"{vintage.path.name}  {vintage.manifest.created}", highlight=False)
            for why, some in groupby(sorted(held.revisions, key=_why), key=_why):
                out.print(f"  {why}", markup=False, highlight=False, soft_wrap=True)
                for one in some:
                    out.print(f"    {_revision(one)}", markup=False, highlight=False, soft_wrap=True)


def _why(one: Revision) -> str:
    return "; ".join(map(_cause, one.causes)) or "?"


def _revision(one: Revision) -> str:
    if one.was is None:
        return f"{one.submission_id} {_said('added')}: {one.now}"
    if one.now is None:
        return f"{one.submission_id} {_said('removed')}: {one.was}"
    status = f"{one.was} -> {one.now}" if one.was != one.now else one.now
    return f"{one.submission_id} {_said('changed')}: {status} ({', '.join(one.tables)})"


def diff(project: Project, asked: tuple[str, str], table: str | None, file: Path | None, out: Console) -> int:
    """Print how many cells and rows differ in each table and the first of them, all of them to a csv; 1 if any does.

    Raises:
        CalmError: there is no such vintage, neither has such a table, or a file is not what was published.
    """
    check_out(file, "--csv")
    one, other = (find(project.root, name) for name in asked)
    held = (edition for vintage in (one, other) for edition in vintage.manifest.editions.values())
    known = {name for edition in held for name in edition.tables} | DICTIONARY.keys()
    if table is not None and table not in known:
        raise CalmError.of(VINTAGES, "no_such_table", asked=shown(table), known=", ".join(sorted(known)))
    listed = list(differences(one, other, project.contracts(), table))
    if file is not None:
        with file.open("w", encoding="utf-8-sig", newline="") as csv:
            csv.writelines(csv_line(row) for row in [COLUMNS, *map(_row, listed)])
    _count(listed, out)
    return 1 if listed else 0


def _count(listed: list[Difference], out: Console) -> None:
    counts = Counter((one.edition, one.table, one.change) for one in listed)
    if not counts:
        say(out, "=", Words(en="Nothing differs.", zh="没有差异。"))
        return
    table = folding("edition 年度", "table 数据表", "change 变动", "count 数量")
    for (edition, name, change), count in sorted(counts.items()):
        table.add_row(edition, name, _said(change), str(count))
    out.print(table, markup=False)
    shown = folding(*COLUMNS)
    for one in listed[:SHOWN]:
        shown.add_row(*map(visible, _row(one)))
    out.print(shown, markup=False)
    if len(listed) > SHOWN:
        en, zh = (
            f"{len(listed) - SHOWN} more; --csv FILE writes all",
            f"另有 {len(listed) - SHOWN} 项；--csv 文件 可全部写出",
        )
        say(out, "...", Words(en=en, zh=zh))


def _row(one: Difference) -> list[str]:
    key = ", ".join(f"{name}={value}" for name, value in one.key.items() if name != "edition")
    cells = (one.edition, one.table, key, one.change, one.column, one.before, one.after)
    why = "; ".join(f"{cause.what} {cause.change}" for cause in one.causes)
    return [formula_safe("" if cell is None else str(cell)) for cell in (*cells, why)]
