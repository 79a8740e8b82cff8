"""T3 tokens: code without its comments, literals by their kind alone, identifiers by where they occurred before.

Two readings of one stream (DESIGN 4.3.2). *Names* keeps the names of called functions and of members, letter case and
underscores folded; *shape* keeps no name. Every other identifier is a parameter in the sense of Baker (1996): within a
gram it counts as the distance to its previous occurrence there, or as new.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.lexing.regions import STRING, regions
from codewhence.index.tokens import Tokens, word_hashes
from codewhence.index.touched.vocabulary import are_reserved, language_number
from codewhence.index.winnow import GRAM_TOKENS

# Values of a token that is no word of its own; odd constants, as good as any others.
_STRING_VALUE = np.uint64(0x9AE16A3B2F90404F)
_NUMBER_VALUE = np.uint64(0xC3A5C85C97CB3127)
_NAME_SALT = np.uint64(0xB492B66FBE98F273)  # a folded name is no reserved word
_CALLED = np.uint64(0x8648DBDB9F3C5A21)
_MEMBER = np.uint64(0xE7037ED1A0B428DB)

_OPENING, _DOT, _BLANK, _COLON, _MINUS, _GREATER, _UNDERSCORE = (ord(mark) for mark in "(. :->_")
_IS_DIGIT = np.zeros(256, dtype=np.bool_)
_IS_DIGIT[[ord(digit) for digit in "0123456789"]] = True
_IS_LETTER = np.array([chr(code).isalpha() or chr(code) == "_" or code > 127 for code in range(256)])


@dataclass(frozen=True, slots=True)
class Stream:
    """T3 tokens of one text or of several in a row.

    Attributes:
        starts: First code point of each token. Shape ``(n_tokens,)``, int64, increasing.
        ends: One past its last code point. Shape ``(n_tokens,)``, int64.
        names: Value of each token in the *names* reading; 0 for a parameter. Shape ``(n_tokens,)``, uint64.
        shape: Value of each token in the *shape* reading: for an identifier its role (called, member, neither). Shape
            ``(n_tokens,)``, uint64.
        identifiers: Hash of each identifier, 0 for other tokens. Shape ``(n_tokens,)``, uint64.
        repeats: Tokens since the previous occurrence of the same identifier, 0 where there is none within a gram.
            Shape ``(n_tokens,)``, uint8.
        literals: Hash of the words in each string, or of each number; 0 for other tokens and for strings without
            words. Neither reading sees it: a copy may have other literals. Shape ``(n_tokens,)``, uint64.
        literal_words: Number of words in each literal. Shape ``(n_tokens,)``, int64.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    names: NDArray[np.uint64]
    shape: NDArray[np.uint64]
    identifiers: NDArray[np.uint64]
    repeats: NDArray[np.uint8]
    literals: NDArray[np.uint64]
    literal_words: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def is_parameter(self) -> NDArray[np.bool_]:
        """Which tokens are parameters of the *names* reading: neither called nor members. Shape ``(n_tokens,)``."""
        return (self.identifiers != 0) & (self.names == 0)


def read_stream(parts: Sequence[tuple[str, str | None]], codes: NDArray, tokens: Tokens) -> Stream:
    """Read the T3 tokens of texts that stand side by side, each followed by one code point that separates.

    Args:
        parts: Each text and its language; a language without rules gives no tokens.
        codes: Code points of all.
        tokens: T2 tokens of all.
    """
    part_starts = np.cumsum([0] + [len(text) + 1 for text, _ in parts])[:-1]
    outside, string_starts, string_ends = _marks(parts, part_starts, len(codes))
    in_code = np.flatnonzero(outside[tokens.starts])
    # A string is one token. Its place and those of the tokens in code come together by their first code point.
    is_string = np.zeros(len(codes), dtype=np.bool_)
    is_string[string_starts] = True
    is_start = is_string.copy()
    is_start[tokens.starts[in_code]] = True
    starts = np.flatnonzero(is_start)
    is_string = is_string[starts]
    ends = np.empty(len(starts), dtype=np.int64)
    hashes = np.zeros(len(starts), dtype=np.uint64)
    ends[is_string] = string_ends
    ends[~is_string], hashes[~is_string] = tokens.ends[in_code], tokens.hashes[in_code]
    # Strings in a row are one literal in several pieces.
    goes_on = np.zeros(len(starts), dtype=np.bool_)
    goes_on[1:] = is_string[1:] & is_string[:-1]
    firsts = np.searchsorted(starts, part_starts)
    goes_on[firsts[firsts < len(starts)]] = False
    if goes_on.any():
        last_pieces = np.append(~goes_on[1:], True)
        starts, ends, hashes, is_string = starts[~goes_on], ends[last_pieces], hashes[~goes_on], is_string[~goes_on]
    n_before = np.searchsorted(starts, np.append(part_starts, len(codes)))
    languages = np.array([language_number(language) for _, language in parts], dtype=np.uint8)
    read = _valued(codes, np.repeat(languages, np.diff(n_before)), starts, ends, hashes, is_string)
    _forget_other_parts(read, np.searchsorted(read.starts, part_starts))
    return _with_strings(read, tokens)


def _forget_other_parts(stream: Stream, firsts: NDArray[np.int64]) -> None:
    """Drop distances to an occurrence in the part before, given the first token of each part."""
    for step in range(GRAM_TOKENS - 1):
        places = firsts + step
        places = places[places < len(stream)]
        stream.repeats[places[stream.repeats[places] > step]] = 0


