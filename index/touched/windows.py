"""The stretches of documents that candidates point at, read as T3 tokens from the nearest checkpoint on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from codewhence.index.fingerprints import CHECKPOINT_TOKENS
from codewhence.index.tokens import code_points, tokenize_codes
from codewhence.index.touched.candidates import Candidate
from codewhence.index.touched.streams import Stream, read_stream

# Languages whose code cannot be told from its middle: PHP begins as markup.
_FROM_THE_START = frozenset({"php"})


@dataclass(frozen=True, slots=True)
class Window:
    """T3 tokens of a stretch of one document.

    Attributes:
        stream: The tokens; their places count from ``text_start``.
        first: Number of the first of them in the document.
        text_start: Code point of the document at which the stretch begins.
    """

    stream: Stream
    first: int
    text_start: int


def read_windows(candidates: Sequence[Candidate], *, margin: int) -> list[Window]:
    """Read the tokens that each candidate may align with, ``margin`` tokens around it.

    Raises:
        FormatError: A text does not unpack.
    """
    places, parts = [], []
    for candidate in candidates:
        first, start, end = _place(candidate, margin)
        bucket = candidate.bucket
        language = bucket.entry(candidate.row).language
        text = bucket.text(candidate.row)
        if language in _FROM_THE_START:
            first = start = 0
        parts.append((text[start:end], language))
        places.append((first, start))
    codes = code_points("".join(f"{text}\n" for text, _ in parts))
    all_tokens = read_stream(parts, codes, tokenize_codes(codes))
    text_starts = np.cumsum([0] + [len(text) + 1 for text, _ in parts])
    bounds = np.searchsorted(all_tokens.starts, text_starts).tolist()
    return [
        Window(_part(all_tokens, bounds[at], bounds[at + 1], int(text_starts[at])), first, start)
        for at, (first, start) in enumerate(places)
    ]


def _place(candidate: Candidate, margin: int) -> tuple[int, int, int]:
    """Return number and code point of the first token to read, and the code point at which to stop."""
    bucket, row = candidate.bucket, candidate.row
    checkpoints = bucket.checkpoints[bucket.checkpoint_starts[row] : bucket.checkpoint_starts[row + 1]]
    before = max(0, candidate.start + candidate.shift - margin) // CHECKPOINT_TOKENS
    before = min(before, len(checkpoints) - 1)
    after = max(0, candidate.end + candidate.shift + margin) // CHECKPOINT_TOKENS + 1
    end = int(checkpoints[after]) if after < len(checkpoints) else bucket.entry(row).n_chars
    return before * CHECKPOINT_TOKENS, int(checkpoints[before]), end


def _part(stream: Stream, first: int, last: int, offset: int) -> Stream:
    return Stream(
        stream.starts[first:last] - offset,
        stream.ends[first:last] - offset,
        stream.names[first:last],
        stream.shape[first:last],
        stream.identifiers[first:last],
        stream.repeats[first:last],
        stream.literals[first:last],
        stream.literal_words[first:last],
    )
