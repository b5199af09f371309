"""What everybody can know about the cells of published tables: their bounds, and the linear relations between them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class System:
    """Cells and relations as arrays.

    The `values` of n cells lie between `lower` and `upper`; m relations say that `at_least <= relations @ values <=
    at_most`, and one whose two sides are equal is an equation.
    """

    values: Integers
    lower: Integers
    upper: Integers
    relations: sparse.csr_array
    at_least: Floats
    at_most: Floats

    @property
    def equations(self) -> Mask:
        """Which relations are equations."""
        mask: Mask = self.at_least == self.at_most
        return mask


@dataclass
class Relations:
    """Gathers cells, by number, and what relates them."""

    cells: list[tuple[int, int, int]] = field(default_factory=list)
    rows: list[dict[int, int]] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)

    def cell(self, value: int, lower: int, upper: int) -> int:
        """A new cell, of which everybody knows that it lies between the bounds; returns its number."""
        self.cells.append((value, lower, upper))
        return len(self.cells) - 1

    def relate(self, plus: Iterable[int], minus: Iterable[int], at_least: float = 0, at_most: float = 0) -> None:
        """The cells of `plus` less those of `minus` add up to something between the bounds; by default to nothing."""
        row: dict[int, int] = {}
        for sign, cells in ((1, plus), (-1, minus)):
            for cell in cells:
                row[cell] = row.get(cell, 0) + sign
        self.rows.append(row)
        self.bounds.append((at_least, at_most))

    def system(self) -> System:
        """All of it as arrays."""
        places = [(n, cell, sign) for n, row in enumerate(self.rows) for cell, sign in row.items()]
        down, across, signs = (
            (np.array(part) for part in zip(*places, strict=True)) if places else [np.zeros(0, int)] * 3
        )
        shape = (len(self.rows), len(self.cells))
        cells = np.array(self.cells, np.int64).reshape(-1, 3)
        bounds = np.array(self.bounds, float).reshape(-1, 2)
        relations = sparse.csr_array((signs.astype(float), (down, across)), shape=shape)
        return System(cells[:, 0], cells[:, 1], cells[:, 2], relations, bounds[:, 0], bounds[:, 1])
