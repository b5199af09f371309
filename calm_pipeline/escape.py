"""Text made harmless for the program that will open it next."""

FORMULA = "=+-@\t\r\n＝＋－＠"


def formula_safe(text: str) -> str:
    """Text that a spreadsheet program shows and does not calculate: with an apostrophe before what begins a formula.

    For cells that hold text; a number is no text and stays as it is.

    >>> formula_safe("=1+1"), formula_safe("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if text.startswith(tuple(FORMULA)) else text
