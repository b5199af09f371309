"""By what libraries are grouped where figures are published by group: `schemas/groupings.yaml` as a model."""

from bisect import bisect_right
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field as Described

from calm_pipeline.declared import load
from calm_pipeline.survey.model import Frozen, Key, Label, Words

REST = "rest"
Begin = Annotated[int, Described(ge=1)]


class Grouping(Words):
    """Groups by a column of the register: its values, or bands of its numbers; `en` and `zh` say by what."""

    column: Literal["province", "type", "staff_count"]
    groups: dict[Label, Words] = Described(default_factory=dict, description="Values of the column, in order.")
    begins: tuple[Begin, ...] = Described((), description="Where each band of a number begins.")

    def group(self, value: str | int) -> str:
        """The name of the group to which a library with this value belongs.

        >>> sizes = Grouping(column="staff_count", begins=(80, 100), en="Staff", zh="职工")
        >>> sizes.group(99), sizes.group(100), sizes.group(7)
        ('80-99', '100+', '0-79')
        """
        if isinstance(value, str):
            return value
        starts = (0, *sorted(self.begins))
        place = bisect_right(starts, value)
        return f"{starts[place - 1]}-{starts[place] - 1}" if place < len(starts) else f"{starts[-1]}+"

    def label(self, group: str) -> Words:
        """What a person reads for a group; one that is not declared is shown by its name."""
        if self.column == "staff_count":
            return Words(
                en=f"{group.replace('-', '–')} staff",
                zh=f"{group.replace('+', ' 人及以上').replace('-', '–')}" + ("" if "+" in group else " 人"),
            )
        return self.groups.get(group, Words(en=group, zh=group))

    def place(self, group: str) -> tuple[int, str]:
        """By what groups are ordered: as declared or by size, then by name."""
        if self.column == "staff_count":
            return int(group.rstrip("+").partition("-")[0]), group
        return list(self.groups).index(group) if group in self.groups else len(self.groups), group


class Groupings(Frozen):
    """Every grouping, and the smallest number of libraries that a figure by group may be about."""

    threshold: Annotated[int, Described(ge=2)]
    extremes: Annotated[int, Described(ge=2, description="Libraries a group needs for its smallest and largest.")] = 10
    rest: Words
    groupings: dict[Key, Grouping]

    @property
    def smallest(self) -> int:
        """Libraries a group needs to stand alone: with fewer, no count of it could ever be shown."""
        return 2 * self.threshold

    @property
    def alone(self) -> tuple[int, int]:
        """What a group needs to stand alone: libraries that answered, and libraries that did not."""
        return self.smallest, self.threshold


def load_groupings(file: Path) -> Groupings:
    """Read `schemas/groupings.yaml`."""
    return load(file, Groupings)
