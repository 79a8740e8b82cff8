"""Local alignment of a query with stretches of documents, within a band around the diagonal that candidates give.

Smith & Waterman (1981) with a constant cost a gap token. All candidates advance together, a query token at a time, so
that the work of one step is a few operations over arrays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.touched.candidates import Candidate
from codewhence.index.touched.streams import Stream
from codewhence.index.touched.windows import Window

MARGIN = 60  # tokens around a candidate that an alignment may reach: fingerprints need 12 in a row, an edge has fewer
HALF_BAND = 40  # tokens by which a copy may have grown or shrunk
MAX_TOKENS = 1_024  # of the query in one alignment; longer candidates are aligned in pieces
# In bits. Tuned on seven packages that hold copies and on forty others as null (docs/decisions/0009).
_MISMATCH = -4.0
_GAP = 2.0
_NEW_PARAMETER, _REPEATED_PARAMETER, _SAME_ROLE = 1.0, 3.0, 0.2
_LEAST, _MOST = 0.3, 8.0  # bits that one equal token may count

_WIDTH = 2 * HALF_BAND + 1
_NEVER = np.float32(-1e6)
# Values that no token has; hashes that were so by accident would cost one alignment a few bits.
_IDENTIFIER, _NOTHING, _OUTSIDE = (
    np.uint64(value) for value in (0x9E3779B97F4A7C15, 0x3C6EF372FE94F82B, 0xDAA66D2C7DDF743F)
)


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which tokens of a query stand for which tokens of a document.

    Attributes:
        query: Their numbers in the query, increasing. Shape ``(n_pairs,)``.
        stored: Their numbers in the window. Shape ``(n_pairs,)``.
    """

    query: list[int]
    stored: list[int]


def align(
    stream: Stream, bits: NDArray[np.float64], candidates: Sequence[Candidate], windows: Sequence[Window]
) -> list[Alignment]:
    """Align each candidate's stretch of the query with its window; an empty alignment where nothing agrees.

    Args:
        stream: The query.
        bits: How surprising each of its tokens is. Shape ``(n_tokens,)``.
        candidates: At most ``MAX_TOKENS`` long each.
        windows: One for each candidate.
    """
    starts = np.array([max(0, each.start - MARGIN) for each in candidates])
    ends = np.array([min(len(stream), each.end + MARGIN) for each in candidates])
    # Token of the window in the middle of the band, less the token of the query.
    shifts = np.array([each.shift - window.first for each, window in zip(candidates, windows, strict=True)])
    rewards = _rewards(stream, np.clip(bits, _LEAST, _MOST), starts, ends, shifts, windows)
    scores = _scores(rewards)
    return [_traced(rewards[at], scores[at], int(starts[at]), int(shifts[at])) for at in range(len(candidates))]


