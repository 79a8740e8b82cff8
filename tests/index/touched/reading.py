"""Streams of texts, and streams made of bare values."""

from collections.abc import Sequence

import numpy as np

from codewhence.index.tokens import code_points, tokenize_codes
from codewhence.index.touched.streams import Stream, read_stream


def stream_of(text: str, language: str | None) -> Stream:
    """Read one text."""
    codes = code_points(text)
    return read_stream([(text, language)], codes, tokenize_codes(codes))


def stream_of_parts(parts: Sequence[tuple[str, str | None]]) -> Stream:
    """Read several texts side by side."""
    codes = code_points("".join(f"{text}\n" for text, _ in parts))
    return read_stream(parts, codes, tokenize_codes(codes))


def made_stream(
    names: Sequence[int],
    identifiers: Sequence[int],
    *,
    literals: Sequence[int] | None = None,
    literal_words: Sequence[int] | None = None,
) -> Stream:
    """Return a stream of tokens: a parameter where ``names`` is 0; the role of every identifier is its name's.

    Distances are worked out one token after the other.
    """
    n_tokens = len(names)
    repeats = [0] * n_tokens
    for at, identifier in enumerate(identifiers):
        for distance in range(1, min(at, 11) + 1):
            if identifier and identifiers[at - distance] == identifier:
                repeats[at] = distance
                break
    shape = [
        (0 if name == 0 else 7) if identifier else name for name, identifier in zip(names, identifiers, strict=True)
    ]
    return Stream(
        starts=np.arange(n_tokens) * 2,
        ends=np.arange(n_tokens) * 2 + 1,
        names=np.array(names, dtype=np.uint64),
        shape=np.array(shape, dtype=np.uint64),
        identifiers=np.array(identifiers, dtype=np.uint64),
        repeats=np.array(repeats, dtype=np.uint8),
        literals=np.array(literals or [0] * n_tokens, dtype=np.uint64),
        literal_words=np.array(literal_words or [0] * n_tokens, dtype=np.int64),
    )
