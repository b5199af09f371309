"""The two pictures a person looks for in the Dagster UI, as Markdown images."""

from base64 import b64encode
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from calm_pipeline.engine import collect, value


def heat_map(correlations: pd.DataFrame, editions: ir.Table) -> str:
    """Pearson correlations of the indices (sum definition), symmetric, with the figures written in."""
    import altair

    pairs = correlations[correlations["definition"] == "sum"][["index_a", "index_b", "pearson"]]
    mirrored = pairs.rename(columns={"index_a": "index_b", "index_b": "index_a"})
    base = altair.Chart(pd.concat([pairs, mirrored])).encode(
        x=altair.X("index_a:N", title=None), y=altair.Y("index_b:N", title=None)
    )
    cells = base.mark_rect().encode(
        color=altair.Color("pearson:Q", scale=altair.Scale(domain=[-1, 1], scheme="blueorange"), title="Pearson r")
    )
    figures = base.mark_text(fontSize=14).encode(text=altair.Text("pearson:Q", format=".2f"))
    return _image((cells + figures).properties(width=240, height=240), "Correlations between the indices", editions)


def distributions(scores: ir.Table, editions: ir.Table) -> str:
    """How the sums of each index are distributed over the accepted submissions."""
    import altair

    frame = collect(scores.group_by("index_name", "sum").agg(submissions=scores.count()).order_by("index_name", "sum"))
    chart = (
        altair.Chart(frame)
        .mark_bar()
        .encode(
            x=altair.X("sum:Q", bin=altair.Bin(maxbins=20), title="options ticked"),
            y=altair.Y("sum(submissions):Q", title="submissions"),
            column=altair.Column("index_name:N", title=None),
        )
    )
    return _image(chart.properties(width=180, height=160), "Distribution of the indices", editions)


def _image(chart: Any, title: str, editions: ir.Table) -> str:
    """A picture with its title; what rests on reconstructed answers says so in the picture itself."""
    import altair
    import vl_convert

    note = "reconstructed from published figures" if value(editions.reconstructed.any()) else ""
    titled = chart.properties(title=altair.TitleParams(title, subtitle=note))
    picture = vl_convert.vegalite_to_png(titled.to_json(), scale=1.5)
    return f"![{title}](data:image/png;base64,{b64encode(picture).decode()})"
