"""The memory of a build is bounded by its buckets and workers, not by its training set."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from codewhence.index.sources.base import RawFile
from codewhence.records import Origin

FILE_CHARS = 16_000
SHARD_FILES = 50
BUCKET_FILES = 250  # 4 MB of text a bucket


@dataclass(frozen=True, slots=True)
class GrownShard:
    """Files that are made as they are read, from their numbers."""

    first: int
    n_files: int

    @property
    def n_bytes(self) -> int:
        return self.n_files * FILE_CHARS

    def read(self) -> Iterator[RawFile]:
        for number in range(self.first, self.first + self.n_files):
            names = np.random.default_rng(number).integers(0, 100_000, (FILE_CHARS // 42, 4)).tolist()
            lines = (f"name_{a} = name_{b} + name_{c} * {d}\n" for a, b, c, d in names)
            yield RawFile(Origin("grown/corpus", f"{number}.py"), "".join(lines).encode())


@dataclass(frozen=True, slots=True)
class GrownSource:
    """A training set of any size that takes no room."""

    n_files: int

    @property
    def spec(self) -> str:
        return "grown"

    def shards(self) -> Iterator[GrownShard]:
        for first in range(0, self.n_files, SHARD_FILES):
            yield GrownShard(first, min(SHARD_FILES, self.n_files - first))

    def describe(self) -> dict[str, Any]:
        return {"kind": "grown", "n_files": self.n_files}


SCRIPT = """
import json, resource, sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from codewhence.index.build import build_index
from tests.index.test_build_memory import GrownSource

if __name__ == "__main__":
    n_files, n_buckets, n_workers = map(int, sys.argv[3:6])
    result = build_index([GrownSource(n_files)], Path(sys.argv[2]), n_buckets=n_buckets, n_workers=n_workers)
    peaks = {name: resource.getrusage(who).ru_maxrss * 1024 for name, who in
             [("build", resource.RUSAGE_SELF), ("worker", resource.RUSAGE_CHILDREN)]}
    print(json.dumps({**peaks, "n_text_bytes": result.n_text_bytes}))
"""


def measured(tmp_path: Path, *, n_files: int, n_workers: int) -> dict[str, int]:
    """Build an index in a process of its own; return peak resident bytes of it and of its largest worker."""
    script = tmp_path / "measure.py"
    script.write_text(SCRIPT)
    root, index = Path(__file__).parents[2], tmp_path / f"index-{n_files}"
    arguments = [sys.executable, script, root, index, *map(str, (n_files, n_files // BUCKET_FILES, n_workers))]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=110)
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("n_workers", [1, 2])
def test_four_times_the_training_set_takes_no_more_memory(tmp_path: Path, n_workers: int) -> None:
    once = measured(tmp_path, n_files=4 * BUCKET_FILES, n_workers=n_workers)
    four_times = measured(tmp_path, n_files=16 * BUCKET_FILES, n_workers=n_workers)
    assert four_times["n_text_bytes"] > 3.9 * once["n_text_bytes"] > 60_000_000 - 1
    allowed = 0.1 * once["n_text_bytes"]  # a tenth of 1x: what grows with the training set would be 3x
    for who in ("build", "worker"):
        assert four_times[who] < once[who] + allowed, (who, once, four_times)
