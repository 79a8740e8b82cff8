"""A scorer with a known law, and small training sets of many repositories."""

from pathlib import Path

import numpy as np

from codewhence.index.build import build_index
from codewhence.index.calibration.scored import ScoredSpan
from codewhence.index.sources.base import RawFile
from codewhence.index.store import Index
from codewhence.index.tokens import tokenize
from tests.index.made_corpus import MadeSource, made_code, made_file


class ChanceScorer:
    """Finds chance spans of a known law, the same for the same text; notes what was left out."""

    def __init__(self, index: Index | None = None, *, rate: float = 1.0, tier: str = "touched") -> None:
        del index
        self.rate, self.tier = rate, tier
        self.left_out: set[frozenset[str]] = set()

    def __call__(self, text: str, language: str | None, left_out: frozenset[str], /) -> list[ScoredSpan]:
        self.left_out.add(left_out)
        rng = np.random.default_rng([len(text), *text.encode()[:40]])
        n_spans = rng.poisson(self.rate * len(tokenize(text)) / 1000)
        return [ScoredSpan(0, 5, 30 + rng.exponential(20), self.tier) for _ in range(n_spans)]


def corpus(n_repositories: int, n_files: int, *, first_seed: int = 0, n_lines: int = 30) -> tuple[RawFile, ...]:
    return tuple(
        made_file(made_code(first_seed + number * n_files + file, n_lines), repo=f"made/{number}", path=f"{file}.py")
        for number in range(n_repositories)
        for file in range(n_files)
    )


def build(path: Path, files: tuple[RawFile, ...]) -> Path:
    build_index([MadeSource(files, shard_files=200)], path, n_buckets=2, n_workers=1)
    return path
