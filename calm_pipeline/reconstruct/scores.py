"""The three definitions of an index and their correlation, in arithmetic that rounds alike everywhere.

Plain loops: the built-in sum of floats changed with Python 3.12.
"""

from collections.abc import Sequence
from math import sqrt

from calm_pipeline.reconstruct.sample import Column, Sample

Scores = list[float]
Counts = dict[str, Column]


def tick_counts(sample: Sample, index: str) -> Counts:
    """For each question of an index the number of substantive options each library ticked."""
    questions = sample.survey.indices[index].questions
    return {
        key: [sum(sample.ticks[key][name][one] for name in options) for one in range(sample.size)]
        for key in questions
        for options in [sample.survey.questions[key].substantive]
    }


def sums(sample: Sample, counts: Counts) -> Scores:
    """All ticks."""
    return [float(sum(column[one] for column in counts.values())) for one in range(sample.size)]


def mean_shares(sample: Sample, counts: Counts) -> Scores:
    """The mean over the questions a library was asked of ticked / offered."""
    totals, asked = [0.0] * sample.size, [0] * sample.size
    for key, column in counts.items():
        offered = len(sample.survey.questions[key].substantive)
        for one, ticked in enumerate(column):
            if sample.asked[key][one]:
                totals[one] += ticked / offered
                asked[one] += 1
    return [total / n for total, n in zip(totals, asked, strict=True)]


def mean_zs(sample: Sample, counts: Counts) -> Scores:
    """The mean over the questions of the z-score with the population's standard deviation."""
    totals, size = [0.0] * sample.size, sample.size
    for column in counts.values():
        mean = sum(column) / size
        spread = sqrt((size * sum(ticked * ticked for ticked in column) - sum(column) * sum(column)) / (size * size))
        for one, ticked in enumerate(column):
            totals[one] += (ticked - mean) / spread
    return [total / len(counts) for total in totals]


DEFINITIONS = {"sum": sums, "mean_share": mean_shares, "mean_z": mean_zs}


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean."""
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


def centred(values: Scores) -> Scores:
    """Differences from the mean, scaled so that their squares add up to one."""
    middle = mean(values)
    differences = [value - middle for value in values]
    length = sqrt(product(differences, differences))
    return [difference / length for difference in differences]


def product(one: Scores, other: Scores) -> float:
    """The scalar product; of two centred scores their correlation."""
    total = 0.0
    for a, b in zip(one, other, strict=True):
        total += a * b
    return total
