"""What a publish writes, demands and refuses."""

import io
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import duckdb
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from calm_pipeline import parts, store, warehouse
from calm_pipeline.commands.vintages import vintages
from calm_pipeline.errors import CalmError
from calm_pipeline.retention import Vintages
from calm_pipeline.root import Root, place
from calm_pipeline.tables import Contract
from calm_pipeline.vintages import Name, Outcome, Vintage, connect, current, find, proofs
from calm_pipeline.vintages import prune as pruning
from calm_pipeline.vintages.prune import prune
from tests.vintages.small import CONTRACTS, every, frames, makings, prove, published, put, rows, small, state, write


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return small(tmp_path, "2030", "2031")


def assert_refused(code: str, root: Root, en: str, zh: str, edition: str = "2031", *, more: str = "") -> None:
    """The publish is refused, says why, and leaves what was published as it was."""
    before = [vintage.path.name for vintage in every(root)], root.pointer.is_symlink() and root.pointer.readlink()
    gates = [Name("selections", "contract"), *([Name(more, "contract")] if more else ())]
    with pytest.raises(CalmError) as caught:
        put(root, edition, gates)
    assert (caught.value.code, en in str(caught.value), zh in caught.value.zh) == (code, True, True), caught.value.told
    now = [vintage.path.name for vintage in every(root)], root.pointer.is_symlink() and root.pointer.readlink()
    assert now == before
    assert not list(root.vintages.glob(".draft-*"))


def test_a_large_table_has_no_key_in_the_file_and_those_that_point_to_it_neither(root: Root) -> None:
    keys = "SELECT table_name FROM duckdb_constraints() WHERE constraint_type LIKE '%KEY' AND table_name IN ({})"
    keyed, of_many = keys.format("'editions', 'submissions'"), keys.format("'submissions', 'selections'")
    published(root, "2031", "one")
    with connect(root) as database:
        assert {name for (name,) in database.sql(keyed).fetchall()} == {"editions", "submissions"}
    with mock.patch.object(warehouse, "KEYED", 39):
        published(root, "2031", "two")
    with connect(root) as database:
        assert database.sql(of_many).fetchall() == []
        assert {name for (name,) in database.sql(keyed).fetchall()} == {"editions"}
        rows = database.sql("FROM selections").fetchall()
        assert len(rows) == 40
        assert rows == database.sql("FROM selections ORDER BY ALL").fetchall()


@pytest.mark.parametrize("keyed", [39, 1000])
def test_a_row_that_refers_to_nothing_is_not_published_however_large_the_table(root: Root, keyed: int) -> None:
    made = frames("2031", "one")
    made["selections"].loc[39, "submission_id"] = "2031-9999"
    write(root, "2031", made)
    with mock.patch.object(warehouse, "KEYED", keyed), pytest.raises(duckdb.ConstraintException):
        put(root, "2031")
    assert current(root) is None


def test_a_publish_is_a_vintage_that_is_whole(root: Root) -> None:
    outcome = published(root, "2031", "one")
    first = outcome.vintage
    assert outcome.fresh
    with connect(root) as database:
        assert makings(database) == {"2031": {"one"}}
    assert current(root) == first == find(root, "1") == find(root, first.path.name) == find(root, "current")
    assert first.damage() == []
    assert sorted(file.name for file in first.path.iterdir()) == ["calm.duckdb", "manifest.json", "tables"]
    held = first.manifest.editions["2031"]
    counts = {"editions": 1, "files": 1, "libraries": 1, "submissions": 40, "selections": 40}
    assert {name: table.rows for name, table in held.tables.items()} == counts == outcome.rows
    (gate,) = held.gates
    assert (gate.table, gate.check, gate.holds, sorted(gate.seen)) == (
        *("selections", "contract"),
        *(True, ["selections", "submissions"]),
    )
    assert held.inputs == {"data/raw/2031/export.csv": "one", "schemas/surveys/2031.yaml": "-"}


def test_other_editions_stay_as_they_were_published_whatever_lies_on_the_workbench(root: Root) -> None:
    published(root, "2030", "one")
    write(root, "2030", frames("2030", "not published"))
    prove(root, "2030", holds=False)
    published(root, "2031", "two")
    with connect(root) as database:
        assert makings(database) == {"2030": {"one"}, "2031": {"two"}}
    first, second = every(root)
    assert second.manifest.parent == first.path.name
    assert second.manifest.editions["2030"] == first.manifest.editions["2030"]
    assert (second.path / "tables/files/2030.parquet").read_bytes() == (
        first.path / "tables/files/2030.parquet"
    ).read_bytes()
    with first.connect() as database:
        assert makings(database) == {"2030": {"one"}}


