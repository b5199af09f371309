"""The report's charts, each from rows of a table: bars with intervals, histograms, a heat map, dots with intervals.

Rows stand in the order in which they come: Vega-Lite would write a list to sort by into an expression, and labels are
no code. Channels are named by their classes: from a bare text Altair takes milliseconds to find it.
"""

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from calm_pipeline.report import numbers
from calm_pipeline.report.drawing import BAR, BAR_SOFT, GRID, INK, MUTED, specification
from calm_pipeline.report.model import Panel, Row

LABEL, LABEL_NARROW, NARROW, LINES, HEADING = 44, 40, 18, 2, 32
LINE = 14
"""Height of a line of text, in pixels."""
SHARES = [0, 0.25, 0.5, 0.75, 1]


def wrapped(label: str, width: int, lines: int = LINES) -> str:
    """The label in at most so many lines; a Chinese character counts for two."""
    wide = sum(unicodedata.east_asian_width(mark) in "WF" for mark in label)
    broad = width // 2 if wide * 2 > len(label) else width
    parts = textwrap.wrap(label, broad, max_lines=lines, placeholder=" …", break_long_words=True)
    return "\n".join(parts) or label


def _labels(rows: Sequence[Row], width: int, lines: int) -> list[str]:
    """The labels wrapped, one a row; those that wrap alike are told apart, since rows of one label are one line."""
    found: list[str] = []
    for row in rows:
        label = wrapped(row["label"], width, lines)
        found.append(label + "\u200b" * sum(other.rstrip("\u200b") == label for other in found))
    return found


def _tall(labels: Sequence[str], least: int) -> int:
    """The height of all lines: each as high as the label of most lines."""
    most = max((label.count("\n") for label in labels), default=0)
    return max(1, len(labels)) * max(least, LINE * (most + 1) + 16)


def _heading(text: str) -> Any:
    import altair as alt

    return alt.TitleParams(wrapped(text, HEADING, 3))


def room(labels: Sequence[str]) -> dict[str, Any]:
    """How much room the labels of an axis take, in pixels: a Chinese character twelve, a Latin one half of it."""
    lines = [line for label in labels for line in label.split("\n")]
    widest = max((sum(1 + (unicodedata.east_asian_width(mark) in "WF") for mark in line) for line in lines), default=0)
    return {"minExtent": widest * 6.3 + 12, "maxExtent": widest * 6.3 + 12}


def bars(rows: Sequence[Row], tips: dict[str, str], note: str) -> Panel:
    """Shares in order, each with its interval and figure.

    `rows` hold label, share, low, high, count and asked; `tips` says what these are called.
    """
    shown = [row for row in rows if not numbers.missing(row["share"])]
    return Panel(_bars(shown, tips, note, LABEL), _bars_narrow(shown, tips, note))


def _values(rows: Sequence[Row], width: int) -> list[dict[str, Any]]:
    return [
        {
            "place": f"{place:03}",
            "label": label,
            "name": row["label"],
            "share": row["share"],
            "low": row["low"],
            "high": row["high"],
            "edge": max(row["share"], row["high"]),
            "figure": row.get("figure") or numbers.percent(row["count"], row["asked"]),
            "counted": f"{row['count']} / {row['asked']}",
            "interval": numbers.interval(row["low"], row["high"]),
        }
        for place, (row, label) in enumerate(zip(rows, _labels(rows, width, LINES), strict=True))
    ]


def _layers(base: Any, y: Any, tips: dict[str, str], thick: int, down: int = 0) -> list[Any]:
    """Bars, intervals and figures, so many pixels below the middle of their line."""
    import altair as alt

    x = alt.X("share:Q", title=None, scale=alt.Scale(domain=[0, 1.14], nice=False))
    x = x.axis(alt.Axis(values=SHARES, format=".0%", domain=False, ticks=False, grid=not down))
    tooltip = [alt.Tooltip(f"{key}:N", title=title) for key, title in tips.items()]
    return [
        base.mark_bar(color=BAR, height=thick, cornerRadiusEnd=2, yOffset=down).encode(x=x, y=y, tooltip=tooltip),
        base.mark_rule(color=INK, strokeWidth=1.5, yOffset=down).encode(
            x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=y, tooltip=tooltip
        ),
        base.mark_text(align="left", dx=6, dy=down).encode(x=alt.X("edge:Q"), y=y, text=alt.Text("figure:N")),
    ]


