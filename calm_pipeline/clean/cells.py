"""What one cell says: silence marks, tokens of a choice, numbers, text; by text and by number."""

from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from calm_pipeline.canonical import CONTROL, INVISIBLE, canonical, canonical_expr
from calm_pipeline.survey import Option

SKIPPED, BLANK = ("(跳过)", "（跳过）"), ("(空)", "（空）", "")
BREAK = "\x1f"
FILLED = "〖([^〗]*)〗"
OUTSIDE_FILLED = "((?:[^┋→〖]|〖[^〗]*〗)+)[┋→]?"


def said(cell: ir.StringValue) -> ir.StringValue:
    """`answered`, `blank` or `not_asked` as the cell itself has it; an absent cell is blank."""
    bare = cell.strip()
    return ibis.cases((bare.isin(SKIPPED), "not_asked"), (bare.isnull() | bare.isin(BLANK), "blank"), else_="answered")


def said_by_numbers(cell: ir.StringValue, *, zero_is_blank: bool) -> ir.StringValue:
    """The same for a by-number cell, or for the option cells of one question joined by ┋."""
    blank = "(-2|0|)" if zero_is_blank else "(-2|)"
    return ibis.cases(
        (cell.re_search(r"^-3(┋-3)*\z").fill_null(False), "not_asked"),
        (cell.isnull() | cell.re_search(rf"^{blank}(┋{blank})*\z"), "blank"),
        else_=said(cell),
    )


def plain(cell: ir.StringValue) -> ir.StringValue:
    """Text without characters that nobody sees; null if nothing is left."""
    text = cell.re_replace(CONTROL, "").strip()
    return ibis.ifelse(text.re_replace(INVISIBLE, "") == "", ibis.null("string"), text)


def labels(cell: ir.StringValue) -> ir.ArrayValue:
    """The canonical labels of the chosen options, in the order written, without what was filled into their blanks."""
    return canonical_expr(cell.re_replace(FILLED, "")).replace("→", "┋").split("┋")


def tokens(cell: ir.StringValue) -> ir.ArrayValue:
    """The chosen options as written, with what was filled into their blanks; one token a label."""
    return cell.re_replace(CONTROL, "").re_replace(OUTSIDE_FILLED, rf"\1{BREAK}").split(BREAK)


def chosen(labels_: ir.ArrayValue, option: Option) -> ir.BooleanValue:
    """Whether the option is among the labels."""
    return reduce(or_, (labels_.contains(name) for name in names(option))).fill_null(False)


def filled(tokens_: ir.ArrayValue, labels_: ir.ArrayValue, option: Option) -> ir.StringValue:
    """What was written into the blank of `option`; null if nothing was."""
    place = ibis.greatest(*(labels_.index(name) for name in names(option)))
    return plain(ibis.ifelse(place >= 0, tokens_[place].re_extract(FILLED, 1), ibis.null(str)))


def names(option: Option) -> list[str]:
    """Every canonical form under which an export may show the option."""
    return list(dict.fromkeys(map(canonical, (option.zh, option.en, *option.aliases))))


def digits(cell: ir.StringValue) -> ir.StringValue:
    """A number's characters in ASCII, without spaces around and without the `.0` that spreadsheets add."""
    return cell.translate("０１２３４５６７８９－．", "0123456789-.").strip().re_replace(r"\.0+\z", "")


def integer(cell: ir.StringValue) -> ir.IntegerValue:
    """The whole number a cell holds; null if it holds anything else."""
    number = digits(cell)
    return ibis.ifelse(number.re_search(r"^-?[0-9]{1,15}\z"), number, ibis.null(str)).try_cast("int64")
