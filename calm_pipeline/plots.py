"""The two pictures a person looks for in the Dagster UI, as Markdown images; the report draws its own."""

from base64 import b64encode

import ibis.expr.types as ir
import pandas as pd

from calm_pipeline.engine import collect


def heat_map(correlations: pd.DataFrame) -> str:
    """Pearson correlations of the indices (sum definition), symmetric, with the figures written in."""
    import altair

    pairs = correlations[correlations["definition"] == "sum"][["index_a", "index_b", "pearson"]]
    mirrored = pairs.rename(columns={"index_a": "index_b", "index_b": "index_a"})
    base = altair.Chart(pd.concat([pairs, mirrored])).encode(
        x=altair.X("index_a:N", title=None), y=altair.Y("index_b:N", title=None)
    )
    cells = base.mark_rect().encode(
        color=altair.Color("pearson:Q", scale=altair.Scale(domain=[0, 1], scheme="blues"), title="Pearson r")
    )
    figures = base.mark_text(fontSize=14).encode(text=altair.Text("pearson:Q", format=".2f"))
    return _image((cells + figures).properties(width=240, height=240), "Correlations between the indices")


def distributions(scores: ir.Table) -> str:
    """How the sums of each index are distributed over the accepted submissions."""
    import altair

    frame = collect(scores.select("index_name", "sum"))
    chart = (
        altair.Chart(frame)
        .mark_bar()
        .encode(
            x=altair.X("sum:Q", bin=altair.Bin(maxbins=20), title="options ticked"),
            y=altair.Y("count():Q", title="submissions"),
            column=altair.Column("index_name:N", title=None),
        )
    )
    return _image(chart.properties(width=180, height=160), "Distribution of the indices")


def _image(chart: object, title: str) -> str:
    import vl_convert

    picture = vl_convert.vegalite_to_png(chart.to_json(), scale=1.5)  # type: ignore[attr-defined]
    return f"![{title}](data:image/png;base64,{b64encode(picture).decode()})"