def _bars(rows: Sequence[Row], tips: dict[str, str], note: str, width: int) -> dict[str, Any]:
    import altair as alt

    values = _values(rows, width)
    base = alt.Chart(alt.InlineData(values=values))
    order = [row["label"] for row in values]
    y = alt.Y("label:N", sort=None, title=None).axis(domain=False, ticks=False, labelPadding=8, **room(order))
    chart = alt.layer(*_layers(base, y, tips, 13)).properties(width="container", height=_tall(order, 24))
    return specification(chart, note)


def _bars_narrow(rows: Sequence[Row], tips: dict[str, str], note: str) -> dict[str, Any]:
    """For a phone: the label stands above its bar."""
    import altair as alt

    values = _values(rows, LABEL_NARROW)
    base = alt.Chart(alt.InlineData(values=values))
    y = alt.Y("place:N", title=None, axis=None)
    label = base.mark_text(align="left", baseline="middle", dy=-14, lineHeight=14).encode(
        x=alt.value(0), y=y, text=alt.Text("label:N")
    )
    chart = alt.layer(*_layers(base, y, tips, 10, down=16), label)
    return specification(chart.properties(width="container", height=58 * max(1, len(values))), note)


def histogram(rows: Sequence[Row], titles: dict[str, str], heading: str, note: str) -> Panel:
    """How many submissions lie between `start` and `end`; `titles` has x and y."""
    import altair as alt

    values = [{**row, "range": f"{row['start']:g}–{row['end']:g}"} for row in rows]
    tooltip = [alt.Tooltip("range:N", title=titles["x"]), alt.Tooltip("count:Q", title=titles["y"])]
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(color=BAR, stroke="var(--page)", strokeWidth=1)
        .encode(
            x=alt.X("start:Q", bin="binned", title=titles["x"], axis=alt.Axis(grid=False, format="~s")),
            x2=alt.X2("end:Q"),
            y=alt.Y("count:Q", title=titles["y"], axis=alt.Axis(tickMinStep=1, domain=False, ticks=False)),
            tooltip=tooltip,
        )
        .properties(width="container", height=180, title=_heading(heading))
    )
    return Panel(specification(chart, note))


def counts(rows: Sequence[Row], titles: dict[str, str], heading: str, note: str) -> Panel:
    """A bar a whole number: how many submissions have the value `start`; values that nobody has keep their place."""
    import altair as alt

    found = {int(row["start"]): row["count"] for row in rows}
    values = [{"value": one, "count": found.get(one, 0)} for one in range(min(found), max(found) + 1)]
    tooltip = [alt.Tooltip("value:O", title=titles["x"]), alt.Tooltip("count:Q", title=titles["y"])]
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(color=BAR)
        .encode(
            x=alt.X("value:O", title=titles["x"], axis=alt.Axis(labelAngle=0, ticks=False)),
            y=alt.Y("count:Q", title=titles["y"], axis=alt.Axis(tickMinStep=1, domain=False, ticks=False)),
            tooltip=tooltip,
        )
        .properties(width="container", height=180, title=_heading(heading))
    )
    return Panel(specification(chart, note))


def heat_map(cells: Sequence[Row], title: str, note: str) -> Panel:
    """A correlation matrix with the figures written in; `cells` hold row, column, value and figure."""
    return Panel(*(_heat_map(cells, title, note, width) for width in (28, 12)))


def _heat_map(cells: Sequence[Row], title: str, note: str, width: int) -> dict[str, Any]:
    import altair as alt

    names = list(dict.fromkeys(cell["row"] for cell in cells))
    values = [
        {**cell, "row": wrapped(cell["row"], width, 3), "column": wrapped(cell["column"], width, 3)} for cell in cells
    ]
    order = [wrapped(name, width, 3) for name in names]
    above = 6 + 14 * max((name.count("\n") for name in order), default=0)
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("column:N", sort=None, title=None).axis(
            orient="top", labelAngle=0, labelPadding=above, domain=False, ticks=False
        ),
        y=alt.Y("row:N", sort=None, title=None).axis(domain=False, ticks=False, **room(order)),
    )
    scale = alt.Scale(domain=[-1, 0, 1], range=["#b0552a", "#f4f1ea", "#0a5a6a"], interpolate="lab")
    fill = alt.Color("value:Q", scale=scale, legend=None)
    tooltip = [
        alt.Tooltip("row:N", title=" "),
        alt.Tooltip("column:N", title=" "),
        alt.Tooltip("figure:N", title=title),
    ]
    dark = "datum.value > 0.45 || datum.value < -0.6"
    cells_ = base.mark_rect(stroke="var(--page)", strokeWidth=2).encode(color=fill, tooltip=tooltip)
    figures = base.mark_text(fontSize=15, fontWeight=600).encode(
        text=alt.Text("figure:N"), color=alt.condition(dark, alt.value("#ffffff"), alt.value("#14212b"))
    )
    return specification(alt.layer(cells_, figures).properties(width="container", height=64 * len(order)), note)


