"""Bits: how surprising a text is. One protocol; now a table of how frequent each T2 token is in the training set.

    file     magic (8 bytes) · n_tokens, 8 bytes · n_entries, 4 bytes · n_classes, 4 bytes, all little-endian
             hashes  (n_entries,) uint64, increasing     T2 hash of each of the most frequent tokens
             bits    (n_entries,) uint8                  -log2 of its frequency, in eighths of a bit, at most 31.875
             classes (n_classes,) uint8                  the same of one token of each class that is in no entry

A token that is not among the most frequent counts by its class (index/calibration/unigrams.py): what the class has left
of the frequency is shared evenly by the distinct tokens seen of it and one that never was. Bits are a measure of how
much a match says, not of chance: 120 bits "by chance" come in 4 of 100 unseen functions (facts/attribution.md 2b).
"""

import struct
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from codewhence.errors import FormatError
from codewhence.index.tokens import Tokens, code_points, tokenize

MAGIC = b"CWUNIGR1"
MAX_ENTRIES = 65_536  # 590 kB
BITS_PER_STEP = 1 / 8
MAX_STEPS = 255
_HEAD = struct.Struct("<8sQII")
_ADVICE = "The next index build, add or compact makes it anew."

# Classes of a token by its first character and its length: a longer name is a rarer one.
_LENGTH_EDGES = np.array([3, 6, 9, 13, 19, 28])
_N_LENGTHS = len(_LENGTH_EDGES) + 1
N_CLASSES = 3 * _N_LENGTHS


class Surprise(Protocol):
    """Says how surprising a text is to one who knows the training set."""

    def bits(self, text: str, language: str | None) -> float:
        """Return minus the binary logarithm of the probability of ``text``, at least 0; 0 for a text without tokens."""
        ...


@dataclass(frozen=True, slots=True)
class UnigramTable:
    """Frequencies of T2 tokens, each on its own.

    Attributes:
        hashes: Of the most frequent tokens, increasing. Shape ``(n_entries,)``, uint64.
        steps: What each counts, in eighths of a bit. Shape ``(n_entries,)``, uint8.
        class_steps: What another token of each class counts. Shape ``(N_CLASSES,)``, uint8.
        n_tokens: On how many it rests.
    """

    hashes: NDArray[np.uint64]
    steps: NDArray[np.uint8]
    class_steps: NDArray[np.uint8]
    n_tokens: int

    def bits(self, text: str, language: str | None) -> float:
        """Return the sum over the tokens of ``text``; the language is not asked, one table serves all."""
        del language
        tokens = tokenize(text)
        return float(self.token_bits(tokens, token_classes(text, tokens)).sum())

    def token_bits(self, tokens: Tokens, classes: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the bits of each token. Shape ``(n_tokens,)``."""
        steps = self.class_steps[classes].astype(np.float64)
        if len(self.hashes):
            rows = np.minimum(np.searchsorted(self.hashes, tokens.hashes), len(self.hashes) - 1)
            known = self.hashes[rows] == tokens.hashes
            steps[known] = self.steps[rows[known]]
        return steps * BITS_PER_STEP

    def to_bytes(self) -> bytes:
        """Return the file's bytes."""
        head = _HEAD.pack(MAGIC, self.n_tokens, len(self.hashes), len(self.class_steps))
        return head + self.hashes.astype("<u8").tobytes() + self.steps.tobytes() + self.class_steps.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes, *, name: str, advice: str = _ADVICE) -> "UnigramTable":
        """Read a table; ``name`` and ``advice`` are for the error.

        Raises:
            FormatError: It is none, or not whole.
        """
        damaged = f"{name} is damaged: {{}}. {advice}"
        if len(data) < _HEAD.size:
            raise FormatError(damaged.format(f"{len(data)} bytes"))
        magic, n_tokens, n_entries, n_classes = _HEAD.unpack_from(data)
        if magic != MAGIC or n_classes != N_CLASSES or len(data) != _HEAD.size + 9 * n_entries + n_classes:
            raise FormatError(damaged.format("its size or its first bytes are not those of a table of this release"))
        hashes = np.frombuffer(data, dtype="<u8", count=n_entries, offset=_HEAD.size)
        steps = np.frombuffer(data, dtype=np.uint8, count=n_entries, offset=_HEAD.size + 8 * n_entries)
        classes = np.frombuffer(data, dtype=np.uint8, offset=_HEAD.size + 9 * n_entries)
        if (hashes[1:] <= hashes[:-1]).any():
            raise FormatError(damaged.format("its tokens are not in order"))
        return cls(hashes, steps, classes, n_tokens)


def token_classes(text: str, tokens: Tokens) -> NDArray[np.int64]:
    """Return the class of each token: word, number or other, by length. Shape ``(n_tokens,)``."""
    codes = code_points(text)
    first = codes[tokens.starts].astype(np.int64)
    lower = first | 0x20
    is_number = (first >= ord("0")) & (first <= ord("9"))
    is_word = ((lower >= ord("a")) & (lower <= ord("z"))) | (first == ord("_")) | (first > 127)
    kind = np.where(is_number, 1, np.where(is_word, 0, 2))
    return kind * _N_LENGTHS + np.searchsorted(_LENGTH_EDGES, tokens.ends - tokens.starts)
