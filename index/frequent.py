"""The passages that a training set repeats most: what its idioms look like."""

import numpy as np

from codewhence.index.bucket import Bucket
from codewhence.index.chains import Run
from codewhence.index.idioms import MIN_PROJECTS
from codewhence.index.match import find_matches
from codewhence.index.postings import DIRECTORY_BITS, KEY_BITS
from codewhence.index.refine import extents
from codewhence.index.store import Index
from codewhence.index.tokens import tokenize
from codewhence.index.winnow import GRAM_TOKENS
from codewhence.records import Match

_N_GRAMS = 3000  # most frequent grams looked at, 0.15 s of work


def most_repeated_passage(index: Index, *, language: str | None = None) -> tuple[str, Match] | None:
    """Return an idiom of the training set, a text and its match, or ``None`` where nothing repeats that much.

    Args:
        index: The training set.
        language: Take the text from a document in this language; from any where ``None``.

    Of the most frequent grams of the first bucket the one in most projects is taken (then in most documents), and the
    passage around it that the projects share. Takes well under a second; the same index gives the same passage.
    """
    bucket = next((bucket for bucket in index.buckets if len(bucket.words)), None)
    if bucket is None:
        return None
    for _, _, position, other in sorted(_spread(bucket, language), reverse=True):
        for shared in _shared_around(bucket, position, other):
            idioms = [match for match in find_matches(index, shared) if match.idiom]
            if idioms:
                longest = max(idioms, key=lambda match: len(match.span))
                return shared[longest.span.start : longest.span.end], longest
    return None


def _spread(bucket: Bucket, language: str | None) -> list[tuple[int, int, int, int]]:
    """Return projects, documents and two positions, in two projects, of the most frequent grams of an idiom."""
    slots = np.repeat(np.arange(1 << DIRECTORY_BITS), np.diff(bucket.words.directory.astype(np.int64)))
    grams = (slots << KEY_BITS) | bucket.words.keys
    _, firsts, counts = np.unique(grams, return_index=True, return_counts=True)
    spread = []
    for row in np.argsort(-counts, kind="stable")[:_N_GRAMS]:
        positions = bucket.words.positions[firsts[row] : firsts[row] + counts[row]]
        of_document = np.searchsorted(bucket.token_starts, positions, side="right") - 1
        documents = [row for row in np.unique(of_document).tolist() if not bucket.is_hidden(row)]
        entries = {document: bucket.entry(document) for document in documents}
        projects = {origin.repo for entry in entries.values() for origin in entry.origins}
        fitting = next((row for row, entry in entries.items() if language in (None, entry.language)), None)
        if len(projects) < MIN_PROJECTS or fitting is None:
            continue
        repo = entries[fitting].origins[0].repo
        elsewhere = next((row for row, entry in entries.items() if entry.origins[0].repo != repo), None)
        if elsewhere is not None:
            first, other = (int(positions[of_document == row][0]) for row in (fitting, elsewhere))
            spread.append((len(projects), len(entries), first, other))
    return spread


def _shared_around(bucket: Bucket, position: int, other: int) -> list[str]:
    """Return the text that two documents share around a gram that stands in both."""
    row, other_row = (int(np.searchsorted(bucket.token_starts, each, side="right")) - 1 for each in (position, other))
    text = bucket.text(row)
    tokens = tokenize(text)
    start = position - int(bucket.token_starts[row])
    run = Run(other_row, start, start + GRAM_TOKENS, other - int(bucket.token_starts[other_row]))
    return [text[each.start : each.end] for each in extents(text, tokens, bucket.text(other_row), [run])]
