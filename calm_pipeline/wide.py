"""The contracts of the frames between stages; those of the wide ones follow from the survey."""

from functools import partial
from typing import Literal

from calm_pipeline import columns
from calm_pipeline.rules import Rule
from calm_pipeline.survey import Field, Survey, Words
from calm_pipeline.tables import Column, Contract

STATES = ("answered", "blank", "not_asked", "malformed")
IDENTITY = {
    "submission_id": Column(type="string", en="The submission.", zh="答卷编号。"),
    "sequence": Column(type="integer", en="The platform's own number.", zh="平台序号。"),
    "file": Column(type="string", en="The export it was read from.", zh="来源文件。"),
    "row": Column(
        type="integer", en="Its row in that file, the header being row 1.", zh="文件中的行号，表头为第 1 行。"
    ),
    "respondent": Column(
        type="string", nullable=True, pseudonym=True, en="Pseudonym of who answered.", zh="填答人的假名标识。"
    ),
}
RECEIVED = {
    "submitted_at": Column(type="string", nullable=True, en="Time of submission as received.", zh="收到的提交时间。"),
    "duration": Column(type="string", nullable=True, en="Time spent as received.", zh="收到的答题用时。"),
    "flagged": Column(
        type="boolean",
        en="It does not count: its source, or the desk withdrew it.",
        zh="不计入：来源属于不计入之列，或经核查撤回。",
    ),
}
CLEANED = {
    "submitted_at": Column(type="timestamp", nullable=True, en="Time of submission.", zh="提交时间。"),
    "duration_seconds": Column(type="integer", nullable=True, en="Time spent, in seconds.", zh="答题用时（秒）。"),
    "by_text": Column(type="boolean", en="There is an export by text.", zh="有按文本导出的文件。"),
    "not_counted": Column(type="boolean", en="A test or preview.", zh="测试或预览答卷。"),
    "library_id": Column(type="string", nullable=True, en="The library in the register.", zh="名录中的图书馆。"),
    "library_name": Column(type="string", nullable=True, en="Its name in the register.", zh="名录中的馆名。"),
    "library_matches": Column(type="integer", en="How many libraries have the name given.", zh="同名图书馆数。"),
    "staff_count": Column(type="integer", nullable=True, en="Its staff, in persons.", zh="职工人数。"),
    "as_received": Column(type="string", en="Digest of its cells as received.", zh="收到时各单元格的摘要值。"),
    "content": Column(type="string", en="Digest of all answers.", zh="全部答案的摘要值。"),
}

_NAME, _COUNT = (partial(Column, type=kind) for kind in ("string", "integer"))
INDEX_TICKS = Contract(
    stage="stage",
    parts="alone",
    en="Options ticked of each question of an index.",
    zh="各指数每道题目所勾选的选项数。",
    key=("submission_id", "index_name", "question"),
    columns={
        "edition": _NAME(en="Edition of the survey.", zh="调查年度。"),
        "submission_id": IDENTITY["submission_id"],
        "index_name": _NAME(en="The index.", zh="指数名称。"),
        "question": _NAME(en="The question.", zh="题目。"),
        "ticked": _COUNT(en="Substantive options ticked.", zh="勾选的实质选项数。"),
        "size": _COUNT(en="Substantive options there are.", zh="实质选项总数。"),
        "asked": Column(type="boolean", en="Whether the question was asked.", zh="是否被询问该题。"),
    },
)


def raw_contract(survey: Survey) -> Contract:
    """The raw frame: every cell as text, by text and by number."""
    cells: dict[str, Column] = {}
    for field in survey.fields():
        cells[field.name] = _column("string", field, "by text", "按文本")
        cells[columns.number(field.name)] = _column("string", field, "by number", "按序号")
    about = Words(en="Submissions as received, personal data withheld.", zh="收到的答卷（个人信息已隐去）。")
    return _wide(about, {**IDENTITY, **RECEIVED, **cells}, "together")


def clean_contract(survey: Survey) -> Contract:
    """The clean frame, and the accepted one: typed answers with their states."""
    answers = {name: column for field in survey.fields() for name, column in _answer(field).items()}
    about = Words(en="Typed answers with their states.", zh="规范化的答案及其状态。")
    return _wide(about, {**IDENTITY, **CLEANED, **answers}, "alone")


def verdict_contract(rules: list[Rule]) -> Contract:
    """The rule frame: one boolean column a rule, true where it holds."""
    masks = {rule.id: Column(type="boolean", en=rule.sentence.en, zh=rule.sentence.zh) for rule in rules}
    about = Words(en="Which rules hold for which submission.", zh="各答卷是否符合各规则。")
    return _wide(about, {"submission_id": IDENTITY["submission_id"], **masks}, "together")


def _answer(field: Field) -> dict[str, Column]:
    answer: dict[str, Column] = {}
    if field.type in ("multiple", "ranking"):
        for key, option in field.options.items():
            answer[columns.tick(field.name, key)] = _column("integer", field, option.en, option.zh)
            if field.type == "ranking":
                answer[columns.rank(field.name, key)] = _column(
                    "integer", field, f"{option.en}, rank", f"{option.zh}，名次"
                )
    else:
        answer[field.name] = _column("integer" if field.type == "integer" else "string", field, "answer", "答案")
    for key, option in field.options.items():
        if option.specify:
            answer[columns.specify(field.name, key)] = _column(
                "string", field, f"{option.en}, text", f"{option.zh}，填空"
            )
    state = _column("string", field, "state", "状态")
    answer[columns.state(field.name)] = state.model_copy(update={"nullable": False, "values": STATES})
    if field.type not in ("text", "upload"):
        answer[columns.problem(field.name)] = _column("string", field, "first problem", "首个问题")
    return answer


def _column(type_: str, field: Field, en: str, zh: str) -> Column:
    question = field.question
    words = {"en": f"Q{question.number} {question.en}: {en}", "zh": f"第{question.number}题 {question.zh}：{zh}"}
    return Column.model_validate({"type": type_, "nullable": True, **words})


def _wide(about: Words, named: dict[str, Column], made: Literal["together", "alone"]) -> Contract:
    return Contract(stage="stage", parts=made, en=about.en, zh=about.zh, key=("submission_id",), columns=named)