def test_nothing_is_written_if_nothing_differs(root: Root) -> None:
    first = published(root, "2031", "one")
    again = published(root, "2031", "one")
    assert (again.fresh, again.vintage) == (False, first.vintage)
    root.desk.write_text("another contact", encoding="utf-8")
    other = put(root, "2031")
    assert (other.fresh, other.vintage.manifest.number) == (True, 2)
    assert state(root) == {
        ("2031", name): table.logical for name, table in first.vintage.manifest.editions["2031"].tables.items()
    }


def test_a_gate_that_was_never_proved(root: Root) -> None:
    write(root, "2031", frames("2031", "one"))
    assert_refused(
        "gate_not_proved",
        root,
        "table files, edition 2031: the check contract was never",
        "未经检查 contract",
        more="files",
    )


def test_a_gate_that_failed(root: Root) -> None:
    published(root, "2031", "one")
    write(root, "2031", frames("2031", "two"))
    prove(root, "2031", holds=False)
    assert_refused("gate_failed", root, "the check contract failed", "检查 contract 未通过")


@pytest.mark.parametrize("name", ["selections", "submissions"])
def test_a_gate_that_was_proved_of_other_bytes(root: Root, name: str) -> None:
    write(root, "2031", frames("2031", "one"))
    later = root.parquet(name, "2031"), frames("2031", "two")[name]

    store.write(later[1], CONTRACTS[name], later[0])
    assert_refused("gate_outdated", root, f"but {name} changed since", f"{name} 又有变动")


@pytest.mark.parametrize(
    "declared", ["tables", "groupings", "register", "survey", "published", "claims", "corrections"]
)
def test_a_gate_that_was_proved_by_other_declarations(root: Root, declared: str) -> None:
    """Changed, come or gone since: the check might say otherwise now."""
    found = getattr(root, declared)
    file = found("2031") if callable(found) else found
    file.parent.mkdir(parents=True, exist_ok=True)
    place = file.relative_to(root.path).as_posix()
    for before, after in (("one", "two"), (None, "two"), ("one", None)):
        for content, then in ((before, lambda: write(root, "2031", frames("2031", "one"))), (after, None)):
            if content:
                file.write_text(content, encoding="utf-8")
            else:
                file.unlink(missing_ok=True)
            if then:
                then()
        assert_refused("gate_outdated", root, f"but {place} changed since", f"{place} 又有变动")
    prove(root, "2031")
    assert put(root, "2031").fresh


def test_a_gate_that_was_proved_by_other_code(root: Root) -> None:
    write(root, "2031", frames("2031", "one"))
    with mock.patch.object(proofs, "CODE", "mended"):
        assert_refused("gate_outdated", root, "but code changed since", "code 又有变动")
    assert put(root, "2031").fresh


def test_what_a_check_that_does_not_block_said_is_kept_and_is_no_bar(root: Root) -> None:
    advice = Name("files", "reproduces")
    write(root, "2031", frames("2031", "one"))
    prove(root, "2031", advice, holds=False, blocking=False)
    (kept,) = put(root, "2031").vintage.manifest.editions["2031"].advisories
    assert (kept.table, kept.check, kept.holds, kept.figures) == (*advice, False, {"counted": 143})
    out = Console(file=io.StringIO(), width=250)
    vintages(root, out)
    assert "2031: files: reproduces failed 未通过 (counted 143)" in out.file.getvalue()  # type: ignore[attr-defined]
    write(root, "2031", frames("2031", "two"))
    assert put(root, "2031").vintage.manifest.editions["2031"].advisories == ()


@pytest.mark.parametrize("edition", ["2030", "2031"])
def test_a_table_of_any_published_edition_that_is_gone_is_missed(root: Root, edition: str) -> None:
    published(root, "2030", "one")
    published(root, "2031", "one")
    root.parquet("files", edition).unlink()
    assert_refused(
        "incomplete_edition",
        root,
        f"edition {edition}: it lacks files",
        f"{edition} 年度：data/warehouse/tables 中缺少 files",
    )


def test_an_edition_that_is_gone_is_missed_unless_it_is_retired(root: Root) -> None:
    published(root, "2030", "one")
    published(root, "2031", "one")
    root.survey("2030").unlink()
    assert_refused("removed_edition", root, "schemas/surveys/2030.yaml is gone", "schemas/surveys/2030.yaml 已不存在")
    root.retention.write_text(
        "{personal: {months: 1}, vintages: {latest: 9, days: 9}, retired: ['2030']}", encoding="utf-8"
    )
    assert put(root, "2031").fresh
    assert {edition for edition, _ in state(root)} == {"2031"}
    assert_refused("retired_edition", root, "it is retired", "该年度已撤下", "2030")


def test_an_edition_that_never_came_to_its_end_is_not_missed(root: Root) -> None:
    write(
        root,
        "2030",
        {
            "files": frames("2030", "one")["files"],
            "selections": rows("selections", "2030", 1),
            "submissions": rows("submissions", "2030", 1),
        },
    )
    assert published(root, "2031", "one").fresh
    assert_refused("incomplete_edition", root, "it lacks editions, libraries", "缺少 editions、libraries", "2030")


