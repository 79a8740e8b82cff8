"""MANIFEST.json: what is written is read back, and nothing else is read."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.digests import canonical_json
from codewhence.errors import FormatError, IndexMissingError
from codewhence.index.manifest import (
    BUCKET_COUNTS,
    BUCKET_FILES,
    FILE_NAME,
    FORMAT,
    Manifest,
    bucket_folder,
    is_index,
    read_manifest,
    sum_tables,
)
from codewhence.index.merkle import merkle_root

BUCKETS = tuple(
    {
        "files": {name: {"bytes": 3, "sha256": "ab" * 32} for name in BUCKET_FILES},
        "id": f"{number:02x}-0123456789ab",
        "languages": {"python": number, "c": 1},
        "licenses": {"MIT": 1},
        **dict.fromkeys(BUCKET_COUNTS, number),
    }
    for number in range(4)
)
TRAINING_SET = {"redaction": None, "skipped": {"binary": 2}, "sources": [{"kind": "made"}], "version": "demö"}
MANIFEST = Manifest(n_buckets=4, training_set=TRAINING_SET, buckets=BUCKETS)


def written(folder: Path, data: bytes) -> Path:
    (folder / FILE_NAME).write_bytes(data)
    return folder


def changed(**values: Any) -> bytes:
    return canonical_json({**json.loads(MANIFEST.to_bytes()), **values})


def test_a_manifest_survives_the_disk(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    assert read_manifest(tmp_path) == MANIFEST
    assert read_manifest(tmp_path).root == MANIFEST.root
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


def test_the_root_covers_the_head_and_each_bucket() -> None:
    value = json.loads(MANIFEST.to_bytes())
    head = {key: value[key] for key in ("format", "parameters", "training_set")}
    assert value["root"] == merkle_root([canonical_json(part) for part in (head, *value["buckets"])])


def test_totals_and_tallies_add_up_the_buckets() -> None:
    assert MANIFEST.total("n_documents") == 6
    assert MANIFEST.tally("languages") == {"python": 6, "c": 4}


def test_a_bucket_names_its_folder(tmp_path: Path) -> None:
    assert bucket_folder(tmp_path, BUCKETS[3]) == tmp_path / "bucket-03-0123456789ab"


@given(tables=st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(1, 9))))
def test_sum_tables_adds_and_sorts(tables: list[dict[str, int]]) -> None:
    total = sum_tables(tables)
    assert list(total) == sorted(total)
    assert total == {
        key: sum(table.get(key, 0) for table in tables) for key in {*"abc"} if any(key in t for t in tables)
    }


def test_a_missing_index_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match=r"no index at .*nowhere.*codewhence index build"):
        read_manifest(tmp_path / "nowhere")
    assert not is_index(tmp_path / "nowhere")


def test_an_empty_folder_holds_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="is not there"):
        read_manifest(tmp_path)
    assert not is_index(tmp_path)


def test_a_file_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(IndexMissingError, match="no index at"):
        read_manifest(tmp_path / "file")
    assert not is_index(tmp_path / "file")


def test_a_manifest_that_cannot_be_read_is_a_format_error(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(FormatError, match="cannot be read"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "not the JSON of an index", id="empty"),
        pytest.param(b"\0" * 100, "not the JSON of an index", id="zeros"),
        pytest.param(b"[]", "not the JSON of an index", id="list"),
        pytest.param(b"{}", "not the JSON of an index", id="no format"),
        pytest.param(b"[" * 100_000, "not the JSON of an index", id="deep"),
        pytest.param(MANIFEST.to_bytes()[:-1], "do not agree", id="newline missing"),
        pytest.param(MANIFEST.to_bytes()[:200], "not the JSON of an index", id="truncated"),
        pytest.param(b"\xef\xbb\xbf" + MANIFEST.to_bytes(), "do not agree", id="byte order mark"),
        pytest.param(b" " + MANIFEST.to_bytes(), "do not agree", id="blank before"),
        pytest.param(json.dumps(json.loads(MANIFEST.to_bytes())).encode(), "do not agree", id="not canonical"),
        pytest.param(changed(format="codewhence.index/9"), "format is .*Rebuild the index with", id="newer version"),
        pytest.param(changed(format="codewhence.index/0"), "format is .*Rebuild the index with", id="older version"),
        pytest.param(changed(format="tantivy"), "not an index of codewhence", id="foreign"),
        pytest.param(changed(format=1), "not an index of codewhence", id="format is a number"),
        pytest.param(changed(root="0" * 64), "do not agree", id="other root"),
        pytest.param(changed(buckets=[]), "do not agree", id="no buckets"),
        pytest.param(changed(buckets=3), "is missing or of another type", id="buckets are a number"),
        pytest.param(changed(parameters={}), "is missing or of another type", id="no parameters"),
        pytest.param(changed(parameters=None), "is missing or of another type", id="null parameters"),
        pytest.param(changed(extra=1), "do not agree", id="unknown key"),
        pytest.param(Manifest(8, TRAINING_SET, BUCKETS).to_bytes(), "do not agree", id="fewer buckets than it says"),
    ],
)
def test_anything_but_a_sound_manifest_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        read_manifest(written(tmp_path, data))
    assert not isinstance(caught.value, IndexMissingError)
    assert FILE_NAME in str(caught.value)


@pytest.mark.parametrize("name", ["gram_tokens", "window", "tokenizer", "text_compression"])
def test_parameters_of_another_release_are_refused(tmp_path: Path, name: str) -> None:
    # With a root that agrees: made by a program that differs from this one in a parameter and nothing else.
    value = json.loads(MANIFEST.to_bytes())
    value["parameters"][name] = "other"
    head = {key: value[key] for key in ("format", "parameters", "training_set")}
    value["root"] = merkle_root([canonical_json(part) for part in (head, *value["buckets"])])
    with pytest.raises(FormatError, match="parameters are not those of this release"):
        read_manifest(written(tmp_path, canonical_json(value)))


@given(at=st.integers(0, len(MANIFEST.to_bytes()) - 1), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused(tmp_path_factory: pytest.TempPathFactory, at: int, bit: int) -> None:
    data = bytearray(MANIFEST.to_bytes())
    data[at] ^= 1 << bit
    with pytest.raises(FormatError):
        read_manifest(written(tmp_path_factory.mktemp("flipped"), bytes(data)))


@given(n_bytes=st.integers(0, len(MANIFEST.to_bytes()) - 1))
def test_any_truncation_is_refused(tmp_path_factory: pytest.TempPathFactory, n_bytes: int) -> None:
    with pytest.raises(FormatError):
        read_manifest(written(tmp_path_factory.mktemp("cut"), MANIFEST.to_bytes()[:n_bytes]))


def test_the_format_is_named_in_the_file() -> None:
    assert json.loads(MANIFEST.to_bytes())["format"] == FORMAT == "codewhence.index/2"
