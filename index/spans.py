"""Which spans to report, of all the extents that documents hold (docs/decisions/0005)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.bucket import Bucket
from codewhence.index.refine import Extent
from codewhence.index.runs import first_of_runs
from codewhence.index.tokens import Tokens
from codewhence.index.winnow import GRAM_TOKENS

# An extent inside a longer one is another reading of the same copy if it is four fifths as long (chance adds a few
# characters to a copy in one source and not in another); a shorter one is a part of that copy.
_SAME_COPY = 0.8
# Readings that differ by a few characters from the longest are reported until each document that holds so much is
# named for it, the most widely held first, but not more than that many: a source that holds all but a word must not be
# known only for the part that forty others share.
_SAME_BUT_FOR_A_WORD = 0.95
_MAX_CLOSE_READINGS = 3
# A shorter one that sticks out by less than a tenth of itself is a part too.
_PART_OF_COPY = 0.9


@dataclass(frozen=True, slots=True)
class Held:
    """An extent and the document that holds it.

    Attributes:
        bucket: The bucket of the document.
        row: Its number there.
        extent: Where query and document agree.
        first_line: Line of the document, from 1, on which the extent begins.
        stored: The document's text of the extent; ``None`` where it is the query's, to the letter.
    """

    bucket: Bucket
    row: int
    extent: Extent
    first_line: int
    stored: str | None


class Holdings:
    """All extents of one query, as arrays, to ask which documents hold a span."""

    def __init__(self, held: Sequence[Held]) -> None:
        self._held = held
        self.starts: NDArray[np.int64] = np.array([each.extent.start for each in held], dtype=np.int64)
        self.ends: NDArray[np.int64] = np.array([each.extent.end for each in held], dtype=np.int64)
        self.verbatim: NDArray[np.bool_] = np.array([each.extent.verbatim for each in held], dtype=np.bool_)
        numbers: dict[tuple[str, int], int] = {}
        keys = [(each.bucket.folder.name, each.row) for each in held]
        for key in sorted(set(keys)):
            numbers[key] = len(numbers)
        self._documents: NDArray[np.int64] = np.array([numbers[key] for key in keys], dtype=np.int64)

    def documents(self, span: tuple[int, int], *, verbatim: bool = False) -> set[int]:
        """Return numbers of the documents that hold the whole span, or that hold it to the letter."""
        rows = self._around(span)
        return set(self._documents[rows[self.verbatim[rows]] if verbatim else rows].tolist())

    def holders(self, span: tuple[int, int]) -> list[Held]:
        """Return one extent for each document that holds the whole span, a verbatim one if it has any."""
        rows = self._around(span)
        rows = rows[np.lexsort((~self.verbatim[rows], self._documents[rows]))]
        documents = self._documents[rows]
        return [self._held[row] for row in rows[first_of_runs(documents)].tolist()]

    def _around(self, span: tuple[int, int]) -> NDArray[np.int64]:
        return np.flatnonzero((self.starts <= span[0]) & (self.ends >= span[1]))


def reported_spans(holdings: Holdings, tokens: Tokens) -> set[tuple[int, int]]:
    """Choose the spans to report: of each copy the longest one and those most widely held to the letter.

    A verbatim span that is nearly as long stands for the longest one: what goes beyond it agrees by chance.
    """
    spans = list(zip(holdings.starts.tolist(), holdings.ends.tolist(), strict=True))
    verbatim = {span for span, is_verbatim in zip(spans, holdings.verbatim.tolist(), strict=True) if is_verbatim}
    chosen = set()
    longest_first = sorted(set(spans), key=lambda span: (span[0] - span[1], span))
    for copy in _copies(longest_first, verbatim, holdings):
        n_needed = n_tokens_within(copy[0], tokens) - GRAM_TOKENS
        nearly = (span for span in copy if span in verbatim and n_tokens_within(span, tokens) > n_needed)
        chosen.add(next(nearly, copy[0]))
        if len(copy) > 1:
            length = copy[0][1] - copy[0][0]
            close = [span for span in copy if span[1] - span[0] >= _SAME_BUT_FOR_A_WORD * length]
            chosen |= {*_naming_all(close, holdings), *_naming_all(copy, holdings)[:1]}
    return chosen


def _naming_all(spans: list[tuple[int, int]], holdings: Holdings) -> list[tuple[int, int]]:
    """Choose spans, each naming the most documents that none before named: to the letter, else at all."""
    holders = {span: (holdings.documents(span, verbatim=True), holdings.documents(span)) for span in spans}
    named: tuple[set[int], set[int]] = (set(), set())
    chosen: list[tuple[int, int]] = []
    while len(chosen) < _MAX_CLOSE_READINGS:
        gains = {
            span: (len(letter - named[0]), len(any_layout - named[1]), span[1] - span[0], -span[0])
            for span, (letter, any_layout) in holders.items()
        }
        best = max(spans, key=gains.__getitem__)
        if not gains[best][0] and not gains[best][1]:
            break
        chosen.append(best)
        named = (named[0] | holders[best][0], named[1] | holders[best][1])
    return chosen


def n_tokens_within(span: tuple[int, int], tokens: Tokens) -> int:
    """Count the tokens that lie whole within a span of the query."""
    first, last = tokens.within(*span)
    return last - first


def _copies(
    longest_first: list[tuple[int, int]], verbatim: set[tuple[int, int]], holdings: Holdings
) -> list[list[tuple[int, int]]]:
    """Group spans into copies: each the longest span and the other readings of it; parts of copies are left out.

    A verbatim span is no part of a reformatted copy if documents hold it that do not hold that copy.
    """
    copies: list[list[tuple[int, int]]] = []
    lows, highs = np.zeros(len(longest_first), dtype=np.int64), np.zeros(len(longest_first), dtype=np.int64)
    for start, end in longest_first:
        length = end - start
        low, high = lows[: len(copies)], highs[: len(copies)]
        shared = np.minimum(high, end) - np.maximum(low, start)
        near = length >= _SAME_COPY * (high - low)
        readings = np.flatnonzero(near & (shared == length))
        parts = np.flatnonzero(~near & (shared >= _PART_OF_COPY * length))
        if len(readings):
            copies[readings[0]].append((start, end))
        elif not any(_is_part((start, end), copies[copy], verbatim, holdings) for copy in parts.tolist()):
            lows[len(copies)], highs[len(copies)] = start, end
            copies.append([(start, end)])
    return copies


def _is_part(
    span: tuple[int, int], copy: list[tuple[int, int]], verbatim: set[tuple[int, int]], holdings: Holdings
) -> bool:
    if span not in verbatim or not verbatim.isdisjoint(copy):
        return True
    return holdings.documents(span, verbatim=True) <= holdings.documents(copy[0])
