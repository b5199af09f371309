"""An erasure reaches the store: exports that were fetched, vintages, and whatever was left undone before."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from calm_pipeline.commands import person
from calm_pipeline.errors import CalmError
from calm_pipeline.objects.erased import mirror, reaching
from calm_pipeline.objects.inbox import fetch
from calm_pipeline.objects.mirror import push
from calm_pipeline.objects.refusals import OBJECTS
from calm_pipeline.objects.store import Store
from calm_pipeline.project import Project
from calm_pipeline.vault import erasures
from tests.objects.stores import everything, refused
from tests.persons.edition import (
    EDITION,
    KEPT,
    MOBILE,
    NEXT,
    OTHERS,
    PERSON,
    SECRETS,
    hand_in,
    ingest,
    project_in,
    publish,
)
from tests.persons.test_erase import NOW, key

__all__ = ["key"]
RAW = f"raw/{EDITION}"
OURS = f"{EDITION}-{PERSON.sequence:04}"


@pytest.fixture
def project(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Exports that came from the store, read and published, and the vintage put there."""
    monkeypatch.setenv("CALM_STORE", store.address)
    made = project_in(tmp_path)
    export = hand_in(made, "a.csv")
    store.put(f"{RAW}/a.csv", export)
    export.unlink()
    fetch(made.root, EDITION, store, "a test")
    ingest(made)
    publish(made)
    push(made.root, store, "a test")
    return made


def erased(project: Project) -> None:
    out = Console(file=io.StringIO(), width=200)
    assert person.erase(project, OURS, out, out, yes=True) == 0


def told_of(store: Store) -> list[str]:
    """The objects that hold something the person said, or the pseudonym of before."""
    return [key for key, value in everything(store).items() if any(one.encode() in value for one in SECRETS)]


def test_exports_and_vintages_are_replaced_there(project: Project, store: Store) -> None:
    before = everything(store)
    assert told_of(store) == [f"{RAW}/a.csv"]
    erased(project)
    after = everything(store)
    assert told_of(store) == []
    assert after[f"{RAW}/a.csv"] == (project.root.raw(EDITION) / "a.csv").read_bytes()
    assert all(one.encode() in after[f"{RAW}/a.csv"] for one in KEPT[:1])
    vintages = {key.split("/")[1] for key in before if key.startswith("vintages/")}
    assert not [key for key in after if any(name in key for name in vintages)]
    assert fetch(project.root, EDITION, store, "a test").new == [], "and nothing comes back"
    assert mirror(project.root, store, "a test").exports == []


def test_a_number_that_others_wrote_is_taken_out_there_too(tmp_path: Path, store: Store) -> None:
    project = project_in(tmp_path, EDITION, NEXT)
    for edition, who in ((EDITION, (PERSON,)), (NEXT, (OTHERS,))):
        store.put(f"raw/{edition}/a.csv", hand_in(project, "here.csv", edition=edition, who=who))
        (project.root.raw(edition) / "here.csv").unlink()
        fetch(project.root, edition, store, "a test")
    assert told_of(store) == [f"raw/{EDITION}/a.csv", f"raw/{NEXT}/a.csv"]
    with reaching(project.root, "a test"):
        pass  # no store is set: nothing is asked of it
    erased(project)
    assert len(told_of(store)) == 2
    assert mirror(project.root, store, "a test") == (None, [f"raw/{EDITION}/a.csv", f"raw/{NEXT}/a.csv"])
    assert told_of(store) == []


def test_what_could_not_be_put_is_put_the_next_time(
    project: Project, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise CalmError.of(OBJECTS, "store_unreachable", place="a test", kind="-")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "list", away)
        refused("store_unreachable", erased, project)
    assert MOBILE not in (project.root.raw(EDITION) / "a.csv").read_text(encoding="utf-8")
    assert told_of(store) == [f"{RAW}/a.csv"]
    assert fetch(project.root, EDITION, store, "a test").new == [], "the erasure is not undone"
    mirror(project.root, store, "calm push")
    assert told_of(store) == []


def test_an_export_that_was_not_fetched_is_named_and_all_else_is_done(project: Project, store: Store) -> None:
    newer = hand_in(project, "newer.csv").read_bytes()
    (project.root.raw(EDITION) / "newer.csv").unlink()
    store.write(f"{RAW}/newer.csv", newer)
    told = refused("erasure_not_stored", erased, project)
    assert f"{RAW}/newer.csv" in told
    assert f"{RAW}/a.csv" not in told
    assert told_of(store) == [f"{RAW}/newer.csv"]
    fetch(project.root, EDITION, store, "a test")
    erased(project)
    assert told_of(store) == []


def test_an_edition_nobody_was_erased_from_is_left_alone(project: Project, store: Store) -> None:
    (project.root.raw(EDITION) / "a.csv").write_text("edited by hand", encoding="utf-8")
    before = everything(store)
    assert mirror(project.root, store, "a test").exports == []
    assert everything(store) == before


def test_an_erasure_that_fails_reaches_the_store_as_far_as_it_went(project: Project, store: Store) -> None:
    vintage = next(iter(project.root.vintages.glob("0001-*")))
    (vintage / "manifest.json").write_bytes(b"damaged")
    with pytest.raises(CalmError) as caught:
        erased(project)
    assert caught.value.code == "vintages_left", caught.value.told
    assert told_of(store) == []


def test_an_old_workbook_is_replaced_by_the_one_that_was_made_of_it(project: Project, store: Store) -> None:
    folder = project.root.raw(EDITION)
    store.write(f"{RAW}/b.xls", b"an old workbook")
    fetch(project.root, EDITION, store, "a test")
    (folder / "b.xls").unlink()
    (folder / "b.xlsx").write_bytes(b"written anew")
    erasures.note(project.root.erasures, EDITION, [OURS], "request", NOW)
    assert mirror(project.root, store, "a test").exports == [f"{RAW}/b.xls"]
    held = everything(store)
    assert f"{RAW}/b.xls" not in held
    assert held[f"{RAW}/b.xlsx"] == b"written anew"
    assert fetch(project.root, EDITION, store, "a test").new == []
