"""Which words are reserved in which language, as arrays over token hashes."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from codewhence.index.lexing.table import TABLE, rules_of
from codewhence.index.tokens import tokenize

LANGUAGES = tuple(sorted(TABLE))
NO_RULES = 255
_FILTER_BITS = 16


def language_number(language: str | None) -> int:
    """Return the number of a language among ``LANGUAGES``, ``NO_RULES`` for one without rules."""
    return LANGUAGES.index(language) if language in TABLE else NO_RULES


def are_reserved(hashes: NDArray[np.uint64], languages: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Say of each token whether it is a reserved word of its language.

    Args:
        hashes: Shape ``(n_tokens,)``.
        languages: Number of each token's language. Shape ``(n_tokens,)``.

    Returns:
        Shape ``(n_tokens,)``.
    """
    may_be, words, reserved = _tables()
    result = np.zeros(len(hashes), dtype=np.bool_)
    candidates = np.flatnonzero(may_be[(hashes >> np.uint64(64 - _FILTER_BITS)).astype(np.int64)])
    wanted = hashes[candidates]
    rows = np.minimum(np.searchsorted(words, wanted), len(words) - 1)
    known = words[rows] == wanted
    candidates, rows = candidates[known], rows[known]
    result[candidates] = reserved[rows, languages[candidates]]
    return result


@cache
def _tables() -> tuple[NDArray[np.bool_], NDArray[np.uint64], NDArray[np.bool_]]:
    """Return a filter over the top bits of a hash, the hashes of all reserved words, and the languages of each."""
    languages_of: dict[int, set[int]] = {}
    for number, language in enumerate(LANGUAGES):
        rules = rules_of(language)
        if rules is None:
            continue
        words = rules.keywords
        if rules.ignores_case:
            words = {cased for word in words for cased in (word, word.upper(), word.capitalize())}
        for word in words:
            for token in tokenize(word).hashes.tolist():
                languages_of.setdefault(token, set()).add(number)
    hashes = np.array(sorted(languages_of), dtype=np.uint64)
    reserved = np.zeros((len(hashes), NO_RULES + 1), dtype=np.bool_)
    for row, token in enumerate(hashes.tolist()):
        reserved[row, list(languages_of[token])] = True
    may_be = np.zeros(1 << _FILTER_BITS, dtype=np.bool_)
    may_be[(hashes >> np.uint64(64 - _FILTER_BITS)).astype(np.int64)] = True
    return may_be, hashes, reserved
