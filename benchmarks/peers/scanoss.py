"""Peer: SCANOSS's winnowing (its own C extension): fingerprints by line, in a sorted array in place of its server."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from scanoss_winnowing.winnowing import Winnowing

from benchmarks.documents import SUFFIX_OF, Corpus
from benchmarks.peers.protocol import Hit, Peer, folder_bytes

MIN_FINGERPRINTS = 2
MAX_FILES_OF_FINGERPRINT = 2000


class _Handle:
    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self._winnowing = Winnowing()
        hashes, documents = [], []
        for number, (file, data) in enumerate(zip(corpus.files, corpus.data(), strict=True)):
            for _, fingerprint in self._fingerprints(data, Path(file.path).suffix):
                hashes.append(fingerprint)
                documents.append(number)
        order = np.argsort(np.array(hashes, dtype=np.uint32), kind="stable")
        self._hashes = np.array(hashes, dtype=np.uint32)[order]
        self._documents = np.array(documents, dtype=np.uint32)[order]
        np.save(folder / "hashes.npy", self._hashes)
        np.save(folder / "documents.npy", self._documents)
        self.n_index_bytes = folder_bytes(folder)

    def find(self, text: str, language: str) -> list[Hit]:
        return [hit for hit in self.evidence(text, language) if hit.counts]

    def evidence(self, text: str, language: str) -> list[Hit]:
        """Count the distinct fingerprints that a file shares; its hit spans their lines."""
        shared: dict[int, dict[int, int]] = defaultdict(dict)
        given = list(self._fingerprints(text.encode("utf-8"), SUFFIX_OF[language]))
        # In the type of the array: with any other, numpy would convert all of it.
        wanted = np.array([fingerprint for _, fingerprint in given], dtype=np.uint32)
        lows = np.searchsorted(self._hashes, wanted, side="left").tolist()
        highs = np.searchsorted(self._hashes, wanted, side="right").tolist()
        for (line, fingerprint), low, high in zip(given, lows, highs, strict=True):
            for document in self._documents[low : min(high, low + MAX_FILES_OF_FINGERPRINT)].tolist():
                shared[document].setdefault(fingerprint, line)
        starts = [0]
        for part in text.split("\n"):
            starts.append(starts[-1] + len(part) + 1)
        found: dict[tuple[int, int, int], set[int]] = defaultdict(set)
        for document, lines in shared.items():
            found[(min(lines.values()), max(lines.values()), len(lines))].add(document)
        return [
            Hit(
                starts[first - 1],
                min(len(text), starts[last]),
                float(n_shared),
                frozenset(documents),
                counts=n_shared >= MIN_FINGERPRINTS,
            )
            for (first, last, n_shared), documents in found.items()
        ]

    def timed(self) -> dict[str, Callable[[str], object]]:
        return {}

    def _fingerprints(self, data: bytes, suffix: str) -> Iterator[tuple[int, int]]:
        """Yield line and hash, out of the text form ``12=9f3c…,…`` that the package gives."""
        for row in self._winnowing.wfp_for_contents(f"file{suffix}", False, data).splitlines():
            line, _, hashes = row.partition("=")
            if line.isdigit():
                for fingerprint in hashes.split(","):
                    yield int(line), int(fingerprint, 16)


PEER = Peer(
    name="SCANOSS winnowing",
    method="scanoss-winnowing: grams of 30, windows of 64; 2 distinct fingerprints in one file count",
    unit="distinct fingerprints shared with one file",
    thresholds=(1, 2, 3),
    build=_Handle,
    packages=("scanoss-winnowing",),
)
