"""A text to its matches: look up, chain, refine, then one Match for each span with every source that holds it.

    text ─► tokens ─► grams ─► pairs (index/lookup) ─► runs (index/chains) ─► extents (index/refine) ─► matches

Other tiers (renamed code, membership) join as further producers of extents in ``_held_extents``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from codewhence.errors import FormatError
from codewhence.index.bucket import Bucket
from codewhence.index.chains import Run, runs
from codewhence.index.idioms import is_idiom
from codewhence.index.lookup import look_up
from codewhence.index.refine import Extent, extents
from codewhence.index.store import Index
from codewhence.index.tokens import Tokens, tokenize
from codewhence.index.winnow import gram_hashes
from codewhence.lines import line_number
from codewhence.records import Match, MatchKind, Source, Span

# An extent inside a longer one is another reading of the same copy if it is four fifths as long (chance adds a few
# characters to a copy in one source and not in another); a shorter one is a part of that copy.
_SAME_COPY = 0.8
# An extent that sticks out by less than a tenth is a part too, if it is not a reading of the copy.
_PART_OF_COPY = 0.9
# The same before the texts are read, with room for the characters that reading may add to a run of tokens.
_CLEARLY_A_PART = 0.7


@dataclass(frozen=True, slots=True)
class _Held:
    """An extent and the document that holds it."""

    bucket: Bucket
    row: int
    extent: Extent

    @property
    def span(self) -> tuple[int, int]:
        return self.extent.start, self.extent.end

    @property
    def document(self) -> tuple[str, int]:
        return self.bucket.folder.name, self.row


def find_matches(index: Index, text: str) -> list[Match]:
    """Return every span of ``text`` that stands in the training set, with all its sources.

    A copy of at least ``GUARANTEE`` tokens is found, verbatim or with another layout. A verbatim span is maximal to
    the character: one more on either side and no source agrees. Where sources hold different parts of one copy, the
    longest span is reported, and beside it the one that most documents hold; shorter parts of either are not.

    Args:
        index: The training set.
        text: Any text, lone surrogates included.

    Returns:
        Matches by start, the longer first.

    Raises:
        FormatError: The index is damaged where it was read.
    """
    tokens = tokenize(text)
    grams = gram_hashes(tokens.hashes)
    if not len(grams):
        return []
    found = [(bucket, _runs(bucket, tokens, grams)) for bucket in index.buckets]
    worth_reading = _without_parts({(run.start, run.end) for _, some in found for run in some}, tokens)
    held = [
        each
        for bucket, some in found
        for each in _held_extents(bucket, text, tokens, [run for run in some if (run.start, run.end) in worth_reading])
    ]
    spans = sorted(_reported_spans(held), key=lambda span: (span[0], -span[1]))
    return [_match(span, held, tokens) for span in spans]


def _runs(bucket: Bucket, tokens: Tokens, grams: NDArray[np.uint64]) -> list[Run]:
    try:
        return runs(bucket, look_up(bucket, grams), tokens)
    except IndexError as error:
        raise FormatError(f"{bucket.folder} is damaged. Run: codewhence index verify {bucket.folder.parent}") from error


def _without_parts(ranges: set[tuple[int, int]], tokens: Tokens) -> set[tuple[int, int]]:
    """Drop token ranges that lie in a much longer one: ``_reported_spans`` would drop them after a costly reading."""
    kept: list[tuple[int, int, int]] = []
    for start, end in sorted(ranges, key=lambda each: (each[0] - each[1], each)):
        n_chars = int(tokens.ends[end - 1] - tokens.starts[start])
        if not any(low <= start and end <= high and n_chars < _CLEARLY_A_PART * size for low, high, size in kept):
            kept.append((start, end, n_chars))
    return {(start, end) for start, end, _ in kept}


def _held_extents(bucket: Bucket, text: str, tokens: Tokens, found: list[Run]) -> Iterable[_Held]:
    for row, of_document in groupby(found, key=_row):
        for extent in extents(text, tokens, bucket.text(row), list(of_document)):
            yield _Held(bucket, row, extent)


def _row(run: Run) -> int:
    return run.row


def _reported_spans(held: list[_Held]) -> list[tuple[int, int]]:
    """Choose the spans to report: of each copy the longest one, verbatim if any is, and the one most widely held."""
    verbatim = {each.span for each in held if each.extent.verbatim}
    copies: list[list[tuple[int, int]]] = []
    for span in sorted({each.span for each in held}, key=lambda span: (span[0] - span[1], span)):
        if not _joins_a_copy(span, copies):
            copies.append([span])
    chosen = set()
    for copy in copies:
        chosen.add(next((span for span in copy if span in verbatim), copy[0]))
        if len(copy) > 1:
            chosen.add(max(copy, key=lambda span: (_n_documents(span, held), span[1] - span[0], -span[0])))
    return sorted(chosen)


def _joins_a_copy(span: tuple[int, int], copies: list[list[tuple[int, int]]]) -> bool:
    """Say whether ``span`` is part of a longer copy; where it is nearly as long, note it there."""
    length = span[1] - span[0]
    for copy in copies:
        longest = copy[0]
        shared = min(span[1], longest[1]) - max(span[0], longest[0])
        if shared == length and length >= _SAME_COPY * (longest[1] - longest[0]):
            copy.append(span)
            return True
        if shared >= _PART_OF_COPY * length and length < _SAME_COPY * (longest[1] - longest[0]):
            return True
    return False


def _n_documents(span: tuple[int, int], held: list[_Held]) -> int:
    return len({each.document for each in held if each.extent.contains(*span)})


def _match(span: tuple[int, int], held: list[_Held], tokens: Tokens) -> Match:
    holders: dict[tuple[str, int], _Held] = {}
    for each in held:
        if each.extent.contains(*span):
            known = holders.get(each.document)
            if known is None or (each.extent.verbatim and not known.extent.verbatim):
                holders[each.document] = each
    sources = [source for _, holder in sorted(holders.items()) for source in _sources(span, holder)]
    n_tokens = int(np.searchsorted(tokens.ends, span[1], "right") - np.searchsorted(tokens.starts, span[0]))
    return Match(
        span=Span(*span),
        kind=MatchKind.EXACT,
        verbatim=any(holder.extent.verbatim for holder in holders.values()),
        n_tokens=n_tokens,
        sources=tuple(sorted(sources, key=lambda source: (source.origin.repo, source.origin.path, source.doc_id))),
        n_documents=len(holders),
        idiom=is_idiom(sources, n_documents=len(holders), n_tokens=n_tokens),
    )


def _sources(span: tuple[int, int], holder: _Held) -> list[Source]:
    start, end = holder.extent.stored_part(*span)
    stored = holder.bucket.text(holder.row)
    start_line, end_line = line_number(stored, start), line_number(stored, end - 1)
    entry = holder.bucket.entry(holder.row)
    return [
        Source(
            doc_id=entry.doc_id,
            span=Span(start, end),
            start_line=start_line,
            end_line=end_line,
            origin=origin,
            verbatim=holder.extent.verbatim,
        )
        for origin in entry.origins
    ]
