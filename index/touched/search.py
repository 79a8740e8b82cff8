"""Touched copies of one text: candidates by fingerprints, aligned, weighed.

text ─► stream ─► candidates (touched/candidates) ─► windows (touched/windows) ─► alignments (touched/alignment)
                                                                 └─► evidence in bits (touched/evidence)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from codewhence.errors import FormatError
from codewhence.index.bucket import Bucket
from codewhence.index.tokens import Tokens
from codewhence.index.touched.alignment import MARGIN, MAX_TOKENS, Alignment, align
from codewhence.index.touched.candidates import Candidate, find_candidates, worth_aligning
from codewhence.index.touched.evidence import Evidence, weigh
from codewhence.index.touched.query import read_query
from codewhence.index.touched.streams import Stream
from codewhence.index.touched.token_model import shipped
from codewhence.index.touched.windows import Window, read_windows
from codewhence.index.winnow import GRAM_TOKENS

_AT_ONCE = 8  # candidates that are aligned together
_LEAST_BITS = 16.0  # of evidence: weaker ones are chance in any corpus
_PER_MATCH = 64  # further documents that are aligned for a match that counts
# A fingerprint that no other document of a small index holds is no less rare for that: by the count alone, an index of
# two documents would give it one bit, and no candidate would ever reach what is asked of it.
_LEAST_DOCUMENTS = 1_024
_READ_MARGIN = MARGIN + 48  # the band and its margin, in tokens


@dataclass(frozen=True, slots=True)
class Touched:
    """A stretch of a text that stands in a document under other names, literals, comments or layout.

    Attributes:
        bucket: The bucket of the document.
        row: Its number there.
        start: First code point of the text.
        end: One past the last.
        stored_start: First code point of the document.
        stored_end: One past the last.
        n_tokens: T3 tokens of the text that stand for one of the document.
        n_equal: Of these, the ones that read the same, renamed consistently or not at all.
        bits: The evidence.
    """

    bucket: Bucket
    row: int
    start: int
    end: int
    stored_start: int
    stored_end: int
    n_tokens: int
    n_equal: int
    bits: float

    @property
    def document(self) -> tuple[str, int]:
        """What tells the document from others of the index."""
        return self.bucket.folder.name, self.row


class TouchedSearch:
    """The search for touched copies of one text in one index."""

    def __init__(self, buckets: Sequence[Bucket], text: str, tokens: Tokens, language: str | None) -> None:
        """Read the text.

        Args:
            buckets: The index.
            text: Any text.
            tokens: Its T2 tokens.
            language: Its language; one without lexing rules gives nothing.
        """
        self._stream = read_query(text, tokens, language)
        self._bits = shipped().bits(self._stream) if len(self._stream) >= GRAM_TOKENS else np.zeros(0)
        self._n_documents = max(sum(bucket.n_documents for bucket in buckets), _LEAST_DOCUMENTS)
        try:
            self._candidates = find_candidates(buckets, self._stream, n_documents=self._n_documents)
        except IndexError as error:
            folder = buckets[0].folder.parent
            raise FormatError(f"{folder} is damaged. Run: codewhence index verify {folder}") from error

    def strongest(self) -> list[Touched]:
        """Return the touched copies over each stretch of the text, the strongest first.

        Raises:
            FormatError: A document does not unpack.
        """
        chosen = worth_aligning(self._candidates, n_tokens=len(self._stream), n_documents=self._n_documents)
        return sorted(self._weighed(chosen), key=_strongest_first)

    def holders(self, found: Touched) -> list[Touched]:
        """Return what else holds a copy that counts: stretches of other documents that say nearly as much."""
        first, last = (int(each) for each in np.searchsorted(self._stream.starts, [found.start, found.end]))
        others = [
            each
            for each in self._candidates
            if (each.bucket.folder.name, each.row) != found.document
            and min(each.end, last) - max(each.start, first) >= (last - first) / 2
        ]
        least = others[0].bits / 2 if others else 0.0
        return sorted(self._weighed([each for each in others[:_PER_MATCH] if each.bits >= least]), key=_strongest_first)

    def _weighed(self, candidates: Sequence[Candidate]) -> Iterator[Touched]:
        pieces = sorted(
            (piece for candidate in candidates for piece in _pieces(candidate)), key=lambda each: each.end - each.start
        )
        for first in range(0, len(pieces), _AT_ONCE):
            some = pieces[first : first + _AT_ONCE]
            windows = read_windows(some, margin=_READ_MARGIN)
            readable = [(each, window) for each, window in zip(some, windows, strict=True) if len(window.stream)]
            if not readable:
                continue
            alignments = align(
                self._stream, self._bits, [each for each, _ in readable], [window for _, window in readable]
            )
            for (piece, window), alignment in zip(readable, alignments, strict=True):
                evidence = weigh(self._stream, window.stream, alignment, self._bits)
                if evidence.bits >= _LEAST_BITS:
                    yield _touched(piece, window, alignment, evidence, self._stream)


def _pieces(candidate: Candidate) -> Iterator[Candidate]:
    for start in range(candidate.start, candidate.end, MAX_TOKENS):
        yield replace(candidate, start=start, end=min(candidate.end, start + MAX_TOKENS))


def _touched(candidate: Candidate, window: Window, alignment: Alignment, evidence: Evidence, stream: Stream) -> Touched:
    query = alignment.query[evidence.first : evidence.last + 1]
    stored = alignment.stored[evidence.first : evidence.last + 1]
    return Touched(
        bucket=candidate.bucket,
        row=candidate.row,
        start=int(stream.starts[query[0]]),
        end=int(stream.ends[query[-1]]),
        stored_start=window.text_start + int(window.stream.starts[stored[0]]),
        stored_end=window.text_start + int(window.stream.ends[stored[-1]]),
        n_tokens=len(query),
        n_equal=evidence.n_equal,
        bits=evidence.bits,
    )


def _strongest_first(found: Touched) -> tuple[float, int, int, tuple[str, int], int]:
    return -found.bits, found.start, found.end, found.document, found.stored_start
