"""The ibis transforms against the same things done naively, row by row, in Python and pandas."""

import re
import unicodedata
from typing import Any

import numpy as np
import pandas as pd
import pytest

from calm_pipeline import columns, marts, normalize
from calm_pipeline.canonical import canonical
from calm_pipeline.survey import Field
from tests.published import as_table
from tests.reference import DATABASE, PROJECT, RULES, SURVEY, frame, tables

LIBRARIES = as_table(normalize.libraries(PROJECT.register().libraries, SURVEY))
MARKS = {"(跳过)": "not_asked", "(空)": "blank", "": "blank"}


def naive_field(field: Field, text: str, number: str) -> dict[str, Any]:
    """The clean columns of one field, for a submission that stands in both exports."""
    silent = MARKS.get(text.strip())
    if field.type in ("text", "upload"):
        return {field.name: None if silent else text.strip(), columns.state(field.name): silent or "answered"}
    if field.type == "integer":
        plain = unicodedata.normalize("NFKC", text).strip().removesuffix(".0")
        good = re.fullmatch(r"-?\d{1,15}", plain, re.ASCII)
        value = int(plain) if good and not silent else None
        return {field.name: value, columns.state(field.name): silent or ("answered" if good else "malformed")}
    written = [] if silent else [canonical(re.sub("〖[^〗]*〗", "", part)) for part in naive_split(text)]
    names = {canonical(label): key for key, o in field.options.items() for label in (o.zh, o.en, *o.aliases)}
    unknown = any(label not in names for label in written)
    if field.type == "single":
        value = None if silent or not number.isdecimal() else list(field.options)[int(number) - 1]
        bad = unknown or len(written) > 1
        return {field.name: value, columns.state(field.name): silent or ("malformed" if bad else "answered")}
    cells = number.split("┋")
    ticks = {columns.tick(field.name, key): int(cells[n]) for n, key in enumerate(field.options)}
    filled = {names.get(canonical(part.split("〖")[0])) for part in naive_split(text) if "〖" in part}
    listed = {names.get(label) for label in written}
    differs = any((key in listed) != (cells[n] == "1") and key not in filled for n, key in enumerate(field.options))
    if silent or unknown or differs:
        return {columns.state(field.name): silent or "malformed"}
    return {**ticks, columns.state(field.name): "answered"}


def naive_split(cell: str) -> list[str]:
    parts, depth = [""], 0
    for one in cell:
        depth += (one == "〖") - (one == "〗")
        if one == "┋" and depth == 0:
            parts.append("")
        else:
            parts[-1] += one
    return parts


def same(one: Any, other: Any) -> bool:
    return (pd.isna(one) and pd.isna(other)) or one == other


def test_clean_answers() -> None:
    clean = frame("clean").set_index("submission_id")
    compared = 0
    for raw in frame("raw").to_dict("records"):
        row = clean.loc[raw["submission_id"]]
        for field in SURVEY.fields():
            if field.question.personal or (field.question.gated and row[columns.state(field.name)] == "malformed"):
                continue
            for name, value in naive_field(field, raw[field.name], raw[columns.number(field.name)]).items():
                if name == columns.state(field.name) and field.question.gated:
                    continue
                assert same(row[name], value), (raw["submission_id"], name)
                compared += 1
    assert compared > 10_000


def naive_selections() -> pd.DataFrame:
    rows = []
    for row in frame("accepted").to_dict("records"):
        for field in SURVEY.choices():
            for key in field.options:
                state = row[columns.state(field.name)]
                if field.type == "single":
                    ticked = float(row[field.name] == key) if state == "answered" else None
                else:
                    ticked = row[columns.tick(field.name, key)]
                rows.append((row["submission_id"], field.name, key, state, ticked))
    named = pd.DataFrame(rows, columns=["submission_id", "field", "option", "state", "selected"])
    return named.astype({"selected": "float"}).sort_values(["submission_id", "field", "option"], ignore_index=True)


