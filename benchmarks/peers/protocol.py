"""What every peer gives: an index over the corpus, and for a text the spans that it finds, with the files it names.

A peer is a module with a ``PEER``. It reads the files of the corpus itself, so that its build rate pays for all of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks.documents import Corpus


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of the text that a peer finds in the corpus.

    Attributes:
        start: First code point.
        end: One past the last.
        strength: How strong, in the peer's own unit; a threshold on it is swept.
        documents: Numbers of the corpus files that it names; ``None`` where the peer names none.
        counts: Whether a user of the peer would see it.
        kind: What kind of match, where the peer tells.
        p_value: Probability by chance, where the peer tells.
    """

    start: int
    end: int
    strength: float
    documents: frozenset[int] | None
    counts: bool = True
    kind: str = ""
    p_value: float | None = None


class Handle(Protocol):
    """An index that a peer has built."""

    n_index_bytes: int  # on disk, or in memory where the peer has no file; with the text where it is needed to answer

    def find(self, text: str, language: str) -> list[Hit]:
        """Answer as a user would ask. This is what is timed."""
        ...

    def evidence(self, text: str, language: str) -> list[Hit]:
        """Answer with weaker hits too, for the sweep of the threshold."""
        ...

    def timed(self) -> dict[str, Callable[[str], object]]:
        """Return further calls to time, by name."""
        ...


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool, or the published rule of one, as it is run here.

    Attributes:
        name: In results.
        method: Parameters and departures, for a reader.
        unit: Of ``Hit.strength``.
        thresholds: Of strength, at which the table of touched copies has a row each.
        build: Makes the index in an empty folder.
        seconds: For its queries on touched copies; what is not reached is not counted.
        packages: Whose versions are stated.
        has_index: Whether it builds anything.
    """

    name: str
    method: str
    unit: str
    thresholds: tuple[float, ...]
    build: Callable[[Corpus, Path], Handle]
    seconds: float = 120.0
    packages: tuple[str, ...] = field(default=())
    has_index: bool = True


def folder_bytes(folder: Path) -> int:
    """Return the size of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def points_of_bytes(text: str, data: bytes, offsets: list[int]) -> list[int]:
    """Return the code points at which byte offsets of the text's UTF-8 lie."""
    if len(data) == len(text):
        return offsets
    return [len(data[:offset].decode("utf-8", errors="ignore")) for offset in offsets]
