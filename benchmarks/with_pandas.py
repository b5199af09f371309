"""The same as a good analyst writes it in pandas: whole columns, no loops over rows, Arrow-backed text."""

import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.found import Found
from benchmarks.task import read_task

Task = dict[str, Any]
STATES = {"(跳过)": "not_asked", "(空)": "blank", "": "blank"}
DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def run(root: Path, out: Path) -> Found:
    """From the export to selections, scores and correlations; Parquet goes beside `out`."""
    found, task = Found(), read_task(root)
    read = {"dtype": "string[pyarrow]", "keep_default_na": False}
    raw = pd.read_csv(task["export"], names=task["columns"], header=0, encoding="utf-8-sig", **read)
    register = _register(pd.read_csv(task["register"], **read))
    found.lap("read")
    frame = _split(raw, task)
    found.lap("split")
    frame = frame.join(raw["library"].to_frame().merge(register, how="left", left_on="library", right_index=True))
    sound = ~_broken(raw, frame, task)
    found.lap("rules")
    submissions = _submissions(raw, frame, sound, task)
    accepted = frame[submissions["status"] == "accepted"].reset_index(drop=True)
    found.lap("submissions")
    _selections(accepted, task).to_parquet(out.with_name("selections.parquet"), index=False)
    found.lap("selections")
    found.statuses(submissions["status"].value_counts().to_dict())
    found.options(_counts(accepted, task))
    found.lap("option_counts")
    scores = _scores(accepted, task)
    scores.to_parquet(out.with_name("index_scores.parquet"), index=False)
    found.lap("index_scores")
    found.correlations(_correlations(scores, list(task["indices"])))
    found.lap("correlations")
    return found


def _register(libraries: pd.DataFrame) -> pd.DataFrame:
    names = libraries["name_zh"] + "|" + libraries["name_en"] + "|" + libraries["aliases"]
    long = libraries.assign(name=names.str.split("|")).explode("name").drop_duplicates(["library_id", "name"])
    found = long[long["name"] != ""].groupby("name")
    return found.agg(library_id=("library_id", "first"), matches=("name", "size"), staff=("staff_count", "first"))


def _split(raw: pd.DataFrame, task: Task) -> pd.DataFrame:
    """States, ticks and numbers, one row a submission."""
    columns: dict[str, Any] = {
        "submission_id": task["edition"] + "-" + raw["sequence"].str.zfill(task["digits"]),
        "sequence": raw["sequence"].astype("int64"),
        "submitted_at": pd.to_datetime(raw["submitted_at"], format="%Y/%m/%d %H:%M:%S", errors="coerce"),
    }
    for name in task["answers"]:
        columns[f"{name}__state"] = raw[name].map(STATES).fillna("answered").astype("category")
    for choice in task["choices"]:
        columns |= dict(_ticks(raw, choice, columns[f"{choice['question']}__state"] == "answered"))
    for number in task["numbers"]:
        cells = raw[number["field"]].str.translate(DIGITS)
        whole = cells.where(cells.str.fullmatch(r"-?[0-9]{1,15}"))
        columns[f"{number['field']}__number"] = pd.to_numeric(whole).astype("Int64")
    return pd.DataFrame(columns)


def _ticks(raw: pd.DataFrame, choice: Task, answered: pd.Series) -> Iterator[tuple[str, Any]]:
    question = choice["question"]
    bare = "┋" + raw[question].str.replace("〖[^〗]*〗", "", regex=True) + "┋"
    for option, about in choice["options"].items():
        chosen = bare.str.contains("┋" + about["labels"][0] + "┋", regex=False)
        for alias in about["labels"][1:]:
            chosen |= bare.str.contains("┋" + alias + "┋", regex=False)
        yield f"{question}__{option}", chosen.astype("float32").where(answered)
    yield f"{question}__named", bare.str.count("┋") - 1


def _broken(raw: pd.DataFrame, frame: pd.DataFrame, task: Task) -> pd.Series:
    """Which submissions break a rule of severity error."""
    staff = pd.to_numeric(frame["staff"], errors="coerce")
    broken = frame["submitted_at"].isna() | (frame["matches"] != 1).fillna(True)
    broken |= (staff.isna() | (staff < task["staff_at_least"])).fillna(True)
    for errors in (_wrong_choices, _wrong_numbers, _wrong_texts):
        for wrong in errors(raw, frame, task):
            broken |= wrong.fillna(False).astype(bool)
    return broken


def _wrong_choices(raw: pd.DataFrame, frame: pd.DataFrame, task: Task) -> Iterator[pd.Series]:
    for choice in task["choices"]:
        question, options = choice["question"], choice["options"]
        answered, named = frame[f"{question}__state"] == "answered", frame[f"{question}__named"]
        yield answered & (frame[[f"{question}__{option}" for option in options]].sum(axis=1) != named)
        if choice["single"]:
            yield answered & (named > 1)
        for option, about in options.items():
            if about["alone"]:
                yield (frame[f"{question}__{option}"] == 1) & (named > 1)
        yield from _wrongly_asked(frame, question, choice)
        filled = raw[question][raw[question].str.contains("〖", regex=False)]
        yield _illegible(filled, task).reindex(raw.index, fill_value=False)


