"""Postings: which tokens hold a gram, packed to six bytes each.

A gram is known by the top 32 bits of its hash: 16 find a slot of the directory, 16 stand in the slot, sorted. Two grams
in four billion share them; a pair made by such an accident is put right against the text.

    directory      (65537,) uint32   first posting of each slot
    keys           (p,) uint16       the 16 bits that follow, sorted within a slot
    positions      (p,) uint32       token position of the gram, increasing within a key
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.arrays import ArraySpec

DIRECTORY_BITS = 16
KEY_BITS = 16
_GRAM_SHIFT = np.uint64(64 - DIRECTORY_BITS - KEY_BITS)
_POSITION_BITS = np.uint64(32)
_SCANNED_A_GRAM = 128  # keys, on average, up to which ranges are scanned; a bucket of 64 MB has 10 to 40 in a slot


@dataclass(frozen=True, slots=True)
class Postings:
    """One set of fingerprints of a bucket; the arrays stand in the module's docstring."""

    directory: NDArray[np.uint32]
    keys: NDArray[np.uint16]
    positions: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.keys)

    def arrays(self, prefix: str) -> dict[str, NDArray]:
        """Return the arrays under the names that ``layout`` gives them."""
        return {
            f"{prefix}_directory": self.directory,
            f"{prefix}_keys": self.keys,
            f"{prefix}_positions": self.positions,
        }


def layout(prefix: str, n_postings: int) -> dict[str, ArraySpec]:
    """Return type and shape of each array of a set."""
    return {
        f"{prefix}_directory": ArraySpec(np.uint32, ((1 << DIRECTORY_BITS) + 1,)),
        f"{prefix}_keys": ArraySpec(np.uint16, (n_postings,)),
        f"{prefix}_positions": ArraySpec(np.uint32, (n_postings,)),
    }


def from_arrays(arrays: dict[str, NDArray], prefix: str) -> Postings:
    """Return the set of that name."""
    return Postings(arrays[f"{prefix}_directory"], arrays[f"{prefix}_keys"], arrays[f"{prefix}_positions"])


def sort_postings(grams: NDArray[np.uint64], positions: NDArray[np.uint32]) -> Postings:
    """Sort fingerprints into a set.

    Args:
        grams: Hashes. Shape ``(n_postings,)``.
        positions: Token position of each. Shape ``(n_postings,)``.
    """
    packed = ((grams >> _GRAM_SHIFT) << _POSITION_BITS) | positions
    packed.sort()  # by gram, then by position: one sort of plain integers
    short = (packed >> _POSITION_BITS).astype(np.uint32)
    counts = np.bincount(short >> np.uint32(KEY_BITS), minlength=1 << DIRECTORY_BITS)
    directory = np.zeros((1 << DIRECTORY_BITS) + 1, dtype=np.uint32)
    np.cumsum(counts, out=directory[1:])
    return Postings(directory, short.astype(np.uint16), packed.astype(np.uint32))


def find(postings: Postings, grams: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the postings of each gram.

    Args:
        postings: Where.
        grams: Hashes. Shape ``(n_grams,)``.

    Returns:
        First posting of each gram and how many it has, 0 for none. Shape ``(n_grams,)`` both.
    """
    short = (grams >> _GRAM_SHIFT).astype(np.int64)
    slots, wanted = short >> KEY_BITS, (short & (1 << KEY_BITS) - 1).astype(np.uint16)
    first, last = postings.directory[slots].astype(np.int64), postings.directory[slots + 1].astype(np.int64)
    if int((last - first).sum()) <= _SCANNED_A_GRAM * len(grams):
        return _scan(postings.keys, wanted, first, last)
    low = _bisect(postings.keys, wanted, first, last, past_equal=False)
    counts = np.zeros(len(grams), dtype=np.int64)
    present = np.flatnonzero(low < last)
    present = present[postings.keys[low[present]] == wanted[present]]
    high = _bisect(postings.keys, wanted[present], low[present], last[present], past_equal=True)
    counts[present] = high - low[present]
    return low, counts


def _scan(
    keys: NDArray[np.uint16], wanted: NDArray[np.uint16], first: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Compare each wanted key with all of its range: fewer operations than a search where ranges are short."""
    sizes = last - first
    offsets = np.cumsum(sizes) - sizes
    places = np.arange(int(sizes.sum())) + np.repeat(first - offsets, sizes)
    owners = np.repeat(np.arange(len(wanted)), sizes)
    equal = np.flatnonzero(keys[places] == wanted[owners])
    counts = np.bincount(owners[equal], minlength=len(wanted))
    low = last.copy()
    present = np.flatnonzero(counts)
    # Equal keys stand together: the first of each owner is the first of its range.
    low[present] = places[equal[(np.cumsum(counts) - counts)[present]]]
    return low, counts


def _bisect(
    keys: NDArray[np.uint16],
    wanted: NDArray[np.uint16],
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
