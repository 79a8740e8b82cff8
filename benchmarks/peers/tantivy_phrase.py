"""Peer: tantivy, phrase queries of 12 code tokens, one window after the other."""

import re
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import tantivy

from benchmarks.documents import Corpus
from benchmarks.peers.protocol import Hit, Peer, folder_bytes

TOKEN = r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[^\sA-Za-z0-9_]"  # noqa: S105 (a pattern, no password)
WINDOW = 12
MAX_FILES = 1000
HEAP_BYTES = 256_000_000


class _Handle:
    def __init__(self, corpus: Corpus, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="code", index_option="position")
        builder.add_integer_field("number", stored=True)
        self._schema = builder.build()
        index = tantivy.Index(self._schema, path=str(folder))
        index.register_tokenizer("code", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(TOKEN)).build())
        writer = index.writer(HEAP_BYTES, 1)
        for number, data in enumerate(corpus.data()):
            writer.add_document(tantivy.Document(body=data.decode("utf-8"), number=number))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()
        self.n_index_bytes = folder_bytes(folder)
        self._token = re.compile(TOKEN)

    def find(self, text: str, language: str) -> list[Hit]:
        """Join windows that follow each other in the same file; a file's longest run is its hit."""
        del language
        tokens = list(self._token.finditer(text))
        windows = range(0, len(tokens) - WINDOW + 1, WINDOW)
        runs: dict[int, list[int]] = defaultdict(list)
        for number, at in enumerate(windows):
            for document in self._files([token[0] for token in tokens[at : at + WINDOW]]):
                runs[document].append(number)
        found: dict[tuple[int, int], set[int]] = defaultdict(set)
        for document, numbers in runs.items():
            found[_longest(numbers)].add(document)
        return [
            Hit(
                tokens[first * WINDOW].start(),
                tokens[(first + length) * WINDOW - 1].end(),
                float(length * WINDOW),
                frozenset(documents),
            )
            for (first, length), documents in found.items()
        ]

    def evidence(self, text: str, language: str) -> list[Hit]:
        return self.find(text, language)

    def timed(self) -> dict[str, Callable[[str], object]]:
        return {}

    def _files(self, words: list[str]) -> list[int]:
        query = tantivy.Query.phrase_query(self._schema, "body", words)
        hits = self._searcher.search(query, MAX_FILES, count=False).hits
        return [self._searcher.doc(address)["number"][0] for _, address in hits]


def _longest(numbers: list[int]) -> tuple[int, int]:
    """Return first and length of the longest run of successive numbers."""
    best, first = (numbers[0], 1), numbers[0]
    for before, number in pairwise(numbers):
        first = number if number != before + 1 else first
        best = max(best, (first, number - first + 1), key=lambda run: run[1])
    return best


PEER = Peer(
    name="tantivy phrases",
    method="regex code tokens with positions, one writer thread; phrases of 12 tokens, windows in a row joined",
    unit="tokens of the longest run of windows in one file",
    thresholds=(12, 24, 36),
    build=_Handle,
    packages=("tantivy",),
)