def _with_strings(stream: Stream, tokens: Tokens) -> Stream:
    """Fill in the literals of strings: a sum over their words, so that quotes, blanks and line ends do not matter."""
    strings = np.flatnonzero(stream.shape == _STRING_VALUE)
    first = np.searchsorted(tokens.starts, stream.starts[strings])
    last = np.searchsorted(tokens.starts, stream.ends[strings])
    sums = np.zeros(len(tokens) + 1, dtype=np.uint64)
    np.cumsum(tokens.hashes * (tokens.hashes >> np.uint64(17) | np.uint64(1)), out=sums[1:])
    stream.literals[strings] = sums[last] - sums[first]
    stream.literal_words[strings] = last - first
    return stream


def _marks(
    parts: Sequence[tuple[str, str | None]], part_starts: NDArray[np.int64], n_codes: int
) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """Return which code points are code, and where strings start and end."""
    change = np.zeros(n_codes + 1, dtype=np.int8)
    string_starts, string_ends = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for (text, language), offset in zip(parts, part_starts.tolist(), strict=True):
        found = regions(text, language)
        if found is None:
            change[offset] += 1
            change[offset + len(text)] -= 1
            continue
        starts, ends = found.starts + offset, found.ends + offset
        change[starts] += 1
        change[ends] -= 1
        is_string = found.kinds == STRING
        string_starts.append(starts[is_string])
        string_ends.append(ends[is_string])
    outside = np.cumsum(change[:-1], dtype=np.int8) == 0
    return outside, np.concatenate(string_starts), np.concatenate(string_ends)


def _valued(
    codes: NDArray,
    languages: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    is_string: NDArray[np.bool_],
) -> Stream:
    """Give each token its value in both readings."""
    first = np.minimum(codes[starts], 255)
    is_number = _IS_DIGIT[first]
    # 1.5 is one number, whatever stands before and after the point.
    decimals = np.zeros(len(starts), dtype=np.bool_)
    decimals[1:] = is_number[1:] & is_number[:-1] & (starts[1:] - ends[:-1] == 1) & (codes[starts[1:] - 1] == _DOT)
    if decimals.any():
        whole = ~decimals
        ends = ends[np.append(whole[1:], True)]
        hashes = np.add.reduceat(hashes, np.flatnonzero(whole))  # all digits of a number, not those before the point
        starts, languages = starts[whole], languages[whole]
        is_string, is_number, first = is_string[whole], is_number[whole], first[whole]
    is_identifier = _IS_LETTER[first] & ~is_string
    words = np.flatnonzero(is_identifier)
    is_called, is_member = _roles(codes, starts[words], ends[words])
    # After a dot any word is a name: ``self.match``, ``promise.catch``.
    is_name = is_member | ~are_reserved(hashes[words], languages[words])
    is_identifier[words[~is_name]] = False
    words, is_called, is_member = words[is_name], is_called[is_name], is_member[is_name]
    shape = hashes.copy()
    shape[is_string], shape[is_number] = _STRING_VALUE, _NUMBER_VALUE
    names = shape.copy()
    shape[words] = np.where(is_called, _CALLED, np.uint64(0)) + np.where(is_member, _MEMBER, np.uint64(0))
    names[words] = 0
    kept = is_called | is_member
    named = words[kept]
    names[named] = _folded(codes, starts[named], ends[named]) ^ _NAME_SALT
    identifiers = np.where(is_identifier, hashes, np.uint64(0))
    literals = np.where(is_number, hashes, np.uint64(0))
    literal_words = (is_number & (ends - starts > 1)).astype(np.int64)  # a single digit says nothing
    return Stream(starts, ends, names, shape, identifiers, _repeats(identifiers), literals, literal_words)


def _roles(
    codes: NDArray, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of each identifier whether it is called, and whether it is a member: after ``.``, ``->`` or ``::``."""
    last = len(codes) - 1
    after = codes[np.minimum(ends, last)]
    second = codes[np.minimum(ends + 1, last)]
    is_called = ((after == _OPENING) & (ends <= last)) | ((after == _BLANK) & (second == _OPENING) & (ends < last))
    before = codes[np.maximum(starts - 1, 0)]
    first = codes[np.maximum(starts - 2, 0)]
    is_member = before == _DOT
    is_member |= (before == _GREATER) & (first == _MINUS)
    is_member |= (before == _COLON) & (first == _COLON) & (starts > 1)
    return is_called, is_member & (starts > 0)


def _folded(codes: NDArray, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Hash names without underscores and without regard to the case of ASCII letters."""
    raw = np.where(codes < 128, codes, 128 | codes & 127).astype(np.uint8)
    underscores = np.flatnonzero(raw == _UNDERSCORE)
    # Bit 5 is the case of a letter; digits have it set already, and nothing else stands in a word.
    without = (raw[raw != _UNDERSCORE] | 0x20).tobytes()
    n_before, n_until = np.searchsorted(underscores, starts), np.searchsorted(underscores, ends)
    return word_hashes(without, starts - n_before, (ends - n_until) - (starts - n_before))


def _repeats(identifiers: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Return the distance of each identifier to its previous occurrence, 0 where that is a gram away or more."""
    short = identifiers.astype(np.uint32)
    is_identifier = identifiers != 0
    repeats = np.zeros(len(short), dtype=np.uint8)
    for distance in range(GRAM_TOKENS - 1, 0, -1):
        repeats[distance:][(short[distance:] == short[:-distance])] = distance
    repeats[~is_identifier] = 0
    return repeats
