"""Two small editions that share questions: what changed between them, and who answered what, is known by heart."""

import shutil
from pathlib import Path

from tests.commands import HOME

HEAD = """
edition: "{edition}"
title: {{en: A made-up survey, zh: 虚构调查}}
theme: {{en: Green libraries, zh: 绿色图书馆}}
platform: {{name: wenjuanxing, personal: [ip, source_detail]}}
fielding: {{opens: {edition}-05-01, closes: {edition}-06-30, timezone: Asia/Shanghai}}
eligibility: {{staff_at_least: 10}}
stage: plan
questions:
  library: {{number: 1, type: text, required: true, identifies: library, en: "Library?", zh: 馆名}}
  plan:
    number: 2
    type: single
    required: true
    en: Is there a plan?
    zh: 是否有计划？
    options: {{has: {{en: There is, zh: 有}}, none: {{en: None yet, zh: 没有}}}}
"""

FIRST = (
    HEAD
    + """
  measures:
    number: 3
    type: multiple
    required: true
    asked_if: {{plan: has}}
    en: Which measures?
    zh: 有哪些措施？
    options: {{light: {{en: Light, zh: 节能灯}}, paper: {{en: Paper, zh: 无纸化}}}}
  plants:
    number: 4
    type: multiple
    en: Which plants?
    zh: 有哪些植物？
    options: {{fern: {{en: Fern, zh: 蕨}}, palm: {{en: Palm, zh: 棕榈}}}}
  order:
    number: 5
    type: ranking
    en: What matters most?
    zh: 请排序
    options: {{cost: {{en: Cost, zh: 成本}}, health: {{en: Health, zh: 健康}}}}
  dropped:
    number: 6
    type: multiple
    en: Which of these?
    zh: 以下哪些？
    options: {{this: {{en: This, zh: 这个}}, that: {{en: That, zh: 那个}}}}
  books:
    number: 7
    type: multiple
    required: true
    en: Which books?
    zh: 有哪些书？
    options: {{old: {{en: Old ones, zh: 旧书}}, new: {{en: New ones, zh: 新书}}}}
  rooms:
    number: 8
    type: single
    required: true
    rows: {{upper: {{en: Upper floor, zh: 楼上}}, lower: {{en: Lower floor, zh: 楼下}}}}
    en: How are the rooms?
    zh: 房间如何？
    options: {{cold: {{en: Cold, zh: 冷}}, warm: {{en: Warm, zh: 暖}}}}
indices:
  saving: {{en: Saving, zh: 节约, questions: [measures]}}
  caring: {{en: Caring, zh: 关怀, questions: [plants, books]}}
  reading: {{en: Reading, zh: 阅读, questions: [books]}}
  lost: {{en: Lost, zh: 失去, questions: [dropped]}}
"""
)

SECOND = (
    HEAD
    + """
  measures:
    number: 3
    type: multiple
    required: true
    en: Which measures?
    zh: 有哪些措施？
    options: {{light: {{en: Light, zh: 节能灯具}}, paper: {{en: PAPER, zh: 无纸化}}}}
  plants:
    number: 4
    type: multiple
    required: true
    en: Which plants?
    zh: 有哪些植物？
    options: {{fern: {{en: Fern, zh: 蕨}}, moss: {{en: Moss, zh: 苔藓}}}}
  order:
    number: 5
    type: multiple
    en: What matters most?
    zh: 请排序
    options: {{cost: {{en: Cost, zh: 成本}}, health: {{en: Health, zh: 健康}}}}
  books:
    number: 6
    type: multiple
    required: true
    en: Which books?
    zh: 有哪些书?
    options: {{old: {{en: Old ones, zh: 旧书}}, new: {{en: New ones, zh: 新书}}}}
  added:
    number: 7
    type: multiple
    en: Which of those?
    zh: 那些中有哪些？
    options: {{left: {{en: Left, zh: 左}}, right: {{en: Right, zh: 右}}}}
  rooms:
    number: 8
    type: single
    required: true
    rows: {{upper: {{en: Attic, zh: 阁楼}}, lower: {{en: Lower floor, zh: 楼下}}}}
    en: How are the rooms?
    zh: 房间如何？
    options: {{cold: {{en: Cold, zh: 冷}}, warm: {{en: Warm, zh: 暖}}}}
indices:
  saving: {{en: Saving, zh: 节约, questions: [measures]}}
  caring: {{en: Caring, zh: 关怀, questions: [plants, books]}}
  reading: {{en: Reading, zh: 阅读, questions: [books]}}
  gained: {{en: Gained, zh: 得到, questions: [added]}}
"""
)

