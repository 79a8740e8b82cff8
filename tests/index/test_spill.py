"""Spills: what workers wrote is read once, in the order of ids, whatever the folder and the order of writing."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.digests import swhid, text_sha256
from codewhence.index.bucket import bucket_number, compress, decompress
from codewhence.index.documents import Entry
from codewhence.index.spill import SpillWriter, spilled
from codewhence.records import Origin


def made(number: int, path: str = "a.py") -> tuple[Entry, bytes]:
    data = f"text {number}".encode()
    entry = Entry(swhid(data), text_sha256(data.decode()), len(data), len(data), (Origin("made/repo", path),))
    return entry, compress(data)


@settings(max_examples=50)
@given(
    numbers=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 2), st.sampled_from(["a.py", "b.py"])), max_size=60),
    bits=st.sampled_from([0, 1, 3, 8, 9, 12]),
)
def test_each_bucket_reads_its_documents_once_in_order(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[tuple[int, int, str]], bits: int
) -> None:
    root, n_buckets = tmp_path_factory.mktemp("spill"), 1 << bits
    folders = [root / f"spill-{worker}" for worker in range(3)]
    expected: dict[str, set[str]] = {}
    for number, worker, path in numbers:
        entry, frame = made(number, path)
        with SpillWriter(folders[worker]) as writer:  # a worker opens it anew for each shard
            writer.add(entry, frame)
        expected.setdefault(entry.doc_id, set()).add(path)
    found = {}
    for bucket in {bucket_number(doc_id, n_buckets) for doc_id in expected} | {0, n_buckets - 1}:
        documents = list(spilled(folders, bucket, n_buckets))
        ids = [entry.doc_id for entry, _ in documents]
        assert ids == sorted(set(ids))
        for entry, frame in documents:
            assert bucket_number(entry.doc_id, n_buckets) == bucket
            assert text_sha256(decompress(frame).decode()) == entry.text_sha256
            found[entry.doc_id] = {origin.path for origin in entry.origins}
    assert found == expected


def test_no_spill_gives_no_document(tmp_path: Path) -> None:
    assert list(spilled([tmp_path / "nowhere"], 0, 4)) == []
    assert list(spilled([], 0, 1)) == []
