"""The catalogue: every code that is raised, whole in both languages, and the document made from it."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from calm_pipeline import catalogue
from calm_pipeline.catalogue import CHAPTERS, ENTRIES
from calm_pipeline.errors import CalmError, Entry, Message
from tests.commands import HOME, calm
from tests.raised import _literals, raised

RAISED = raised([HOME / "calm_pipeline", HOME / "assets"])


def words(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_code_that_is_raised_is_in_the_catalogue() -> None:
    assert RAISED - set(ENTRIES) == set()


def test_no_entry_is_dead() -> None:
    assert set(ENTRIES) - RAISED == set()


def test_the_search_sees_codes_that_are_chosen_looked_up_or_handed_on(tmp_path: Path) -> None:
    assert {"summary", "other_survey", "label_mark", "disk_full", "few_libraries", "unknown_option"} <= RAISED
    (tmp_path / "module.py").write_text(
        "def refuse(file, code):\n    raise CalmError(code, file)\n"
        "def look(file):\n    refuse(file, 'handed_on')\n    raise CalmError.of(TABLE, 'one' if file else 'other')\n"
        "    raise CalmError.of(TABLE, _CODES[file])\n_CODES = {1: 'looked_up'}\n",
        encoding="utf-8",
    )
    assert raised([tmp_path]) == {"handed_on", "one", "other", "looked_up"}
    with pytest.raises(AssertionError, match="no code"):
        list(_literals(ast.parse("made(up)", mode="eval").body, [], "raise made(up)"))


def test_a_code_stands_once() -> None:
    codes = [code for chapter in CHAPTERS for code in chapter.entries]
    assert len(codes) == len(set(codes)) == len(ENTRIES)


@pytest.mark.parametrize("code", ENTRIES)
def test_place_cause_and_remedy_are_whole_in_both_languages(code: str) -> None:
    assert code.isidentifier()
    assert code == code.lower()
    for message in ENTRIES[code]:
        assert message.en.strip()
        assert message.zh.strip()
        assert words(message.en) == words(message.zh)
        assert message.en.rstrip(".") == message.en, "sentences are ended where they are put together"
        assert message.zh.rstrip("。") == message.zh


@pytest.mark.parametrize("code", ENTRIES)
def test_the_chinese_is_chinese_and_the_english_is_not(code: str) -> None:
    def chinese(text: str) -> int:
        return sum("一" <= mark <= "鿿" for mark in text.replace("序号", "").replace("提交答卷时间", ""))

    for message in ENTRIES[code][1:]:
        assert chinese(message.zh)
        assert not chinese(message.en)


def test_words_are_filled_in_and_each_language_gets_its_own() -> None:
    table = {
        "code": Entry(Message("{file}", "{file}"), Message("no {what}", "没有{what}"), Message("Add it", "请补充"))
    }
    error = CalmError.of(table, "code", file="{a}.csv", what=Message("header", "表头"))
    assert str(error) == "{a}.csv: no header. Add it."
    assert error.zh == "{a}.csv：没有表头。请补充。"
    assert error.told == "[code] {a}.csv: no header. Add it.\n{a}.csv：没有表头。请补充。"


def test_what_is_told_holds_no_control_characters() -> None:
    table = {"code": Entry(Message("{file}", "{file}"), Message("a", "甲"), Message("b", "乙"))}
    told = CalmError.of(table, "code", file="\x1b[31m\u202ered").told
    assert told.splitlines() == ["[code] \\x1b[31m\\u202ered: a. b.", "\\x1b[31m\\u202ered：甲。乙。"]


def test_the_document_is_fresh() -> None:
    committed = (HOME / "docs" / "errors.md").read_text(encoding="utf-8")
    assert committed == catalogue.markdown(), "run `calm errors --write`"


def test_the_command_explains_writes_and_refuses(tmp_path: Path) -> None:
    one = calm(HOME, "errors", "label_colon")
    assert one.stdout.rstrip("\n") == catalogue.described("label_colon")
    assert "- 处理：" in one.stdout
    assert calm(HOME, "errors").stdout.rstrip("\n") == catalogue.markdown().rstrip("\n")
    unknown = calm(HOME, "errors", "label_colour")
    assert unknown.returncode == 1
    assert "Did you mean label_colon?" in unknown.stderr
    assert "是否应为 label_colon？" in unknown.stderr
    (tmp_path / "schemas" / "surveys").mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    assert calm(tmp_path, "errors", "--write").returncode == 0
    assert (tmp_path / "docs" / "errors.md").read_text(encoding="utf-8") == catalogue.markdown()
