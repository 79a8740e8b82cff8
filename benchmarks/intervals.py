"""Exact binomial intervals (Clopper & Pearson 1934), without a statistics package."""

import math
from collections.abc import Callable

LEVEL = 0.95


def interval(n_hits: int, n_trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a rate.

    >>> [round(bound, 4) for bound in interval(0, 100)]
    [0.0, 0.0362]
    >>> [round(bound, 4) for bound in interval(9, 10)]
    [0.555, 0.9975]
    """
    if not 0 <= n_hits <= n_trials or not n_trials:
        raise ValueError(f"a rate needs 0 <= hits <= trials and a trial, got {n_hits} of {n_trials}")
    tail = (1 - LEVEL) / 2
    low = 0.0 if n_hits == 0 else _solve(lambda rate: 1 - _at_most(n_hits - 1, n_trials, rate) - tail)
    high = 1.0 if n_hits == n_trials else _solve(lambda rate: tail - _at_most(n_hits, n_trials, rate))
    return low, high


def _at_most(n_hits: int, n_trials: int, rate: float) -> float:
    """Return the probability of at most ``n_hits`` successes."""
    logs = [
        math.lgamma(n_trials + 1)
        - math.lgamma(hits + 1)
        - math.lgamma(n_trials - hits + 1)
        + hits * math.log(rate)
        + (n_trials - hits) * math.log1p(-rate)
        for hits in range(n_hits + 1)
    ]
    return math.fsum(map(math.exp, logs))


def _solve(rising: Callable[[float], float]) -> float:
    low, high = 1e-12, 1 - 1e-12
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2
