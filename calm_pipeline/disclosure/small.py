"""Which groups are too small to stand alone, and are gathered with others until all together are large enough."""

from collections.abc import Mapping

Size = tuple[int, ...]


def gathered(groups: Mapping[str, Size], least: Size) -> set[str]:
    """The groups that may not stand alone, each given by one or more counts that have to reach those of `least`.

    If the gathered ones together are too small still, the next larger group joins them: what is known of the whole
    and of all other groups would tell of them otherwise.

    >>> sorted(gathered({"a": (2,), "b": (4,), "c": (9,)}, (3,)))
    ['a', 'b']
    """
    found: list[str] = []
    for name, size in sorted(groups.items(), key=lambda group: (_stands(group[1], least), group[1], group[0])):
        together = tuple(map(sum, zip(*(groups[one] for one in found), strict=True)))
        if _stands(size, least) and (not found or _stands(together, least)):
            break
        found.append(name)
    return set(found)


def _stands(size: Size, least: Size) -> bool:
    return all(one >= needed for one, needed in zip(size, least, strict=True))
