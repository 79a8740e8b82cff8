"""Postings of a query's grams in one bucket, as pairs of token positions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.errors import FormatError
from codewhence.index.bucket import DIRECTORY_BITS, KEY_BITS, Bucket

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
    shift = np.uint64(64 - DIRECTORY_BITS - KEY_BITS)
    keys = grams >> shift
    slots = (keys >> np.uint64(KEY_BITS)).astype(np.int64)
    wanted = keys.astype(np.uint32)
    first, last = bucket.directory[slots].astype(np.int64), bucket.directory[slots + 1].astype(np.int64)
    low = _bisect(bucket.keys, wanted, first, last, past_equal=False)
    present = np.flatnonzero(low < last)
    present = present[bucket.keys[low[present]] == wanted[present]]
    low = low[present]
    counts = _bisect(bucket.keys, wanted[present], low, last[present], past_equal=True) - low
    kept = _thinned(low, counts)
    kept = kept[_affordable(counts[kept], max(MAX_PAIRS, MAX_PAIRS_A_TOKEN * len(grams)))]
    present, low, counts = present[kept], low[kept], counts[kept]
    return _expand(bucket, present, low, counts)


def _bisect(
    keys: NDArray[np.uint32],
    wanted: NDArray[np.uint32],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    *,
    past_equal: bool,
) -> NDArray[np.int64]:
    """Binary search of each wanted key in its own range, all at once; left of equal keys, or past them."""
    low, high = low.copy(), high.copy()
    open_rows = np.flatnonzero(low < high)
    while len(open_rows):
        middle = (low[open_rows] + high[open_rows]) >> 1
        found = keys[middle]
        goes_right = found <= wanted[open_rows] if past_equal else found < wanted[open_rows]
        low[open_rows[goes_right]] = middle[goes_right] + 1
        high[open_rows[~goes_right]] = middle[~goes_right]
        open_rows = open_rows[low[open_rows] < high[open_rows]]
    return low


def _thinned(low: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows to keep: all, but of a gram with too many pairs only evenly spaced ones, first and last included.

    Equal grams of the query share ``low``, their first posting.
    """
    order = np.argsort(low, kind="stable")
    is_first = np.ones(len(low), dtype=np.bool_)
    is_first[1:] = low[order[1:]] != low[order[:-1]]
    group_starts = np.flatnonzero(is_first)
    sizes = np.diff(np.append(group_starts, len(low)))
    size = np.repeat(sizes, sizes)
    rank = np.arange(len(low)) - np.repeat(group_starts, sizes)
    quota = np.maximum(MAX_PAIRS_A_GRAM // counts[order], 2)
    keeps = (size <= quota) | (rank == 0) | (rank == size - 1) | (rank * quota // size != (rank - 1) * quota // size)
    return np.sort(order[keeps])


def _affordable(counts: NDArray[np.int64], limit: int) -> NDArray[np.int64]:
    """Return the rows to keep so that their pairs stay within ``limit``, the rarest grams first."""
    rarest_first = np.argsort(counts, kind="stable")
    return np.sort(rarest_first[np.cumsum(counts[rarest_first]) <= limit])


def _expand(bucket: Bucket, present: NDArray[np.int64], low: NDArray[np.int64], counts: NDArray[np.int64]) -> Pairs:
    query = np.repeat(present, counts)
    within = np.arange(len(query)) - np.repeat(np.cumsum(counts) - counts, counts)
    stored = bucket.positions[np.repeat(low, counts) + within].astype(np.int64)
    if len(stored) and stored.max() >= len(bucket.token_bytes):
        raise FormatError(f"{bucket.folder / 'arrays.bin'} is damaged: its positions point outside the tokens.")
    return Pairs(query, stored)
