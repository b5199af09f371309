"""No suppressed cell can be worked out: an attacker who tries every table finds room around each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calm_pipeline.disclosure import Relations, System, protect, reach
from tests.disclosure.tables import THRESHOLD, choices, possible, spans, ticks

TABLES = st.one_of(ticks(), choices())


@given(TABLES)
def test_every_small_cell_is_hidden_and_open_and_no_hidden_cell_is_a_point(made: tuple[System, np.ndarray]) -> None:
    system, small = made
    hidden = protect(system, small, THRESHOLD).hidden
    found, most = list(spans(system, hidden)), list(spans(system, np.ones(len(small), bool)))
    for cell, is_small in enumerate(small):
        if hidden[cell]:
            assert found[cell] >= (min(THRESHOLD, most[cell]) if is_small else 1)
            assert found[cell] >= 1
        elif is_small:
            assert most[cell] == 0, "only what the totals give away anyway is shown"


@given(TABLES, st.data())
def test_the_attack_finds_what_trying_every_table_finds(made: tuple[System, np.ndarray], data: st.DataObject) -> None:
    system, small = made
    hidden = np.array(data.draw(st.lists(st.booleans(), min_size=len(small), max_size=len(small))))
    found = reach(system, hidden, np.full(len(small), 99))
    tables = possible(system, hidden)
    assert found.low.tolist() == tables.min(axis=0).tolist()
    assert found.high.tolist() == tables.max(axis=0).tolist()


def row(counts: list[int], size: int = 10) -> System:
    relations = Relations()
    cells = [relations.cell(count, 0, size) for count in counts]
    relations.relate(cells, [], sum(counts), sum(counts))
    return relations.system()


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([5, 5, 5], [0, 0, 0]),  # nothing is small, nothing is hidden
        ([1, 5, 4], [1, 0, 1]),  # the companion is the cell nearest to being small
        ([1, 2, 5], [1, 1, 0]),  # two that add up to 3 may each be anything from 0 to 3
        ([1, 1, 5], [1, 1, 1]),  # two that add up to 2 may not
        ([9, 5, 3], [1, 0, 1]),  # absence counts as presence does
        ([0, 0, 0], [0, 0, 0]),  # a total of 0 tells all by itself
        ([10, 10, 10], [0, 0, 0]),
        ([1, 0, 0], [1, 1, 1]),
    ],
)
def test_companions(counts: list[int], hidden: list[int]) -> None:
    small = np.array([min(count, 10 - count) < THRESHOLD for count in counts])
    assert protect(row(counts), small, THRESHOLD).hidden.tolist() == [bool(one) for one in hidden]


def test_without_a_companion_the_attacker_wins() -> None:
    """The test of the test: what one equation gives away is seen as given away."""
    system = row([1, 6, 4])
    found = reach(system, np.array([True, False, False]), np.full(3, 3))
    assert (found.low[0], found.high[0]) == (1, 1)


def test_fractions_are_no_way_out() -> None:
    """No two of three cells may be 1 together: halves add up to 1.5, whole numbers to 1 at most."""
    relations = Relations()
    cells = [relations.cell(0, 0, 1) for _ in range(3)]
    together = relations.cell(0, 0, 3)
    for pair in ([0, 1], [1, 2], [0, 2]):
        relations.relate(pair, [], 0, 1)
    relations.relate(cells, [together])
    system = relations.system()
    found = reach(system, np.ones(4, bool), np.full(4, 9))
    assert found.high.tolist() == [1, 1, 1, 1] == possible(system, np.ones(4, bool)).max(axis=0).tolist()


def test_nothing_to_protect() -> None:
    assert protect(row([4, 5]), np.zeros(2, bool), THRESHOLD).width.tolist() == [0, 0]
