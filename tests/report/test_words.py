"""Both languages are complete, and no sentence holds a typed figure."""

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from calm_pipeline.report import words
from calm_pipeline.survey import Words

NAMES = ("SHA-256", "KR\u201120", "z-score")
"""Names that hold a digit and are no figures."""
SPELLED = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|half a)\b", re.IGNORECASE
)
ROUNDING = "四舍六入五成双"


def templates() -> Iterator[tuple[str, Words]]:
    for name, value in vars(words).items():
        if name == "Words":
            continue
        if isinstance(value, Words):
            yield name, value
        elif isinstance(value, dict) and not name.startswith("_"):
            yield from ((f"{name}[{key}]", one) for key, one in value.items())


ALL = list(templates())


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_are_words() -> None:
    assert len(ALL) > 200


@pytest.mark.parametrize(("name", "template"), ALL, ids=[name for name, _ in ALL])
def test_both_languages_are_filled_by_the_same_values(name: str, template: Words) -> None:
    assert holes(template.en) == holes(template.zh)
    assert "" not in holes(template.en)
    han = re.findall(r"[\u4e00-\u9fff]", template.en)
    assert not han, name


@pytest.mark.parametrize(("name", "template"), ALL, ids=[name for name, _ in ALL])
def test_no_sentence_holds_a_typed_figure(name: str, template: Words) -> None:
    for text in (template.en, template.zh):
        bare = re.sub(r"\{[^}]*\}", "", text)
        for known in NAMES:
            bare = bare.replace(known, "")
        assert not re.search(r"\d", bare), text
    assert not SPELLED.search(template.en), template.en
    numerals = re.search(r"[两二三四五六七八九十百千]+[个项种所馆份道]", template.zh.replace(ROUNDING, ""))
    assert not numerals, template.zh


def test_words_that_must_be_chinese_are() -> None:
    same = {name for name, one in ALL if one.en == one.zh}
    assert same <= {
        "AS_IT_IS",
        "TO_SQL",
        "KR20",
        "OMEGA",
        "SPEARMAN",
        "PEARSON_SHORT",
        "P",
        "N",
        "HEDGES",
        "CLIFF",
        "SHA256",
        "SURVEY_MEANS",
    }


def test_a_figure_that_is_typed_would_be_found() -> None:
    assert re.search(r"\d", "All 122 libraries")
    assert SPELLED.search("Twelve libraries are ahead")
    assert re.search(r"[两二三四五六七八九十百千]+[个项种所馆份道]", "三项指数")


def test_every_word_is_used() -> None:
    folder = Path(words.__file__).parent
    said = "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.suffix in (".py", ".j2"))
    unused = [name for name, value in vars(words).items() if isinstance(value, Words) and not _used(name, said)]
    assert unused == []


def _used(name: str, said: str) -> bool:
    return re.search(rf"\b(words|w)\.{name}\b", said) is not None
