"""Peer: Data Portraits (Marone & Van Durme 2023), its logic over rbloom.

Made again from its description: newlines and blanks collapsed, blanks at line starts dropped; the corpus in tiles of 50
characters, one after the other; the text at every character; hits 50 apart form a chain. Two readings of a chain: it
ends at the first miss (*contiguous*, as published), or it goes on to the next hit that fits (*HEAD*, as the head of the
repository does since 2024). RedisBloom itself is not here; rbloom takes its place, hashed by xxh3-128.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rbloom import Bloom
from xxhash import xxh3_128_digest

from benchmarks.documents import Corpus
from benchmarks.peers.protocol import Hit, Peer, folder_bytes

WIDTH = 50
MIN_CHAIN = 2
RATE = 0.001
_NEWLINES = re.compile(r"\n+")
_BLANKS = re.compile(r"[ \t]+")
_LEADING = re.compile(r"\n ")


def normalized(text: str) -> str:
    """Collapse newlines and blanks, drop blanks at the start of lines."""
    return _LEADING.sub("\n", _BLANKS.sub(" ", _NEWLINES.sub("\n", text)))


def contiguous_chains(hits: list[int]) -> list[tuple[int, int]]:
    """Return start and length, in tiles, of each chain of hits exactly a width apart."""
    known = set(hits)
    chains = []
    for hit in hits:
        if hit - WIDTH in known:
            continue
        length = 1
        while hit + length * WIDTH in known:
            length += 1
        chains.append((hit, length))
    return chains


def bridged_chains(hits: list[int]) -> list[tuple[int, int]]:
    """Return start and number of hits of each chain where a miss does not end it (the repository's head)."""
    chains = []
    taken: set[int] = set()
    for hit in hits:
        if hit in taken:
            continue
        members = [other for other in hits if other >= hit and (other - hit) % WIDTH == 0]
        taken.update(members)
        chains.append((hit, len(members)))
    return chains


class _Handle:
    def __init__(self, corpus: Corpus, folder: Path, chains: Callable[[list[int]], list[tuple[int, int]]]) -> None:
        texts = (normalized(data.decode("utf-8")) for data in corpus.data())
        tiles = [[text[at : at + WIDTH] for at in range(0, len(text) - WIDTH + 1, WIDTH)] for text in texts]
        self._filter = Bloom(max(1, sum(map(len, tiles))), RATE, _hash)
        for some in tiles:
            self._filter.update(some)
        self._filter.save(str(folder / "portrait.bloom"))
        self.n_index_bytes = folder_bytes(folder)
        self._chains = chains

    def find(self, text: str, language: str) -> list[Hit]:
        return [hit for hit in self.evidence(text, language) if hit.counts]

    def evidence(self, text: str, language: str) -> list[Hit]:
        del language
        given = normalized(text)
        hits = [at for at in range(len(given) - WIDTH + 1) if given[at : at + WIDTH] in self._filter]
        # Places in the normalized text, stretched: the tool itself has no way back.
        stretch = len(text) / max(1, len(given))
        return [
            Hit(
                int(start * stretch),
                min(len(text), int((start + length * WIDTH) * stretch)),
                float(length),
                None,
                counts=length >= MIN_CHAIN,
            )
            for start, length in self._chains(hits)
        ]

    def timed(self) -> dict[str, Callable[[str], object]]:
        return {}


def _hash(tile: str) -> int:
    return int.from_bytes(xxh3_128_digest(tile.encode()), "little", signed=True)


PEER = Peer(
    name="Data Portraits",
    method="rbloom at p = 0.001 over 50-character tiles; chains end at a miss; 2 tiles count. It names no file",
    unit="tiles of the longest chain",
    thresholds=(1, 2, 3),
    build=partial(_Handle, chains=contiguous_chains),
    packages=("rbloom", "xxhash"),
)
HEAD = Peer(
    name="Data Portraits (HEAD)",
    method="the same, but a miss does not end a chain, as in the repository's head. It names no file",
    unit="hits of the longest chain",
    thresholds=(1, 2, 3),
    build=partial(_Handle, chains=bridged_chains),
    packages=("rbloom", "xxhash"),
)
