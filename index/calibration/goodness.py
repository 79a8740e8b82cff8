"""Does the fitted tail hold? Anderson & Darling (1954), its p-value by parametric bootstrap (Stute et al. 1993).

Under the law a strongest score M over the threshold, in a text of which E(u) is known, has

    U = (1 - exp(-E(M))) / (1 - exp(-E(u)))

uniform on (0, 1]. Parameters were fitted to the same scores, so the table of the statistic does not apply: texts are
drawn from the fitted law, fitted and measured in the same way, and the observed statistic is compared with theirs.
"""

import numpy as np
from numpy.typing import NDArray

from codewhence.index.calibration.fitting import Fit, Maxima, fit
from codewhence.index.calibration.tail import inverse_log_survival, log_survival

N_REPLICATES = 99


def anderson_darling(maxima: Maxima, threshold: float, fitted: Fit) -> float:
    """Return the statistic A^2 of the scores over ``threshold`` under the law; all weights are taken for 1."""
    over = maxima.scores >= threshold
    log_expected = fitted.log_rate + fitted.length_exponent * maxima.log_units[over]
    excesses = (maxima.scores[over] - threshold) * np.exp(-fitted.scale_exponent * maxima.log_units[over])
    at_scores = np.exp(log_expected + log_survival(excesses, fitted.scale, fitted.shape))
    uniform = np.sort(np.expm1(-at_scores) / np.expm1(-np.exp(log_expected)))
    uniform = np.clip(uniform, 1e-12, 1 - 1e-12)
    n = len(uniform)
    odd = 2 * np.arange(1, n + 1) - 1
    return float(-n - (odd * (np.log(uniform) + np.log1p(-uniform[::-1]))).mean())


def measure_fit(maxima: Maxima, threshold: float, fitted: Fit, rng: np.random.Generator) -> tuple[float, float]:
    """Return A^2 and its p-value: how often texts drawn from the fitted law lie as far from their own fit.

    The p-value is one of ``1 / (N_REPLICATES + 1)``, twice that, … 1.
    """
    observed = anderson_darling(maxima, threshold, fitted)
    n_as_far = 0
    for _ in range(N_REPLICATES):
        drawn = Maxima(_draw(maxima, threshold, fitted, rng), maxima.log_units, maxima.weights)
        if (drawn.scores >= threshold).any():
            n_as_far += anderson_darling(drawn, threshold, fit(drawn, threshold, fitted)) >= observed
    return observed, (n_as_far + 1) / (N_REPLICATES + 1)


def are_whole(scores: NDArray[np.float64]) -> bool:
    """Say whether all scores are whole numbers, as lengths in tokens are."""
    return bool(len(scores)) and bool((scores == np.round(scores)).all())


def spread(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spread equal whole scores evenly over the step above each: a continuous law has no ties. Same order.

    >>> spread(np.array([7.0, 3.0, 7.0])).tolist()
    [7.25, 3.5, 7.75]
    """
    order = np.argsort(scores, kind="stable")
    values, firsts, counts = np.unique(scores[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(firsts, counts)
    result = np.empty_like(scores)
    result[order] = np.repeat(values, counts) + (rank + 0.5) / np.repeat(counts, counts)
    return result


def _draw(maxima: Maxima, threshold: float, fitted: Fit, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw the strongest score of each text from the law; ``-inf`` for one under the threshold."""
    log_expected = fitted.log_rate + fitted.length_exponent * maxima.log_units
    log_survivals = np.log(rng.exponential(size=len(log_expected))) - log_expected
    over = log_survivals <= 0
    scores = np.full(len(log_expected), -np.inf)
    excesses = inverse_log_survival(log_survivals[over], fitted.scale, fitted.shape)
    scores[over] = threshold + excesses * np.exp(fitted.scale_exponent * maxima.log_units[over])
    return scores
