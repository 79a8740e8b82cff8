"""What an alignment says: bits of evidence that one text was made from the other, and over which stretch.

A token counts its surprise (index/touched/token_model.py), once: a sequence of three that the alignment held before
counts a tenth, because tables, assertions and import lists repeat themselves in everyone's code. An identifier under
another name counts for the mapping of names: a pair of names seen for the first time next to nothing, the same pair
again as many bits as it takes to tell the names so far apart, a pair that contradicts the mapping against it. A string
or number that is the same counts for its words, the first time; one that is not counts nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.touched.alignment import Alignment
from codewhence.index.touched.streams import Stream

# In bits; docs/decisions/0009 says how they were found.
_MOST_NAME, _MOST_OTHER = 9.0, 6.0
_NEW_PAIR, _SURE_NEW_PAIR = 0.2, 0.5
_CONTRADICTION = -4.0
_GAP, _LONGEST_GAP = 2.0, 3
_SEQUENCE = 3
_AGAIN = 0.1
_LITERAL_WORD, _MOST_LITERAL = 4.0, 120.0  # of a string or number that is the same: evidence that its kind is not


@dataclass(frozen=True, slots=True)
class Evidence:
    """The strongest stretch of an alignment.

    Attributes:
        bits: Its evidence; 0 where there is none.
        first: Number of the first of its pairs in the alignment.
        last: Number of the last of its pairs.
        n_equal: Of its pairs, those that read the same: words equal, or names mapped as before.
    """

    bits: float
    first: int
    last: int
    n_equal: int


def weigh(stream: Stream, stored: Stream, alignment: Alignment, bits: NDArray[np.float64]) -> Evidence:
    """Weigh an alignment.

    Args:
        stream: The query.
        stored: The window of the document.
        alignment: Pairs of their tokens.
        bits: Surprise of each token of the query. Shape ``(n_tokens,)``.
    """
    if not alignment.query:
        return Evidence(0.0, 0, 0, 0)
    query_at, stored_at = np.array(alignment.query), np.array(alignment.stored)
    ours, theirs = stream.identifiers[query_at].tolist(), stored.identifiers[stored_at].tolist()
    same_name = ((stream.names[query_at] == stored.names[stored_at]) & (stream.names[query_at] != 0)).tolist()
    surprise = bits[query_at].tolist()
    again = _repeated(stream, query_at)
    literals = stream.literals[query_at]
    same_literal = (literals != 0) & (literals == stored.literals[stored_at])
    words = np.minimum(stream.literal_words[query_at] * _LITERAL_WORD, _MOST_LITERAL)
    literal_worth = (_first_times(literals) * same_literal * words).tolist()
    jumps = np.maximum(np.diff(query_at, prepend=query_at[0] - 1), np.diff(stored_at, prepend=stored_at[0] - 1)) - 1
    gaps = (np.minimum(jumps, _LONGEST_GAP) * _GAP).tolist()
    mapping: dict[int, int] = {}
    reverse: dict[int, int] = {}
    best = Evidence(0.0, 0, 0, 0)
    total, first, n_equal = 0.0, 0, 0
    for pair, (our, their) in enumerate(zip(ours, theirs, strict=True)):
        if same_name[pair]:
            worth = min(surprise[pair], _MOST_NAME if our else _MOST_OTHER)
            n_equal += 1
        elif not our or not their:
            worth = _CONTRADICTION
        elif mapping.get(our) == their and reverse.get(their) == our:
            worth = float(np.log2(len(mapping) + 1)) + 0.5
            n_equal += 1
        elif our not in mapping and their not in reverse:
            mapping[our], reverse[their] = their, our
            worth = _SURE_NEW_PAIR if surprise[pair] > _SURE_NEW_PAIR else _NEW_PAIR
            n_equal += 1
        else:
            worth = _CONTRADICTION
        if worth > 0 and again[pair]:
            worth *= _AGAIN
        worth += literal_worth[pair]
        total += worth - gaps[pair]
        if total <= 0:
            total, first, n_equal = 0.0, pair + 1, 0
        elif total > best.bits:
            best = Evidence(total, first, pair, n_equal)
    return best


def _first_times(literals: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Mark the first occurrence of each value."""
    marks = np.zeros(len(literals), dtype=np.bool_)
    marks[np.unique(literals, return_index=True)[1]] = True
    return marks


def _repeated(stream: Stream, query_at: NDArray[np.int64]) -> list[bool]:
    """Say of each token whether the sequence that ends with it was met before in the alignment."""
    symbols = np.where(stream.is_parameter, np.uint64(1), stream.names).tolist()
    seen: set[tuple[int, ...]] = set()
    repeated = []
    for at in query_at.tolist():
        sequence = tuple(symbols[max(0, at - _SEQUENCE + 1) : at + 1])
        repeated.append(sequence in seen)
        seen.add(sequence)
    return repeated
