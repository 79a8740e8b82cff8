"""Ourselves, through the public API: ``build_index``, and ``check`` as the command line and the page run it."""

import math
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from benchmarks.documents import SUFFIX_OF, Corpus
from benchmarks.peers.protocol import Hit, Peer, folder_bytes
from codewhence.app.wiring import Checker
from codewhence.digests import swhid
from codewhence.index.build import build_index
from codewhence.index.match import find_matches
from codewhence.index.sources.registry import open_source
from codewhence.index.store import open_index
from codewhence.records import Match

MIN_P_VALUE = 1e-300


class _Handle:
    def __init__(self, corpus: Corpus, folder: Path) -> None:
        sources = [open_source(str(corpus.folder / project)) for project in corpus.projects]
        build_index(sources, folder / "index", n_workers=1)
        self.n_index_bytes = folder_bytes(folder)
        self._numbers: dict[str, set[int]] = defaultdict(set)
        self._corpus = corpus
        self._index = open_index(folder / "index")
        self._checker = Checker(self._index)

    def find(self, text: str, language: str) -> list[Hit]:
        return [hit for hit in self.evidence(text, language) if hit.counts]

    def evidence(self, text: str, language: str) -> list[Hit]:
        """Return what a report holds: what counts is what a user is told about."""
        report = self._checker.check_text(text, path=f"query{SUFFIX_OF[language]}")
        return [
            Hit(
                item.match.span.start,
                item.match.span.end,
                strength(item.match),
                self._documents(item.match),
                counts=item.ignored is None,
                kind=item.ignored or item.match.kind.value,
                p_value=item.match.p_value,
            )
            for item in report.matches
        ]

    def timed(self) -> dict[str, Callable[[str], object]]:
        return {"find_matches": lambda text: find_matches(self._index, text)}

    def _documents(self, match: Match) -> frozenset[int]:
        if not self._numbers:
            for number, data in enumerate(self._corpus.data()):
                self._numbers[swhid(data)].add(number)
        return frozenset(number for source in match.sources for number in self._numbers[source.doc_id])


def strength(match: Match) -> float:
    """Return how strong a match is: minus the decimal logarithm of its p-value, its tokens where it has none."""
    if match.p_value is None:
        return float(match.n_tokens)
    return -math.log10(max(match.p_value, MIN_P_VALUE))


PEER = Peer(
    name="codewhence",
    method="codewhence check through app.wiring.Checker, one index over a folder a project, built by one worker",
    unit="-log10 p (tokens where no calibration is made)",
    thresholds=(),
    build=_Handle,
    seconds=420.0,
)
