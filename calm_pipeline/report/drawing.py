"""From a chart to what stands in the page: a specification for the browser, and a static image whose text is text."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from markupsafe import Markup

FONT = "Arial"
"""Only what the static image is measured with, which takes five times as long with a Chinese font. Where room depends
on a text it is reckoned by `charts.room`, and the page sets its own fonts."""
WIDTH = 700
INK, MUTED, GRID = "var(--ink)", "var(--muted)", "var(--grid)"
BAR, BAR_SOFT, MARK = "var(--bar)", "var(--bar-soft)", "var(--mark)"
CONFIG: dict[str, Any] = {
    "background": "transparent",
    "aria": False,
    "lineBreak": "\n",
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domainColor": GRID,
        "tickColor": GRID,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelLimit": 0,
    },
    "header": {"labelColor": INK, "labelFontSize": 13, "labelFontWeight": 600},
    "legend": {"labelColor": INK, "titleColor": MUTED, "labelFontSize": 12, "titleFontSize": 12},
    "title": {"color": INK, "subtitleColor": MUTED, "fontSize": 13, "subtitleFontSize": 11, "anchor": "start"},
    "text": {"color": INK, "fontSize": 12},
}
"""Colours are the page's own, so that a chart follows it into the dark."""


def specification(chart: Any, note: str = "") -> dict[str, Any]:
    """The chart as Vega-Lite; what must be said of the data (`note`) stands in the picture itself."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec.pop("$schema", None)
    spec.pop("config", None)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    heading = spec.pop("title", {}).get("text", "")
    if heading or note:
        colour = INK if heading else MARK
        style = {"color": colour, "subtitleColor": MARK, "fontSize": 13 if heading else 11, "offset": 8}
        spec["title"] = {"text": heading or note, "subtitle": note if heading else "", **style}
        spec["title"] |= {} if heading else {"fontWeight": "normal"}
    return spec


@cache
def bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, safe in a script element."""
    import vl_convert

    made = vl_convert.javascript_bundle(None)  # type: ignore[arg-type]
    return str(made).replace("</script", "<\\/script").replace("<!--", "<\\!--")


def picture(spec: Mapping[str, Any], key: str, width: int = WIDTH) -> Markup:
    """The static image as SVG to stand inside the page; its ids begin with `key`.

    The renderer counts its ids on from picture to picture; here each has a count of its own, so that its bytes do not
    depend on what was drawn before.
    """
    import vl_convert

    fixed = {**spec, "width": width, "config": {**CONFIG, "font": FONT}}
    svg = str(vl_convert.vegalite_to_svg(fixed)).replace(f' font-family="{FONT}"', "")
    ids = {name: f"{key}-{at}" for at, name in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)), 1)}
    svg = re.sub(r'\bid="([^"]+)"', lambda found: f'id="{ids[found[1]]}"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", lambda found: f"url(#{ids[found[1]]})", svg)
    return Markup(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704
