"""Counts the T2 tokens of an index and makes the table of bits from them."""

import numpy as np
from numpy.typing import NDArray

from codewhence.index.calibration.surprise import (
    BITS_PER_STEP,
    MAX_ENTRIES,
    MAX_STEPS,
    N_CLASSES,
    UnigramTable,
    token_classes,
)
from codewhence.index.store import Index
from codewhence.index.tokens import tokenize
from codewhence.index.workers import check_stop

# Documents are read evenly spaced until so much is counted: a token as rare as one in two million is then known.
MAX_TEXT_CHARS = 24_000_000
_PART_TOKENS = 1 << 21  # counted at a time: bounds memory


def count_unigrams(index: Index, *, max_entries: int = MAX_ENTRIES) -> UnigramTable:
    """Return the table of an index, from as many of its documents as ``MAX_TEXT_CHARS`` allow, evenly spaced.

    Args:
        index: The index; what was taken out is not counted.
        max_entries: Tokens with a frequency of their own; the others count by their class.
    """
    total_chars = max(1, index.manifest.total("n_text_chars"))
    step = max(1, -(-total_chars // MAX_TEXT_CHARS))
    counts = _Counts()
    for bucket in index.buckets:
        for row in range(0, bucket.n_documents, step):
            check_stop()
            if bucket.hidden_rows is None or not bucket.hidden_rows[row]:
                counts.add(bucket.text(row))
    return counts.table(max_entries)


class _Counts:
    """Distinct tokens seen so far with their counts and classes."""

    def __init__(self) -> None:
        self._hashes: NDArray[np.uint64] = np.zeros(0, dtype=np.uint64)
        self._counts: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._classes: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._waiting: list[tuple[NDArray[np.uint64], NDArray[np.int64]]] = []
        self._n_waiting = 0

    def add(self, text: str) -> None:
        tokens = tokenize(text)
        self._waiting.append((tokens.hashes, token_classes(text, tokens)))
        self._n_waiting += len(tokens)
        if self._n_waiting >= _PART_TOKENS:
            self._join()

    def _join(self) -> None:
        hashes = np.concatenate([self._hashes, *(held for held, _ in self._waiting)])
        classes = np.concatenate([self._classes, *(held for _, held in self._waiting)])
        counts = np.concatenate([self._counts, np.ones(self._n_waiting, dtype=np.int64)])
        self._hashes, firsts, numbers = np.unique(hashes, return_index=True, return_inverse=True)
        self._counts = np.bincount(numbers, weights=counts).astype(np.int64)
        self._classes = classes[firsts]
        self._waiting, self._n_waiting = [], 0

    def table(self, max_entries: int) -> UnigramTable:
        """Make the table; every count is one more than seen, so that nothing is impossible."""
        self._join()
        order = np.lexsort((self._hashes, -self._counts))
        # One that was seen once says no more than its class.
        kept = np.sort(order[: min(max_entries, int((self._counts > 1).sum()))])
        is_rare = np.ones(len(self._hashes), dtype=np.bool_)
        is_rare[kept] = False
        rare_classes = self._classes[is_rare]
        class_counts = np.bincount(rare_classes, weights=self._counts[is_rare], minlength=N_CLASSES) + 1
        class_types = np.bincount(rare_classes, minlength=N_CLASSES) + 1
        n_tokens = int(self._counts.sum())
        total = n_tokens + N_CLASSES
        return UnigramTable(
            hashes=self._hashes[kept],
            steps=_steps(self._counts[kept] / total),
            class_steps=_steps(class_counts / class_types / total),
            n_tokens=n_tokens,
        )


def _steps(frequencies: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.clip(np.round(-np.log2(frequencies) / BITS_PER_STEP), 0, MAX_STEPS).astype(np.uint8)
