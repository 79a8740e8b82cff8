"""A text to its passages: chains of tiles that a filter holds, where they stand in the text, and how sure each is.

A chain is a run of tiles end to end, each held; it stops at the first that is not. One tile alone says nothing: of
1,500 windows of unseen text one or two are held by error; so a chain needs two *different* tiles (a ruler of 500 dashes
is one tile, ten times). What is certain is the other way round: a copied run of 149 characters, layout apart, holds two
whole tiles of its source, whatever their phase, and is found unless they are the same.
"""

import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.portrait.filter import TileFilter
from codewhence.index.portrait.tiles import BLANK, TILE_CHARS, Normalized, hash_windows, normalize
from codewhence.records import Span

MIN_TILES = 2
# Normalized characters of a copied run that is certain to be found.
CERTAIN_CHARS = (MIN_TILES + 1) * TILE_CHARS - 1


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text that the training set holds, or an error of the filter.

    Attributes:
        span: Where, in code points of the given text. Its ends may be up to 49 normalized characters inside the copy's.
        n_tiles: Different tiles of its best chain, at least 2.
        error: Probability that a text of this length, without copies, shows such a chain; at most, since it is the
            expected number of such chains. Where chains of several phases overlap, of the best: that there is a copy.
    """

    span: Span
    n_tiles: int
    error: float


@dataclass(frozen=True, slots=True)
class Membership:
    """What a filter says of a text.

    Attributes:
        n_characters: Code points of the given text.
        n_normalized: Code points without its layout.
        n_windows: Tiles that were looked up, one at each position.
        rate: Rate of false answers of the filter, a tile.
        error: Probability that a text of this length, without copies, shows any passage; at most.
        passages: By start; no two overlap.
    """

    n_characters: int
    n_normalized: int
    n_windows: int
    rate: float
    error: float
    passages: tuple[Passage, ...]


def find_passages(tile_filter: TileFilter, text: str, *, without: NDArray[np.uint64] | None = None) -> list[Passage]:
    """Return the passages of ``text`` that a filter holds, by start.

    Args:
        tile_filter: The filter.
        text: Any text.
        without: Tiles for which to answer no, sorted: those that only suppressed documents hold.
    """
    return list(membership(tile_filter, text, without=without).passages)


def membership(tile_filter: TileFilter, text: str, *, without: NDArray[np.uint64] | None = None) -> Membership:
    """Return the passages of ``text`` that a filter holds, and what its answer is worth. Arguments as above."""
    normalized = normalize(text)
    windows = hash_windows(normalized.codes)
    held = _held_in_chains(tile_filter, windows)
    if without is not None and len(without):
        held &= ~_among(windows, without)
    starts, n_tiles = chains(held)
    n_different = np.array(
        [len(np.unique(windows[s : s + n * TILE_CHARS : TILE_CHARS])) for s, n in zip(starts, n_tiles, strict=True)],
        dtype=np.int64,
    )
    telling = n_different >= MIN_TILES
    passages = []
    for first, last, n_best in merged(starts[telling], n_tiles[telling], n_different[telling]):
        span = _given_span(normalized, first, last)
        passages.append(Passage(span, n_best, chain_error(len(windows), n_best, tile_filter.rate)))
    error = chain_error(len(windows), MIN_TILES, tile_filter.rate)
    return Membership(len(text), len(normalized), len(windows), tile_filter.rate, error, tuple(passages))


def _held_in_chains(tile_filter: TileFilter, windows: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Say of each window whether the filter holds it; no for one that stands alone, unasked.

    Of two windows in a chain one begins in an odd stretch of ``TILE_CHARS``: those are asked first, then the neighbors
    of those that are held. Half of the questions, and the same chains.
    """
    held = np.zeros(len(windows), dtype=np.bool_)
    odd = np.flatnonzero(np.arange(len(windows)) // TILE_CHARS % 2)
    held[odd] = tile_filter.holds(windows[odd])
    hits = odd[held[odd]]
    beside: NDArray[np.int64] = np.unique(np.concatenate((hits - TILE_CHARS, hits + TILE_CHARS)))
    beside = beside[(beside >= 0) & (beside < len(windows))]
    held[beside] = tile_filter.holds(windows[beside])
    return held


def chain_error(n_windows: int, n_tiles: int, rate: float) -> float:
    """Return at most how probable it is that windows of which none is held show a chain of ``n_tiles``.

    It is their expected number: the filter errs on different tiles independently, and where the windows of a text share
    tiles the sum over them still bounds the probability that there is one.

    >>> chain_error(1_500, 2, 0.001) < 0.0015 and chain_error(99, 3, 0.001) == 0
    True
    """
    n_starts = max(0, n_windows - (n_tiles - 1) * TILE_CHARS)
    if not n_starts:
        return 0.0
    return min(1.0, max(n_starts * rate**n_tiles, sys.float_info.min))  # never 0 by underflow: it would say "certain"


def chains(held: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first window of each maximal chain, and its number of tiles, by start.

    Args:
        held: Of each window, whether the filter holds it. Shape ``(n_windows,)``.
    """
    before = np.zeros_like(held)
    after = np.zeros_like(held)
    before[TILE_CHARS:] = held[:-TILE_CHARS]
    after[:-TILE_CHARS] = held[TILE_CHARS:]
    starts = np.flatnonzero(held & ~before)
    ends = np.flatnonzero(held & ~after)
    # Within a phase the n-th start goes with the n-th end.
    starts = starts[np.argsort(starts % TILE_CHARS, kind="stable")]
    ends = ends[np.argsort(ends % TILE_CHARS, kind="stable")]
    n_tiles = (ends - starts) // TILE_CHARS + 1
    long_enough = n_tiles >= MIN_TILES
    starts, n_tiles = starts[long_enough], n_tiles[long_enough]
    order = np.argsort(starts)
    return starts[order], n_tiles[order]


def merged(
    starts: NDArray[np.int64], n_tiles: NDArray[np.int64], n_different: NDArray[np.int64]
) -> list[tuple[int, int, int]]:
    """Join chains that overlap, whatever their phase: several sources that share a passage cut it at several phases.

    Args:
        starts: First window of each chain, increasing.
        n_tiles: Tiles of each.
        n_different: Different tiles of each.

    Returns:
        Of each: first normalized character, one past the last, and the most different tiles that a chain of it has.
    """
    joined: list[tuple[int, int, int]] = []
    for start, count, different in zip(starts.tolist(), n_tiles.tolist(), n_different.tolist(), strict=True):
        end = start + count * TILE_CHARS
        if joined and start < joined[-1][1]:
            first, last, most = joined[-1]
            joined[-1] = (first, max(last, end), max(most, different))
        else:
            joined.append((start, end, different))
    return joined


def _given_span(normalized: Normalized, first: int, last: int) -> Span:
    """Return where normalized characters stand in the given text, without a blank at either end."""
    inked = np.flatnonzero(normalized.codes[first:last] != BLANK)
    return Span(int(normalized.offsets[first + inked[0]]), int(normalized.offsets[first + inked[-1]]) + 1)


def _among(values: NDArray[np.uint64], ordered: NDArray[np.uint64]) -> NDArray[np.bool_]:
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return ordered[at] == values
