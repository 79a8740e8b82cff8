"""Which language a text without a name is in: naive Bayes over reserved words and operators, with a shipped table."""

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codewhence.errors import FormatError
from codewhence.index.lexing.table import rules_of
from codewhence.index.shipped import INSTALL_AGAIN, shipped_bytes
from codewhence.index.tokens import Tokens, tokenize
from codewhence.index.touched.vocabulary import LANGUAGES

TABLE_PATH = Path(__file__).with_name("language_guess.json")
_OPERATORS = tuple("+-*/%=<>!&|^~?@${}")
_MORE_WORDS = (
    "String", "__init__", "echo", "end", "err", "fmt", "include", "nil", "println", "printf", "prototype", "require",
    "self", "std",
)  # fmt: skip
_STEPS_A_NAT = 16


def guess_language(tokens: Tokens) -> str | None:
    r"""Guess the language of a text; ``None`` where it holds no reserved word and no operator.

    Args:
        tokens: Its T2 tokens.

    >>> guess_language(tokenize("def f(x):\n    return None if x is not True else x"))
    'python'
    """
    counts = feature_counts(tokens)
    return LANGUAGES[int(np.argmax(_table() @ counts))] if counts.any() else None


def feature_words() -> tuple[str, ...]:
    """Return what is counted: the reserved words of all languages as written there, operators, a few telling names."""
    reserved: set[str] = set()
    for language in LANGUAGES:
        rules = rules_of(language)
        for word in () if rules is None else rules.keywords:
            reserved |= {word, word.upper()} if rules is not None and rules.ignores_case else {word}
    return tuple(sorted({*reserved, *_OPERATORS, *_MORE_WORDS}))


def feature_counts(tokens: Tokens) -> NDArray[np.float64]:
    """Return how often each feature occurs, long series dampened. Shape ``(n_features,)``."""
    hashes, columns = _features()
    found, counts = np.unique(tokens.hashes, return_counts=True)
    rows = np.minimum(np.searchsorted(hashes, found), len(hashes) - 1)
    known = hashes[rows] == found
    result = np.zeros(len(feature_words()))
    np.add.at(result, columns[rows[known]], np.log1p(counts[known]))
    return result


@cache
def _features() -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the hash of each feature that is one token, sorted, and its number."""
    numbered = {}
    for number, word in enumerate(feature_words()):
        hashes = tokenize(word).hashes.tolist()
        if len(hashes) == 1:
            numbered[hashes[0]] = number
    hashes = np.array(sorted(numbered), dtype=np.uint64)
    return hashes, np.array([numbered[each] for each in hashes.tolist()], dtype=np.int64)


@cache
def _table() -> NDArray[np.float64]:
    """Return the shipped table: how much each feature speaks for each language. Shape ``(n_languages, n_features)``."""
    try:
        data = json.loads(shipped_bytes(TABLE_PATH))
    except ValueError as error:
        raise FormatError(f"{TABLE_PATH} is damaged: {error}. {INSTALL_AGAIN}") from error
    if data.get("languages") != list(LANGUAGES) or data.get("words") != list(feature_words()):
        raise FormatError(f"{TABLE_PATH} is not of this release. {INSTALL_AGAIN}")
    return np.array(data["sixteenths"], dtype=np.float64) / _STEPS_A_NAT