def test_selections() -> None:
    found = frame("selections")[["submission_id", "field", "option", "state", "selected"]]
    found = found.astype({"selected": "float"}).sort_values(["submission_id", "field", "option"], ignore_index=True)
    pd.testing.assert_frame_equal(found, naive_selections(), check_dtype=False)


def test_option_counts() -> None:
    counts = marts.option_counts(tables()["selections"], LIBRARIES, SURVEY).set_index(["field", "option"])
    for (field, option), group in naive_selections().groupby(["field", "option"]):
        row = counts.loc[(field, option)]
        asked = int((group["state"] != "not_asked").sum())
        assert (row["accepted"], row["asked"]) == (len(group), asked)
        assert row["answered"] == (group["state"] == "answered").sum()
        assert row["count"] == group["selected"].sum()
        share, z = row["count"] / asked, 1.959963984540054
        centre = (share + z * z / (2 * asked)) / (1 + z * z / asked)
        half = z / (1 + z * z / asked) * np.sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked))
        assert row["low"] == pytest.approx(max(centre - half, 0), abs=1e-12)
        assert row["high"] == pytest.approx(min(centre + half, 1), abs=1e-12)


def test_index_scores() -> None:
    accepted = frame("accepted").set_index("submission_id")
    found = DATABASE.to_pyarrow(marts.index_scores(marts.index_ticks(tables()["selections"], SURVEY))).to_pandas()
    found = found.pivot(index="submission_id", columns="index_name")
    for name, index in SURVEY.indices.items():
        totals, shares, zs = [], [], []
        for key in index.questions:
            options = SURVEY.questions[key].substantive
            ticks = accepted[[columns.tick(key, option) for option in options]].fillna(0).sum(axis=1)
            asked = accepted[columns.state(key)] != "not_asked"
            totals.append(ticks)
            shares.append((ticks / len(options)).where(asked))
            zs.append((ticks - ticks.mean()) / ticks.std(ddof=0))
        ids = accepted.index
        np.testing.assert_allclose(found["sum"][name].loc[ids], sum(totals))
        np.testing.assert_allclose(found["mean_share"][name].loc[ids], pd.concat(shares, axis=1).mean(axis=1))
        np.testing.assert_allclose(found["mean_z"][name].loc[ids], pd.concat(zs, axis=1).mean(axis=1), atol=1e-12)


def test_correlations() -> None:
    scores = marts.index_scores(marts.index_ticks(tables()["selections"], SURVEY))
    found = marts.correlations(scores, tables()["selections"], SURVEY).set_index(["definition", "index_a", "index_b"])
    wide = DATABASE.to_pyarrow(scores).to_pandas().pivot(index="submission_id", columns="index_name")
    for definition in marts.DEFINITIONS:
        values = wide[definition]
        for (a, b), row in found.loc[definition].iterrows():
            assert row["pearson"] == pytest.approx(values[a].corr(values[b]), abs=1e-12)
            assert row["spearman"] == pytest.approx(values[a].rank().corr(values[b].rank()), abs=1e-12)
            (c,) = set(values.columns) - {a, b}
            rest = [np.polyval(np.polyfit(values[c], values[x], 1), values[c]) - values[x] for x in (a, b)]
            assert row["partial"] == pytest.approx(np.corrcoef(*rest)[0, 1], abs=1e-9)
            assert row["pearson_low"] < row["pearson"] < row["pearson_high"]


def test_statuses() -> None:
    """By hand: a submission is accepted if it breaks no error, is no test and is the last valid one of its library."""
    errors = {rule.id for rule in RULES if rule.severity == "error"}
    broken = frame("violations")
    bad = set(broken[broken["rule"].isin(errors)]["submission_id"])
    last: dict[str, str] = {}
    rows = frame("clean").sort_values("sequence").to_dict("records")
    for row in rows:
        if row["submission_id"] not in bad and not row["not_counted"]:
            last[row["library_id"]] = row["submission_id"]
    status = frame("submissions").set_index("submission_id")["status"]
    for row in rows:
        name = row["submission_id"]
        valid = "accepted" if last.get(row["library_id"]) == name else "duplicate"
        assert status[name] == ("dropped" if row["not_counted"] else "quarantined" if name in bad else valid)
