"""A run of equal tokens to its exact extent in the texts: maximal to the character, verbatim or reformatted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.chains import MIN_CHARS, Run
from codewhence.index.tokens import RULE_CHARS, Tokens, tokenize
from codewhence.index.winnow import GRAM_TOKENS, GUARANTEE

_CHUNK_CHARS = 64
_MAX_REPEATS = 32
_MAX_RUNS = 5_000  # of one document, longest first: it bounds a query and a document that both repeat themselves
_CHARS_A_TOKEN = 10  # source code has 7 to 9
_MAX_OCCURRENCES = 200  # of one run in one document that are looked at


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a query and a document agree, maximal: one more character on either side would differ.

    Attributes:
        start: First code point in the query.
        end: One past the last.
        stored_start: First code point in the document.
        stored_end: One past the last.
        verbatim: Equal to the character; otherwise the tokens are equal and the layout is not.
        query_starts: Start of each shared token in the query; empty for verbatim extents.
        stored_starts: Start of the same tokens in the document.
        stored_ends: End of the same tokens in the document.
    """

    start: int
    end: int
    stored_start: int
    stored_end: int
    verbatim: bool
    query_starts: NDArray[np.int64] | None = None
    stored_starts: NDArray[np.int64] | None = None
    stored_ends: NDArray[np.int64] | None = None

    def contains(self, start: int, end: int) -> bool:
        """Say whether the extent covers ``[start, end)`` of the query."""
        return self.start <= start and end <= self.end

    def stored_part(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``[start, end)`` of the query, a part of this extent, stands in the document."""
        if self.query_starts is None or self.stored_starts is None or self.stored_ends is None:
            return self.stored_start + start - self.start, self.stored_end - (self.end - end)
        if (start, end) == (self.start, self.end):
            return self.stored_start, self.stored_end
        first = int(np.searchsorted(self.query_starts, start))
        last = max(first, int(np.searchsorted(self.query_starts, end)) - 1)
        first = min(first, len(self.stored_starts) - 1)
        return int(self.stored_starts[first]), int(self.stored_ends[min(last, len(self.stored_ends) - 1)])


def extents(text: str, tokens: Tokens, stored: str, found: list[Run]) -> list[Extent]:
    """Refine the runs of one document, longest first, against its text.

    Args:
        text: The query.
        tokens: Its tokens.
        stored: The document.
        found: The runs that they share.

    Returns:
        Extents, those of one run side by side. A run inside verbatim ones read before gives none, unless it begins or
        ends with one of them: then its extent may reach further by characters. Where a document repeats itself only
        so many runs are read that add less than ``GUARANTEE`` tokens.
    """
    results: list[Extent] = []
    stored_tokens: Tokens | None = None
    progress = _Progress(tokens) if len(found) > 1 else None
    for run in found[:_MAX_RUNS]:
        if progress and not progress.is_worth_reading(run):
            continue
        new = _verbatim(text, stored, int(tokens.starts[run.start]), int(tokens.ends[run.end - 1]))
        if not new:
            n_needed = run.stored_start + run.end - run.start
            if stored_tokens is None or len(stored_tokens) < n_needed:
                stored_tokens = _tokens_up_to(stored, n_needed)
            new = _reformatted(text, tokens, stored, stored_tokens, run)
        if progress:
            progress.note(run, new)
        results += new
    return results


class _Progress:
    """What of a query has been read in one document."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._read = np.zeros(len(tokens), dtype=np.bool_)
        self._read_verbatim = np.zeros(len(tokens), dtype=np.bool_)
        self._edges: set[int] = set()
        self._n_repeats = 0

    def is_worth_reading(self, run: Run) -> bool:
        """Say whether a run may give an extent that those read before do not contain."""
        length = run.end - run.start
        if length - np.count_nonzero(self._read[run.start : run.end]) >= min(GUARANTEE, length):
            return True
        is_inside = bool(self._read_verbatim[run.start : run.end].all())
        if self._n_repeats >= _MAX_REPEATS or (is_inside and not self._edges & {run.start, ~run.end}):
            return False
        self._n_repeats += 1
        return True

    def note(self, run: Run, new: list[Extent]) -> None:
        """Note what a run gave."""
        self._edges |= {run.start, ~run.end}  # ends as negative numbers, to tell them from starts
        for extent in new:
            first, last = self._tokens.within(extent.start, extent.end)
            self._edges |= {first, ~last}
            self._read[first:last] = True
            if extent.verbatim:
                self._read_verbatim[first:last] = True


def _tokens_up_to(stored: str, n_tokens: int) -> Tokens:
    """Tokenize the beginning of a document, at least so much that ``n_tokens`` tokens of it are right, or all of it."""
    n_chars = _CHARS_A_TOKEN * n_tokens
    while n_chars < len(stored):
        tokens = tokenize(stored[:n_chars])
        # Where the text is cut the last word may be short, and the beginning of a rule looks like operators.
        n_right = len(tokens) - RULE_CHARS
        if n_right >= n_tokens:
            return Tokens(tokens.hashes[:n_right], tokens.starts[:n_right], tokens.ends[:n_right])
        n_chars *= 2
    return tokenize(stored)


def _verbatim(text: str, stored: str, start: int, end: int) -> list[Extent]:
    """Find the run to the letter in the document; of several places those that no other outreaches on both sides."""
    wanted = text[start:end]
    kept: list[Extent] = []
    at = stored.find(wanted)
    for _ in range(_MAX_OCCURRENCES):
        if at < 0:
            break
        extent = _extended(text, stored, start, end, at, at + len(wanted))
        if not any(other.contains(extent.start, extent.end) for other in kept):
            kept = [other for other in kept if not extent.contains(other.start, other.end)]
            kept.append(extent)
        at = stored.find(wanted, at + 1)
    return kept


def _extended(text: str, stored: str, start: int, end: int, stored_start: int, stored_end: int) -> Extent:
    left = _n_equal_before(text, stored, start, stored_start)
    right = _n_equal_after(text, stored, end, stored_end)
    return Extent(start - left, end + right, stored_start - left, stored_end + right, verbatim=True)


def _reformatted(text: str, tokens: Tokens, stored: str, stored_tokens: Tokens, run: Run) -> list[Extent]:
    """Refine a run whose layout differs: the whole run, and each verbatim stretch of it that is long enough.

    Next to a verbatim copy the tokens may go on agreeing by chance across another layout (a blank line less, then
    the same keyword). Fewer than GRAM_TOKENS of those are dropped, so that the copy keeps its exact ends.
    """
    aligned = _aligned(tokens, stored_tokens, run)
    if aligned is None:
        return []
    first, stored_first, n_tokens = aligned
    starts, ends = tokens.starts[first : first + n_tokens], tokens.ends[first : first + n_tokens]
    if n_tokens < GUARANTEE and ends[-1] - starts[0] < MIN_CHARS:
        return []
    stored_starts = stored_tokens.starts[stored_first : stored_first + n_tokens]
    stored_ends = stored_tokens.ends[stored_first : stored_first + n_tokens]
    stretches = _verbatim_stretches(text, stored, starts, ends, stored_starts, stored_ends)
    verbatim = [
        _extended(
            text, stored, int(starts[low]), int(ends[high - 1]), int(stored_starts[low]), int(stored_ends[high - 1])
        )
        for low, high in stretches
    ]
    if any(n_tokens - (high - low) < GRAM_TOKENS for low, high in stretches):
        return verbatim
    left = _n_equal_before(text, stored, int(starts[0]), int(stored_starts[0]))
    right = _n_equal_after(text, stored, int(ends[-1]), int(stored_ends[-1]))
    whole = Extent(
        int(starts[0]) - left,
        int(ends[-1]) + right,
        int(stored_starts[0]) - left,
        int(stored_ends[-1]) + right,
        verbatim=False,
        query_starts=starts,
        stored_starts=stored_starts,
        stored_ends=stored_ends,
    )
    return [whole, *verbatim]


def _aligned(tokens: Tokens, stored_tokens: Tokens, run: Run) -> tuple[int, int, int] | None:
    """Return query start, document start and length, in tokens, of the longest run of equal hashes in ``run``."""
    stored = stored_tokens.hashes[run.stored_start : run.stored_start + run.end - run.start]
    equal = tokens.hashes[run.start : run.start + len(stored)] == stored
    edges = np.flatnonzero(np.diff(equal.view(np.int8), prepend=0, append=0))
    if not len(edges):
        return None
    firsts, lasts = edges[::2], edges[1::2]
    longest = int(np.argmax(lasts - firsts))
    first, n_tokens = int(firsts[longest]), int(lasts[longest] - firsts[longest])
    if n_tokens < GRAM_TOKENS:
        return None
    return run.start + first, run.stored_start + first, n_tokens


def _verbatim_stretches(
    text: str,
    stored: str,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    stored_starts: NDArray[np.int64],
    stored_ends: NDArray[np.int64],
) -> list[tuple[int, int]]:
    """Return the half-open ranges of tokens between which not even the layout differs: of ``GUARANTEE``, or all."""
    gaps = zip(
        ends[:-1].tolist(), starts[1:].tolist(), stored_ends[:-1].tolist(), stored_starts[1:].tolist(), strict=True
    )
    same_gap = np.array([text[a:b] == stored[c:d] for a, b, c, d in gaps], dtype=np.bool_)
    # Rules of unequal length are one token each: their ends count as a change of layout.
    same_length = (ends - starts) == (stored_ends - stored_starts)
    same_gap &= same_length[1:] & same_length[:-1]
    edges = np.flatnonzero(np.diff(same_gap.view(np.int8), prepend=0, append=0))
    ranges = zip(edges[::2].tolist(), (edges[1::2] + 1).tolist(), strict=True)
    return [(first, last) for first, last in ranges if last - first >= min(GUARANTEE, len(starts))]


def _n_equal_before(text: str, stored: str, at: int, stored_at: int) -> int:
    """Count the equal characters that end just before the two places."""
    limit = min(at, stored_at)
    count = 0
    while count < limit:
        step = min(_CHUNK_CHARS, limit - count)
        if text[at - count - step : at - count] == stored[stored_at - count - step : stored_at - count]:
            count += step
            continue
        while count < limit and text[at - count - 1] == stored[stored_at - count - 1]:
            count += 1
        break
    return count


def _n_equal_after(text: str, stored: str, at: int, stored_at: int) -> int:
    """Count the equal characters that begin at the two places."""
    limit = min(len(text) - at, len(stored) - stored_at)
    count = 0
    while count < limit:
        step = min(_CHUNK_CHARS, limit - count)
        if text[at + count : at + count + step] == stored[stored_at + count : stored_at + count + step]:
            count += step
            continue
        while count < limit and text[at + count] == stored[stored_at + count]:
            count += 1
        break
    return count
