"""A bucket: which one a document goes to, what is written there, and that it is read back."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from codewhence.digests import sha256_hex, swhid, text_sha256
from codewhence.index.bucket import Bucket, array_layout, bucket_number, compress, decompress
from codewhence.index.bucket_writer import write_bucket
from codewhence.index.documents import Entry
from codewhence.index.manifest import BUCKET_FILES
from codewhence.index.postings import Postings
from codewhence.index.tokens import code_points, tokenize, tokenize_codes
from codewhence.index.touched.grams import names_grams, shape_grams
from codewhence.index.touched.streams import Stream, read_stream
from codewhence.index.winnow import WINDOW, gram_hashes, selected
from codewhence.records import Origin
from tests.index.made_corpus import made_code

TEXTS = sorted(
    [*(made_code(seed, n_lines=6) for seed in range(12)), " \n", "one word", "é 中 🙂 שלום\r\n" * 20, "0, " * 500],
    key=lambda text: swhid(text.encode()),
)


def entry_of(text: str) -> Entry:
    data = text.encode()
    origins = (Origin("made/repo", f"{len(text)}.py"),)
    return Entry(swhid(data), text_sha256(text), len(text), len(data), origins, language="python")


def written(folder: Path, texts: list[str]) -> Bucket:
    entry = write_bucket(folder, [(entry_of(text), compress(text.encode())) for text in texts])
    bucket = Bucket(folder, entry)
    assert len(bucket.words) == entry["n_words"]
    return bucket


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Bucket:
    return written(tmp_path_factory.mktemp("bucket") / "bucket-00", TEXTS)


@given(blob=st.binary(min_size=20, max_size=20), bits=st.integers(0, 16))
def test_a_document_goes_to_the_bucket_of_its_first_bits(blob: bytes, bits: int) -> None:
    expected = int.from_bytes(blob) >> (160 - bits)
    assert bucket_number(f"swh:1:cnt:{blob.hex()}", 1 << bits) == expected


@given(blob=st.binary(min_size=20, max_size=20), bits=st.integers(1, 16))
def test_twice_the_buckets_split_each_in_two(blob: bytes, bits: int) -> None:
    doc_id = f"swh:1:cnt:{blob.hex()}"
    assert bucket_number(doc_id, 1 << bits) // 2 == bucket_number(doc_id, 1 << (bits - 1))


@given(data=st.binary(max_size=2000))
def test_compression_loses_nothing_and_is_repeatable(data: bytes) -> None:
    assert decompress(compress(data)) == data
    assert compress(data) == compress(data)


def test_every_document_is_read_back(bucket: Bucket) -> None:
    assert bucket.n_documents == len(TEXTS)
    for row, text in enumerate(TEXTS):
        assert bucket.text(row) == text
        assert bucket.entry(row) == entry_of(text)
        assert bucket.doc_id(row) == swhid(text.encode())
        assert bucket.find(swhid(text.encode())) == row


@given(blob=st.binary(min_size=20, max_size=20) | st.sampled_from([bytes(20), b"\xff" * 20]))
def test_a_document_that_is_not_there_is_not_found(bucket: Bucket, blob: bytes) -> None:
    assert bucket.find(f"swh:1:cnt:{blob.hex()}") is None


def test_neighbours_of_an_id_are_not_found(bucket: Bucket) -> None:
    for text in TEXTS:
        number = int(swhid(text.encode())[10:], 16)
        for neighbour in (number - 1, number + 1):
            assert bucket.find(f"swh:1:cnt:{neighbour:040x}") is None


def kept_of(grams: NDArray[np.uint64]) -> list[int]:
    """Return the positions that winnowing keeps where the largest hashes stand before and after the grams."""
    largest = np.full(WINDOW, 2**64 - 1, dtype=np.uint64)
    kept = selected(np.concatenate((largest, grams, largest))) - WINDOW
    return [at for at in kept.tolist() if 0 <= at < len(grams)]


def packed(postings: Postings) -> list[tuple[int, int]]:
    found = []
    for slot in np.flatnonzero(np.diff(postings.directory)).tolist():
        for at in range(int(postings.directory[slot]), int(postings.directory[slot + 1])):
            found.append((slot << 16 | int(postings.keys[at]), int(postings.positions[at])))
    return found


def stream_of(text: str) -> Stream:
    codes = code_points(f"{text}\n")
    return read_stream([(text, "python")], codes, tokenize_codes(codes))


@pytest.mark.parametrize("name", ["words", "names", "shape"])
def test_postings_are_the_winnowed_grams_of_each_document(bucket: Bucket, name: str) -> None:
    expected, first = [], 0
    for text in TEXTS:
        stream = stream_of(text)
        grams, n_tokens = {
            "words": (gram_hashes(tokenize(text).hashes), len(tokenize(text))),
            "names": (names_grams(stream), len(stream)),
            "shape": (shape_grams(stream), len(stream)),
        }[name]
        expected += [(int(grams[at]) >> 32, first + at) for at in kept_of(grams)]
        first += n_tokens
    assert expected
    assert packed(getattr(bucket, name)) == sorted(expected)


def test_checkpoints_tell_where_every_64th_token_stands(bucket: Bucket) -> None:
    for row, text in enumerate(TEXTS):
        first, last = bucket.checkpoint_starts[row : row + 2]
        assert bucket.checkpoints[first:last].tolist() == stream_of(text).starts[::64].tolist()
        assert np.diff(bucket.touched_starts)[row] == len(stream_of(text))


def test_token_bytes_and_starts_are_those_of_the_texts(bucket: Bucket) -> None:
    assert bucket.token_starts.tolist()[0] == 0
    for row, text in enumerate(TEXTS):
        stored = bucket.token_bytes[bucket.token_starts[row] : bucket.token_starts[row + 1]]
        assert stored.tolist() == [value & 0xFF for value in tokenize(text).hashes.tolist()]


def test_the_manifest_entry_tells_sizes_digests_and_counts(tmp_path: Path) -> None:
    folder = tmp_path / "bucket-0a"
    entry = write_bucket(folder, [(entry_of(text), compress(text.encode())) for text in TEXTS])
    assert {file.name for file in folder.iterdir()} == set(entry["files"]) == set(BUCKET_FILES)
    for name, recorded in entry["files"].items():
        data = (folder / name).read_bytes()
        assert recorded == {"bytes": len(data), "sha256": sha256_hex(data)}
    assert entry["id"].startswith("0a-")
    assert entry["n_documents"] == entry["n_files"] == len(TEXTS)
    assert entry["n_text_bytes"] == sum(len(text.encode()) for text in TEXTS)
    assert entry["n_text_chars"] == sum(map(len, TEXTS))
    assert entry["n_tokens"] == sum(len(tokenize(text)) for text in TEXTS)
    assert entry["languages"] == {"python": len(TEXTS)}
    assert entry["licenses"] == {"not recorded": len(TEXTS)}
    json.dumps(entry)  # nothing of numpy in it


def test_the_id_of_a_bucket_tells_its_content(tmp_path: Path) -> None:
    ids = [
        write_bucket(tmp_path / name / "bucket-00", [(entry_of(text), compress(text.encode())) for text in texts])["id"]
        for name, texts in (("one", TEXTS), ("same", TEXTS), ("fewer", TEXTS[1:]), ("none", []))
    ]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_a_bucket_without_documents_is_read(tmp_path: Path) -> None:
    bucket = written(tmp_path / "bucket-00", [])
    assert bucket.n_documents == 0
    assert bucket.find(swhid(b"")) is None
    bucket.close()


def test_arrays_stand_side_by_side_in_little_endian_order(bucket: Bucket) -> None:
    data = (bucket.folder / "arrays.bin").read_bytes()
    counts = {name: len(getattr(bucket, name)) for name in ("words", "names", "shape", "checkpoints")}
    counts |= {"documents": len(TEXTS), "tokens": len(bucket.token_bytes)}
    layout = array_layout({f"n_{name}": count for name, count in counts.items()})
    for name, stored in (("shape_positions", bucket.shape.positions), ("token_starts", bucket.token_starts)):
        before = list(layout)[: list(layout).index(name)]
        offset = sum((layout[each].n_bytes + 7) // 8 * 8 for each in before)
        values = [int.from_bytes(data[at : at + 4], "little") for at in range(offset, offset + layout[name].n_bytes, 4)]
        assert values == stored.tolist()
    assert len(data) == sum((spec.n_bytes + 7) // 8 * 8 for spec in layout.values())
