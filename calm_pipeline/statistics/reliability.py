"""How consistently items measure: alpha, which is KR-20 of items scored 0 and 1, omega, and single items."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from calm_pipeline.statistics.correlation import pearson
from calm_pipeline.statistics.estimate import Floats, varies


def alpha(items: Floats) -> float | None:
    """Coefficient alpha of `items` (n x k). Of items scored 0 and 1 it is Kuder and Richardson's formula 20.

    Cronbach (1951), Psychometrika 16, 297-334; Kuder and Richardson (1937), Psychometrika 2, 151-160. None for fewer
    than three rows or two items, or if the sum does not vary.
    """
    k = items.shape[1]
    if k < 2 or not varies(total := items.sum(axis=1)):
        return None
    return float(k / (k - 1) * (1 - items.var(axis=0).sum() / total.var()))


def alpha_interval(value: float | None, n: int, items: int) -> tuple[float, float] | None:
    """95% interval of alpha by the F distribution; Feldt (1965), Psychometrika 30, 357-370."""
    if value is None:
        return None
    upper, lower = (float(stats.f.ppf(q, n - 1, (n - 1) * (items - 1))) for q in (0.975, 0.025))
    return 1 - (1 - value) * upper, 1 - (1 - value) * lower


def omega(items: Floats) -> float | None:
    """Omega total of a one-factor solution (principal axes) of the items that vary, in the items' own units.

    McDonald (1999), Test Theory, 6.4: (sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances). None for
    fewer than three such items, or where the solution gives an item a negative unique variance.
    """
    from statsmodels.multivariate.factor import Factor

    kept = items[:, [varies(column) for column in items.T]] if len(items) > 2 else items[:, :0]
    if kept.shape[1] < 3:
        return None
    spread = kept.std(axis=0)
    found = Factor(corr=np.corrcoef(kept.T), n_factor=1, method="pa", smc=False).fit(maxiter=2000)
    unique = 1 - found.loadings[:, 0] ** 2
    if (unique < 0).any():
        return None
    common = float(spread @ found.loadings[:, 0]) ** 2
    return common / (common + float(unique @ spread**2))


@dataclass(frozen=True)
class Item:
    """What one item does in its scale."""

    rest: float | None
    alpha_without: float | None


def item_rest(items: Floats) -> list[Item]:
    """Each item's correlation with the sum of the others, and alpha without it; Nunnally (1978), ch. 8.

    None where the item or the rest does not vary.
    """
    total = items.sum(axis=1)
    return [
        Item(pearson(column, total - column).value, alpha(np.delete(items, place, axis=1)))
        for place, column in enumerate(items.T)
    ]
