"""All fingerprints of many documents at once: the arrays of one small document cost mostly their making.

    texts ─► code points side by side ─► T2 tokens ─► word grams ───────────┐
                                     └─► T3 stream ─► names and shape grams ─┴─► winnowed, per document

What a document gets depends on itself alone, not on its neighbours: grams that reach over its end are cut out, and
windows see its first and last grams as if the largest hashes stood around.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.tokens import code_points, tokenize_codes
from codewhence.index.touched.grams import names_grams, shape_grams
from codewhence.index.touched.streams import read_stream
from codewhence.index.winnow import GRAM_TOKENS, WINDOW, gram_hashes, selected

BATCH_CHARS = 1 << 18  # at which the arrays of a batch fit the caches of a core
# Written to disk: a change needs a new FORMAT_VERSION (index/manifest.py).
CHECKPOINT_TOKENS = 64  # T3 tokens between two places from which a document's stream can be read anew
_NEVER = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


@dataclass(frozen=True, slots=True)
class Marks:
    """The fingerprints of one kind of several documents.

    Attributes:
        grams: Hash of each. Shape ``(n,)``, uint64.
        documents: Number of its document in the batch, increasing. Shape ``(n,)``, int64.
        positions: Its first token, counted from the document's first. Shape ``(n,)``, int64.
    """

    grams: NDArray[np.uint64]
    documents: NDArray[np.int64]
    positions: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """What several documents leave in an index.

    Attributes:
        token_bytes: Low byte of the hash of every T2 token, by document.
        words: Fingerprints of T2 tokens.
        n_touched: Number of T3 tokens of each document. Shape ``(n_documents,)``.
        names: Fingerprints of T3 tokens, names of called functions and members kept.
        shape: Fingerprints of T3 tokens, no name kept.
        checkpoints: First code point of every ``CHECKPOINT_TOKENS``-th T3 token, by document, uint32.
    """

    token_bytes: list[NDArray[np.uint8]]
    words: Marks
    n_touched: NDArray[np.int64]
    names: Marks
    shape: Marks
    checkpoints: list[NDArray[np.uint32]]


def fingerprint(parts: Sequence[tuple[str, str | None]]) -> Batch:
    """Take the fingerprints of documents, each given as its text and language.

    Give texts together that are all ASCII, or all not: one code point beyond makes the work of the others slower.
    """
    codes = code_points("".join(f"{text}\n" for text, _ in parts))
    tokens = tokenize_codes(codes)
    part_starts = np.cumsum([0] + [len(text) + 1 for text, _ in parts])
    token_starts = np.searchsorted(tokens.starts, part_starts)
    low_bytes = tokens.hashes.astype(np.uint8)
    stream = read_stream(parts, codes, tokens)
    stream_starts = np.searchsorted(stream.starts, part_starts)
    return Batch(
        token_bytes=np.split(low_bytes, token_starts[1:-1]),
        words=_winnowed(gram_hashes(tokens.hashes), token_starts),
        n_touched=np.diff(stream_starts),
        names=_winnowed(names_grams(stream), stream_starts),
        shape=_winnowed(shape_grams(stream), stream_starts),
        checkpoints=[
            (stream.starts[a:b:CHECKPOINT_TOKENS] - offset).astype(np.uint32)
            for a, b, offset in zip(stream_starts[:-1], stream_starts[1:], part_starts[:-1], strict=True)
        ],
    )


def _winnowed(grams: NDArray[np.uint64], token_starts: NDArray[np.int64]) -> Marks:
    """Keep the fingerprints of each document.

    Args:
        grams: Hash of the gram at every token but the last few.
        token_starts: First token of each document, and one past the last token of all.
    """
    padded = np.full(len(grams) + 2 * WINDOW, _NEVER, dtype=np.uint64)
    inner = padded[WINDOW : WINDOW + len(grams)]
    inner[:] = grams
    # The last grams of a document would reach into the next one.
    for step in range(1, GRAM_TOKENS):
        ends = token_starts[1:] - step
        inner[ends[(ends >= 0) & (ends < len(grams))]] = _NEVER
    kept = selected(padded)
    kept = kept[padded[kept] != _NEVER]
    positions = kept - WINDOW
    documents = np.searchsorted(token_starts, positions, side="right") - 1
    return Marks(padded[kept], documents, positions - token_starts[documents])
