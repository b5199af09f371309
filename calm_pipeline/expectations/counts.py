"""What the survey and the tables before it say about a table: how many rows, which options, which totals."""

from collections.abc import Callable, Iterator
from math import comb

import ibis.expr.types as ir

from calm_pipeline.engine import value
from calm_pipeline.expectations.expectation import (
    Expectation,
    between,
    empty,
    filled,
    present,
    rows,
    total,
    unique,
    within,
)
from calm_pipeline.survey import Survey, Words
from calm_pipeline.tables import Contract

Look = Callable[[str], ir.Table]
"""A table of the same edition by its name."""


def _editions(_: Contract, __: Survey, ___: Look) -> Iterator[Expectation]:
    yield rows("rows", 1, Words(en="1 row: the edition.", zh="共 1 行，即本年度。"))


def _questions(_: Contract, survey: Survey, __: Look) -> Iterator[Expectation]:
    yield present("questions", "question", survey.questions, Words(en="Every question is there.", zh="题目齐全。"))


def _options(_: Contract, survey: Survey, __: Look) -> Iterator[Expectation]:
    for key, question in survey.questions.items():
        if question.options:
            yield present(
                f"options_of_{key}", "option", question.options, _every_option(survey, key, key), ("question", key)
            )


def _submissions(_: Contract, __: Survey, look: Look) -> Iterator[Expectation]:
    received = _count(look("raw_submissions"))
    yield rows(
        "rows", received, Words(en=f"{received} rows: submissions read.", zh=f"共 {received} 行，与读取的答卷数一致。")
    )
    violations = look("violations")
    for column, severity in (("errors", "error"), ("warnings", "warn")):
        broken = _count(violations.filter(violations.severity == severity))
        words = Words(
            en=f"`{column}` adds up to the {broken} rows of `violations` of that severity.",
            zh=f"`{column}` 合计为 {broken}，与 `violations` 中该级别的行数一致。",
        )
        yield total(f"{column}_total", column, broken, words)
    words = Words(en="No library is counted twice.", zh="每个图书馆至多计入一份答卷。")
    yield unique("one_accepted_a_library", ["library_id"], words, ("status", "accepted"))


def _selections(_: Contract, survey: Survey, look: Look) -> Iterator[Expectation]:
    accepted = _accepted(look)
    yield _rows_of_accepted(accepted, _options_shown(survey), Words(en="options shown", zh="个选项"))
    for field in survey.choices() if accepted else ():
        words = _every_option(survey, field.key, field.name)
        yield present(f"options_of_{field.name}", "option", field.options, words, ("field", field.name))
    words = Words(en="`selected` is given where the question was answered.", zh="已作答时，`selected` 均有值。")
    yield filled("selected_if_answered", "selected", words, ("state", "answered"))
    for state, en, zh in (("blank", "left blank", "空缺"), ("not_asked", "not asked", "未被询问")):
        words = Words(en=f"`selected` is empty where the question was {en}.", zh=f"题目{zh}时，`selected` 为空。")
        yield empty(f"nothing_selected_if_{state}", "selected", words, ("state", state))


def _answers(_: Contract, survey: Survey, look: Look) -> Iterator[Expectation]:
    kinds = ("integer", "text", "upload")
    fields = [field for field in survey.fields() if field.type in kinds and not field.question.personal]
    count = len(fields) - 1  # the library's name stands in `submissions` as its number
    words = Words(en="numbers and texts asked for", zh="个数字或文本填答位置")
    yield _rows_of_accepted(_accepted(look), count, words, ("option", ""))


def _option_counts(_: Contract, survey: Survey, look: Look) -> Iterator[Expectation]:
    shown, accepted, selections = _options_shown(survey), _accepted(look), look("selections")
    yield rows("rows", shown, Words(en=f"{shown} rows: one an option shown.", zh=f"共 {shown} 行，每个选项一行。"))
    for field in survey.choices():
        words = _every_option(survey, field.key, field.name)
        yield present(f"options_of_{field.name}", "option", field.options, words, ("field", field.name))
    words = Words(en=f"`accepted` is {accepted} throughout.", zh=f"各行的 `accepted` 均为 {accepted}。")
    yield within("accepted", "accepted", [accepted], words)
    ticks = int(value(selections.selected.sum()) or 0)
    words = Words(
        en=f"`count` adds up to the {ticks} ticks of `selections`.",
        zh=f"`count` 合计为 {ticks}，与 `selections` 中的选中次数一致。",
    )
    yield total("ticks", "count", ticks, words)


