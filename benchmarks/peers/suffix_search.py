"""Maximal spans of a text in a suffix array: the longest prefix at every start, kept where it reaches a new end.

The array is built by pydivsufsort (libdivsufsort, Mori); the search is binary, compiled by numba. Documents are joined
by 0xFF, which no UTF-8 holds, so no span crosses from one into the next.
"""

from collections.abc import Iterable

import numpy as np
import pydivsufsort
from numba import njit
from numpy.typing import NDArray

SEPARATOR = b"\xff"


class SuffixArray:
    """A suffix array over byte documents, with their numbers."""

    def __init__(self, documents: Iterable[bytes]) -> None:
        parts = list(documents)
        lengths = np.array([len(part) + 1 for part in parts], dtype=np.int64)
        self._starts = np.concatenate([[0], np.cumsum(lengths)])
        # A bytearray: pydivsufsort refuses memory that cannot be written.
        self._text = np.frombuffer(bytearray(SEPARATOR.join(parts) + SEPARATOR), dtype=np.uint8)
        self._suffixes: NDArray[np.int32] = pydivsufsort.divsufsort(self._text)
        self.n_bytes = self._text.nbytes + self._suffixes.nbytes

    def spans(self, query: bytes, *, min_bytes: int) -> list[tuple[int, int, frozenset[int]]]:
        """Return every maximal span of at least ``min_bytes``: start, end, and the documents that hold it."""
        data = np.frombuffer(query, dtype=np.uint8)
        found = []
        for start, end, low, high in _maximal(data, self._text, self._suffixes, min_bytes):
            documents = np.searchsorted(self._starts, self._suffixes[low:high], side="right") - 1
            found.append((int(start), int(end), frozenset(np.unique(documents).tolist())))
        return found


@njit(cache=True)
def _common(query, at, text, start):
    length = 0
    while at + length < len(query) and start + length < len(text) and query[at + length] == text[start + length]:
        length += 1
    return length


@njit(cache=True)
def _bound(query, at, length, text, suffixes, after):
    """Return the first suffix that is not before query[at:at+length]; past all that begin with it if ``after``."""
    low, high = 0, len(suffixes)
    while low < high:
        middle = (low + high) // 2
        start = suffixes[middle]
        offset = 0
        while offset < length and start + offset < len(text) and text[start + offset] == query[at + offset]:
            offset += 1
        if offset == length:
            is_before = after
        else:
            is_before = start + offset >= len(text) or text[start + offset] < query[at + offset]
        if is_before:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True)
def _maximal(query, text, suffixes, min_bytes):
    found = []
    reached = 0
    for at in range(len(query) - min_bytes + 1):
        place = _bound(query, at, len(query) - at, text, suffixes, False)
        length = 0
        if place < len(suffixes):
            length = _common(query, at, text, suffixes[place])
        if place > 0:
            length = max(length, _common(query, at, text, suffixes[place - 1]))
        if length >= min_bytes and at + length > reached:
            reached = at + length
            low = _bound(query, at, length, text, suffixes, False)
            high = _bound(query, at, length, text, suffixes, True)
            found.append((at, at + length, low, high))
    return found
