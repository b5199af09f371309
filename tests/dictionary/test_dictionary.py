"""The dictionary: whole, in agreement with its warehouse, and a page that opens offline and runs nothing foreign."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from calm_pipeline.dictionary import entries, write
from calm_pipeline.dictionary.entries import TableEntry
from calm_pipeline.dictionary.page import html
from calm_pipeline.expectations import site
from calm_pipeline.survey import Survey
from calm_pipeline.tables import Column
from calm_pipeline.views import View
from tests.reference import PROJECT, SURVEY
from tests.warehouse import ask, opened

pytestmark = pytest.mark.xdist_group("expectations")
DICTIONARY, CONTRACTS, VIEWS = PROJECT.dictionary(), PROJECT.contracts(), PROJECT.views()
ENTRIES = entries(DICTIONARY, CONTRACTS, VIEWS)
COLUMNS = [column for table in ENTRIES for column in table.columns]
NAMES = [f"{column.table}.{column.name}" for column in COLUMNS]


def test_every_table_view_and_column_of_the_warehouse_is_described_and_no_other() -> None:
    with opened() as database:
        tables = database.sql(
            "SELECT table_name, 'table' FROM duckdb_tables() WHERE NOT internal UNION ALL "
            "SELECT view_name, 'view' FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
        columns = database.sql(
            "SELECT table_name, column_name, column_index, is_nullable FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    described = ask("SELECT table_name, kind FROM dictionary_tables")
    assert set(described.itertuples(index=False, name=None)) == set(tables)
    found = ask("SELECT table_name, column_name, position, nullable FROM dictionary_columns")
    stored = {row for row in columns if row[0] not in VIEWS}
    assert {row for row in found.itertuples(index=False, name=None) if row[0] not in VIEWS} == stored
    assert {row[:2] for row in found.itertuples(index=False, name=None)} == {row[:2] for row in columns}


def test_numbers_of_rows_are_those_of_the_warehouse() -> None:
    described = ask("SELECT table_name, rows FROM dictionary_tables")
    for name, rows in described.itertuples(index=False):
        assert ask(f'SELECT count(*) AS n FROM "{name}"')["n"][0] == rows, name


def test_every_number_has_a_unit() -> None:
    numbers = [(name, column) for name, column in zip(NAMES, COLUMNS, strict=True)]
    without = [name for name, column in numbers if column.about.type in ("integer", "number") and not column.unit]
    assert not without, "say in schemas/dictionary.yaml, under units, in what these are counted or measured"


def test_every_column_that_may_be_empty_says_what_that_means() -> None:
    without = [name for name, column in zip(NAMES, COLUMNS, strict=True) if column.about.nullable and not column.empty]
    assert not without, "say in schemas/dictionary.yaml, under empty, what an empty cell of these means"


@pytest.mark.parametrize("part", ["units", "empty"])
def test_nothing_is_said_of_a_column_twice_or_of_one_that_is_not_there(part: str) -> None:
    said = [column for words in getattr(DICTIONARY, part) for column in words.columns]
    assert len(said) == len(set(said))
    assert set(said) <= {*NAMES, *(column.name for column in COLUMNS)}


def test_grain_and_references_are_those_of_the_contracts() -> None:
    rows = ask("SELECT * FROM dictionary_tables").set_index("table_name")
    assert rows.loc["selections", "grain"] == "edition, submission_id, field, option"
    assert rows.loc["answers", "refers_to"] == "submissions (edition, submission_id); questions (edition, question)"
    assert rows.loc["labelled_counts", "sql"] == VIEWS["labelled_counts"].sql
    assert rows["public"].to_dict() == {table.name: table.about.public for table in ENTRIES}
    assert rows["position"].tolist() == list(range(1, len(rows) + 1))


class Reader(HTMLParser):
    """What of a page is text, what is a target, and which tags it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.targets, self.ids, self.tags = [], [], [], []  # type: ignore[var-annotated]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        about = dict(attrs)
        self.ids += [about["id"]] if "id" in about else []
        self.targets += [about[name] for name in ("href", "src") if name in about]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


PAGE = html(ENTRIES, [SURVEY])
READ = Reader(PAGE)


def test_the_page_holds_every_column_question_and_option_in_both_languages() -> None:
    text = " ".join(READ.text)
    for column in COLUMNS:
        assert column.name in text
        assert column.about.en in text
        assert column.about.zh in text
        assert all(words is None or (words.en in text and words.zh in text) for words in (column.unit, column.empty))
    for name, question in SURVEY.questions.items():
        assert name in text
        for words in (question, *question.options.values(), *question.rows.values()):
            assert words.en in text
            assert words.zh in text
    assert READ.tags.count("strong") == sum(not table.about.public for table in ENTRIES) > 10
    assert 'Asked if Q14 is not "No service training conducted yet"' in text


def test_the_page_needs_nothing_from_elsewhere_and_its_places_are_there() -> None:
    assert READ.tags.count("script") == READ.tags.count("style") == 1
    assert not {"link", "img", "iframe", "form"} & set(READ.tags)
    assert not re.search(r"https?://|@import|url\(|\son[a-z]+=", PAGE)
    assert len(READ.ids) == len(set(READ.ids))
    assert all(target == site.INDEX or target.removeprefix("#") in READ.ids for target in READ.targets)


def test_only_the_script_of_the_page_may_run() -> None:
    script = re.findall(r"<script>(.*?)</script>", PAGE, re.S)[0]
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in PAGE


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"


def test_what_declarations_say_is_text_and_nothing_else() -> None:
    column = Column(type="string", values=(HOSTILE,), en=HOSTILE, zh=HOSTILE)
    view = View(key=("edition",), columns={HOSTILE: column}, sql=HOSTILE, en=HOSTILE, zh=HOSTILE)
    survey = Survey.model_validate(
        {
            **{name: getattr(SURVEY, name) for name in ("title", "theme", "platform", "fielding", "eligibility")},
            "edition": "2031",
            "questions": {
                "library": {
                    **{"number": 1, "type": "multiple", "identifies": "library", "en": HOSTILE, "zh": HOSTILE},
                    "options": {"a": {"en": HOSTILE, "zh": HOSTILE}},
                }
            },
        }
    )
    made: list[TableEntry] = entries(DICTIONARY, {}, {"hostile": view})
    page = html(made, [survey])
    assert Reader(page).tags.count("script") == 1
    assert "img" not in Reader(page).tags
    assert "{{ 7 * 7 }}" in page
    assert "onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", page)


def test_the_index_links_the_dictionary_once_it_is_there(tmp_path: Path) -> None:
    before = site.index(tmp_path).read_text(encoding="utf-8")
    assert site.DICTIONARY not in before
    page = write(tmp_path / site.DICTIONARY, ENTRIES, [SURVEY])
    after = site.index(tmp_path).read_text(encoding="utf-8")
    assert f'href="{page.name}"' in after
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["dictionary.html", "index.html"]
