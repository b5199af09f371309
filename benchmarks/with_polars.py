"""The same as one writes it in polars: one lazy frame, collected by the in-memory or by the streaming engine."""

import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import polars as pl

from benchmarks.found import Found
from benchmarks.task import read_task

Task = dict[str, Any]
Engine = Literal["in-memory", "streaming"]
STATES = {"(跳过)": "not_asked", "(空)": "blank", "": "blank"}
STATE = pl.Enum(["answered", "blank", "not_asked"])
FULL, HALF = list("０１２３４５６７８９"), list("0123456789")


def run(root: Path, out: Path, engine: Engine) -> Found:
    """From the export to selections, scores and correlations; Parquet goes beside `out`."""
    found, task = Found(), read_task(root)
    judged = _judged(task).collect(engine=engine)
    found.lap("split and rules")
    submissions = _submissions(judged)
    accepted = judged.lazy().filter(submissions["status"] == "accepted").collect(engine=engine)
    found.lap("submissions")
    _selections(accepted.lazy(), task).sink_parquet(out.with_name("selections.parquet"), engine=engine)
    found.lap("selections")
    found.statuses(dict(submissions["status"].value_counts().iter_rows()))
    found.options(_counts(accepted, task))
    found.lap("option_counts")
    scores = _scores(accepted.lazy(), task).collect(engine=engine)
    scores.write_parquet(out.with_name("index_scores.parquet"))
    found.lap("index_scores")
    found.correlations(_correlations(scores, list(task["indices"])))
    found.lap("correlations")
    return found


def _register(task: Task) -> pl.LazyFrame:
    libraries = pl.scan_csv(task["register"], infer_schema=False, empty_string_is_null=False)
    names = pl.concat_list("name_zh", "name_en", pl.col("aliases").str.split("|")).list.unique()
    long = libraries.with_columns(library=names).explode("library").filter(pl.col("library") != "")
    return long.group_by("library").agg(
        pl.first("library_id"), matches=pl.len(), staff=pl.first("staff_count").cast(pl.Int64, strict=False)
    )


def _judged(task: Task) -> pl.LazyFrame:
    """States, ticks, numbers and whether the submission keeps all rules of severity error."""
    cells = pl.scan_csv(task["export"], new_columns=task["columns"], infer_schema=False, empty_string_is_null=False)
    states = [_state(name).alias(f"{name}__state") for name in task["answers"]]
    labels = [_labels(choice["question"]) for choice in task["choices"]]
    ticks = [tick for choice in task["choices"] for tick in _ticks(choice)]
    numbers = [_number(about["field"]) for about in task["numbers"]]
    known = cells.join(_register(task), on="library", how="left", maintain_order="left")
    frame = known.with_columns(*states, *labels, *numbers, submitted_at=_time()).with_columns(*ticks)
    return frame.select(
        (task["edition"] + "-" + pl.col("sequence").str.zfill(task["digits"])).alias("submission_id"),
        pl.col("sequence").cast(pl.Int64),
        "submitted_at",
        "library_id",
        *[f"{choice['question']}__state" for choice in task["choices"]],
        *_columns(task),
        dropped=pl.col("source").is_in(task["sources"]) | pl.col("library").is_in(task["tests"]),
        sound=~pl.any_horizontal(error.fill_null(False) for error in _errors(task)),
        content=pl.concat_str(task["answers"], separator="\x1e").hash(),
    )


def _time() -> pl.Expr:
    return pl.col("submitted_at").str.to_datetime("%Y/%m/%d %H:%M:%S", strict=False)


def _state(name: str) -> pl.Expr:
    return pl.col(name).replace_strict(STATES, default="answered", return_dtype=STATE)


def _labels(question: str) -> pl.Expr:
    bare = pl.col(question).str.replace_all("〖[^〗]*〗", "")
    return bare.str.split("┋").alias(f"{question}__labels")


def _ticks(choice: Task) -> Iterator[pl.Expr]:
    question = choice["question"]
    answered, labels = pl.col(f"{question}__state") == "answered", pl.col(f"{question}__labels")
    for option, about in choice["options"].items():
        chosen = pl.any_horizontal(labels.list.contains(label) for label in about["labels"])
        yield pl.when(answered).then(chosen.cast(pl.Int8)).alias(f"{question}__{option}")


def _number(name: str) -> pl.Expr:
    digits = pl.col(name).str.replace_many(FULL, HALF)
    whole = pl.when(digits.str.contains(r"^-?[0-9]{1,15}$")).then(digits)
    return whole.cast(pl.Int64).alias(f"{name}__number")


def _columns(task: Task) -> list[str]:
    return [f"{choice['question']}__{option}" for choice in task["choices"] for option in choice["options"]]


def _errors(task: Task) -> Iterator[pl.Expr]:
    """Every rule of severity error, as what breaks it; null is no breach."""
    yield pl.col("submitted_at").is_null()
    yield pl.col("matches").is_null() | (pl.col("matches") > 1)
    yield pl.col("staff").is_null() | (pl.col("staff") < task["staff_at_least"])
    for choice in task["choices"]:
        yield from _wrong_choice(choice, task)
    for about in task["numbers"]:
        yield from _wrong_number(about)
    for name in task["texts"]:
        if name != task["library"]:
            yield (pl.col(f"{name}__state") == "answered") & _illegible(name, task)


