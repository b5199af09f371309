"""A cell that holds more than a name hides each name in it, and neither titles nor units nor a surname alone."""

import pytest

from calm_pipeline.exports.masking import WITHHELD_NAME
from calm_pipeline.exports.named import is_only_a_title, names_in
from tests.exports.test_privacy import read

LATIN = ["Wang Xiaoming", "Xiaoming Wang"]
NAMED = {
    "王小明馆长": ["王小明"], "王小明 老师": ["王小明"], "馆长王小明": ["王小明"], "图书馆常务副馆长王小明": ["王小明"],
    "姓名：王小明": ["王小明"], "鄢小明处长": ["鄢小明"], "王小明（办公室）": ["王小明"], "王小明 读者服务": ["王小明"],
    "王小明 技术": ["王小明"], "王小明 13800138000": ["王小明"], "王小明、李雷": ["王小明", "李雷"],
    "王小明/李雷": ["王小明", "李雷"], "王小明 李雷": ["王小明", "李雷"], "王 小明馆长": ["王小明"],
    "欧阳泽楷副馆长": ["欧阳泽楷"], "阿卜杜拉·买买提馆长": ["阿卜杜拉·买买提"], "Dr. Wang Xiaoming": LATIN,
    "Ms Wang Xiaoming": LATIN, "Wang, Xiaoming": LATIN, "Wang Xiaoming": LATIN[1:],
    "王小明（Wang Xiaoming）": ["王小明", *LATIN], "王小明Wang Xiaoming": ["王小明", *LATIN],
    "Jean-Luc O’Neil": ["O’Neil Jean-Luc"], "王小明 / Reference Librarian": ["王小明"],
    "王小明": [], "王馆长": [], "欧阳馆长": [], "馆长": [], "Dr. Wang": [], "某大学图书馆": [], "13800138000": [],
}  # fmt: skip


@pytest.mark.parametrize("cell", NAMED)
def test_the_names_in_a_cell(cell: str) -> None:
    assert names_in(cell) == NAMED[cell]


def test_a_title_alone_names_nobody() -> None:
    assert all(map(is_only_a_title, ["馆长", "老师", "常务副馆长", "Dr.", "馆长/教授"]))
    assert not any(map(is_only_a_title, ["王馆长", "某某某", "2021-001", "Dr. Wang"]))
    assert read(name="馆长", advice="请馆长、老师参加")["advice"] == "请馆长、老师参加"


@pytest.mark.parametrize("cell", [cell for cell, names in NAMED.items() if names])
def test_each_name_is_hidden_in_the_texts_of_who_gave_it(cell: str) -> None:
    for name in NAMED[cell]:
        row = read(name=cell, advice=f"请{name}转告", channels={"other": f"找{name}"}, files=f"{name}方案.docx")
        assert row["name"] == "given"
        assert row["advice"] == f"请{WITHHELD_NAME}转告"
        assert row["channels"] == f"其他（请注明）〖找{WITHHELD_NAME}〗"
        assert row["files"] == f"{WITHHELD_NAME}方案.docx"


def test_neither_titles_nor_units_nor_a_surname_alone_are_hidden() -> None:
    said = "王府井的老师和馆长都在办公室，技术与读者服务处长"
    for cell in ("王馆长", "王小明（办公室）", "王小明 技术 读者服务", "馆长王小明、李处长", "老师"):
        assert read(name=cell, advice=said)["advice"] == said


def test_a_cell_of_many_names_costs_no_more_than_a_few() -> None:
    assert len(names_in("、".join(["王小明", *("李" + chr(0x4E00 + n) for n in range(3000))]))) == 12
