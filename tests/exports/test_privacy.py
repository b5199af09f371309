"""Names, mobile numbers and tokens stay behind, whatever cell they were typed into."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from calm_pipeline import columns
from calm_pipeline.errors import ExportRefused
from calm_pipeline.exports import receive as module
from calm_pipeline.exports.contacts import WITHHELD
from calm_pipeline.exports.grid import grid
from calm_pipeline.exports.headers import Kind
from calm_pipeline.exports.masking import WITHHELD_NAME, without_contacts
from calm_pipeline.exports.privacy import file_names
from calm_pipeline.exports.reader import from_grid, join, read_file
from calm_pipeline.exports.receive import receive
from calm_pipeline.exports.submission import Answer
from calm_pipeline.exports.wenjuanxing import RECONSTRUCTED
from calm_pipeline.exports.writer import table, write_export
from tests.exports.examples import ANSWERS, SURVEY


def read(kind: str = "text", **answers: Answer) -> dict[str, object]:
    one = replace(ANSWERS[0], answers={**ANSWERS[0].answers, **answers})
    cells = [list(map(str, row)) for row in table(SURVEY, [one], "number" if kind == "number" else "text")]
    row: dict[str, object] = from_grid(grid(cells, "x.csv"), SURVEY, "x.csv").frame.to_pylist()[0]
    return row


@pytest.mark.parametrize(
    "mobile",
    [
        "13800000000", "+8613800000000", "+86 138 0000 0000", "0086-138-0000-0000", "138 0000-0000", "13800000000.0",
        "1.38E+10", "1.3812345678e10", "１３８００００００００", "138\u200b0000\u200b0000", "138.0000.0000",
        "138/0000/0000", "138  0000  0000", "138·0000·0000", "138_0000_0000", "138 - 0000 - 0000",
        "1 3 8 0 0 0 0 0 0 0 0", "①③⑧00000000", "1\ufe0f3800000000", "13800-000000", "1380000 0000",
        "138－0000－0000", "\u202e13800000000\u202c",
    ],
)  # fmt: skip
def test_mobile_numbers_vanish_from_every_text(mobile: str) -> None:
    row = read(advice=f"请致电{mobile}联系", channels={"other": f"微信号{mobile}"}, library=f"某馆 {mobile}")
    for cell in (row["advice"], row["channels"], row["library"]):
        assert WITHHELD in str(cell)
        assert not re.search("[0-9０-９①]", str(cell))


@pytest.mark.parametrize(
    "number",
    [
        "12800000000", "138000000001", "1138000000009", "2023", "0.13800000000", "1.38", "1500/2000/300",
        "1.3.5.7.9.11.13",         "2023/5/13 18:05:07", "1、3、5、7、9、11、13、15", "13,800,000,000", "1998.2003.201",
    ],
)  # fmt: skip
def test_other_numbers_stay(number: str) -> None:
    assert without_contacts(f"共{number}人") == f"共{number}人"


NAMES = ["欧阳泽楷", "欧阳 泽楷", "欧阳\u200b泽楷", "欧 阳 泽\u3000楷", "欧阳\ufeff泽 楷"]


@pytest.mark.parametrize("typed", NAMES)
def test_the_respondents_name_vanishes_from_every_cell_however_it_is_typed(typed: str) -> None:
    row = read(
        name="欧阳泽楷",
        advice=f"{typed}这样说",
        channels={"other": f"找{typed}"},
        library=typed,
        files=f"{typed}方案.docx",
    )
    assert row["advice"] == f"{WITHHELD_NAME}这样说"
    assert row["channels"] == f"其他（请注明）〖找{WITHHELD_NAME}〗"
    assert row["library"] == WITHHELD_NAME
    assert row["files"] == f"{WITHHELD_NAME}方案.docx"


@pytest.mark.parametrize(
    ("name", "typed"), [("Li Ming", "li ming"), ("Li Ming", "LIMING"), ("LiMing", "Ｌｉ Ｍｉｎｇ")]
)
def test_latin_names_vanish_whatever_their_case_and_spacing(name: str, typed: str) -> None:
    assert read(name=name, advice=f"Ask {typed}, please")["advice"] == f"Ask {WITHHELD_NAME}, please"
    assert read(name="Li Ming", advice="Feliming and limings")["advice"] == "Feliming and limings"


def test_a_name_that_is_a_word_of_the_survey_hides_it_in_free_text_only() -> None:
    row = read(name="微信", advice="微信这样说", channels={"wechat": ""}, library="微信图书馆", files="微信方案.docx")
    assert row["name"] == "given"
    assert row["advice"] == f"{WITHHELD_NAME}这样说"
    assert row["channels"] == "微信（公众号）"
    assert row["files"] == f"{WITHHELD_NAME}方案.docx"
    assert row["library"] == "微信图书馆"


def test_a_survey_that_asks_nothing_personal_is_read() -> None:
    """Only contact details are looked for in it."""
    asked = {name: question for name, question in SURVEY.questions.items() if not question.personal}
    survey = SURVEY.model_copy(update={"questions": asked})
    cells = [list(map(str, row)) for row in table(survey, [ANSWERS[0]], "text")]
    cells[1][cells[0].index("30、2030年有何建议？")] = "请致电13800000000"
    row = from_grid(grid(cells, "x.csv"), survey, "x.csv").frame.to_pylist()[0]
    assert row["advice"] == f"请致电{WITHHELD}"
    assert row["channels"]


def test_a_library_written_in_the_place_of_a_name_still_names_the_library() -> None:
    row = read(name="某大学图书馆", library="某大学图书馆", advice="某大学图书馆这样说")
    assert row["library"] == "某大学图书馆"


@pytest.mark.parametrize("kind", ["text", "number"])
@pytest.mark.parametrize("header", ["4、", "提交答卷时间", "所用时间", "7、", "10、"])
def test_a_cell_that_should_hold_no_words_keeps_none_of_a_person(kind: Kind, header: str) -> None:
    one = replace(ANSWERS[0], answers={**ANSWERS[0].answers, "name": "欧阳泽楷"})
    head, cells = (list(map(str, row)) for row in table(SURVEY, [one], kind))
    place = next(place for place, label in enumerate(head) if label.startswith(header))
    for typed in ("欧阳泽楷 13812345685", "13812345685┋欧阳泽楷", "欧阳泽楷"):
        cells[place] = typed
        frame = from_grid(grid([head, cells], "x.csv"), SURVEY, "x.csv").frame
        kept = str(frame.to_pylist())
        assert WITHHELD_NAME in kept
        assert "欧阳" not in kept
        assert "138" not in kept


def test_personal_answers_become_a_mark_and_silence_stays(tmp_path: Path) -> None:
    for kind in ("text", "number"):
        write_export(SURVEY, ANSWERS, tmp_path / f"{kind}.xlsx", "number" if kind == "number" else "text")
        frame = read_file(tmp_path / f"{kind}.xlsx", SURVEY).frame
        assert frame["name"].to_pylist() == frame["mobile"].to_pylist() == ["given", "(空)"]


@pytest.mark.parametrize("silent", [" ", "\u200b", "（空） ", "-3", " -2", "(空)┋(空)", "\u3000"])
def test_what_nobody_can_see_is_no_personal_answer(silent: str) -> None:
    assert read(name=silent)["name"] == silent


def test_nothing_personal_is_left_in_the_raw_frame(tmp_path: Path) -> None:
    for kind in ("text", "number"):
        write_export(SURVEY, ANSWERS, tmp_path / f"{kind}.xlsx", "number" if kind == "number" else "text")
    raw = join([read_file(tmp_path / f"{kind}.xlsx", SURVEY) for kind in ("text", "number")], SURVEY)
    cells = {str(cell) for name in raw.column_names for cell in raw[name].to_pylist()}
    assert not any(secret in cell for secret in ("某某某", "13800000000", "203.0.113", "直接访问") for cell in cells)
    assert columns.number("name") in raw.column_names


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("https://files.example.org/a/b.docx?token=abc&e=1", "b.docx"),
        ("https://files.example.org/x?attname=%E8%A1%A8.xlsx&token=abc", "表.xlsx"),
        ("一.docx(https://files.example.org/1.docx?token=a)┋二.pdf", "一.docx(1.docx)┋二.pdf"),
        ("方案.docx?token=abc", "方案.docx"),
        ("(空)", "(空)"),
    ],
)
def test_uploads_keep_their_file_names(cell: str, names: str) -> None:
    assert file_names(cell) == names
    assert read(files=cell)["files"] == names


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("请联系 li.ming@example.org。", "请联系 〔邮箱已隐去〕。"),
        ("服务器 203.0.113.77 已停用", "服务器 〔IP已隐去〕 已停用"),
        ("证件 11010519491231002X", "证件 〔证件号已隐去〕"),
        ("电话010-62751051转3", "电话〔电话已隐去〕"),
        ("手机 138 0013 8000", "手机 〔手机号已隐去〕"),
        ("电话87651234", "电话〔电话已隐去〕"),
        ("电话：8765 1234", "电话〔电话已隐去〕"),
        ("证件 110105 19491231 002x", "证件 〔证件号已隐去〕"),
        ("ｌｉ．ｍｉｎｇ＠example.org", "〔邮箱已隐去〕"),
        ("2023年4月5日共1200人", "2023年4月5日共1200人"),
        ("藏书87651234册", "藏书87651234册"),
        ("版本 3.11.7", "版本 3.11.7"),
    ],
)
def test_contact_details_do_not_leave_free_text(typed: str, kept: str) -> None:
    assert without_contacts(typed) == kept


def test_the_mark_of_a_reconstruction_outlives_renaming_and_conversion(tmp_path: Path) -> None:
    made = [replace(one, source_detail=RECONSTRUCTED) for one in ANSWERS]
    for name in ("export.xlsx", "renamed.csv"):
        write_export(SURVEY, made, tmp_path / name, "text")
        assert read_file(tmp_path / name, SURVEY).reconstructed
    write_export(SURVEY, ANSWERS, tmp_path / "real.xlsx", "text")
    assert not read_file(tmp_path / "real.xlsx", SURVEY).reconstructed


@pytest.mark.parametrize("first", [True, False])
def test_the_mark_counts_on_every_row_alone_since_anybody_can_put_it_into_a_link(
    first: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, *others = [replace(one, source_detail=RECONSTRUCTED) for one in ANSWERS]
    real = replace(one, source_detail="微信")
    write_export(SURVEY, [real, *others] if first else [*others, real], tmp_path / "a.csv", "text")
    assert not read_file(tmp_path / "a.csv", SURVEY).reconstructed
    parts = {}
    for name, rows in {"made": others, "real": [real]}.items():
        write_export(SURVEY, rows, tmp_path / f"{name}.csv", "text")
        parts[name] = read_file(tmp_path / f"{name}.csv", SURVEY)
    parts["none"] = replace(parts["real"], persons=(), frame=parts["real"].table.slice(0, 0))
    mixed = ("real", "made") if first else ("made", "real")
    for ordered, whole in {("made", "none"): True, mixed: False}.items():
        monkeypatch.setattr(module, "read_parts", lambda *_, ordered=ordered, **__: (parts[one] for one in ordered))
        assert receive([tmp_path / "a.csv"], SURVEY).files["reconstructed"].to_pylist() == [whole]


def test_a_name_that_promises_the_other_kind_is_refused(tmp_path: Path) -> None:
    write_export(SURVEY, ANSWERS, tmp_path / "123456789_按序号_调查.xlsx", "text")
    with pytest.raises(ExportRefused, match="promises an export by number, the content is one by text"):
        read_file(tmp_path / "123456789_按序号_调查.xlsx", SURVEY)


def test_a_mobile_number_in_a_file_name_reaches_no_refusal(tmp_path: Path) -> None:
    (tmp_path / "张三13800138000.csv").write_text("序号\n", encoding="utf-8")
    with pytest.raises(ExportRefused) as refused:
        read_file(tmp_path / "张三13800138000.csv", SURVEY)
    assert "13800138000" not in str(refused.value) + refused.value.zh


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("欧阳泽楷", "导出_欧阳泽楷.csv"), ("欧阳泽楷", "欧阳 泽楷的答卷.csv"), ("王小明馆长、李四", "李四.csv"),
        ("李 四", "李四2030.csv"), ("Zhuge Huimin", "export-zhuge huimin.csv"), ("Wang Li", "Wang-Li.xlsx"),
    ],
)  # fmt: skip
def test_a_file_that_is_named_after_a_respondent_is_refused_and_not_quoted(
    typed: str, title: str, tmp_path: Path
) -> None:
    one = replace(ANSWERS[0], answers={**ANSWERS[0].answers, "name": typed})
    write_export(SURVEY, [one, *ANSWERS[1:]], tmp_path / title, "text")
    found = receive([tmp_path / title], SURVEY)
    (receipt,) = found.files.to_pylist()
    assert (receipt["verdict"], receipt["code"]) == ("refused", "named_after")
    assert WITHHELD_NAME in receipt["file"]
    said = str(receipt) + str(found.remarks.to_pylist())
    assert not [name for name in (typed, title, "李四", "欧阳泽楷") if name in said]


def test_two_files_that_only_a_name_tells_apart_stay_two(tmp_path: Path) -> None:
    one = replace(ANSWERS[0], answers={**ANSWERS[0].answers, "name": "李四、王五、赵六"})
    titles = [tmp_path / f"{name}.csv" for name in ("李四", "王五", "a")]
    for title in titles:
        write_export(SURVEY, [one], title, "text")
    assert receive(titles, SURVEY).files["file"].to_pylist() == [
        f"{WITHHELD_NAME}.csv", f"{WITHHELD_NAME}.csv (2)", "a.csv"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("调查", "调查.csv"), ("李四", "王五.csv"), ("Export", "Export 2.csv"), ("X L", "a.xlsx"), ("C S", "a.csv"),
        ("文本", "123456789_按文本_调查_9_1.xlsx"), ("Wang Li", "WangLiLibrary.xlsx"), ("抖 音", "抖音.csv"),
    ],
)  # fmt: skip
def test_what_is_surely_nobodys_name_may_stand_in_a_title(typed: str, title: str, tmp_path: Path) -> None:
    one = replace(ANSWERS[0], answers={**ANSWERS[0].answers, "name": typed})
    write_export(SURVEY, [one], tmp_path / title, "text")
    assert receive([tmp_path / title], SURVEY).files["verdict"].to_pylist() == ["read"]
