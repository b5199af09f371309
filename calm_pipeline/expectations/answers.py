"""What the survey says about the questionnaire as tables, and about submissions and their answers."""

from collections.abc import Iterator

from calm_pipeline.expectations.expectation import Expectation, empty, filled, present, rows, total, unique
from calm_pipeline.expectations.figures import Look, accepted_in, count, every_option, options_shown, rows_of_accepted
from calm_pipeline.survey import Survey, Words
from calm_pipeline.tables import Contract


def _editions(_: Contract, __: Survey, ___: Look) -> Iterator[Expectation]:
    yield rows("rows", 1, Words(en="1 row: the edition.", zh="共 1 行，即本年度。"))


def _questions(_: Contract, survey: Survey, __: Look) -> Iterator[Expectation]:
    yield present("questions", "question", survey.questions, Words(en="Every question is there.", zh="题目齐全。"))


def _options(_: Contract, survey: Survey, __: Look) -> Iterator[Expectation]:
    for key, question in survey.questions.items():
        if question.options:
            yield present(
                f"options_of_{key}", "option", question.options, every_option(survey, key, key), ("question", key)
            )


def _submissions(_: Contract, __: Survey, look: Look) -> Iterator[Expectation]:
    received = count(look("raw_submissions"))
    yield rows(
        "rows", received, Words(en=f"{received} rows: submissions read.", zh=f"共 {received} 行，与读取的答卷数一致。")
    )
    violations = look("violations")
    for column, severity in (("errors", "error"), ("warnings", "warn")):
        broken = count(violations.filter(violations.severity == severity))
        words = Words(
            en=f"`{column}` adds up to the {broken} rows of `violations` of that severity.",
            zh=f"`{column}` 合计为 {broken}，与 `violations` 中该级别的行数一致。",
        )
        yield total(f"{column}_total", column, broken, words)
    words = Words(en="No library is counted twice.", zh="每个图书馆至多计入一份答卷。")
    yield unique("one_accepted_a_library", ["library_id"], words, ("status", "accepted"))


def _selections(_: Contract, survey: Survey, look: Look) -> Iterator[Expectation]:
    accepted = accepted_in(look)
    yield rows_of_accepted(accepted, options_shown(survey), Words(en="options shown", zh="个选项"))
    for field in survey.choices() if accepted else ():
        words = every_option(survey, field.key, field.name)
        yield present(f"options_of_{field.name}", "option", field.options, words, ("field", field.name))
    words = Words(en="`selected` is given where the question was answered.", zh="已作答时，`selected` 均有值。")
    yield filled("selected_if_answered", "selected", words, ("state", "answered"))
    for state, en, zh in (("blank", "left blank", "空缺"), ("not_asked", "not asked", "未被询问")):
        words = Words(en=f"`selected` is empty where the question was {en}.", zh=f"题目{zh}时，`selected` 为空。")
        yield empty(f"nothing_selected_if_{state}", "selected", words, ("state", state))


def _answers(_: Contract, survey: Survey, look: Look) -> Iterator[Expectation]:
    kinds = ("integer", "text", "upload")
    fields = [field for field in survey.fields() if field.type in kinds and not field.question.personal]
    each = len(fields) - 1  # the library's name stands in `submissions` as its number
    words = Words(en="numbers and texts asked for", zh="个数字或文本填答位置")
    yield rows_of_accepted(accepted_in(look), each, words, ("option", ""))


COUNTS = {
    "editions": _editions,
    "questions": _questions,
    "options": _options,
    "submissions": _submissions,
    "selections": _selections,
    "answers": _answers,
}
"""By table."""
