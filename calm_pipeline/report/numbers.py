"""Numbers as the report prints them; what does not exist prints a dash."""

from typing import Any

import pandas as pd

from calm_pipeline.report_tables import coefficient, percent

NOTHING = "–"
LEVEL = "95%"
"""The level of every interval in the tables."""


def missing(value: Any) -> bool:
    """Whether the warehouse has no value there."""
    return value is None or bool(pd.isna(value))


def text(value: Any) -> str:
    """Text as it is."""
    return NOTHING if missing(value) else str(value)


def whole(value: Any) -> str:
    """A count, with thin gaps between thousands.

    >>> whole(12345), whole(None)
    ('12\\u202f345', '–')
    """
    return NOTHING if missing(value) else f"{int(value):,}".replace(",", "\u202f")


def tidy(value: Any) -> str:
    """A count, or what lies between two, without decimals that say nothing.

    >>> tidy(100.0), tidy(2.5)
    ('100', '2.5')
    """
    return whole(value) if not missing(value) and float(value).is_integer() else decimal(1)(value)


def share(value: Any) -> str:
    """A share in percent, with the decimals of the published report.

    >>> share(113 / 122), share(1.0), share(0)
    ('92.62%', '100%', '0%')
    """
    return NOTHING if missing(value) else f"{value * 100:.2f}%" if 0 < value < 1 else f"{value * 100:.0f}%"


def points(value: Any) -> str:
    """A difference of shares, in percentage points with its sign.

    >>> points(-0.0312), points(0.0)
    ('−3.12', '+0.00')
    """
    return NOTHING if missing(value) else f"{value * 100:+z.2f}".replace("-", "−")


def decimal(places: int) -> Any:
    """A formatter for numbers with so many decimals."""

    def shown(value: Any) -> str:
        return NOTHING if missing(value) else f"{value:z.{places}f}".replace("-", "−")

    return shown


def signed(value: float | None) -> str:
    """A difference with its sign, one decimal."""
    shown = decimal(1)(value)
    return f"+{shown}" if value is not None and value > 0 else shown


def probability(value: Any) -> str:
    """A p-value; below a thousandth only that is said.

    >>> probability(0.0421), probability(1e-9)
    ('0.042', '< 0.001')
    """
    if missing(value):
        return NOTHING
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def compared(value: Any) -> str:
    """A p-value with its sign, to stand after "p".

    >>> compared(0.0421), compared(1e-9)
    ('= 0.042', '< 0.001')
    """
    shown = probability(value)
    return shown if shown.startswith("<") else f"= {shown}"


def interval(low: Any, high: Any) -> str:
    """An interval of shares, in percent.

    >>> interval(0.057, 0.164)
    '5.70–16.40%'
    """
    return NOTHING if missing(low) or missing(high) else f"{low * 100:.2f}–{high * 100:.2f}%"


def spread(low: Any, high: Any) -> str:
    """An interval of coefficients, two decimals each.

    >>> spread(-0.1, 0.713)
    '[−0.10, 0.71]'
    """
    if missing(low) or missing(high):
        return NOTHING
    return f"[{coefficient(low)}, {coefficient(high)}]".replace("-", "−")


def r(value: Any) -> str:
    """A coefficient as the report prints it."""
    return NOTHING if missing(value) else coefficient(value).replace("-", "−")


__all__ = ["LEVEL", "NOTHING", "coefficient", "compared", "decimal", "interval", "missing", "percent", "points"]
__all__ += ["probability", "r", "share", "signed", "spread", "text", "tidy", "whole"]
