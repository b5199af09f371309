"""SPSS and Stata: what was written is read back by pyreadstat, values, labels and reasons of silence."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from calm_pipeline.dissemination import spss, stata
from calm_pipeline.dissemination.edition import Edition
from calm_pipeline.dissemination.matrix import matrix
from calm_pipeline.dissemination.variables import Missing, variables
from calm_pipeline.dissemination.wording import in_bytes, in_characters, plain
from tests.dissemination.editions import ANSWERS, made, options, reference, small_survey, words
from tests.reference import SURVEY

FORMATS: dict[str, tuple[Callable[..., None], Callable[..., Any], dict[Missing, Any]]] = {
    "sav": (spss.write_sav, pyreadstat.read_sav, spss.CODES),
    "dta": (stata.write_dta, pyreadstat.read_dta, stata.CODES),
}


def written(edition: Edition, to: str, file: Path, language: str = "en") -> tuple[pd.DataFrame, Any]:
    """The file as pyreadstat reads it again."""
    found = variables(edition.survey)
    write, read, _ = FORMATS[to]
    write(edition, found, matrix(edition, found), language, file)
    frame, about = read(str(file), user_missing=True)
    return frame, about


def comparable(column: pd.Series) -> list[Any]:
    return [None if value is None or value != value else value for value in column.tolist()]


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("edition", [reference, lambda: made(small_survey())], ids=["2023", "small"])
def test_every_value_comes_back(to: str, edition: Callable[[], Edition], tmp_path: Path) -> None:
    there = edition()
    frame, _ = written(there, to, tmp_path / f"a.{to}")
    found = variables(there.survey)
    assert list(frame.columns) == [one.name for one in found]
    for name, column in matrix(there, found).items():
        coded = [FORMATS[to][2][cell] if isinstance(cell, Missing) else cell for cell in column]
        texts = [in_bytes(cell, spss.LONGEST_TEXT) if to == "sav" and isinstance(cell, str) else cell for cell in coded]
        assert comparable(frame[name]) == texts, name


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("to", FORMATS)
def test_every_option_has_its_label_and_silence_has_one(to: str, language: str, tmp_path: Path) -> None:
    _, about = written(reference(), to, tmp_path / f"a.{to}", language)
    not_asked, blank = (FORMATS[to][2][reason] for reason in (Missing.NOT_ASKED, Missing.BLANK))
    silence = {"en": {not_asked: "Not asked", blank: "Left blank"}, "zh": {not_asked: "未询问", blank: "未作答"}}
    for one in variables(SURVEY):
        label = about.column_names_to_labels[one.name]
        whole = plain(getattr(one.label, language))
        assert label == whole or (label.endswith("…") and whole.startswith(label[:-1]))
        if one.kind in ("tick", "single"):
            values = about.variable_value_labels[one.name]
            expected = {value: getattr(words_, language) for value, words_ in one.values.items()}
            assert values == {**expected, **silence[language]}
            assert one.field is not None
            assert one.kind == "tick" or len(values) == len(one.field.options) + 2


@pytest.mark.parametrize("to", FORMATS)
def test_silence_is_missing_for_the_program(to: str, tmp_path: Path) -> None:
    frame, about = written(reference(), to, tmp_path / f"a.{to}")
    silent = {one.name for one in variables(SURVEY) if one.silent}
    if to == "sav":
        assert about.missing_ranges == {name: [{"lo": -3, "hi": -3}, {"lo": -2, "hi": -2}] for name in silent}
    else:
        assert set(about.missing_user_values) >= {name for name in silent if (frame[name].astype(str) == "a").any()}
    plainly, _ = FORMATS[to][1](str(tmp_path / f"a.{to}"))
    assert plainly["volunteers_enrolled"].isna().sum() == 13


@pytest.mark.parametrize("to", FORMATS)
def test_an_edition_without_accepted_submissions_can_be_written(to: str, tmp_path: Path) -> None:
    frame, _ = written(made(small_survey(), ()), to, tmp_path / f"a.{to}")
    assert frame.empty


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_edition_has_the_same_bytes_whatever_the_clock_says(to: str, tmp_path: Path) -> None:
    contents = []
    for name in ("a", "b"):
        _, about = written(reference(), to, tmp_path / f"{name}.{to}")
        contents.append((tmp_path / f"{name}.{to}").read_bytes())
        assert about.creation_time.year == 1980
    assert contents[0] == contents[1]


@pytest.mark.parametrize(("to", "most"), [("sav", 64), ("dta", 80)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_file_says_first_that_it_is_reconstructed(to: str, most: int, language: str, tmp_path: Path) -> None:
    _, about = written(reference(), to, tmp_path / f"a.{to}", language)
    assert about.file_label.startswith({"en": "RECONSTRUCTED: ", "zh": "【重建数据】"}[language])
    assert len(about.file_label.encode() if to == "sav" else about.file_label) <= most
    _, plainly = written(made(small_survey()), to, tmp_path / f"b.{to}", language)
    assert plainly.file_label == {"en": "Small survey", "zh": "小调查"}[language]


def test_the_note_of_the_sav_file_holds_the_version_and_the_mark(tmp_path: Path) -> None:
    _, about = written(reference(), "sav", tmp_path / "a.sav")
    said = " ".join(about.notes)
    assert reference().version in said
    assert "reconstructed" in said
    assert "重建" in said
    assert max(len(line.encode()) for line in about.notes) <= 80


def test_labels_keep_within_the_limits_and_split_no_character(tmp_path: Path) -> None:
    long = {"en": "x" * 400, "zh": "图" * 400}
    one = {"type": "single", **long, "options": {"a": long, "b": words("b")}}
    two = {"type": "multiple", **long, "options": {"a": long}}
    edition = made(small_survey(one=one, two=two), [{"one": "a", "two": {"a"}}])
    for language, most in (("zh", 256), ("en", 256)):
        _, about = written(edition, "sav", tmp_path / "a.sav", language)
        asked = [label for label in about.column_labels if "…" in label]
        assert len(asked) == 2
        assert most - 3 <= max(len(label.encode()) for label in asked) <= most
        assert 117 <= len(about.variable_value_labels["one"][1].encode()) <= 120
        _, about = written(edition, "dta", tmp_path / "a.dta", language)
        assert max(map(len, about.column_labels)) == 80
        assert about.variable_value_labels["one"][1] == long[language]


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("offering targeted services", 20, "offering targeted…"),
        ("offering targeted services", 18, "offering targeted…"),
        ("one, two and three", 6, "one…"),
        ("[Number of] groups", 6, "[Numb…"),
        ("helped [Number of] groups", 12, "helped…"),
        ("unbreakable", 5, "unbr…"),
        ("图书馆为用户提供 WeChat 服务", 14, "图书馆为用户提供…"),
        ("图书馆为用户", 4, "图书馆…"),
    ],
)
def test_a_label_is_cut_after_a_word_and_says_so(text: str, most: int, cut: str) -> None:
    assert in_characters(text, most) == cut
    assert in_bytes(text, len(text[: most - 1].encode()) + 3) == cut


def test_counts_show_no_decimals_in_spss(tmp_path: Path) -> None:
    _, about = written(reference(), "sav", tmp_path / "a.sav")
    formats = about.original_variable_types
    assert {one.name for one in variables(SURVEY) if formats[one.name] == "F12.6"} == {
        f"index_{name}_{score}" for name in SURVEY.indices for score in ("mean_share", "mean_z")
    }


def test_a_text_of_any_length_goes_to_stata_whole_and_to_spss_up_to_its_limit(tmp_path: Path) -> None:
    frame, _ = written(made(small_survey()), "dta", tmp_path / "a.dta")
    assert frame["remark"][0] == ANSWERS[0]["remark"] == "甲" * 20000
    frame, _ = written(made(small_survey()), "sav", tmp_path / "a.sav")
    assert len(frame["remark"][0].encode()) <= 32767
    assert frame["remark"][0].startswith("甲" * 10000)
    assert frame["remark"][0].endswith("…")


def test_stata_gets_a_format_that_all_its_editions_read(tmp_path: Path) -> None:
    written(reference(), "dta", tmp_path / "a.dta")
    assert (tmp_path / "a.dta").read_bytes().startswith(b"<stata_dta><header><release>118</release>")


def test_the_syntax_defines_a_set_for_every_question_of_several_ticks() -> None:
    found = variables(SURVEY)
    text = spss.syntax(found, "zh", "calm-2023.sav")
    sets = dict(re.findall(r"NAME=\$(\w+)\n.*?VARIABLES=([\w\s]+?)\n  VALUE=1\.", text, re.S))
    ticks: dict[str, list[str]] = {}
    for one in found:
        if one.kind == "tick":
            ticks.setdefault(one.source[0], []).append(one.name)
    assert {name: members.split() for name, members in sets.items()} == ticks
    listed = re.search(r"/DISPLAY NAME=\[(.*?)\]\.", text, re.S)
    assert listed is not None
    assert listed[1].split() == [f"${name}" for name in sets]


@pytest.mark.parametrize("label", ["it's 'quoted'", "a. b.\nMRSETS.", "'.\nERASE FILE='x'.", "图" * 300, '"' * 200])
def test_no_label_ends_its_own_quotes_or_the_command(label: str) -> None:
    two = {"type": "multiple", "en": label, "zh": label, "options": options("a", "b")}
    text = spss.syntax(variables(small_survey(two=two)), "en", "a.sav")
    commands = [part for part in text.split("\n\n")[1:] if part.strip()]
    assert len(commands) == 2
    literals = re.findall(r"'((?:[^'\n]|'')*)'", commands[0])
    assert "".join(literals).replace("''", "'") == in_bytes(plain(f"Q2 {label}"), spss.LONGEST_LABEL)
    outside = re.sub(r"'((?:[^'\n]|'')*)'", "", commands[0])
    assert re.fullmatch(r"MRSETS /MDGROUP NAME=\$two\n  LABEL=(?: \+\n    )*\n.*VALUE=1\.", outside, re.S)
    assert "ERASE" not in outside
    assert max(len(line.encode()) for line in text.splitlines()) <= 256
    assert all(line.startswith((" ", "MRSETS", "*")) for line in text.splitlines() if line)
