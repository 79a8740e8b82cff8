"""Where a query may hold a touched copy: shared fingerprints, summed along a diagonal of one document.

A fingerprint is worth log2(documents / places that hold it) bits, once a query (facts measured that long runs of
look-alike lines are nearly all of the false alarms where each occurrence counts), and less where the one before it
overlaps it. Both readings, names and shape, add to one sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.errors import FormatError
from codewhence.index.bucket import Bucket
from codewhence.index.lookup import affordable, expanded
from codewhence.index.postings import Postings, find
from codewhence.index.runs import first_of_runs
from codewhence.index.touched.grams import names_grams, shape_grams
from codewhence.index.touched.streams import Stream
from codewhence.index.winnow import GRAM_TOKENS

# DESIGN 4.3.2: hits of one copy lie within this shift and follow each other within this gap, in tokens.
MAX_SHIFT = 40
MAX_GAP = 80
# Grams in more places start no candidate: they are worth next to nothing, and make most of the work.
MAX_PLACES = 1_000
MIN_BITS = 8.0  # of a candidate: one fingerprint that is rare, or two that are not
_PER_DOCUMENT = 256  # candidates: only texts that repeat themselves a thousand times have more
_PER_REGION = 6  # candidates that are aligned over one stretch of the query
# A candidate that rests on one fingerprint of one document, or on as little: nearly all of these are chance (of 760 in
# 400 unseen functions 6 had evidence), a few are short copies. Only in a short text are there so few that it is worth
# the time to look.
_WEAK = 1.1
_MAX_WEAK = 4
_SHORT_TEXT_TOKENS = 150
_READINGS = ("names", "shape")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of the query that may be a touched copy of a stretch of one document.

    Attributes:
        bucket: The bucket of the document.
        row: Its number there.
        start: First T3 token in the query.
        end: One past the last.
        shift: Token in the document minus token in the query, in the middle of the stretch.
        bits: What the shared fingerprints are worth.
    """

    bucket: Bucket
    row: int
    start: int
    end: int
    shift: int
    bits: float


@dataclass(frozen=True, slots=True)
class _Hits:
    """Shared fingerprints of a query and a bucket, side by side."""

    query: NDArray[np.int64]
    stored: NDArray[np.int64]
    gram: NDArray[np.int64]
    bits: NDArray[np.float64]


def find_candidates(buckets: Sequence[Bucket], stream: Stream, *, n_documents: int) -> list[Candidate]:
    """Return the candidates of a query, the strongest first.

    Args:
        buckets: The index.
        stream: The query.
        n_documents: Documents of the index.

    Raises:
        FormatError: The index is damaged where it was read.
    """
    grams = {"names": names_grams(stream), "shape": shape_grams(stream)}
    if not len(grams["names"]):
        return []
    found = {name: [find(getattr(bucket, name), grams[name]) for bucket in buckets] for name in _READINGS}
    candidates: list[Candidate] = []
    weights = {}
    for name in _READINGS:
        n_places = sum((counts for _, counts in found[name]), np.zeros(len(grams[name]), dtype=np.int64))
        bits = np.log2(max(n_documents, 2) / np.maximum(n_places, 1))
        weights[name] = np.where((n_places > 0) & (n_places <= MAX_PLACES), np.maximum(bits, 0.0), 0.0)
    for number, bucket in enumerate(buckets):
        hits = [_hits(getattr(bucket, name), *found[name][number], weights[name], grams[name]) for name in _READINGS]
        both = _Hits(*(np.concatenate([getattr(each, field) for each in hits]) for field in _Hits.__slots__))
        if len(both.query):
            candidates += _chained(bucket, both)
    return sorted(candidates, key=lambda each: (-each.bits, each.start, each.bucket.folder.name, each.row))


def worth_aligning(candidates: Sequence[Candidate], *, n_tokens: int, n_documents: int) -> list[Candidate]:
    """Choose the strongest candidates over each stretch of the query, and of a short one a few that are weak.

    Args:
        candidates: The strongest first.
        n_tokens: Length of the query in T3 tokens.
        n_documents: Documents of the index.
    """
    n_over = np.zeros(n_tokens, dtype=np.int64)
    weak_below = _WEAK * np.log2(max(n_documents, 2))
    n_weak_left = _MAX_WEAK if n_tokens <= _SHORT_TEXT_TOKENS else 0
    chosen = []
    for candidate in candidates:
        n_weak_left -= candidate.bits < weak_below
        if n_weak_left < 0:
            break
        over = n_over[candidate.start : candidate.end]
        if np.count_nonzero(over >= _PER_REGION) * 2 < len(over):
            chosen.append(candidate)
            over += 1
    return chosen


