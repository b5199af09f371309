"""Every ready view runs, holds what it declares, keeps its key, and takes grouped figures from the protected table."""

import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from calm_pipeline.errors import CalmError
from calm_pipeline.survey.problem import DeclarationError
from calm_pipeline.views import View, create, load_views
from tests.published import published
from tests.reference import PROJECT
from tests.warehouse import ask, opened

pytestmark = pytest.mark.xdist_group("expectations")
VIEWS = load_views(PROJECT.root.views)
BY_GROUP = ("counts_by_province", "counts_by_type", "counts_by_staff_band")


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_holds_what_it_declares(name: str) -> None:
    view, found = VIEWS[name], ask(f'SELECT * FROM "{name}"')
    assert list(found.columns) == list(view.columns)
    assert len(found)
    assert not found.duplicated(list(view.key)).any()
    for column, about in view.columns.items():
        assert about.nullable or found[column].notna().all(), column
        assert not about.values or set(found[column].dropna()) <= set(about.values), column


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_and_its_columns_are_explained_in_both_languages(name: str) -> None:
    with opened() as database:
        comments = database.execute("SELECT comment FROM duckdb_views() WHERE view_name = ?", [name]).fetchall()
        comments += database.execute("SELECT comment FROM duckdb_columns() WHERE table_name = ?", [name]).fetchall()
    assert len(comments) == len(VIEWS[name].columns) + 1
    assert all(re.fullmatch(r"[^|]+\. \| .*[\u4e00-\u9fff].*。", str(comment)) for (comment,) in comments)


@pytest.mark.parametrize("name", BY_GROUP)
def test_grouped_figures_are_those_of_the_protected_table(name: str) -> None:
    assert not re.search(r"\b(selections|answers|submissions|libraries|index_scores)\b", VIEWS[name].sql)
    found = ask(f"SELECT * FROM {name}")
    expected = published()["group_counts"].query("grouped_by == @name.removeprefix('counts_by_')")
    joined = found.merge(expected, on=["group_name", "field", "option"], suffixes=("", "_true"))
    assert len(joined) == len(expected) == len(found)
    assert (joined["count"].fillna(-1) == joined["count_true"].fillna(-1)).all()
    assert found[found["protection"] == "suppressed"][["count", "share", "low", "high"]].isna().all(axis=None)


def test_of_peers_a_profile_shows_no_more_than_the_protected_table() -> None:
    """Microdata in it are the library's own ticks; whatever is said of others is a share that is shown anyway."""
    shown = published()["group_counts"].query("grouped_by == 'type'").set_index(["group_name", "field", "option"])
    peers = ask("SELECT DISTINCT type, field, option, peer_share FROM library_profile")
    expected = shown["share"].reindex(pd.MultiIndex.from_frame(peers[["type", "field", "option"]]))
    assert (peers["peer_share"].fillna(-1).to_numpy() == expected.fillna(-1).to_numpy()).all()


def test_ranks_are_shared_by_equal_sums() -> None:
    standing = ask("SELECT * FROM library_standing")
    for _, index in standing.groupby("index_name"):
        assert (index["rank"] == index["sum"].rank(ascending=False, method="min")).all()
        assert index.loc[index["rank"] == 1, "quantile"].eq(1).all()


def test_a_view_is_public_if_all_that_it_reads_is() -> None:
    public = {name for name, contract in PROJECT.contracts().items() if contract.public}
    for name, view in VIEWS.items():
        read = set(re.findall(r"\b(?:FROM|JOIN) (\w+)", view.sql))
        assert view.public == (read <= public), name
        public |= {name} if view.public else set()


def made(tmp_path: Path, text: str) -> dict[str, View]:
    (tmp_path / "views.yaml").write_text(text, encoding="utf-8")
    return load_views(tmp_path / "views.yaml")


COLUMNS = "  key: [a]\n  columns:\n    a: {type: integer, en: A., zh: 甲。}\n"


@pytest.mark.parametrize(
    ("sql", "code", "said"),
    [
        ("SELECT a FROM nowhere", "view_statement", "Table with name nowhere does not exist"),
        ("SELECT FROM WHERE", "view_statement", "syntax error"),
        ("SELECT b FROM t", "view_statement", 'column "b" not found'),
        ("SELECT a, a AS b FROM t", "view_columns", "declares the columns a BIGINT; its sql gives a BIGINT, b BIGINT"),
        ("SELECT a AS b FROM t", "view_columns", "its sql gives b BIGINT"),
        ("SELECT a::DOUBLE AS a FROM t", "view_columns", "its sql gives a DOUBLE"),
    ],
)
def test_a_view_that_does_not_hold_is_named(tmp_path: Path, sql: str, code: str, said: str) -> None:
    views = made(tmp_path, f"one:\n  en: One.\n  zh: 一。\n{COLUMNS}  sql: {sql}\n")
    with duckdb.connect() as database:
        database.execute("CREATE TABLE t (a BIGINT)")
        with pytest.raises(CalmError, match=r"views\.yaml, one") as caught:
            create(database, views)
    assert caught.value.code == code
    assert said in str(caught.value)
    assert "views.yaml，one" in caught.value.zh


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one:\n  en: One.\n  zh: 一。\n" + COLUMNS, "line 1, one.sql"),
        ("One:\n  en: One.\n  zh: 一。\n" + COLUMNS + "  sql: SELECT 1\n", "line 1, One"),
        ("one:\n  en: One.\n  zh: 一。\n" + COLUMNS + "  sql: SELECT 1\n  order: 1\n", "line 8, one.order"),
    ],
)
def test_a_broken_declaration_names_its_lines(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        made(tmp_path, text)
    assert said in str(caught.value)


def test_a_missing_declaration_is_said(tmp_path: Path) -> None:
    with pytest.raises(CalmError, match=r"views\.yaml"):
        load_views(tmp_path / "views.yaml")
