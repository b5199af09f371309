"""What the survey and the long tables say about the marts."""

from collections.abc import Iterator
from math import comb

import ibis.expr.types as ir

from calm_pipeline.engine import collect, value
from calm_pipeline.expectations.expectation import Expectation, between, empty, present, rows, total, within
from calm_pipeline.expectations.figures import Look, accepted_in, count, every_option, options_shown, rows_of_accepted
from calm_pipeline.survey import Survey, Words
from calm_pipeline.tables import Contract


def _option_counts(_: Contract, survey: Survey, look: Look) -> Iterator[Expectation]:
    shown, accepted, selections = options_shown(survey), accepted_in(look), look("selections")
    yield rows("rows", shown, Words(en=f"{shown} rows: one an option shown.", zh=f"共 {shown} 行，每个选项一行。"))
    for field in survey.choices():
        words = every_option(survey, field.key, field.name)
        yield present(f"options_of_{field.name}", "option", field.options, words, ("field", field.name))
    words = Words(en=f"`accepted` is {accepted} throughout.", zh=f"各行的 `accepted` 均为 {accepted}。")
    yield within("accepted", "accepted", [accepted], words)
    yield _ticks(selections)


def _ticks(selections: ir.Table) -> Expectation:
    ticks = int(value(selections.selected.sum()) or 0)
    words = Words(
        en=f"`count` adds up to the {ticks} ticks of `selections`.",
        zh=f"`count` 合计为 {ticks}，与 `selections` 中的选中次数一致。",
    )
    return total("ticks", "count", ticks, words)


def _index_scores(_: Contract, survey: Survey, look: Look) -> Iterator[Expectation]:
    accepted = accepted_in(look)
    yield rows_of_accepted(accepted, len(survey.indices), Words(en="indices", zh="项指数"))
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
    stages, libraries = int(value(chosen.option.nunique())), count(chosen)
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
    words = Words(en="Of a suppressed stage no score is given.", zh="受保护的阶段不给出得分。")
    yield empty("suppressed_mean", "mean", words, ("protection", "suppressed"))


def _index_items(_: Contract, survey: Survey, __: Look) -> Iterator[Expectation]:
    questions = [survey.questions[key] for index in survey.indices.values() for key in index.questions]
    items = sum(len(question.substantive) for question in questions)
    words = Words(
        en=f"{items} rows: one a substantive option of each index.", zh=f"共 {items} 行，各指数的每个实质选项一行。"
    )
    yield rows("rows", items, words)


def _reliability(_: Contract, survey: Survey, __: Look) -> Iterator[Expectation]:
    indices = len(survey.indices)
    yield rows("rows", indices, Words(en=f"{indices} rows: one an index.", zh=f"共 {indices} 行，每项指数一行。"))


def _claim_variants(_: Contract, __: Survey, look: Look) -> Iterator[Expectation]:
    variants = int(value(look("claims").variants.sum()) or 0)
    words = Words(
        en=f"{variants} rows, as `claims` counts its variants.", zh=f"共 {variants} 行，与 `claims` 的口径数一致。"
    )
    yield rows("rows", variants, words)


def _coverage(_: Contract, __: Survey, look: Look) -> Iterator[Expectation]:
    libraries, submissions = look("libraries"), look("submissions")
    accepted = submissions.filter(submissions.status == "accepted")
    answered = count(libraries.filter(libraries.eligible).semi_join(accepted, "library_id"))
    words = Words(en=f"{answered} libraries answered in total.", zh=f"共有 {answered} 所图书馆作答。")
    yield between("respondents_total", "respondents", (answered, answered), words, ("grouped_by", "total"))
    words = Words(en="Suppressed `respondents` are empty.", zh="受保护的 `respondents` 为空。")
    yield empty("suppressed_respondents", "respondents", words, ("protection", "suppressed"))


def _report_tables(_: Contract, survey: Survey, __: Look) -> Iterator[Expectation]:
    words = Words(en="No table that the survey file does not declare.", zh="没有调查文件未声明的表格。")
    yield within("declared_tables", "report_table", survey.tables, words)
    for name, table in survey.tables.items():
        options = survey.questions[table.question].options if table.question else {}
        lines = len(set(options) - set(table.omits)) if table.question else len(table.correlates) ** 2
        words = Words(en=f"{name} has {lines} rows.", zh=f"{name} 共 {lines} 行。")
        yield rows(f"rows_of_{name}", lines, words, ("report_table", name))


def _groups(_: Contract, __: Survey, look: Look) -> Iterator[Expectation]:
    kinds, accepted = int(value(look("groups").grouped_by.nunique())), accepted_in(look)
    if kinds:
        words = Words(
            en=f"`accepted` adds up to {kinds * accepted}: each accepted submission is in {kinds} groups.",
            zh=f"`accepted` 合计为 {kinds * accepted}：每份有效答卷在 {kinds} 种分组中各属一组。",
        )
        yield total("accepted_total", "accepted", kinds * accepted, words)


def _group_counts(_: Contract, survey: Survey, look: Look) -> Iterator[Expectation]:
    groups, shown = look("groups"), options_shown(survey)
    number = count(groups)
    words = Words(
        en=f"{number * shown} rows: {number} groups times {shown} options shown.",
        zh=f"共 {number * shown} 行：{number} 组 × {shown} 个选项。",
    )
    yield rows("rows", number * shown, words)
    names = sorted(collect(groups)["group_name"].unique())
    yield within(
        "known_groups", "group_name", names, Words(en="Every group is one of `groups`.", zh="各组均见于 `groups`。")
    )
    for field in survey.choices() if number else ():
        words = every_option(survey, field.key, field.name)
        yield present(f"options_of_{field.name}", "option", field.options, words, ("field", field.name))
    words = Words(en="A suppressed `count` is empty.", zh="受保护的 `count` 为空。")
    yield empty("suppressed_count", "count", words, ("protection", "suppressed"))


def _option_trends(_: Contract, __: Survey, look: Look) -> Iterator[Expectation]:
    yield _of_accepted("asked", accepted_in(look))
    if count(look("option_trends")):
        yield _ticks(look("selections"))


def _index_trends(_: Contract, __: Survey, look: Look) -> Iterator[Expectation]:
    yield _of_accepted("n", accepted_in(look))


def _of_accepted(column: str, accepted: int) -> Expectation:
    words = Words(
        en=f"`{column}` is at most the {accepted} accepted submissions.",
        zh=f"`{column}` 不超过接受的 {accepted} 份答卷。",
    )
    return between(f"{column}_accepted", column, (0, accepted), words)


COUNTS = {
    "groups": _groups,
    "group_counts": _group_counts,
    "option_counts": _option_counts,
    "index_scores": _index_scores,
    "correlations": _correlations,
    "stage_comparison": _stage_comparison,
    "index_items": _index_items,
    "reliability": _reliability,
    "claim_variants": _claim_variants,
    "coverage": _coverage,
    "report_tables": _report_tables,
    "option_trends": _option_trends,
    "index_trends": _index_trends,
}
"""By table."""