def _rewards(
    stream: Stream,
    bits: NDArray[np.float64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    shifts: NDArray[np.int64],
    windows: Sequence[Window],
) -> NDArray[np.float32]:
    """Return what it is worth to align each query token with each token of the band.

    Shape ``(n_candidates, n_query_tokens, 2 * HALF_BAND + 1)``; far below zero outside of texts.
    """
    n_query = int((ends - starts).max())
    query = starts[:, None] + np.arange(n_query)
    inside_query = query < ends[:, None]
    query = np.minimum(query, len(stream) - 1)
    firsts = (starts + shifts - HALF_BAND).tolist()
    padded = [_padded(window, first, n_query) for window, first in zip(windows, firsts, strict=True)]
    # Row i of a band is a stretch of the padded window that begins at i: a view, no copy.
    names, shape, repeats = (
        np.lib.stride_tricks.sliding_window_view(np.stack([each[field] for each in padded]), _WIDTH, axis=1)
        for field in range(3)
    )
    query_names, query_shape, query_repeats = stream.names[query], stream.shape[query], stream.repeats[query]
    is_identifier = stream.identifiers[query] != 0
    # Marks that tell identifiers from other tokens are part of the values that are compared.
    same_name = names == np.where(query_names == 0, _NOTHING, query_names ^ _mark(is_identifier))[:, :, None]
    same_role = shape == np.where(is_identifier, query_shape ^ _IDENTIFIER, _NOTHING)[:, :, None]
    same_distance = same_role & (repeats == query_repeats[:, :, None])
    worth = np.full(same_name.shape, _MISMATCH, dtype=np.float32)
    worth[same_role] = _SAME_ROLE
    distance_worth = np.where(query_repeats == 0, _NEW_PARAMETER, _REPEATED_PARAMETER).astype(np.float32)
    np.copyto(worth, distance_worth[:, :, None], where=same_distance)
    np.copyto(worth, bits[query].astype(np.float32)[:, :, None], where=same_name)
    worth[shape == _OUTSIDE] = _NEVER
    worth[~inside_query] = _NEVER
    return worth


def _padded(window: Window, low: int, n_query: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint8]]:
    """Return names, shape and repeats of the tokens that a band reaches, from the first on."""
    stream = window.stream
    length = n_query + _WIDTH - 1
    source = slice(max(0, low), max(0, min(len(stream), low + length)))
    target = slice(max(0, -low), max(0, -low) + max(0, source.stop - source.start))
    names, shape = np.full((2, length), _OUTSIDE)
    repeats = np.zeros(length, dtype=np.uint8)
    marks = _mark(stream.identifiers[source] != 0)
    names[target] = stream.names[source] ^ marks
    shape[target] = np.where(marks, stream.shape[source] ^ marks, _NOTHING ^ np.uint64(1))
    repeats[target] = stream.repeats[source]
    return names, shape, repeats


def _mark(is_identifier: NDArray[np.bool_]) -> NDArray[np.uint64]:
    return np.where(is_identifier, _IDENTIFIER, np.uint64(0))


def _scores(rewards: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the best score of an alignment that ends at each cell, at least 0. Shape of ``rewards``."""
    n_candidates, n_query, width = rewards.shape
    scores = np.empty_like(rewards)
    climb = np.arange(width, dtype=np.float32) * np.float32(_GAP)
    # Scores are kept with the climb added, where both gaps are plain comparisons: along the row a running maximum (the
    # best cell to the left, less the way from there), and from the row before the cell at the right, two climbs lower.
    raised = np.ascontiguousarray((rewards + climb).swapaxes(0, 1))
    two_gaps = np.float32(2 * _GAP)
    before = np.broadcast_to(climb, (n_candidates, width))
    for at in range(n_query):
        here = raised[at]
        here += before
        here -= climb
        np.maximum(here, climb, out=here)
        np.maximum(here[:, :-1], before[:, 1:] - two_gaps, out=here[:, :-1])
        np.maximum.accumulate(here, axis=1, out=here)
        before = here
    np.subtract(raised.swapaxes(0, 1), climb, out=scores)
    return scores


def _traced(rewards: NDArray[np.float32], scores: NDArray[np.float32], query_start: int, shift: int) -> Alignment:
    """Follow the best alignment back from its end."""
    row, column = (int(each) for each in np.unravel_index(int(np.argmax(scores)), scores.shape))
    query, stored = [], []
    tolerance = 1e-3
    width = scores.shape[1]
    while row >= 0 and 0 <= column < width and scores[row, column] > tolerance:
        score = float(scores[row, column])
        before = float(scores[row - 1, column]) if row else 0.0
        reward = float(rewards[row, column])
        if reward > -1e5 and abs(score - max(0.0, before + reward)) < tolerance:
            query.append(query_start + row)
            stored.append(query_start + row + shift + column - HALF_BAND)
            row -= 1
        elif row and column + 1 < width and abs(score + _GAP - float(scores[row - 1, column + 1])) < tolerance:
            row, column = row - 1, column + 1
        else:
            column -= 1
    return Alignment(query[::-1], stored[::-1])
