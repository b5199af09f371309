"""The suite of a published table: what its contract promises, and what the survey and the tables before it imply."""

from collections.abc import Iterator
from itertools import pairwise

from calm_pipeline.expectations.counts import COUNTS, Look
from calm_pipeline.expectations.expectation import Expectation, Suite, at_most, between, unique, within
from calm_pipeline.survey import Survey, Words
from calm_pipeline.tables import Contract


def suite_of(name: str, contract: Contract, survey: Survey, look: Look) -> Suite:
    """The suite of the published table `name` of the edition of `survey`.

    `look` gives the other tables of that edition by name; only such from which this one is made are looked at.
    """
    promised = list(_promised(contract, survey.edition))
    counted = list(COUNTS[name](contract, survey, look)) if name in COUNTS else []
    return Suite(name, name, survey.edition, [*promised, *counted])


def _promised(contract: Contract, edition: str) -> Iterator[Expectation]:
    yield unique("key", contract.key, _key_in_words(contract.key))
    if "edition" in contract.columns:
        words = Words(en=f"Every row belongs to the edition {edition}.", zh=f"所有行均属于 {edition} 年度。")
        yield within("edition", "edition", [edition], words)
    for column, about in contract.columns.items():
        if about.between:
            low, high = about.between
            words = Words(
                en=f"`{column}` lies between {low:g} and {high:g}.",
                zh=f"`{column}` 的取值在 {low:g} 至 {high:g} 之间。",
            )
            yield between(f"{column}_in_range", column, about.between, words)
    for chain in contract.ascending:
        for smaller, larger in pairwise(chain):
            words = Words(en=f"`{smaller}` is at most `{larger}`.", zh=f"`{smaller}` 不大于 `{larger}`。")
            yield at_most(f"{smaller}_at_most_{larger}", smaller, larger, words)


def _key_in_words(key: tuple[str, ...]) -> Words:
    names = [f"`{column}`" for column in key]
    return Words(en=f"No two rows have the same {' and '.join(names)}.", zh=f"没有两行的 {'、'.join(names)} 完全相同。")
