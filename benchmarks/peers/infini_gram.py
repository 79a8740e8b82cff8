"""Peer: infini-gram's own wheel (Liu et al. 2024), byte index, ``attribute()`` as OLMoTrace calls it.

Departures, all to its favor: its token file is written here in its format, because its own step imports transformers
only to set a log level; documents are told from pointers by its offset file, because ``get_doc_by_ptr`` refuses odd
pointers of a byte index; counts up to 5,000 are let through, not OLMoTrace's 10.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.documents import Corpus
from benchmarks.peers.protocol import Hit, Peer, folder_bytes, points_of_bytes

MIN_BYTES = 60
MAX_COUNT = 5000
SEPARATOR = b"\xff"


class _Handle:
    def __init__(self, corpus: Corpus, folder: Path) -> None:
        from infini_gram.engine import InfiniGramEngine

        self._starts = _write_tokens(corpus, folder)
        # The default limit of open files, 1,048,576, may not be raised in a container.
        options = ["--data_dir", str(folder), "--save_dir", str(folder), "--token_dtype", "u8", "--cpus", "2"]
        options += ["--mem", "8", "--shards", "1", "--ulimit", "20000"]
        command = [sys.executable, "-m", "infini_gram.indexing", *options]
        subprocess.run(command, check=True, stdout=sys.stderr)
        self.n_index_bytes = folder_bytes(folder)
        self._engine = InfiniGramEngine(
            index_dir=str(folder),
            eos_token_id=0,
            vocab_size=255,
            token_dtype="u8",  # noqa: S106 (a number type, no password)
            attribution_block_size=512,
            ds_prefetch_depth=0,
            sa_prefetch_depth=0,
            od_prefetch_depth=0,
        )

    def find(self, text: str, language: str) -> list[Hit]:
        del language
        data = text.encode("utf-8")
        answer = self._engine.attribute(
            input_ids=list(data), delim_ids=[], min_len=MIN_BYTES, max_cnt=MAX_COUNT, enforce_bow=False
        )
        hits = []
        for span in answer["spans"]:
            start, end = points_of_bytes(text, data, [span["l"], span["r"]])
            pointers = np.array([document["ptr"] for document in span["docs"]], dtype=np.int64)
            numbers = np.searchsorted(self._starts, pointers, side="right") - 1
            hits.append(Hit(start, end, float(span["length"]), frozenset(numbers.tolist())))
        return hits

    def evidence(self, text: str, language: str) -> list[Hit]:
        return self.find(text, language)

    def timed(self) -> dict[str, Callable[[str], object]]:
        return {}


def _write_tokens(corpus: Corpus, folder: Path) -> np.ndarray:
    """Write ``tokenized.0`` and ``offset.0``: each document after a separator, and where it begins."""
    starts = []
    at = 0
    with (folder / "tokenized.0").open("wb") as file:
        for data in corpus.data():
            starts.append(at)
            at += file.write(SEPARATOR + data)
    offsets = np.array(starts, dtype=np.uint64)
    (folder / "offset.0").write_bytes(offsets.tobytes())
    return offsets.astype(np.int64)


PEER = Peer(
    name="infini-gram",
    method="u8 index of its own wheel; attribute(min_len=60, max_cnt=5000), blocks of 512, no prefetch",
    unit="bytes of the longest run",
    thresholds=(60, 80, 150),
    build=_Handle,
    packages=("infini-gram",),
)