def _hits(
    postings: Postings,
    low: NDArray[np.int64],
    counts: NDArray[np.int64],
    weights: NDArray[np.float64],
    grams: NDArray[np.uint64],
) -> _Hits:
    present = np.flatnonzero((counts > 0) & (weights > 0))
    present = present[affordable(low[present], counts[present], n_grams=len(grams))]
    query, stored = expanded(postings, present, low[present], counts[present])
    # Equal grams share 63 bits; the lowest tells the readings apart well enough.
    return _Hits(query, stored, grams[query].view(np.int64), weights[query])


def _chained(bucket: Bucket, hits: _Hits) -> list[Candidate]:
    """Sum the hits of one bucket along diagonals, each hit in two bands of diagonals that overlap by half."""
    if int(hits.stored.max()) >= int(bucket.touched_starts[-1]):
        raise FormatError(f"{bucket.folder / 'arrays.bin'} is damaged: its positions point outside the tokens.")
    rows = np.searchsorted(bucket.touched_starts, hits.stored, side="right") - 1
    within = hits.stored - bucket.touched_starts[rows]
    if bucket.hidden_rows is not None:
        shown = ~bucket.hidden_rows[rows]
        hits = _Hits(*(getattr(hits, field)[shown] for field in _Hits.__slots__))
        rows, within = rows[shown], within[shown]
    shifts = within - hits.query
    best: dict[tuple[int, int], Candidate] = {}
    for offset in (0, MAX_SHIFT):
        for candidate in _chains_in_bands(bucket, hits, rows, shifts, (shifts + offset) // (2 * MAX_SHIFT)):
            key = (candidate.row, candidate.end)
            if key not in best or best[key].bits < candidate.bits:
                best[key] = candidate
    return _without_shadows(list(best.values()))


def _chains_in_bands(
    bucket: Bucket, hits: _Hits, rows: NDArray[np.int64], shifts: NDArray[np.int64], bands: NDArray[np.int64]
) -> list[Candidate]:
    order = np.lexsort((hits.query, bands, rows))
    rows, bands, shifts = rows[order], bands[order], shifts[order]
    query, gram, bits = hits.query[order], hits.gram[order], hits.bits[order]
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = (rows[1:] != rows[:-1]) | (bands[1:] != bands[:-1]) | (np.diff(query) > MAX_GAP)
    chain = np.cumsum(begins) - 1
    # Chains of little weight, nearly all, are left before the costly part.
    heavy = np.bincount(chain, weights=bits) >= MIN_BITS
    kept = np.flatnonzero(heavy[chain])
    if not len(kept):
        return []
    rows, shifts, query, chain = rows[kept], shifts[kept], query[kept], chain[kept]
    gram, bits = gram[kept], bits[kept]
    first_of_gram = _is_first_of(chain, gram)
    counted = np.flatnonzero(first_of_gram)
    starts = first_of_runs(chain[counted])
    since = np.full(len(counted), GRAM_TOKENS, dtype=np.float64)
    since[1:] = np.where(starts[1:], GRAM_TOKENS, np.diff(query[counted]))
    worth = bits[counted] * np.minimum(1.0, since / GRAM_TOKENS)
    firsts = np.flatnonzero(first_of_runs(chain))
    lasts = np.append(firsts[1:], len(chain)) - 1
    totals = np.add.reduceat(worth, np.flatnonzero(starts))
    # The middle of each chain's shifts, sorted.
    by_shift = np.lexsort((shifts, chain))
    middles = shifts[by_shift][(firsts + lasts) // 2]
    strong = np.flatnonzero(totals >= MIN_BITS)
    columns = (rows[firsts], query[firsts], query[lasts] + GRAM_TOKENS, middles, totals)
    return [
        Candidate(bucket, row, start, end, shift, bits)
        for row, start, end, shift, bits in zip(*(column[strong].tolist() for column in columns), strict=True)
    ]


def _is_first_of(chain: NDArray[np.int64], gram: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the first hit of each gram in each chain."""
    order = np.lexsort((gram, chain))  # stable: hits of one gram stay in the order of the query
    marks = np.zeros(len(chain), dtype=np.bool_)
    marks[order] = first_of_runs(chain[order]) | first_of_runs(gram[order])
    return marks


def _without_shadows(candidates: list[Candidate]) -> list[Candidate]:
    """Drop a candidate that one of the other band holds: the same document, within its range, not stronger.

    At most ``_PER_DOCUMENT`` are kept of a document.
    """
    by_row: dict[int, list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda each: (-each.bits, each.start)):
        others = by_row.setdefault(candidate.row, [])
        if len(others) < _PER_DOCUMENT and not any(
            other.start <= candidate.start
            and candidate.end <= other.end
            and abs(other.shift - candidate.shift) <= MAX_SHIFT
            for other in others
        ):
            others.append(candidate)
    return [candidate for others in by_row.values() for candidate in others]
