"""Peer: ripgrep over the tree, no index: every line of the text of at least 40 characters as a fixed string."""

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from benchmarks.corpus import CACHE
from benchmarks.documents import Corpus
from benchmarks.language_corpus import apt
from benchmarks.peers.protocol import Hit, Peer

MIN_LINE_CHARS = 40


class _Handle:
    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self._corpus = corpus
        self._patterns = folder / "patterns"
        self._program = _program()
        self.n_index_bytes = corpus.n_bytes  # the text itself

    def find(self, text: str, language: str) -> list[Hit]:
        """Count the lines that stand in a file; its hit spans them."""
        del language
        places: dict[str, tuple[int, int]] = {}
        at = 0
        for line in text.split("\n"):
            if len(line.strip()) >= MIN_LINE_CHARS:
                places.setdefault(line.strip(), (at, at + len(line)))
            at += len(line) + 1
        if not places:
            return []
        self._patterns.write_text("\n".join(places) + "\n", encoding="utf-8")
        options = [
            "-F",
            "-o",
            "-j",
            "2",
            "--no-heading",
            "--with-filename",
            "--no-line-number",
            "--no-ignore",
            "--null",
        ]
        command = [self._program, *options, "-f", str(self._patterns), "."]
        done = subprocess.run(command, cwd=self._corpus.folder, capture_output=True, text=True, check=False)
        lines: dict[int, set[str]] = defaultdict(set)
        for row in done.stdout.splitlines():
            path, _, line = row.partition("\0")
            if line in places:
                lines[self._corpus.number_of[path.removeprefix("./")]].add(line)
        found: dict[tuple[int, int, int], set[int]] = defaultdict(set)
        for document, some in lines.items():
            spans = [places[line] for line in some]
            found[(min(spans)[0], max(end for _, end in spans), len(some))].add(document)
        return [Hit(start, end, float(n), frozenset(documents)) for (start, end, n), documents in found.items()]

    def evidence(self, text: str, language: str) -> list[Hit]:
        return self.find(text, language)

    def timed(self) -> dict[str, Callable[[str], object]]:
        return {}


def _program() -> str:
    """Return ripgrep: the machine's, or Debian's package unpacked into the cache."""
    if found := shutil.which("rg"):
        return found
    folder = CACHE / "ripgrep"
    if not (folder / "usr" / "bin" / "rg").exists():
        folder.mkdir(parents=True, exist_ok=True)
        apt(["download", "ripgrep"], folder=folder)
        subprocess.run(["dpkg-deb", "-x", str(next(iter(folder.glob("*.deb")))), str(folder)], check=True)
    return str(folder / "usr" / "bin" / "rg")


PEER = Peer(
    name="ripgrep",
    method="Debian's ripgrep 13, two threads, over the tree in the page cache; lines of at least 40 characters",
    unit="distinct lines shared with one file",
    thresholds=(1, 2, 3),
    build=_Handle,
    seconds=60.0,
    has_index=False,
)
