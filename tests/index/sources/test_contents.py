"""Texts that a user supplies for ids: an id proves its bytes, and what is no id names no file."""

import gzip
import hashlib
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from codewhence.digests import git_blob_sha1
from codewhence.index.sources.base import MAX_FILE_BYTES, SkippedError
from codewhence.index.sources.contents import content_ids, has_id, supplied_bytes


def sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


@given(data=st.binary(max_size=50), other=st.binary(max_size=50))
def test_an_id_proves_the_bytes_that_have_it_and_no_others(data: bytes, other: bytes) -> None:
    for each in (git_blob_sha1(data), sha1(data)):
        assert has_id(data, (each,))
        assert has_id(other, (each,)) is (data == other)


@pytest.mark.parametrize("value", ["", "../" + "0" * 40, "0" * 39, "A" * 40, None, 7, f"swh:1:dir:{'0' * 40}"])
def test_what_is_no_id_names_no_file(value: object) -> None:
    assert content_ids(value) == ()
    with pytest.raises(SkippedError, match="without the columns"):
        supplied_bytes("/", content_ids(value))


def test_a_supplied_text_that_unpacks_to_more_than_the_limit_is_not_unpacked_whole(tmp_path: Path) -> None:
    for number, pack in enumerate((gzip.compress, zstandard.compress)):
        huge = bytes(MAX_FILE_BYTES + 1)
        name = f"{number}" * 40
        (tmp_path / name).write_bytes(pack(huge))
        with pytest.raises(SkippedError, match="size limit"):
            supplied_bytes(str(tmp_path), (name,))
