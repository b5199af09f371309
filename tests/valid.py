"""Valid submissions to any survey, drawn from a seed and from what the survey declares, and ways to break one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from random import Random

from calm_pipeline.exports.submission import Answer, Silence, Submission, Verbatim
from calm_pipeline.survey import Field, Survey
from tests.strategies import asked

SENTENCES = (
    "设立学生顾问团",
    "延长开馆时间",
    "We meet readers every month.",
    "按院系安排联络馆员",
    "+86 is no answer; =1 too",
)


def valid(survey: Survey, count: int, seed: int) -> list[Submission]:
    """`count` submissions that break no rule, each of a library of its own."""
    chance = Random(seed)  # noqa: S311
    return [_submission(survey, chance, n) for n in range(1, count + 1)]


def _submission(survey: Survey, chance: Random, sequence: int) -> Submission:
    answers: dict[str, Answer] = {}
    for field in survey.fields():
        open_ = asked(field.question, answers)
        silent = None if field.question.required or chance.random() < 0.5 else Silence.BLANK
        answers[field.name] = (silent or _answer(field, chance, sequence)) if open_ else Silence.SKIPPED
    for field in survey.fields():
        row = field.question.rows.get(field.row or "")
        if row and row.at_most and isinstance(answers[field.name], int):
            other = answers[f"{field.key}__{row.at_most}"]
            answers[field.name] = min(answers[field.name], other)  # type: ignore[type-var,assignment]
    day = survey.fielding.opens + (survey.fielding.closes - survey.fielding.opens) * chance.random()
    at = datetime.combine(day, time(chance.randrange(24), chance.randrange(60), chance.randrange(60)))
    seconds = chance.randint(survey.fielding.seconds_at_least or 1, 5000)
    return Submission(sequence, at, seconds, "微信", "", "203.0.113.7(江苏-南京)", answers)


def _answer(field: Field, chance: Random, sequence: int) -> Answer:
    if field.question.identifies:
        return f"第{sequence}大学图书馆"
    if field.question.form == "mobile":
        return f"138{sequence:08}"
    if field.type == "integer":
        least, most = _bounds(field)
        return chance.choice([least, most, chance.randint(least, most)])
    if field.type == "upload":
        return "案例.docx"
    if field.options:
        return {key: _blank(field, key, chance) for key in _chosen(field, chance)}
    return "欧阳某" if field.question.personal else chance.choice(SENTENCES)


def _bounds(field: Field) -> tuple[int, int]:
    low, high = field.bounds
    return low or 0, 10**6 if high is None else high


def _chosen(field: Field, chance: Random) -> list[str]:
    if field.type == "single":
        return [chance.choice([*field.options])]
    alone = [key for key, option in field.options.items() if option.exclusive]
    beside = [key for key in field.options if key not in alone]
    if alone and (not beside or chance.random() < 0.2):
        return [chance.choice(alone)]
    ticked = set(chance.sample(beside, chance.randint(1, len(beside))))
    return [key for key in beside if key in ticked]


def _blank(field: Field, key: str, chance: Random) -> str:
    return chance.choice(SENTENCES) if field.options[key].specify and chance.random() < 0.8 else ""


def broken(survey: Survey, one: Submission) -> Iterator[tuple[str, Submission]]:
    """Every way known here to break exactly one answer of a valid submission, each with the field."""
    for field in survey.fields():
        for wrong in _wrong(field, one.answers[field.name]):
            yield field.name, replace(one, answers={**one.answers, field.name: wrong})


def _wrong(field: Field, answer: Answer) -> Iterator[Answer]:
    required, personal = field.question.required, field.question.personal
    if required and not personal and not isinstance(answer, Silence):
        yield Silence.BLANK
    if answer is Silence.SKIPPED:
        yield _bounds(field)[0] if field.type == "integer" else {next(iter(field.options)): ""}
    elif field.type == "integer":
        least, most = _bounds(field)
        yield from (least - 1, most + 1, Verbatim("约二百", "约二百"))
    elif field.options and field.type != "ranking":
        yield (
            Verbatim("别无此项", "别无此项")
            if field.type == "single"
            else Verbatim("别无此项", ("2",) * len(field.options))
        )
        alone = [key for key, option in field.options.items() if option.exclusive]
        if alone:
            yield dict.fromkeys([*list(field.options)[:1], alone[0]], "")
