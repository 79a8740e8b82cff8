"""Pairs of equal grams to runs of equal tokens, without reading a text.

A document keeps at least one gram of every ``WINDOW``, so a shared run shows as hits on one diagonal at most
``WINDOW`` tokens apart; before the first and after the last hit the run can go on for fewer than ``WINDOW`` tokens,
which the stored token bytes tell (wrong once in 256 tokens, and then put right against the text).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.bucket import Bucket
from codewhence.index.lookup import Pairs
from codewhence.index.tokens import Tokens
from codewhence.index.winnow import GRAM_TOKENS, GUARANTEE, WINDOW

# A run shorter than the guarantee is reported if it is as long as Copilot's published rule asks (facts 1): a few
# long words in a row say as much as many short ones.
MIN_CHARS = 150


@dataclass(frozen=True, slots=True)
class Run:
    """A run of tokens shared by the query and one document.

    Attributes:
        row: Number of the document in its bucket.
        start: First token in the query.
        end: One past the last token in the query.
        stored_start: First token in the document, counted from the document's first.
    """

    row: int
    start: int
    end: int
    stored_start: int


def runs(bucket: Bucket, pairs: Pairs, tokens: Tokens) -> list[Run]:
    """Join pairs into runs that are long enough to report, grouped by document, longest first."""
    if not len(pairs.query):
        return []
    rows = np.searchsorted(bucket.token_starts, pairs.stored, side="right") - 1
    diagonals = pairs.stored - pairs.query
    order = np.lexsort((pairs.query, diagonals))
    query, rows, diagonals = pairs.query[order], rows[order], diagonals[order]
    breaks = (np.diff(diagonals) != 0) | (np.diff(query) > WINDOW) | (np.diff(rows) != 0)
    firsts = np.concatenate(([0], np.flatnonzero(breaks) + 1))
    lasts = np.concatenate((firsts[1:], [len(query)])) - 1
    start, end = query[firsts], query[lasts] + GRAM_TOKENS
    rows, diagonals = rows[firsts], diagonals[firsts]
    floor = np.maximum(bucket.token_starts[rows].astype(np.int64) - diagonals, 0)
    ceiling = np.minimum(bucket.token_starts[rows + 1].astype(np.int64) - diagonals, len(tokens))
    low_bytes = tokens.hashes.astype(np.uint8)
    start = start - _reach(bucket, low_bytes, diagonals, start - 1, floor, step=-1)
    end = end + _reach(bucket, low_bytes, diagonals, end, ceiling - 1, step=1)
    n_chars = tokens.ends[end - 1] - tokens.starts[start]
    long_enough = np.flatnonzero((end - start >= GUARANTEE) | (n_chars >= MIN_CHARS))
    long_enough = long_enough[np.lexsort((start[long_enough] - end[long_enough], rows[long_enough]))]
    stored_start = start + diagonals - bucket.token_starts[rows].astype(np.int64)
    columns = (rows[long_enough], start[long_enough], end[long_enough], stored_start[long_enough])
    return [Run(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]


def _reach(
    bucket: Bucket,
    low_bytes: NDArray[np.uint8],
    diagonals: NDArray[np.int64],
    position: NDArray[np.int64],
    limit: NDArray[np.int64],
    *,
    step: int,
) -> NDArray[np.int64]:
    """Count the equal token bytes from ``position`` on, going by ``step``, up to ``limit`` and ``WINDOW - 1``."""
    counts = np.zeros(len(position), dtype=np.int64)
    going = np.arange(len(position))
    for _ in range(WINDOW - 1):
        here = position[going] + step * counts[going]
        inside = here <= limit[going] if step > 0 else here >= limit[going]
        going, here = going[inside], here[inside]
        equal = low_bytes[here] == bucket.token_bytes[here + diagonals[going]]
        going = going[equal]
        counts[going] += 1
        if not len(going):
            break
    return counts
