"""Training sets made up in a test: sources that spawned workers can read, and code that looks like code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from codewhence.index.sources.base import RawFile, Skipped
from codewhence.records import Origin

_WORDS = [
    "account", "balance", "buffer", "cache", "cell", "chunk", "column", "count", "cursor", "delta", "depth", "edge",
    "event", "field", "frame", "graph", "handle", "header", "index", "item", "key", "label", "layer", "level",
    "limit", "line", "lock", "margin", "matrix", "mode", "name", "node", "offset", "order", "packet", "page",
    "parent", "path", "point", "pool", "port", "queue", "range", "rate", "record", "region", "result", "route",
    "row", "scale", "scope", "seed", "series", "shape", "signal", "size", "slot", "source", "stack", "state",
    "step", "stream", "table", "target", "task", "term", "token", "total", "tree", "unit", "value", "vector",
    "view", "weight", "width", "window",
]  # fmt: skip
_VERBS = [
    "add", "check", "close", "drop", "fill", "find", "fold", "join", "load", "make", "mark", "merge", "move",
    "open", "pack", "plan", "read", "send", "sort", "split",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class MadeShard:
    """A few files held in memory."""

    files: tuple[RawFile | Skipped, ...]

    @property
    def n_bytes(self) -> int:
        return sum(len(file.data) for file in self.files if isinstance(file, RawFile))

    def read(self) -> Iterator[RawFile | Skipped]:
        yield from self.files


@dataclass(frozen=True, slots=True)
class MadeSource:
    """Given files, ``shard_files`` to a shard."""

    files: tuple[RawFile | Skipped, ...]
    shard_files: int = 4
    name: str = "made"

    @property
    def spec(self) -> str:
        return self.name

    def shards(self) -> Iterator[MadeShard]:
        for first in range(0, len(self.files), self.shard_files):
            yield MadeShard(self.files[first : first + self.shard_files])

    def describe(self) -> dict[str, Any]:
        return {"kind": "made", "name": self.name}


@dataclass(frozen=True, slots=True)
class FailingShard:
    """A shard that raises ``error`` after its first file."""

    error: BaseException
    n_bytes: int = 0

    def read(self) -> Iterator[RawFile | Skipped]:
        yield made_file(made_code(1))
        raise self.error


@dataclass(frozen=True, slots=True)
class FailingSource:
    """A source whose last shard raises ``error``."""

    error: BaseException
    sound: MadeSource

    @property
    def spec(self) -> str:
        return "failing"

    def shards(self) -> Iterator[MadeShard | FailingShard]:
        yield from self.sound.shards()
        yield FailingShard(self.error)

    def describe(self) -> dict[str, Any]:
        return {"kind": "failing"}


def made_file(text: str, *, repo: str = "made/repo", path: str = "file.py") -> RawFile:
    """Return a raw file of a training set that holds ``text``."""
    return RawFile(Origin(repo=repo, path=path), text.encode("utf-8"))


def made_source(texts: Sequence[str], *, shard_files: int = 4) -> MadeSource:
    """Return a source of one file for each text: ``made/repo`` holds ``0.py``, ``1.py``, …"""
    files = tuple(made_file(text, path=f"{number}.py") for number, text in enumerate(texts))
    return MadeSource(files, shard_files=shard_files)


def made_code(seed: int, n_lines: int = 40) -> str:
    """Return Python-like code: short lines of varied shape, different for every seed."""
    numbers = iter(np.random.default_rng(seed).integers(0, 1 << 30, 24 * n_lines).tolist())
    return "".join(_line(numbers) for _ in range(n_lines))


def _line(numbers: Iterator[int]) -> str:
    def one_of(words: Sequence[str]) -> str:
        return words[next(numbers) % len(words)]

    def name() -> str:
        return f"{one_of(_WORDS)}_{one_of(_WORDS)}"

    indent = "    " * (next(numbers) % 4)
    shape, number = next(numbers) % 6, next(numbers) % 1000
    if shape == 0:
        return f"{indent}{name()} = {one_of(_VERBS)}_{name()}({name()}, {number})\n"
    if shape == 1:
        return f"{indent}if {name()} {one_of(['<', '>', '==', '!='])} {name()} + {number}:\n"
    if shape == 2:
        return f"\n{indent}def {one_of(_VERBS)}_{name()}(self, {name()}, {name()}=None):\n"
    if shape == 3:
        return f"{indent}return [{name()} * {name()} for {name()} in {name()}]\n"
    if shape == 4:
        return f'{indent}raise ValueError(f"{name()} is {{{name()}}}, not {one_of(_WORDS)}")\n'
    return f"{indent}{name()}[{name()}] -= {name()} % {number}  # {one_of(_WORDS)}\n"


# The documents of the index that the fixtures of conftest.py give.
SMALL_TEXTS = tuple(made_code(seed, n_lines=25) for seed in range(30))
