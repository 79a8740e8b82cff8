"""Fits the tail law to the strongest scores of null texts, by penalized maximum likelihood.

Of text i with L_i thousand tokens the strongest score M_i is known, or that it stays under the threshold u. With
H the generalized Pareto survival of the excess, h its density, the likelihood of a Poisson process is

    prod_{M_i < u} exp(-r L_i^g)  *  prod_{M_i >= u} r L_i^g h(M_i - u) exp(-r L_i^g H(M_i - u))

(Coles 2001, section 7.5, written for maxima; section 6.1 for parameters that depend on the text). The rate r has a
closed form given the rest, so that four numbers are searched: g, log scale, shape, and the power of L_i with which the
scale grows. Short series say little about them: weak priors keep them where they belong (Coles & Dixon 1999; Martins &
Stedinger 2000): shape about 0.1 and never negative, g about 1 (Karlin & Altschul 1990), a scale that hardly grows.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.calibration.tail import log_survival

_SHAPE_PRIOR, _SHAPE_SPREAD = 0.1, 0.2
_EXPONENT_PRIOR, _EXPONENT_SPREAD = 1.0, 0.3
_SCALE_PRIOR, _SCALE_SPREAD = 0.0, 0.2
_MAX_SHAPE = 1.0  # heavier ones have no mean
_MAX_LOG_RATIO = 4.0  # of the scale to the mean excess
_MAX_STEPS = 320
_TOLERANCE = 1e-5
_N_LENGTH_BINS = 48


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted tail: rate at the threshold and scale are those of a thousand tokens; the rest as in ``Tail``."""

    log_rate: float
    scale: float
    shape: float
    length_exponent: float
    scale_exponent: float


@dataclass(frozen=True, slots=True)
class Maxima:
    """The strongest score of each null text.

    Attributes:
        scores: ``-inf`` where the tier found nothing. Shape ``(n_texts,)``.
        log_units: Logarithm of each text's length in thousands of tokens. Shape ``(n_texts,)``.
        weights: How often each text counts; the bootstrap's. Shape ``(n_texts,)``.
    """

    scores: NDArray[np.float64]
    log_units: NDArray[np.float64]
    weights: NDArray[np.float64]


def fit(maxima: Maxima, threshold: float, start: Fit | None = None) -> Fit:
    """Fit the tail over ``threshold``, which at least one score must reach.

    Args:
        maxima: The null.
        threshold: Score.
        start: Where to begin the search; a fit of nearly the same data saves steps.
    """
    over = (maxima.scores >= threshold) & (maxima.weights > 0)
    excesses, log_units, weights = maxima.scores[over] - threshold, maxima.log_units[over], maxima.weights[over]
    # Of texts under the threshold only the length counts: a histogram of it is as good, and fifty times faster.
    under = ~over
    edges = np.linspace(maxima.log_units.min(), maxima.log_units.max() + 1e-9, _N_LENGTH_BINS + 1)
    counts, _ = np.histogram(maxima.log_units[under], bins=edges, weights=maxima.weights[under])
    centers = (edges[1:] + edges[:-1]) / 2
    n_over = float(weights.sum())
    mean_log_units = float((weights * log_units).sum())

    def log_exposure(exponent: float, log_survivals: NDArray[np.float64]) -> float:
        at_scores = np.exp(exponent * log_units + log_survivals)
        return float(np.log((weights * at_scores).sum() + (counts * np.exp(exponent * centers)).sum()))

    def cost(point: NDArray[np.float64]) -> float:
        exponent, log_scale, shape, growth = point.tolist()
        is_near = abs(log_scale - log_mean_excess) <= _MAX_LOG_RATIO  # many equal scores pull the scale to zero
        if not (0 <= shape <= _MAX_SHAPE and 0 <= exponent <= 2 and -1 <= growth <= 1 and is_near):
            return np.inf
        log_scales = log_scale + growth * log_units
        log_survivals = log_survival(excesses * np.exp(-log_scales), 1.0, shape)
        likelihood = float((weights * ((1 + shape) * log_survivals - log_scales)).sum())
        likelihood += exponent * mean_log_units - n_over * log_exposure(exponent, log_survivals)
        prior = ((shape - _SHAPE_PRIOR) / _SHAPE_SPREAD) ** 2 + ((exponent - _EXPONENT_PRIOR) / _EXPONENT_SPREAD) ** 2
        prior += ((growth - _SCALE_PRIOR) / _SCALE_SPREAD) ** 2
        return prior / 2 - likelihood

    log_mean_excess = float(np.log(max((weights * excesses).sum() / n_over, 1e-6)))
    first = np.array([1.0, log_mean_excess, 0.05, 0.0])
    if start is not None and abs(np.log(start.scale) - log_mean_excess) < _MAX_LOG_RATIO:
        first = np.array([start.length_exponent, np.log(start.scale), max(start.shape, 0.01), start.scale_exponent])
    exponent, log_scale, shape, growth = minimize(cost, first, np.array([0.15, 0.3, 0.1, 0.1])).tolist()
    scale = float(np.exp(log_scale))
    log_survivals = log_survival(excesses * np.exp(-growth * log_units), scale, shape)
    return Fit(float(np.log(n_over)) - log_exposure(exponent, log_survivals), scale, shape, exponent, growth)


def rate_at(maxima: Maxima, threshold: float, length_exponent: float) -> float:
    """Return the logarithmic rate of scores at or over ``threshold``: the likeliest, that of half a text for none."""
    over = (maxima.scores >= threshold) & (maxima.weights > 0)
    exposures = np.exp(length_exponent * maxima.log_units)
    weights, over_exposures = maxima.weights[over], exposures[over]
    under_exposure = float((maxima.weights * exposures)[~over].sum())
    if not len(weights):
        return float(np.log(0.5) - np.log(under_exposure))
    low, high = -40.0, 20.0
    for _ in range(50):  # the derivative of the likelihood of "over or not" falls in the rate: halve
        middle = (low + high) / 2
        expected = np.minimum(np.exp(middle) * over_exposures, 700.0)
        slope = float((weights * over_exposures / np.expm1(expected)).sum()) - under_exposure
        low, high = (middle, high) if slope > 0 else (low, middle)
    return (low + high) / 2


def minimize(
    cost: Callable[[NDArray[np.float64]], float], first: NDArray[np.float64], steps: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a minimum of ``cost`` by the simplex method (Nelder & Mead 1965); infinite costs bound the domain."""
    n_values = len(first)
    points = np.vstack([first, first + np.diag(steps)])
    costs = np.array([cost(point) for point in points])
    for _ in range(_MAX_STEPS):
        order = np.argsort(costs, kind="stable")
        points, costs = points[order], costs[order]
        if costs[-1] - costs[0] < _TOLERANCE:
            break
        center = points[:-1].mean(axis=0)
        tried = 2 * center - points[-1]
        tried_cost = cost(tried)
        if tried_cost < costs[0]:
            further = 3 * center - 2 * points[-1]
            further_cost = cost(further)
            if further_cost < tried_cost:
                tried, tried_cost = further, further_cost
        elif tried_cost >= costs[-2]:
            nearer = (center + (tried if tried_cost < costs[-1] else points[-1])) / 2
            nearer_cost = cost(nearer)
            if nearer_cost >= min(tried_cost, costs[-1]):
                points[1:] = (points[1:] + points[0]) / 2
                costs[1:] = [cost(point) for point in points[1 : n_values + 1]]
                continue
            tried, tried_cost = nearer, nearer_cost
        points[-1], costs[-1] = tried, tried_cost
    return points[int(np.argmin(costs))]
