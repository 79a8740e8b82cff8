"""Postings of a query's grams in one bucket, as pairs of token positions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.errors import FormatError
from codewhence.index.bucket import Bucket
from codewhence.index.postings import Postings, find
from codewhence.index.runs import first_of_runs, ranks_within

# Bounds on degenerate queries (a table of zeros, one header a thousand times), so that work grows with the length of
# the query and not with its square. A gram that makes more pairs than this in one bucket counts at evenly spaced places
# of the query only; its first and last place always do. A gram that stands once in the query is never thinned.
MAX_PAIRS_A_GRAM = 20_000
# Past this sum for one bucket the grams with the most postings start no candidate; a run that holds rarer grams as well
# is found by those.
MAX_PAIRS = 400_000
MAX_PAIRS_A_TOKEN = 16


@dataclass(frozen=True, slots=True)
class Pairs:
    """Equal grams of a query and a bucket.

    Attributes:
        query: Token position of the gram in the query. Shape ``(n_pairs,)``, int64.
        stored: Token position of the gram in the bucket. Shape ``(n_pairs,)``, int64.
    """

    query: NDArray[np.int64]
    stored: NDArray[np.int64]


def look_up(bucket: Bucket, grams: NDArray[np.uint64]) -> Pairs:
    """Find every posting of every gram.

    Args:
        bucket: Where.
        grams: Hash of each gram of the query, by position. Shape ``(n_grams,)``.

    Raises:
        FormatError: The postings are damaged.
    """
    low, counts = find(bucket.words, grams)
    present = np.flatnonzero(counts)
    present = present[affordable(low[present], counts[present], n_grams=len(grams))]
    low, counts = low[present], counts[present]
    query, stored = expanded(bucket.words, present, low, counts)
    if len(stored) and stored.max() >= len(bucket.token_bytes):
        raise FormatError(f"{bucket.folder / 'arrays.bin'} is damaged: its positions point outside the tokens.")
    return Pairs(query, stored)


def expanded(
    postings: Postings, grams: NDArray[np.int64], low: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each gram's number beside each of its positions. Shape ``(counts.sum(),)`` both."""
    return np.repeat(grams, counts), postings.positions[np.repeat(low, counts) + ranks_within(counts)].astype(np.int64)


def affordable(low: NDArray[np.int64], counts: NDArray[np.int64], *, n_grams: int) -> NDArray[np.int64]:
    """Return which grams of a query to look at, so that their pairs stay within the bounds above.

    Args:
        low: First posting of each gram that is there.
        counts: How many it has.
        n_grams: Grams of the query.
    """
    if int(counts.sum()) <= MAX_PAIRS_A_GRAM:  # nearly always: no bound is near
        return np.arange(len(counts))
    kept = _thinned(low, counts)
    return kept[_rarest(counts[kept], max(MAX_PAIRS, MAX_PAIRS_A_TOKEN * n_grams))]


def _thinned(low: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows to keep: all, but of a gram with too many pairs only evenly spaced ones, first and last included.

    Equal grams of the query share ``low``, their first posting.
    """
    order = np.argsort(low, kind="stable")
    sizes = np.diff(np.append(np.flatnonzero(first_of_runs(low[order])), len(low)))
    size, rank = np.repeat(sizes, sizes), ranks_within(sizes)
    quota = np.maximum(MAX_PAIRS_A_GRAM // counts[order], 2)
    keeps = (size <= quota) | (rank == 0) | (rank == size - 1) | (rank * quota // size != (rank - 1) * quota // size)
    return np.sort(order[keeps])


def _rarest(counts: NDArray[np.int64], limit: int) -> NDArray[np.int64]:
    """Return the rows to keep so that their pairs stay within ``limit``, the rarest grams first."""
    rarest_first = np.argsort(counts, kind="stable")
    return np.sort(rarest_first[np.cumsum(counts[rarest_first]) <= limit])
