"""The passages that a training set repeats most: what its idioms look like."""

import numpy as np

from codewhence.index.bucket import DIRECTORY_BITS, KEY_BITS, Bucket
from codewhence.index.idioms import MIN_PROJECTS
from codewhence.index.match import find_matches
from codewhence.index.store import Index
from codewhence.index.tokens import tokenize
from codewhence.records import Match

_N_GRAMS = 3000  # most frequent grams looked at, 0.15 s of work
_AROUND_TOKENS = 80  # taken on each side of a gram, to let its passage show


def most_repeated_passage(index: Index, *, language: str | None = None) -> tuple[str, Match] | None:
    """Return an idiom of the training set, a text and its match, or ``None`` where nothing repeats that much.

    Args:
        index: The training set.
        language: Take the text from a document in this language; from any where ``None``.

    Of the most frequent grams of the first bucket the one in most projects is taken (then in most documents), and the
    passage around it that the projects share. Takes well under a second; the same index gives the same passage.
    """
    bucket = next((bucket for bucket in index.buckets if len(bucket.keys)), None)
    if bucket is None:
        return None
    for _, _, position in sorted(_spread(bucket, language), reverse=True):
        passage = _most_held_part(index, _around(bucket, position))
        if passage is not None:
            return passage
    return None


def _most_held_part(index: Index, text: str) -> tuple[str, Match] | None:
    """Narrow a text to the idiom in it that most documents hold."""
    passage = None
    while True:
        idioms = [match for match in find_matches(index, text) if match.idiom]
        best = max(idioms, key=lambda match: (match.n_documents, len(match.span)), default=None)
        if best is None or (passage is not None and best.n_documents <= passage[1].n_documents):
            return passage
        text = text[best.span.start : best.span.end]
        passage = (text, best)


def _spread(bucket: Bucket, language: str | None) -> list[tuple[int, int, int]]:
    """Return projects, documents and a position of the most frequent grams that may be part of an idiom."""
    slots = np.repeat(np.arange(1 << DIRECTORY_BITS, dtype=np.uint64), np.diff(bucket.directory.astype(np.int64)))
    grams = (slots << np.uint64(KEY_BITS)) | bucket.keys
    _, firsts, counts = np.unique(grams, return_index=True, return_counts=True)
    spread = []
    for row in np.argsort(-counts, kind="stable")[:_N_GRAMS]:
        positions = bucket.positions[firsts[row] : firsts[row] + counts[row]]
        of_document = np.searchsorted(bucket.token_starts, positions, side="right") - 1
        entries = {document: bucket.entry(document) for document in np.unique(of_document).tolist()}
        projects = {origin.repo for entry in entries.values() for origin in entry.origins}
        fitting = [document for document, entry in entries.items() if language in (None, entry.language)]
        if len(projects) >= MIN_PROJECTS and len(entries) > 1 and fitting:
            spread.append((len(projects), len(entries), int(positions[of_document == fitting[0]][0])))
    return spread


def _around(bucket: Bucket, position: int) -> str:
    row = int(np.searchsorted(bucket.token_starts, position, side="right")) - 1
    text = bucket.text(row)
    tokens = tokenize(text)
    at = position - int(bucket.token_starts[row])
    first, last = max(0, at - _AROUND_TOKENS), min(len(tokens), at + _AROUND_TOKENS) - 1
    return text[int(tokens.starts[first]) : int(tokens.ends[last])]
