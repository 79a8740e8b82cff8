"""Peer: the published rule of GitHub Copilot's code referencing, made again: 150 characters alike, blanks ignored.

Source: docs.github.com, "GitHub Copilot code referencing": matches of "about 150 characters", "ignoring whitespace".
Read here as 150 characters that are not blank. The service itself cannot be run; its index is not ours.
"""

from collections.abc import Callable
from pathlib import Path

from benchmarks.documents import Corpus
from benchmarks.peers.protocol import Hit, Peer
from benchmarks.peers.suffix_search import SuffixArray

MIN_CHARS = 150
MIN_SWEPT_CHARS = 40
BLANKS = b" \t\n\r\f\v"


class _Handle:
    def __init__(self, corpus: Corpus) -> None:
        self._array = SuffixArray(data.translate(None, BLANKS) for data in corpus.data())
        self.n_index_bytes = self._array.n_bytes

    def find(self, text: str, language: str) -> list[Hit]:
        del language
        return self._hits(text, MIN_CHARS)

    def evidence(self, text: str, language: str) -> list[Hit]:
        del language
        return self._hits(text, MIN_SWEPT_CHARS)

    def timed(self) -> dict[str, Callable[[str], object]]:
        return {}

    def _hits(self, text: str, min_chars: int) -> list[Hit]:
        blanks = BLANKS.decode()
        # The point of every byte that is left, and of the end.
        points = [point for point, char in enumerate(text) if char not in blanks for _ in char.encode()]
        found = self._array.spans(text.encode().translate(None, BLANKS), min_bytes=min_chars)
        return [
            Hit(points[start], points[end - 1] + 1, float(end - start), documents, counts=end - start >= MIN_CHARS)
            for start, end, documents in found
        ]


def _build(corpus: Corpus, folder: Path) -> _Handle:
    del folder  # it lives in memory
    return _Handle(corpus)


PEER = Peer(
    name="Copilot's published rule",
    method="a run of at least 150 characters that are not blank, found by a suffix array over the text without blanks",
    unit="non-blank characters of the longest run",
    thresholds=(80, 150),
    build=_build,
    packages=("pydivsufsort", "numba"),
)
