"""One notice as several messages, where a channel's messages are shorter than what there is to say."""

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

from calm_pipeline.channels.notice import Group, Notice, Page

_Piece = tuple[int, int]


def pages(notice: Notice, fits: Callable[[Page], bool]) -> tuple[Page, ...]:
    """The notice on as few pages as hold it in order; lines are never split, and each page repeats title and foot.

    A page of one line is made even if it does not fit: `plain.cleaned` keeps lines below every limit.
    """
    pieces = [(g, n) for g, group in enumerate(notice.groups) for n in range(max(1, len(group.lines)))]
    sheets: list[list[_Piece]] = [[]]
    for piece in pieces:
        if sheets[-1] and not fits(Page(_part(notice, [*sheets[-1], piece]), 999, 999)):
            sheets.append([])
        sheets[-1].append(piece)
    return tuple(Page(_part(notice, sheet), n, len(sheets)) for n, sheet in enumerate(sheets, 1))


def _part(notice: Notice, sheet: list[_Piece]) -> Notice:
    groups = []
    for g, pieces in groupby(sheet, key=lambda piece: piece[0]):
        places = [n for _, n in pieces]
        groups.append(Group(notice.groups[g].head, notice.groups[g].lines[places[0] : places[-1] + 1]))
    return replace(notice, groups=tuple(groups))
