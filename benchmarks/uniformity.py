"""Are numbers uniform on [0, 1]? Kolmogorov & Smirnov, Anderson & Darling, p-values without a statistics package."""

import numpy as np
from numpy.typing import NDArray

_N_TERMS = 100
_N_REPLICATES = 2000


def kolmogorov_p_value(ordered: NDArray[np.float64]) -> float:
    """Return the p-value of the largest distance (Kolmogorov 1933; the small-sample form of Stephens 1970).

    >>> kolmogorov_p_value((np.arange(100) + 0.5) / 100) > 0.99
    True
    >>> kolmogorov_p_value(np.linspace(0, 0.5, 100)) < 1e-6
    True
    """
    n = len(ordered)
    if not n:
        return 1.0
    ranks = np.arange(n)
    distance = float(max((ordered - ranks / n).max(), ((ranks + 1) / n - ordered).max()))
    scaled = (n**0.5 + 0.12 + 0.11 / n**0.5) * distance
    if scaled < 0.2:  # the series does not converge there, and the value is 1 to twelve digits
        return 1.0
    terms = np.arange(1, _N_TERMS + 1)
    return float(np.clip(2 * ((-1.0) ** (terms - 1) * np.exp(-2 * terms**2 * scaled**2)).sum(), 0, 1))


def anderson_darling_p_value(ordered: NDArray[np.float64], *, seed: int) -> float:
    """Return the p-value of A^2 (Anderson & Darling 1954), by drawing uniform numbers."""
    n = len(ordered)
    if not n:
        return 1.0
    rng = np.random.default_rng(seed)
    observed = _statistic(ordered)
    drawn = (_statistic(np.sort(rng.uniform(size=n))) for _ in range(_N_REPLICATES))
    return (1 + sum(value >= observed for value in drawn)) / (_N_REPLICATES + 1)


def _statistic(ordered: NDArray[np.float64]) -> float:
    n = len(ordered)
    values = np.clip(ordered, 1e-12, 1 - 1e-12)
    odd = 2 * np.arange(1, n + 1) - 1
    return float(-n - (odd * (np.log(values) + np.log1p(-values[::-1]))).mean())
