"""T2 tokens: words and operators of any language, blind to layout, as arrays.

A token is a word (letters, digits, ``_``), one operator character, a rule (four or more of the same operator in a
row), or one character of a script that is written without blanks. Blanks and the marks that formatters add, drop or
exchange (brackets, quotes, ``, . : ; #`` and the backslash) separate tokens and are none themselves: so the stream
survives re-indentation, line wraps, trailing commas and a change of quotes.

Everything is an array operation: no loop over characters, no compiler, the same bytes on every machine. Offsets are
code points. Written to disk through the fingerprints: a change here needs a new FORMAT_VERSION (index/manifest.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BLANK, _WORD, _SINGLE = 0, 1, 2
_SEPARATING_MARKS = "()[],.:;'\"`#\\"
# Longer words (base64, minified names) are cut from their start into tokens of this many code points.
MAX_WORD_CHARS = 256
_BLOCK = 1 << 18  # tokens hashed at a time: bounds memory on huge texts
RULE_CHARS = 4  # `===` and `>>>` are operators, `----` is decoration

_ASCII_CLASSES = np.full(128, _SINGLE, dtype=np.uint8)
_ASCII_CLASSES[:33] = _BLANK
_ASCII_CLASSES[127] = _BLANK
_ASCII_CLASSES[[ord(mark) for mark in _SEPARATING_MARKS]] = _BLANK
_ASCII_CLASSES[[c for c in range(128) if chr(c).isalnum() or c == ord("_")]] = _WORD

# First code point of each range beyond ASCII, and its class; a fixed table, because Python's own grows with Unicode
# and an index must not. Scripts without blanks between words and symbols are single, all other letters words.
_RANGES = np.array(
    [
        (0x80, _BLANK), (0xA1, _SINGLE), (0xAA, _WORD), (0xAB, _SINGLE), (0xB2, _WORD), (0xB4, _SINGLE),
        (0xB5, _WORD), (0xB6, _SINGLE), (0xB9, _WORD), (0xBB, _SINGLE), (0xBC, _WORD), (0xBF, _SINGLE),
        (0xC0, _WORD), (0xD7, _SINGLE), (0xD8, _WORD), (0xF7, _SINGLE), (0xF8, _WORD), (0x0E00, _SINGLE),
        (0x0F00, _WORD), (0x1680, _BLANK), (0x1681, _WORD), (0x2000, _BLANK), (0x2010, _SINGLE),
        (0x2028, _BLANK), (0x2030, _SINGLE), (0x205F, _BLANK), (0x2070, _WORD), (0x20A0, _SINGLE),
        (0x2C00, _WORD), (0x2E00, _SINGLE), (0x3000, _BLANK), (0x3001, _SINGLE), (0xA000, _WORD),
        (0xAC00, _SINGLE), (0xD7B0, _WORD), (0xF900, _SINGLE), (0xFB00, _WORD), (0xFE00, _BLANK),
        (0xFE10, _SINGLE), (0xFE70, _WORD), (0xFEFF, _BLANK), (0xFF00, _SINGLE), (0xFF10, _WORD),
        (0xFF1A, _SINGLE), (0xFF21, _WORD), (0xFF3B, _SINGLE), (0xFF41, _WORD), (0xFF5B, _SINGLE),
        (0xFF66, _WORD), (0xFFE0, _SINGLE), (0x10000, _WORD), (0x1F000, _SINGLE), (0x30000, _SINGLE),
        (0xE0000, _BLANK), (0xE0FFF, _WORD),
    ],
    dtype=np.uint32,
)  # fmt: skip

# Odd multipliers of a polynomial hash modulo 2**64 (Karp & Rabin 1987) and of its finalizer (splitmix64,
# Steele, Lea & Flood 2014). Collisions are harmless: every match is verified in the text.
_BASE = 0x9E3779B97F4A7C15


def _powers(base: int, n: int) -> NDArray[np.uint64]:
    """Return ``base**0 … base**(n-1)`` modulo 2**64."""
    values, power = [], 1
    for _ in range(n):
        values.append(power)
        power = power * base & 0xFFFF_FFFF_FFFF_FFFF
    return np.array(values, dtype=np.uint64)


_WORD_POWERS = _powers(_BASE, MAX_WORD_CHARS)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text.

    Attributes:
        hashes: 64-bit hash of each token. Shape ``(n_tokens,)``, uint64.
        starts: First code point of each token. Shape ``(n_tokens,)``, int64, increasing.
        ends: One past its last code point. Shape ``(n_tokens,)``, int64.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.hashes)

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of the tokens that lie whole within ``[start, end)``, in code points."""
        return int(np.searchsorted(self.starts, start)), int(np.searchsorted(self.ends, end, side="right"))