def _wrong_numbers(_raw: pd.DataFrame, frame: pd.DataFrame, task: Task) -> Iterator[pd.Series]:
    for about in task["numbers"]:
        name, value = about["field"], frame[f"{about['field']}__number"]
        yield (frame[f"{name}__state"] == "answered") & value.isna()
        yield (value < about["low"]) | (value > about["high"])
        if about["at_most"]:
            yield value > frame[f"{about['at_most']}__number"]
        yield from _wrongly_asked(frame, name, about)


def _wrong_texts(raw: pd.DataFrame, frame: pd.DataFrame, task: Task) -> Iterator[pd.Series]:
    for name in task["texts"]:
        if name != task["library"]:
            written = raw[name][frame[f"{name}__state"] == "answered"]
            yield _illegible(written, task).reindex(raw.index, fill_value=False)


def _illegible(texts: pd.Series, task: Task) -> pd.Series:
    return (texts.str.len() > task["longest"]) | texts.str.contains(task["garbled"], regex=True)


def _wrongly_asked(frame: pd.DataFrame, name: str, about: Task) -> Iterator[pd.Series]:
    answered = frame[f"{name}__state"] == "answered"
    if about["gate"]:
        asked = frame[about["gate"]] == (0 if about["closes"] else 1)
        yield frame[about["gate"]].notna() & (asked != answered)
    elif about["required"]:
        yield ~answered


def _submissions(raw: pd.DataFrame, frame: pd.DataFrame, sound: pd.Series, task: Task) -> pd.DataFrame:
    """One row a submission and its status."""
    dropped = raw["source"].isin(task["sources"]) | raw["library"].isin(task["tests"])
    first, *others = task["answers"]
    content = raw[first].str.cat(raw[others], sep="\x1e")
    judged = frame[["submission_id", "sequence", "submitted_at", "library_id"]].assign(content=content)
    valid = judged[sound & ~dropped]
    agreeing = valid.groupby("library_id")["content"].transform("nunique") == 1
    valid = valid[agreeing].sort_values(["submitted_at", "sequence"])
    latest = valid.drop_duplicates("library_id", keep="last").index
    status = pd.Series("quarantined", index=judged.index)
    status[valid.index], status[latest] = "duplicate", "accepted"
    status[dropped] = "dropped"
    return judged.assign(status=status)


def _names(task: Task) -> list[tuple[str, str]]:
    return [(choice["question"], option) for choice in task["choices"] for option in choice["options"]]


def _selections(accepted: pd.DataFrame, task: Task) -> pd.DataFrame:
    """One row a submission and option, in the order of submission, question and option."""
    names, n = sorted(_names(task)), len(accepted)
    questions, options = (pd.Categorical(np.tile(part, n)) for part in zip(*names, strict=True))
    kinds = pd.CategoricalDtype(["answered", "blank", "not_asked"])
    codes = [accepted[f"{question}__state"].astype(kinds).cat.codes for question, _ in names]
    states = np.column_stack(codes).ravel()
    ticks = accepted[[f"{question}__{option}" for question, option in names]].to_numpy().ravel()
    ids = pd.Categorical.from_codes(np.repeat(np.arange(n), len(names)), accepted["submission_id"])
    return pd.DataFrame(
        {
            "edition": pd.Categorical.from_codes(np.zeros(n * len(names), "int8"), [task["edition"]]),
            "submission_id": ids,
            "question": questions,
            "field": questions,
            "option": options,
            "state": pd.Categorical.from_codes(states, dtype=kinds),
            "selected": pd.array(ticks, dtype="Int64"),
            "rank": pd.array([None], dtype="Int64").repeat(n * len(names)),
        }
    )


def _counts(accepted: pd.DataFrame, task: Task) -> Iterator[tuple[str, str, int, int, int]]:
    for choice in task["choices"]:
        question = choice["question"]
        state = accepted[f"{question}__state"]
        asked, answered = int((state != "not_asked").sum()), int((state == "answered").sum())
        for option in choice["options"]:
            yield question, option, asked, answered, int(accepted[f"{question}__{option}"].sum())


def _scores(accepted: pd.DataFrame, task: Task) -> pd.DataFrame:
    """Sum, mean share and mean z-score of each index, one row a submission and index."""
    parts = []
    for index, questions in task["indices"].items():
        ticked = pd.DataFrame(
            {q: accepted[[f"{q}__{o}" for o in os]].sum(axis=1).astype("int64") for q, os in questions.items()}
        )
        asked = pd.DataFrame({q: accepted[f"{q}__state"] != "not_asked" for q in questions})
        shares = (ticked / pd.Series({q: len(options) for q, options in questions.items()})).where(asked)
        spread = ticked.std(ddof=0)
        z = ((ticked - ticked.mean()) / spread.where(spread > 0)).mean(axis=1)
        scores = {"sum": ticked.sum(axis=1), "mean_share": shares.mean(axis=1).round(12)}
        parts.append(accepted[["submission_id"]].assign(index_name=index, **scores, mean_z=z.round(12)))
    return pd.concat(parts, ignore_index=True)


def _correlations(scores: pd.DataFrame, indices: list[str]) -> Iterator[tuple[str, str, str, float]]:
    for definition in ("sum", "mean_share", "mean_z"):
        r = scores.pivot(index="submission_id", columns="index_name", values=definition).corr()
        yield from ((definition, a, b, r.loc[a, b]) for a, b in combinations(indices, 2))


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2])).write(Path(sys.argv[2]))
