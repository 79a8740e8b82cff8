"""Fingerprints of a bucket's documents, taken in batches and brought into the order of the documents at the end."""

import numpy as np
from numpy.typing import NDArray

from codewhence.errors import UsageError
from codewhence.index.fingerprints import BATCH_CHARS, Marks, fingerprint
from codewhence.index.postings import Postings, sort_postings

_MAX_TOKENS = 2**32 - 1


class PrintCollector:
    """Takes documents one after the other; gives the arrays of all."""

    def __init__(self, bucket_name: str) -> None:
        """``bucket_name`` is for the error when it holds too much."""
        self._bucket_name = bucket_name
        self._n_documents = 0
        self._n_tokens = 0
        # Texts that are all ASCII wait apart from the others, each with its number.
        self._waiting: dict[bool, list[tuple[int, str, str | None]]] = {True: [], False: []}
        self._n_waiting_chars = {True: 0, False: 0}
        self._token_bytes: dict[int, NDArray[np.uint8]] = {}
        self._checkpoints: dict[int, NDArray[np.uint32]] = {}
        self._n_touched: dict[int, int] = {}
        self._marks: dict[str, list[Marks]] = {"words": [], "names": [], "shape": []}

    def add(self, text: str, language: str | None) -> None:
        """Take the next document.

        Raises:
            UsageError: The bucket holds more tokens than its format can number.
        """
        is_ascii = text.isascii()
        self._waiting[is_ascii].append((self._n_documents, text, language))
        self._n_documents += 1
        self._n_waiting_chars[is_ascii] += len(text)
        if self._n_waiting_chars[is_ascii] >= BATCH_CHARS:
            self._flush(is_ascii=is_ascii)

    def arrays(self) -> tuple[dict[str, NDArray], dict[str, Postings]]:
        """Return the arrays of tokens, and the sets of fingerprints by name."""
        self._flush(is_ascii=True)
        self._flush(is_ascii=False)
        rows = range(self._n_documents)
        token_starts = _starts([len(self._token_bytes[row]) for row in rows])
        touched_starts = _starts([self._n_touched[row] for row in rows])
        plain = {
            "token_starts": token_starts,
            "token_bytes": _join([self._token_bytes[row] for row in rows], np.uint8),
            "touched_starts": touched_starts,
            "checkpoints": _join([self._checkpoints[row] for row in rows], np.uint32),
        }
        starts = {"words": token_starts, "names": touched_starts, "shape": touched_starts}
        return plain, {name: self._postings(name, starts[name]) for name in starts}

    def _postings(self, name: str, starts: NDArray[np.uint32]) -> Postings:
        marks = self._marks.pop(name)
        grams = _join([each.grams for each in marks], np.uint64)
        positions = _join([each.positions + starts[each.documents] for each in marks], np.int64)
        return sort_postings(grams, positions.astype(np.uint32))

    def _flush(self, *, is_ascii: bool) -> None:
        waiting = self._waiting[is_ascii]
        if not waiting:
            return
        self._waiting[is_ascii], self._n_waiting_chars[is_ascii] = [], 0
        batch = fingerprint([(text, language) for _, text, language in waiting])
        numbers = np.array([number for number, _, _ in waiting])
        for at, (number, _, _) in enumerate(waiting):
            self._n_tokens += len(batch.token_bytes[at])
            # A copy: a slice would keep the whole batch.
            self._token_bytes[number] = batch.token_bytes[at].copy()
            self._checkpoints[number] = batch.checkpoints[at]
            self._n_touched[number] = int(batch.n_touched[at])
        if self._n_tokens > _MAX_TOKENS:
            raise UsageError(
                f"{self._bucket_name} would hold over {_MAX_TOKENS} tokens. Build with more buckets (--buckets)."
            )
        for name, marks in (("words", batch.words), ("names", batch.names), ("shape", batch.shape)):
            self._marks[name].append(Marks(marks.grams, numbers[marks.documents], marks.positions))


def _starts(counts: list[int]) -> NDArray[np.uint32]:
    starts = np.zeros(len(counts) + 1, dtype=np.uint32)
    np.cumsum(counts, out=starts[1:])
    return starts


def _join(arrays: list[NDArray], dtype: type) -> NDArray:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=dtype)
