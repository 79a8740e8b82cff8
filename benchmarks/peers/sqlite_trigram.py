"""Peer: SQLite FTS5 with its trigram tokenizer, substrings of 60 characters, one after the other."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from benchmarks.documents import Corpus
from benchmarks.peers.protocol import Hit, Peer, folder_bytes

WINDOW = 60


class _Handle:
    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self._base = sqlite3.connect(folder / "trigrams.sqlite")
        self._base.executescript(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            CREATE TABLE file (id INTEGER PRIMARY KEY, body TEXT);
            CREATE VIRTUAL TABLE gram USING fts5(
                body, content = 'file', content_rowid = 'id', tokenize = 'trigram case_sensitive 1');
            """
        )
        with self._base:
            for number, data in enumerate(corpus.data()):
                row = (number, data.decode("utf-8"))
                self._base.execute("INSERT INTO file (id, body) VALUES (?, ?)", row)
                self._base.execute("INSERT INTO gram (rowid, body) VALUES (?, ?)", row)
        self.n_index_bytes = folder_bytes(folder)

    def find(self, text: str, language: str) -> list[Hit]:
        """Join windows that follow each other in the same file; a file's longest run is its hit."""
        del language
        runs: dict[int, list[int]] = defaultdict(list)
        for number, at in enumerate(range(0, len(text) - WINDOW + 1, WINDOW)):
            phrase = text[at : at + WINDOW].replace('"', '""')
            for (document,) in self._base.execute("SELECT rowid FROM gram WHERE gram MATCH ?", (f'"{phrase}"',)):
                runs[document].append(number)
        found: dict[tuple[int, int], set[int]] = defaultdict(set)
        for document, numbers in runs.items():
            found[(numbers[0], numbers[-1])].add(document)
        return [
            Hit(first * WINDOW, (last + 1) * WINDOW, float((last - first + 1) * WINDOW), frozenset(documents))
            for (first, last), documents in found.items()
        ]

    def evidence(self, text: str, language: str) -> list[Hit]:
        return self.find(text, language)

    def timed(self) -> dict[str, Callable[[str], object]]:
        return {}


PEER = Peer(
    name="SQLite FTS5 trigrams",
    method="tokenize='trigram case_sensitive 1', detail=full, external content, no journal; windows of 60 characters",
    unit="characters from the first to the last window in one file",
    thresholds=(60, 120, 180),
    build=_Handle,
    seconds=60.0,
)
