"""One notice as several messages, where a channel's messages are shorter than what there is to say."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

from calm_pipeline.channels.notice import Group, Notice, Page

_MOST = 2000  # lines in one message
_Piece = tuple[int, int]


def pages(notice: Notice, fits: Callable[[Page], bool]) -> list[Page]:
    """The notice on as few pages as hold it in order; lines are never split, and each page repeats title and foot.

    A page of one line is made even if it does not fit: `plain.cleaned` keeps lines below every limit.
    """
    rest = [(g, n) for g, group in enumerate(notice.groups) for n in range(max(1, len(group.lines)))]
    sheets = []
    while rest:
        size = max(1, _fitting(notice, rest[:_MOST], fits))
        sheets.append(rest[:size])
        rest = rest[size:]
    return [Page(_part(notice, sheet), n, len(sheets) or 1) for n, sheet in enumerate(sheets or [[]], 1)]


def _fitting(notice: Notice, rest: list[_Piece], fits: Callable[[Page], bool]) -> int:
    """How many pieces one message holds, with room for the widest mark."""
    return bisect_left(
        range(1, len(rest) + 1), True, key=lambda size: not fits(Page(_part(notice, rest[:size]), 999, 999))
    )


def _part(notice: Notice, sheet: list[_Piece]) -> Notice:
    groups = []
    for g, pieces in groupby(sheet, key=lambda piece: piece[0]):
        places = [n for _, n in pieces]
        groups.append(Group(notice.groups[g].head, notice.groups[g].lines[places[0] : places[-1] + 1]))
    return replace(notice, groups=tuple(groups))