def _wrong_choice(choice: Task, task: Task) -> Iterator[pl.Expr]:
    question, options = choice["question"], choice["options"]
    answered, named = pl.col(f"{question}__state") == "answered", pl.col(f"{question}__labels").list.len()
    yield answered & (pl.sum_horizontal(f"{question}__{option}" for option in options) != named)
    if choice["single"]:
        yield answered & (named > 1)
    for option, about in options.items():
        if about["alone"]:
            yield (pl.col(f"{question}__{option}") == 1) & (named > 1)
    yield from _wrongly_asked(question, choice)
    yield pl.col(question).str.contains("〖", literal=True) & _illegible(question, task)


def _wrong_number(about: Task) -> Iterator[pl.Expr]:
    name, value = about["field"], pl.col(f"{about['field']}__number")
    yield (pl.col(f"{name}__state") == "answered") & value.is_null()
    yield (value < about["low"]) | (value > about["high"])
    if about["at_most"]:
        yield value > pl.col(f"{about['at_most']}__number")
    yield from _wrongly_asked(name, about)


def _wrongly_asked(name: str, about: Task) -> Iterator[pl.Expr]:
    answered = pl.col(f"{name}__state") == "answered"
    if about["gate"]:
        yield (pl.col(about["gate"]) == (0 if about["closes"] else 1)) != answered
    elif about["required"]:
        yield ~answered


def _illegible(name: str, task: Task) -> pl.Expr:
    return (pl.col(name).str.len_chars() > task["longest"]) | pl.col(name).str.contains(task["garbled"])


def _submissions(judged: pl.DataFrame) -> pl.DataFrame:
    """One row a submission and its status, in the order received."""
    kept = pl.col("sound") & ~pl.col("dropped")
    agreeing = pl.col("content").filter(kept).n_unique().over("library_id") == 1
    told = judged.with_columns(valid=kept & agreeing)
    in_time = told.filter("valid").sort("submitted_at", "sequence")
    latest = in_time.unique("library_id", keep="last")["submission_id"]
    status = pl.when("dropped").then(pl.lit("dropped")).when(~pl.col("valid")).then(pl.lit("quarantined"))
    status = status.when(pl.col("submission_id").is_in(latest.implode())).then(pl.lit("accepted"))
    return told.select("submission_id", "library_id", "submitted_at", status=status.otherwise(pl.lit("duplicate")))


def _selections(accepted: pl.LazyFrame, task: Task) -> pl.LazyFrame:
    """One row a submission and option, in the order of submission, question and option."""
    names = sorted((choice["question"], option) for choice in task["choices"] for option in choice["options"])
    places = pl.lit(list(range(len(names))), dtype=pl.List(pl.Int64))
    states = pl.concat_list(f"{question}__state" for question, _ in names)
    ticks = pl.concat_list(pl.col(f"{question}__{option}").cast(pl.Int64) for question, option in names)
    lists = accepted.select("submission_id", place=places, state=states, selected=ticks)
    question, option = (_named(list(part)) for part in zip(*names, strict=True))
    return lists.explode("place", "state", "selected").select(
        pl.lit(task["edition"]).alias("edition"),
        "submission_id",
        question.alias("question"),
        question.alias("field"),
        option.alias("option"),
        "state",
        "selected",
        pl.lit(None, pl.Int64).alias("rank"),
    )


def _named(names: list[str]) -> pl.Expr:
    return pl.col("place").replace_strict(range(len(names)), names, return_dtype=pl.Enum(sorted(set(names))))


def _counts(accepted: pl.DataFrame, task: Task) -> Iterator[tuple[str, str, int, int, int]]:
    for choice in task["choices"]:
        question, state = choice["question"], accepted[f"{choice['question']}__state"]
        asked, answered = int((state != "not_asked").sum()), int((state == "answered").sum())
        for option in choice["options"]:
            yield question, option, asked, answered, int(accepted[f"{question}__{option}"].sum())


def _scores(accepted: pl.LazyFrame, task: Task) -> pl.LazyFrame:
    """Sum, mean share and mean z-score of each index, one row a submission and index."""
    return pl.concat(_score(accepted, index, questions) for index, questions in task["indices"].items())


def _score(accepted: pl.LazyFrame, index: str, questions: dict[str, list[str]]) -> pl.LazyFrame:
    ticked = [
        pl.sum_horizontal(f"{q}__{option}" for option in options).cast(pl.Int64).alias(q)
        for q, options in questions.items()
    ]
    shares = [
        pl.when(pl.col(f"{q}__state") != "not_asked").then(pl.col(q) / len(options)) for q, options in questions.items()
    ]
    spreads = [
        pl.when(pl.col(q).std(ddof=0) > 0).then((pl.col(q) - pl.col(q).mean()) / pl.col(q).std(ddof=0))
        for q in questions
    ]
    return accepted.with_columns(*ticked).select(
        "submission_id",
        index_name=pl.lit(index),
        sum=pl.sum_horizontal(*questions),
        mean_share=pl.mean_horizontal(shares).round(12),
        mean_z=pl.mean_horizontal(spreads).round(12),
    )


def _correlations(scores: pl.DataFrame, indices: list[str]) -> Iterator[tuple[str, str, str, float]]:
    for definition in ("sum", "mean_share", "mean_z"):
        wide = scores.pivot(on="index_name", index="submission_id", values=definition)
        for a, b in combinations(indices, 2):
            yield definition, a, b, wide.drop_nulls([a, b]).select(pl.corr(a, b)).item()


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]).write(Path(sys.argv[2]))  # type: ignore[arg-type]