def aged(root: Root, makes: int) -> Iterator[str]:
    for making in range(makes):
        yield published(root, "2031", f"making {making}").vintage.path.name


def test_vintages_are_pruned_as_declared_and_never_the_current_one(root: Root) -> None:
    names = list(aged(root, 5))
    now, vintage = datetime.now(UTC), current(root)
    assert vintage is not None
    assert prune(root, Vintages(latest=2, days=3), now + timedelta(2), vintage) == []
    assert prune(root, Vintages(latest=9, days=0), now + timedelta(2), vintage) == []
    assert prune(root, Vintages(latest=3, days=3), now + timedelta(4), vintage) == names[:2]
    rolled_back = find(root, "3")
    assert prune(root, Vintages(latest=1, days=0), now + timedelta(4), rolled_back) == [names[3]]
    assert [one.path.name for one in every(root)] == [names[2], names[4]]
    assert vintage.damage() == []


def test_days_are_counted_from_when_the_next_one_took_its_place(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may have begun to read the first one a moment before, however old it was."""
    first, second = list(aged(root, 2))
    now, vintage = datetime.now(UTC), current(root)
    assert vintage is not None
    made = {first: now - timedelta(20), second: now - timedelta(1)}
    monkeypatch.setattr(pruning, "_made", lambda one: made[one.path.name])
    assert prune(root, Vintages(latest=1, days=3), now, vintage) == []
    assert prune(root, Vintages(latest=1, days=3), now + timedelta(3), vintage) == [first]


def test_pruning_is_part_of_a_publish_and_told(root: Root) -> None:
    first, second = list(aged(root, 2))
    root.retention.write_text("{personal: {months: 1}, vintages: {latest: 1, days: 0}}", encoding="utf-8")
    assert set(published(root, "2031", "last").pruned) <= {first, second}


def test_what_a_crash_left_is_removed_and_a_vintage_nobody_pointed_to_is_passed_over(root: Root) -> None:
    first = published(root, "2031", "one").vintage
    second = published(root, "2031", "two").vintage
    root.pointer.unlink()
    root.pointer.symlink_to(Path("vintages", first.path.name))
    (root.vintages / ".draft-99999" / "tables").mkdir(parents=True)
    shutil.copy(first.path / "calm.duckdb", root.vintages / ".draft-99999")
    third = published(root, "2031", "three").vintage
    assert (third.manifest.number, third.manifest.parent) == (3, first.path.name)
    assert not list(root.vintages.glob(".draft-*"))
    assert second.damage() == []


def test_a_damaged_database_is_built_anew_although_nothing_else_differs(root: Root) -> None:
    first = published(root, "2031", "one").vintage
    content = bytearray((first.path / "calm.duckdb").read_bytes())
    content[len(content) // 2] ^= 1
    (first.path / "calm.duckdb").write_bytes(content)
    again = put(root, "2031")
    assert (again.fresh, again.vintage.damage()) == (True, [])
    assert not put(root, "2031").fresh


def test_rows_are_counted_although_an_edition_lacks_a_table_that_came_later(root: Root) -> None:
    published(root, "2030", "one")
    outcome = published(root, "2031", "one")
    old = outcome.vintage.manifest.editions["2030"]
    fewer = old.model_copy(update={"tables": {"files": old.tables["files"]}})
    manifest = outcome.vintage.manifest.model_copy(
        update={"editions": {**outcome.vintage.manifest.editions, "2030": fewer}}
    )
    rows = Outcome(Vintage(outcome.vintage.path, manifest), fresh=True).rows
    assert rows == {"files": 2, "editions": 1, "libraries": 1, "submissions": 40, "selections": 40}


def test_what_lies_in_parts_is_published_as_one_file_that_says_the_same(root: Root) -> None:
    whole = published(root, "2031", "one").vintage
    shutil.rmtree(root.warehouse)
    with mock.patch.object(parts, "TAIL", 1), mock.patch.dict(CONTRACTS, in_parts("submissions", "selections")):
        parted = published(root, "2031", "one").vintage
        folder = root.parquet("selections", "2031")
        assert len(list(folder.glob("*.parquet"))) > 3
        assert not put(root, "2031").fresh
        first = min(folder.glob("*.parquet"))
        pq.write_table(pq.read_table(first).slice(1), first)
        assert_refused("gate_outdated", root, "selections", "selections")
    for name, table in whole.manifest.editions["2031"].tables.items():
        assert parted.manifest.editions["2031"].tables[name].logical == table.logical
        assert parted.file(place(name, "2031")).is_file()


def in_parts(*names: str) -> dict[str, Contract]:
    return {name: CONTRACTS[name].model_copy(update={"parts": "together"}) for name in names}
