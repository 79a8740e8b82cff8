"""Exact copies: look up, chain, refine; the spans to report and every document that holds them.

text ─► tokens ─► grams ─► pairs (index/lookup) ─► runs (index/chains) ─► extents (index/refine) ─► spans
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from codewhence.errors import FormatError
from codewhence.index.bucket import Bucket
from codewhence.index.chains import Run, runs
from codewhence.index.lookup import look_up
from codewhence.index.refine import extents
from codewhence.index.spans import Held, Holdings, reported_spans
from codewhence.index.tokens import Tokens
from codewhence.index.winnow import GRAM_TOKENS, gram_hashes
from codewhence.lines import line_of

# A run of tokens this much shorter than one that contains it is not read at all: ``reported_spans`` would drop its
# extent as a part of the longer copy, at four fifths. The difference leaves room for characters that reading adds.
_CLEARLY_A_PART = 0.7


def find_exact(buckets: Sequence[Bucket], text: str, tokens: Tokens) -> tuple[list[tuple[int, int]], Holdings]:
    """Return the spans of ``text`` that are copies, by start and the longer first, and what holds them.

    Args:
        buckets: The index.
        text: Any text, lone surrogates included.
        tokens: Its T2 tokens.

    Raises:
        FormatError: The index is damaged where it was read.
    """
    grams = gram_hashes(tokens.hashes)
    if not len(grams):
        return [], Holdings([])
    found = [(bucket, _runs(bucket, tokens, grams)) for bucket in buckets]
    unread = {(run.start, run.end) for _, some in found for run in some}
    held: list[Held] = []

    def read(ranges: set[tuple[int, int]]) -> None:
        held.extend(_read(found, ranges & unread, text, tokens))
        unread.difference_update(ranges)

    read(_without_parts(unread, tokens))
    # Parts were left out for longer runs; where those turned out to have another layout, they are copies of their own.
    read(_not_within_verbatim(unread, held, tokens))
    spans = sorted(reported_spans(Holdings(held), tokens), key=lambda span: (span[0], -span[1]))
    # And every document that holds a reported span is its source, also one whose run is part of a longer one.
    read(_around(spans, unread, tokens))
    return spans, Holdings(held)


def _runs(bucket: Bucket, tokens: Tokens, grams: NDArray[np.uint64]) -> list[Run]:
    try:
        found = runs(bucket, look_up(bucket, grams), tokens)
    except IndexError as error:
        raise FormatError(f"{bucket.folder} is damaged. Run: codewhence index verify {bucket.folder.parent}") from error
    hidden = bucket.hidden_rows
    return found if hidden is None else [run for run in found if not hidden[run.row]]


def _without_parts(ranges: set[tuple[int, int]], tokens: Tokens) -> set[tuple[int, int]]:
    """Drop token ranges that lie in a much longer one."""
    ordered = np.array(sorted(ranges, key=lambda each: (each[0] - each[1], each)), dtype=np.int64).reshape(-1, 2)
    n_chars = tokens.ends[ordered[:, 1] - 1] - tokens.starts[ordered[:, 0]]
    # Reading may drop words at the ends of a run, fewer than a gram: what is left of it for certain counts.
    inner = np.clip(ordered + np.array([GRAM_TOKENS, -GRAM_TOKENS]), 0, len(tokens) - 1)
    n_certain_chars = np.maximum(tokens.starts[inner[:, 1]] - tokens.ends[inner[:, 0]], 0)
    kept = np.zeros(len(ordered), dtype=np.int64)
    n_kept = 0
    for row, (start, end) in enumerate(ordered.tolist()):
        longer = kept[:n_kept]
        around = (ordered[longer, 0] <= start) & (ordered[longer, 1] >= end)
        if not (around & (n_chars[row] < _CLEARLY_A_PART * n_certain_chars[longer])).any():
            kept[n_kept] = row
            n_kept += 1
    return {(start, end) for start, end in ordered[kept[:n_kept]].tolist()}


def _not_within_verbatim(ranges: set[tuple[int, int]], held: list[Held], tokens: Tokens) -> set[tuple[int, int]]:
    """Return the token ranges that lie in no verbatim extent."""
    verbatim = Holdings([each for each in held if each.extent.verbatim])
    spans = {each: (int(tokens.starts[each[0]]), int(tokens.ends[each[1] - 1])) for each in ranges}
    return {each for each, span in spans.items() if not verbatim.documents(span)}


def _around(spans: list[tuple[int, int]], ranges: set[tuple[int, int]], tokens: Tokens) -> set[tuple[int, int]]:
    """Return the token ranges that contain a span, but for a token at each end: a document's own may be longer."""
    inner = np.array([tokens.within(*span) for span in spans], dtype=np.int64).reshape(-1, 2)
    inner += np.array([1, -1])
    return {(start, end) for start, end in ranges if ((inner[:, 0] >= start) & (inner[:, 1] <= end)).any()}


def _read(found: list[tuple[Bucket, list[Run]]], ranges: set[tuple[int, int]], text: str, tokens: Tokens) -> list[Held]:
    """Read the documents of the runs over these token ranges."""
    return [
        each
        for bucket, some in found
        for each in _held_extents(bucket, text, tokens, [run for run in some if (run.start, run.end) in ranges])
    ]


def _held_extents(bucket: Bucket, text: str, tokens: Tokens, found: list[Run]) -> Iterator[Held]:
    for row, of_document in groupby(found, key=lambda run: run.row):
        stored = bucket.text(row)
        for extent in extents(text, tokens, stored, list(of_document)):
            first_line = line_of(stored, extent.stored_start)
            part = None if extent.verbatim else stored[extent.stored_start : extent.stored_end]
            yield Held(bucket, row, extent, first_line, part)
