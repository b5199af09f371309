"""The invented library register, and which of its libraries answer, could answer, or may not."""

from dataclasses import dataclass

from calm_pipeline.reconstruct.assumptions import LibraryType, RegisterShape
from calm_pipeline.reconstruct.chance import Chance

Library = dict[str, str]


@dataclass(frozen=True)
class Register:
    """All rows of the register, and the rows by what may be done with them.

    `eligible` libraries come in the order in which they are drawn. `shared_alias` belongs to two of the libraries.
    """

    rows: list[Library]
    eligible: list[Library]
    too_small: list[Library]
    staff_unknown: list[Library]
    shared_alias: str


def invent_register(shape: RegisterShape, staff_at_least: int, chance: Chance) -> Register:
    """Libraries with invented names in real provinces, ids ascending."""
    rows = _named(shape, chance)
    mixed = chance.shuffled(rows)
    unknown, small = mixed[: shape.staff_unknown], mixed[shape.staff_unknown :][: shape.below_threshold]
    eligible = mixed[shape.staff_unknown + shape.below_threshold :]
    least, most = shape.staff
    for library in small:
        library["staff_count"] = str(least + chance.below(staff_at_least - least))
    for library in eligible:
        library["staff_count"] = str(chance.skewed(staff_at_least, most))
    return Register(rows, eligible, small, unknown, _share_alias(rows))


def _named(shape: RegisterShape, chance: Chance) -> list[Library]:
    places = [
        (first + second, start + end) for first, start in shape.first.items() for second, end in shape.second.items()
    ]
    rows: list[Library] = []
    for zh, en in chance.shuffled(places)[: shape.places]:
        province = chance.pick(list(shape.provinces))
        for type_ in chance.shuffled(list(shape.types))[: shape.libraries_per_place]:
            row = _library(zh, en, shape.types[type_], chance)
            rows.append({"library_id": f"L{len(rows) + 1:03d}", **row, "province": province, "type": type_})
    return [{**row, "staff_count": ""} for row in rows]


def _library(place: str, english: str, type_: LibraryType, chance: Chance) -> Library:
    aliases = [f"{place}{type_.short}图书馆"] * chance.happens(0.7)
    aliases += [f"{place}{type_.zh}图文信息中心"] * chance.happens(0.25)
    return {
        "name_zh": f"{place}{type_.zh}图书馆",
        "name_en": f"{type_.en.format(english)} Library",
        "aliases": "|".join(aliases),
    }


def _share_alias(rows: list[Library]) -> str:
    """Give the first two libraries, which stand in one place, an alias in common."""
    alias = f"{rows[0]['name_zh'][:2]}高校联合图书馆"
    for library in rows[:2]:
        library["aliases"] = "|".join(filter(None, (library["aliases"], alias)))
    return alias