BEGIN = "2、是否有计划？,3、有哪些措施？,4、有哪些植物？,5、请排序"
FIRST_HEADER = f"{BEGIN},6、以下哪些？,7、有哪些书？,8、房间如何？—楼上,8、楼下"
SECOND_HEADER = f"{BEGIN},6、有哪些书？,7、那些中有哪些？,8、房间如何？—阁楼,8、楼下"

# Libraries L1 to L6 answer the first, L3 to L8 the second: four of them answer both.
FIRST_ANSWERS = {
    1: "有,节能灯,蕨┋棕榈,成本→健康,这个,旧书,冷,暖",
    2: "有,无纸化,蕨,成本→健康,这个,旧书┋新书,冷,冷",
    3: "有,节能灯,(空),健康→成本,那个,旧书,暖,暖",
    4: "有,节能灯┋无纸化,蕨,成本→健康,这个┋那个,旧书,冷,暖",
    5: "没有,(跳过),棕榈,成本→健康,(空),旧书,冷,暖",
    6: "没有,(跳过),蕨,成本→健康,这个,新书,暖,冷",
}
SECOND_ANSWERS = {
    3: "有,节能灯具┋无纸化,蕨,健康,旧书┋新书,左,冷,暖",
    4: "没有,无纸化,蕨┋苔藓,成本,旧书┋新书,左┋右,冷,暖",
    5: "有,节能灯具,苔藓,成本,旧书,(空),冷,暖",
    6: "没有,无纸化,蕨,成本┋健康,旧书┋新书,右,暖,暖",
    7: "有,节能灯具,苔藓,健康,新书,左,冷,暖",
    8: "有,无纸化,蕨,健康,新书,左,暖,暖",
}

REGISTER = "library_id,name_zh,name_en,aliases,province,type,staff_count\n" + "".join(
    f"L{n},图书馆{n}号,Library {n},,浙江,comprehensive,20\n" for n in range(1, 9)
)


def export(edition: str, header: str, answers: dict[int, str], mark: str = "") -> str:
    """A by-text export of these answers."""
    rows = [
        f"{n},{edition}/5/9 9:0{n}:07,61秒,手机提交,{mark},192.0.2.7,图书馆{library}号,{told}"
        for n, (library, told) in enumerate(answers.items(), 1)
    ]
    return "\n".join([f"序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、馆名,{header}", *rows]) + "\n"


def write_pair(root: Path, first: str, second: str) -> Path:
    """A root folder with both editions, the second of them marked as reconstructed."""
    (root / "schemas" / "surveys").mkdir(parents=True)
    for file in ("tables.yaml", "desk.yaml", "groupings.yaml", "views.yaml", "dictionary.yaml"):
        shutil.copy(HOME / "schemas" / file, root / "schemas" / file)
    for edition, survey in ((first, FIRST), (second, SECOND)):
        (root / "data" / "raw" / edition).mkdir(parents=True)
        (root / "schemas" / "surveys" / f"{edition}.yaml").write_text(survey.format(edition=edition), encoding="utf-8")
    (root / "data" / "raw" / "libraries.csv").write_text(REGISTER, encoding="utf-8")
    answers = {first: (FIRST_HEADER, FIRST_ANSWERS, ""), second: (SECOND_HEADER, SECOND_ANSWERS, "calm-reconstructed")}
    for edition, (header, told, mark) in answers.items():
        file = root / "data" / "raw" / edition / "export.csv"
        file.write_text(export(edition, header, told, mark), encoding="utf-8")
    return root
