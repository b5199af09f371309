"""A name that anybody gave in a file is in nobody's text, unless it is a word of the questionnaire or an office."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pytest

from calm_pipeline.exports import plain, reader
from calm_pipeline.exports.everybody import NOBODY, everybody
from calm_pipeline.exports.grid import Grid, parse
from calm_pipeline.exports.masking import WITHHELD_NAME
from calm_pipeline.exports.plain import Doubtful
from calm_pipeline.exports.receive import receive
from calm_pipeline.exports.submission import Submission
from calm_pipeline.exports.surround import Surround
from calm_pipeline.exports.writer import write_export
from tests.exports.examples import ANSWERS, SURVEY

HIDDEN = ("王小明", "欧阳锋", "欧阳泽楷", "李国庆")


def submission(sequence: int, name: str, **answers: object) -> Submission:
    one = replace(ANSWERS[0], sequence=sequence)
    return replace(one, answers={**one.answers, "name": name, **answers})  # type: ignore[arg-type]


def test_only_what_is_a_persons_name_for_sure_is_looked_for() -> None:
    others = ("王明", "王小明明明", "图书馆", "信息部", "文献部", "不方便", "Li Ming", "13800000000", "方小明馆长", "")
    assert everybody([*HIDDEN, *others], SURVEY).names == set(HIDDEN)
    worded = SURVEY.model_copy(deep=True)
    worded.questions["channels"].options["site"].__dict__["zh"] = "李国庆纪念馆网站"
    assert everybody(HIDDEN, worded).names == {"王小明", "欧阳锋", "欧阳泽楷"}


def test_the_longest_name_goes_and_nothing_else() -> None:
    found = everybody(HIDDEN, SURVEY)
    column = pa.array(["欧阳泽楷和王小明来过", None, "", "王小", "欧阳锋李国庆", "王小王小明"])
    assert found.unnamed(column).to_pylist() == [
        f"{WITHHELD_NAME}和{WITHHELD_NAME}来过", None, "", "王小", WITHHELD_NAME * 2, f"王小{WITHHELD_NAME}",
    ]  # fmt: skip
    assert NOBODY.unnamed(column) is column
    assert found.named_in("问王小明")
    assert not found.named_in("问王小")
    assert not NOBODY.named_in("王小明")


@pytest.mark.parametrize("asked", ["exact", "plain"])
def test_a_name_given_further_down_is_out_of_every_text(asked: str, tmp_path: Path) -> None:
    who = [
        submission(
            1, "赵一曼", advice="请问李国庆或欧阳锋", channels={"other": "找李国庆", "site": ""}, files="李国庆.docx"
        ),
        submission(2, "没有", advice="李国庆。", library="李国庆图书馆"),
        submission(3, "李国庆", advice="赵一曼先答的"),
    ]
    file = tmp_path / "a.csv"
    write_export(SURVEY, who, file, "text")
    counted: list[int] = []

    def grids(path: Path, how: str, _: None, around: Surround) -> Iterator[Grid]:
        """What the child does, in small parts."""
        if how != asked:
            raise Doubtful
        for grid in plain.parts(path, around) if how == "plain" else [parse(path.read_bytes(), path.name, around)]:
            counted.append(grid.rows.num_rows)
            yield grid

    with mock.patch.object(reader, "read_grids", grids), mock.patch.multiple(plain, BLOCK=64, ROWS=1):
        found = receive([file], SURVEY)
    assert (max(counted), sum(counted)) == ((1, 6) if asked == "plain" else (3, 3))
    assert found.files["verdict"].to_pylist() == ["read"]
    raw = found.raw.to_pylist()
    assert [row["advice"] for row in raw] == [
        f"请问{WITHHELD_NAME}或欧阳锋", f"{WITHHELD_NAME}。", f"{WITHHELD_NAME}先答的",
    ]  # fmt: skip
    assert raw[0]["files"] == f"{WITHHELD_NAME}.docx"
    assert f"找{WITHHELD_NAME}" in raw[0]["channels"]
    assert raw[1]["library"] == "李国庆图书馆"
    assert found.respondents is not None
    assert found.respondents["2030-0001"].withheld["advice"] == "请问李国庆或欧阳锋"