def dot(label: str, estimate: tuple[Any, Any, Any], figure: str) -> Row:
    """A line of `dots`: an estimate is its value and the ends of its interval."""
    value, low, high = estimate
    return {"label": label, "value": value, "low": low, "high": high, "figure": figure}


def domain(ends: Iterable[Any], least: float, most: float) -> list[float]:
    """An axis from `least` to `most`, or as far as the ends reach that are known."""
    known = [float(end) for end in ends if not numbers.missing(end)]
    return [min([least, *known]), max([most, *known])]


def dots(rows: Sequence[Row], axis: dict[str, Any], note: str, heading: str = "", labels: int = 30) -> Panel:
    """Estimates with intervals, one a line: `rows` are made by `dot`.

    `axis`: title, domain, and `reference` where a line stands.
    """
    return Panel(*(_dots(rows, axis, note, heading, width) for width in (labels, min(labels, NARROW))))


def _dots(rows: Sequence[Row], axis: dict[str, Any], note: str, heading: str, labels: int) -> dict[str, Any]:
    import altair as alt

    shown = [row for row in rows if not numbers.missing(row["value"])]
    order = _labels(shown, labels, 3)
    values = [{**row, "name": row["label"], "label": label} for row, label in zip(shown, order, strict=True)]
    base = alt.Chart(alt.InlineData(values=values))
    x = alt.X("value:Q", title=axis["title"], scale=alt.Scale(domain=axis["domain"], nice=False))
    x = x.axis(alt.Axis(ticks=False, domain=False, tickCount=4, labelFlush=False, labelOverlap=True))
    y = alt.Y("label:N", sort=None, title=None).axis(domain=False, ticks=False, labelPadding=8, **room(order))
    tooltip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("figure:N", title=axis["title"])]
    layers = [
        base.mark_rule(color=BAR, strokeWidth=2, clip=True).encode(
            x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=y, tooltip=tooltip
        ),
        base.mark_point(filled=True, size=70, opacity=1, color=BAR).encode(x=x, y=y, tooltip=tooltip),
    ]
    if "reference" in axis:
        line = alt.Chart(alt.InlineData(values=[{"at": axis["reference"]}]))
        layers.insert(0, line.mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x=alt.X("at:Q")))
    chart = alt.layer(*layers).properties(width="container", height=_tall(order, 26), title=_heading(heading))
    return specification(chart, note)


def ranges(rows: Sequence[Row], titles: dict[str, str], heading: str, note: str, labels: int = 44) -> Panel:
    """Smallest to largest score thin, one standard deviation thick, the median a tick and the mean a dot."""
    return Panel(*(_ranges(rows, titles, heading, note, width) for width in (labels, NARROW)))


def _ranges(rows: Sequence[Row], titles: dict[str, str], heading: str, note: str, labels: int) -> dict[str, Any]:
    import altair as alt

    order = _labels(rows, labels, 4)
    values = [{**row, "name": row["label"], "label": label} for row, label in zip(rows, order, strict=True)]
    base = alt.Chart(alt.InlineData(values=values))
    y = alt.Y("label:N", sort=None, title=None).axis(domain=False, ticks=False, labelPadding=8, **room(order))
    x = alt.X("minimum:Q", title=titles["x"], scale=alt.Scale(zero=False, nice=True))
    x = x.axis(alt.Axis(domain=False, ticks=False, tickCount=6))
    tooltip = [alt.Tooltip("name:N", title=" ")]
    tooltip += [alt.Tooltip(f"{key}:N", title=titles[key]) for key in ("n", "mean_shown", "median_shown", "span")]
    layers = [
        base.mark_rule(color=GRID, strokeWidth=3).encode(x=x, x2=alt.X2("maximum:Q"), y=y, tooltip=tooltip),
        base.mark_rule(color=BAR_SOFT, strokeWidth=12).encode(
            x=alt.X("below:Q"), x2=alt.X2("above:Q"), y=y, tooltip=tooltip
        ),
        base.mark_tick(color=INK, thickness=2, height=14).encode(x=alt.X("median:Q"), y=y, tooltip=tooltip),
        base.mark_point(filled=True, size=80, opacity=1, color=BAR).encode(x=alt.X("mean:Q"), y=y, tooltip=tooltip),
    ]
    chart = alt.layer(*layers).properties(width="container", height=_tall(order, 30), title=_heading(heading))
    return specification(chart, note)
