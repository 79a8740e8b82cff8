"""Runs of equal values in an array, and rows repeated in a row: numpy has neither as one call."""

import numpy as np
from numpy.typing import NDArray


def first_of_runs(values: NDArray) -> NDArray[np.bool_]:
    """Mark the first of each run of equal values. Shape ``(n_values,)``.

    >>> first_of_runs(np.array([3, 3, 5, 3])).tolist()
    [True, False, True, True]
    """
    marks = np.ones(len(values), dtype=np.bool_)
    marks[1:] = values[1:] != values[:-1]
    return marks


def ranks_within(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the copies that ``np.repeat(rows, counts)`` makes of each row, from 0. Shape ``(counts.sum(),)``.

    >>> ranks_within(np.array([2, 0, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
