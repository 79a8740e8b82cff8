"""Peer: a byte suffix array (pydivsufsort), the exact answer to verbatim copies."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.documents import Corpus
from benchmarks.peers.protocol import Hit, Peer, points_of_bytes
from benchmarks.peers.suffix_search import SuffixArray

MIN_BYTES = 60
MIN_SWEPT_BYTES = 40


class _Handle:
    def __init__(self, corpus: Corpus) -> None:
        self._array = SuffixArray(corpus.data())
        self.n_index_bytes = self._array.n_bytes

    def find(self, text: str, language: str) -> list[Hit]:
        del language
        return self._hits(text, MIN_BYTES)

    def evidence(self, text: str, language: str) -> list[Hit]:
        del language
        return self._hits(text, MIN_SWEPT_BYTES)

    def timed(self) -> dict[str, Callable[[str], object]]:
        return {}

    def _hits(self, text: str, min_bytes: int) -> list[Hit]:
        data = text.encode("utf-8")
        found = self._array.spans(data, min_bytes=min_bytes)
        starts = points_of_bytes(text, data, [start for start, _, _ in found])
        ends = points_of_bytes(text, data, [end for _, end, _ in found])
        return [
            Hit(start, end, float(span[1] - span[0]), span[2], counts=span[1] - span[0] >= MIN_BYTES)
            for start, end, span in zip(starts, ends, found, strict=True)
        ]


def _build(corpus: Corpus, folder: Path) -> _Handle:
    del folder  # it lives in memory
    return _Handle(corpus)


PEER = Peer(
    name="byte suffix array",
    method="pydivsufsort over the bytes, our binary search (numba): every maximal run of at least 60 bytes, all files",
    unit="bytes of the longest run",
    thresholds=(60, 80, 150),
    build=_build,
    packages=("pydivsufsort", "numba"),
)