def _index_scores(_: Contract, survey: Survey, look: Look) -> Iterator[Expectation]:
    accepted = _accepted(look)
    yield _rows_of_accepted(accepted, len(survey.indices), Words(en="indices", zh="项指数"))
    if accepted:
        words = Words(en="Every index is there.", zh="各项指数齐全。")
        yield present("indices", "index_name", survey.indices, words)
    for name, index in survey.indices.items():
        most = sum(len(survey.questions[key].substantive) for key in index.questions)
        words = Words(
            en=f"`sum` of {name} lies between 0 and its {most} substantive options.",
            zh=f"{name} 的 `sum` 在 0 至其实质选项数 {most} 之间。",
        )
        yield between(f"sum_of_{name}", "sum", (0, most), words, ("index_name", name))


def _correlations(contract: Contract, survey: Survey, _: Look) -> Iterator[Expectation]:
    definitions, pairs = len(contract.columns["definition"].values), comb(len(survey.indices), 2)
    words = Words(
        en=f"{definitions * pairs} rows: {definitions} definitions times {pairs} pairs of indices.",
        zh=f"共 {definitions * pairs} 行：{definitions} 种定义 × {pairs} 对指数。",
    )
    yield rows("rows", definitions * pairs, words)


def _stage_comparison(contract: Contract, survey: Survey, look: Look) -> Iterator[Expectation]:
    selections = look("selections")
    chosen = selections.filter(selections.question == (survey.stage or ""), selections.selected == 1)
    times = len(contract.columns["definition"].values) * len(survey.indices)
    stages, libraries = int(value(chosen.option.nunique())), _count(chosen)
    words = Words(
        en=f"{times * stages} rows: each definition of each index times {stages} stages chosen.",
        zh=f"共 {times * stages} 行：各指数的各种定义 × {stages} 个有答卷的阶段。",
    )
    yield rows("rows", times * stages, words)
    words = Words(
        en=f"`n` adds up to {times * libraries}: each of {libraries} submissions at one stage, {times} times.",
        zh=f"`n` 合计为 {times * libraries}：{libraries} 份答卷各处于一个阶段，重复 {times} 次。",
    )
    yield total("n_total", "n", times * libraries, words)


def _report_tables(_: Contract, survey: Survey, __: Look) -> Iterator[Expectation]:
    words = Words(en="No table that the survey file does not declare.", zh="没有调查文件未声明的表格。")
    yield within("declared_tables", "report_table", survey.tables, words)
    for name, table in survey.tables.items():
        options = survey.questions[table.question].options if table.question else {}
        lines = len(set(options) - set(table.omits)) if table.question else len(table.correlates) ** 2
        words = Words(en=f"{name} has {lines} rows.", zh=f"{name} 共 {lines} 行。")
        yield rows(f"rows_of_{name}", lines, words, ("report_table", name))


COUNTS: dict[str, Callable[[Contract, Survey, Look], Iterator[Expectation]]] = {
    "editions": _editions,
    "questions": _questions,
    "options": _options,
    "submissions": _submissions,
    "selections": _selections,
    "answers": _answers,
    "option_counts": _option_counts,
    "index_scores": _index_scores,
    "correlations": _correlations,
    "stage_comparison": _stage_comparison,
    "report_tables": _report_tables,
}
"""By table; of a table that is not named, only its contract is looked at."""


def _count(table: ir.Table) -> int:
    return int(value(table.count()))


def _accepted(look: Look) -> int:
    submissions = look("submissions")
    return _count(submissions.filter(submissions.status == "accepted"))


def _options_shown(survey: Survey) -> int:
    return sum(len(field.options) for field in survey.choices())


def _rows_of_accepted(accepted: int, each: int, things: Words, where: tuple[str, str] | None = None) -> Expectation:
    count = accepted * each
    words = Words(
        en=f"{count} rows: {accepted} accepted submissions times {each} {things.en}.",
        zh=f"共 {count} 行：{accepted} 份接受的答卷 × {each} {things.zh}。",
    )
    return rows("rows", count, words, where)


def _every_option(survey: Survey, key: str, name: str) -> Words:
    number = survey.questions[key].number
    return Words(
        en=f"Every option of Q{number} ({name}) is there, and no other.",
        zh=f"第{number}题（{name}）的选项齐全，且无其他选项。",
    )