def code_points(text: str) -> NDArray[np.uint8] | NDArray[np.uint32]:
    """Return the code points of ``text``, one byte each where all are ASCII. Lone surrogates keep their value."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def tokenize(text: str) -> Tokens:
    r"""Split ``text`` into T2 tokens.

    >>> tokens = tokenize("f(x,\n  y_1) == 'é'")
    >>> [(int(s), int(e)) for s, e in zip(tokens.starts, tokens.ends)]
    [(0, 1), (2, 3), (7, 10), (12, 13), (13, 14), (16, 17)]
    """
    codes = code_points(text)
    classes = _classes(codes)
    starts_here, in_rule = _token_starts(codes, classes)
    occupied = classes != _BLANK
    closes_here = occupied.copy()
    closes_here[:-1] &= ~occupied[1:] | starts_here[1:]
    starts = np.flatnonzero(starts_here)
    ends = np.flatnonzero(closes_here) + 1
    # A rule counts by its first character alone, whatever its length.
    hashed = occupied & ~in_rule
    is_rule = (classes[starts] == _SINGLE) & (ends - starts > 1)
    blocks = [
        _hashes(
            codes,
            hashed,
            starts[first : first + _BLOCK],
            ends[first : first + _BLOCK],
            is_rule[first : first + _BLOCK],
        )
        for first in range(0, len(starts), _BLOCK)
    ]
    return Tokens(np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.uint64), starts, ends)


def mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread every bit of each value over all 64 (the splitmix64 finalizer). Shape and dtype kept."""
    mixed = values ^ (values >> np.uint64(30))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _classes(codes: NDArray) -> NDArray[np.uint8]:
    if codes.dtype == np.uint8:
        return _ASCII_CLASSES[codes]
    beyond = np.flatnonzero(codes > 127)
    classes = _ASCII_CLASSES[np.minimum(codes, 127)]
    rows = np.searchsorted(_RANGES[:, 0], codes[beyond], side="right") - 1
    classes[beyond] = _RANGES[rows, 1]
    return classes


def _token_starts(codes: NDArray, classes: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Mark the first code point of each token, and the others of each rule."""
    is_word = classes == _WORD
    starts_here = classes == _SINGLE
    starts_here[:1] |= is_word[:1]
    starts_here[1:] |= is_word[1:] & ~is_word[:-1]
    in_rule = np.zeros(len(codes), dtype=np.bool_)
    repeats = (codes[1:] == codes[:-1]) & (classes[1:] == _SINGLE) & (codes[1:] < 128)
    for first, last in _runs(repeats, longer_than=RULE_CHARS - 2):
        in_rule[first + 1 : last + 1] = True
    starts_here &= ~in_rule
    for first, last in _runs(is_word, longer_than=MAX_WORD_CHARS):
        starts_here[first:last:MAX_WORD_CHARS] = True
    return starts_here, in_rule


def _runs(marks: NDArray[np.bool_], *, longer_than: int) -> list[tuple[int, int]]:
    """Return the half-open runs of true marks that are longer than that."""
    edges = np.flatnonzero(np.diff(marks.view(np.int8), prepend=0, append=0))
    firsts, lasts = edges[::2], edges[1::2]
    long = lasts - firsts > longer_than
    return list(zip(firsts[long].tolist(), lasts[long].tolist(), strict=True))


def _hashes(
    codes: NDArray,
    hashed: NDArray[np.bool_],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    is_rule: NDArray[np.bool_],
) -> NDArray[np.uint64]:
    """Hash a block of consecutive tokens."""
    first = starts[0]
    places = np.flatnonzero(hashed[first : ends[-1]]) + first
    lengths = np.where(is_rule, 1, ends - starts)
    offsets = np.cumsum(lengths) - lengths  # of each token among the places
    within = np.arange(len(places)) - np.repeat(offsets, lengths)
    terms = (codes[places].astype(np.uint64) + np.uint64(1)) * _WORD_POWERS[within]
    sums = np.add.reduceat(terms, offsets)
    sums[is_rule] = codes[starts[is_rule]].astype(np.uint64) << np.uint64(32)
    return mix(sums)
