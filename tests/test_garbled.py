"""Which texts the rule `legible` tells as decoded wrongly, measured on the survey's wordings, and which it lets be."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import ibis
import pytest

from calm_pipeline.canonical import CONTROL
from calm_pipeline.rules.garbled import GARBLED
from tests.reference import DATABASE, SURVEY

QUESTIONS = SURVEY.questions.values()
LABELS = [*QUESTIONS, *(option for question in QUESTIONS for option in question.options.values())]
CHINESE = sorted({label.zh for label in LABELS if len(re.findall("[一-鿿]", label.zh)) >= 4})
ENGLISH = sorted({label.en for label in LABELS})
REGISTER = Path(__file__).parents[1] / "data" / "raw" / "libraries.csv"

GENUINE = [
    *("Universität Göttingen", "São Paulo, Ação", "«Été» et «À l’école» — créée…", "«Café»… «thé»—«été»", "ÄäÖöÜüß"),
    *("¿Qué? ¡Únase!", "áéíóúñü¿¡", "ÆØÅ æøå", "þýðíng æðð", "Uniwersytet Łódzki, źdźbło, żółć", "1º 2ª Nº5 §3 ©®"),
    *("Trường Đại học Quốc gia Hà Nội: thư viện", "āáǎà ōóǒò ǖǘǚǜ", "±5 °C、2×3 m²、½、10±½°C", "££ ¥100 €5"),
    *(
        "喆 堃 犇 淼 鑫 赟 罍",
        "喆、堃、犇、淼、鑫、赟、罍",
        "喆堃犇淼鑫赟罍",
        "耄耋 饕餮 觊觎 龃龉 氤氲 囹圄",
        "姗姗来迟",
    ),
    *(
        "東京大学附属図書館の利用者サービスについて、ご意見をお願いします。",
        "서울대학교 도서관 안내",
        "××大学×××······",
    ),
    *("國立臺灣大學圖書館館藏資源與讀者服務、鏈結資料與關鍵詞鍵盤", "👍🏽😀👩‍🏫★☆①②③", "(´Å`) ¯\\_(ツ)_/¯ Ò_Ó"),
]


def found(texts: list[str]) -> list[str]:
    """Those of `texts` that the rule objects to, after cleaning, as DuckDB sees it."""
    cleaned = [re.sub(CONTROL, "", text) for text in texts]
    frame = ibis.memtable({"text": cleaned}, schema={"text": "string"})
    return DATABASE.to_pyarrow(frame.filter(frame.text.re_search(GARBLED)))["text"].to_pylist()


def misread(stored: str, read: str, errors: str) -> Callable[[str], str]:
    return lambda text: text.encode(stored).decode(read, errors).replace("\ufffd", "?")


@pytest.mark.parametrize(
    ("stored", "read", "errors", "share"),
    [
        ("utf-8", "gbk", "ignore", 0.97),
        ("utf-8", "gbk", "replace", 0.97),
        ("utf-8", "gb18030", "ignore", 0.95),
        ("utf-8", "gb18030", "replace", 0.95),
        ("utf-8", "latin-1", "strict", 0.99),
        ("utf-8", "cp1252", "ignore", 0.99),
        ("utf-8", "cp1252", "replace", 0.99),
        ("gb18030", "latin-1", "strict", 0.93),
        ("gb18030", "cp1252", "ignore", 0.93),
    ],
)
def test_a_wrong_decoding_of_four_characters_or_more_is_told(stored: str, read: str, errors: str, share: float) -> None:
    assert len(CHINESE) > 150
    garbled = list(map(misread(stored, read, errors), CHINESE))
    assert len(found(garbled)) / len(garbled) >= share


@pytest.mark.parametrize("text", GENUINE)
def test_what_people_write_is_let_be(text: str) -> None:
    assert found([text, f"{text}，{text}", f"建议{text}服务"]) == []


def test_wordings_and_names_of_libraries_are_let_be() -> None:
    with REGISTER.open(encoding="utf-8", newline="") as register:
        names = [name for row in csv.DictReader(register) for name in (row["name_zh"], row["name_en"], row["aliases"])]
    texts = [*(label.zh for label in LABELS), *ENGLISH, *names]
    assert len(texts) > 900
    assert found([*texts, "，".join(texts)]) == []
