"""T2 tokens: words and operators of any language, blind to layout, as arrays.

A token is a word (letters, digits, ``_``), one operator or symbol, one character of a script that is written without
blanks, or a rule: four or more of the same in a row. Blanks and the marks that formatters add, drop or
exchange (brackets, quotes, ``, . : ; #`` and the backslash) separate tokens and are none themselves: so the stream
survives re-indentation, line wraps, trailing commas and a change of quotes.

Everything is an array operation: no loop over characters, no compiler, the same bytes on every machine. Offsets are
code points. Written to disk through the fingerprints: a change here needs a new FORMAT_VERSION (index/manifest.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.runs import ranks_within

_BLANK, _WORD, _SINGLE = 0, 1, 2
_SEPARATING_MARKS = "()[],.:;'\"`#\\"
# Longer words (base64, minified names) are cut from their start into tokens of this many code points.
MAX_WORD_CHARS = 256
_BLOCK = 1 << 18  # tokens hashed at a time: bounds memory on huge texts
RULE_CHARS = 4  # `===` and `>>>` are operators, `----` is decoration, and so is a row of the same emoji

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

# Odd multipliers of the hash: of the finalizer (splitmix64, Steele, Lea & Flood 2014), and of a polynomial modulo 2**64
# (Karp & Rabin 1987). Collisions are harmless: every match is verified in the text.
_BASE = 0x9E3779B97F4A7C15
_STEP = 0xBF58476D1CE4E5B9
_FINISH = 0x94D049BB133111EB
_PIECE_BYTES = 8  # of a word that are hashed at once
_PIECE_MASKS = np.array([(1 << 8 * n_bytes) - 1 for n_bytes in range(_PIECE_BYTES + 1)], dtype=np.uint64)
_BEYOND_ASCII = np.uint64(0xA24BAED4963EE407)  # told apart from words of eight bytes


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
    return tokenize_codes(code_points(text))


def tokenize_codes(codes: NDArray[np.uint8] | NDArray[np.uint32]) -> Tokens:
    """Split a text, given as its code points, into T2 tokens."""
    classes = _classes(codes)
    starts_here, in_rule = _token_starts(codes, classes)
    occupied = classes != _BLANK
    closes_here = occupied.copy()
    closes_here[:-1] &= ~occupied[1:] | starts_here[1:]
    starts = np.flatnonzero(starts_here)
    ends = np.flatnonzero(closes_here) + 1
    lengths = ends - starts
    if len(lengths) and int(lengths.max()) > MAX_WORD_CHARS:
        starts, ends = _cut(starts, ends, classes)
        lengths = ends - starts
    if in_rule:  # a rule counts by its first character alone, whatever its length
        is_rule = (lengths > 1) & (classes[starts] == _SINGLE)
        lengths = np.where(is_rule, 1, lengths)
    hashes = word_hashes(codes.astype(np.uint8).tobytes(), starts, lengths)
    if codes.dtype != np.uint8 and len(starts):
        _hash_beyond_ascii(hashes, codes, starts, lengths)
    if in_rule:
        hashes[is_rule] = mix(codes[starts[is_rule]].astype(np.uint64) << np.uint64(32))
    return Tokens(hashes, starts, ends)


def word_hashes(raw: bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Hash words of a text of one byte a character, eight characters at a time.

    Args:
        raw: The text.
        starts: First byte of each word. Shape ``(n_words,)``.
        lengths: Bytes of each word. Shape ``(n_words,)``.

    Returns:
        Shape ``(n_words,)``.
    """
    padded = raw + bytes(_PIECE_BYTES)
    pieces = np.ndarray((len(raw) + 1,), dtype="<u8", buffer=padded, strides=(1,))  # one that begins at every byte
    hashes = pieces[starts]
    hashes &= _PIECE_MASKS[np.minimum(lengths, _PIECE_BYTES)]
    hashes ^= hashes >> np.uint64(32)
    hashes *= np.uint64(_BASE)
    longer, n_done = np.flatnonzero(lengths > _PIECE_BYTES), _PIECE_BYTES
    while len(longer):
        piece = pieces[starts[longer] + n_done]
        piece &= _PIECE_MASKS[np.minimum(lengths[longer] - n_done, _PIECE_BYTES)]
        partial = hashes[longer]
        partial ^= partial >> np.uint64(29)
        partial += piece
        partial *= np.uint64(_STEP)
        hashes[longer] = partial
        n_done += _PIECE_BYTES
        longer = longer[lengths[longer] > n_done]
    return mix(hashes)


def mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread every bit of each value over all 64 (the splitmix64 finalizer). Shape and dtype kept."""
    mixed = values ^ (values >> np.uint64(30))
    mixed *= np.uint64(_STEP)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(_FINISH)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _classes(codes: NDArray) -> NDArray[np.uint8]:
    if codes.dtype == np.uint8:
        return np.frombuffer(codes.tobytes().translate(_TRANSLATION), dtype=np.uint8)
    beyond = np.flatnonzero(codes > 127)
    classes = _ASCII_CLASSES[np.minimum(codes, 127)]
    rows = np.searchsorted(_RANGES[:, 0], codes[beyond], side="right") - 1
    classes[beyond] = _RANGES[rows, 1]
    return classes


def _token_starts(codes: NDArray, classes: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], bool]:
    """Mark the first code point of each token, and say whether there is a rule among them."""
    is_word = classes == _WORD
    starts_here = classes == _SINGLE
    repeats = codes[1:] == codes[:-1]
    repeats &= starts_here[1:]
    starts_here[:1] |= is_word[:1]
    starts_here[1:] |= is_word[1:] > is_word[:-1]
    long_runs = repeats[: -RULE_CHARS + 2].copy()  # of RULE_CHARS at least, by where they begin
    for step in range(1, RULE_CHARS - 1):
        long_runs &= repeats[step : len(repeats) - RULE_CHARS + 2 + step]
    firsts = np.flatnonzero(long_runs) + 1
    for step in range(RULE_CHARS - 1):
        starts_here[firsts + step] = False
    return starts_here, bool(len(firsts))


def _cut(
    starts: NDArray[np.int64], ends: NDArray[np.int64], classes: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut long words into pieces of ``MAX_WORD_CHARS``; rules stay whole."""
    n_pieces = np.where(classes[starts] == _WORD, -(-(ends - starts) // MAX_WORD_CHARS), 1)
    within = ranks_within(n_pieces)
    cut_starts = np.repeat(starts, n_pieces) + within * MAX_WORD_CHARS
    is_last = within == np.repeat(n_pieces, n_pieces) - 1
    return cut_starts, np.where(is_last, np.repeat(ends, n_pieces), cut_starts + MAX_WORD_CHARS)


def _hash_beyond_ascii(
    hashes: NDArray[np.uint64], codes: NDArray, starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> None:
    """Hash the tokens that hold a code point beyond ASCII anew, in place."""
    beyond = np.flatnonzero(codes > 127)
    owners = np.searchsorted(starts, beyond, side="right") - 1
    inside = (owners >= 0) & (beyond < starts[owners] + lengths[owners])
    owners = np.unique(owners[inside])
    for first in range(0, len(owners), _BLOCK):
        some = owners[first : first + _BLOCK]
        hashes[some] = _polynomial_hashes(codes, starts[some], lengths[some])


def _polynomial_hashes(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.uint64]:
    within = ranks_within(lengths)
    terms = codes[np.repeat(starts, lengths) + within].astype(np.uint64) + np.uint64(1)
    terms *= _WORD_POWERS[within]
    return mix(np.add.reduceat(terms, np.flatnonzero(within == 0)) ^ _BEYOND_ASCII)


def powers(base: int, n: int) -> NDArray[np.uint64]:
    """Return ``base**0 … base**(n-1)`` modulo 2**64. Shape ``(n,)``."""
    values = np.full(n, base, dtype=np.uint64)
    values[:1] = 1
    return np.multiply.accumulate(values)


_WORD_POWERS = powers(_BASE, MAX_WORD_CHARS)
_TRANSLATION = _ASCII_CLASSES.tobytes() + bytes(128)
