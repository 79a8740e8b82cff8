"""Content ids are git's own, and canonical JSON has one form."""

import hashlib
import json
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.digests import canonical_json, git_blob_sha1, is_swhid, sha256_hex, swhid, text_sha256

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=15)
@given(data=st.binary(max_size=300))
def test_blob_ids_are_those_of_git(data: bytes) -> None:
    named = subprocess.run(["git", "hash-object", "--stdin"], input=data, capture_output=True, check=True).stdout
    assert git_blob_sha1(data) == named.decode().strip()
    assert swhid(data) == f"swh:1:cnt:{named.decode().strip()}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (swhid(b"sap"), True),
        ("swh:1:cnt:" + "0" * 40, True),
        ("swh:1:dir:" + "0" * 40, False),
        ("swh:1:cnt:" + "0" * 39, False),
        ("swh:1:cnt:" + "0" * 41, False),
        ("swh:1:cnt:" + "A" * 40, False),
        ("swh:1:cnt:" + "0" * 40 + "\n", False),
        ("", False),
    ],
)
def test_swhids_are_told_from_other_texts(value: str, expected: bool) -> None:
    assert is_swhid(value) is expected


@given(value=json_values)
def test_canonical_json_is_json_in_one_form(value: object) -> None:
    data = canonical_json(value)
    assert json.loads(data) == value
    assert data.endswith(b"\n")
    assert data.count(b"\n") == 1
    assert canonical_json(json.loads(data)) == data


@given(keys=st.lists(st.text(min_size=1, max_size=4), unique=True, max_size=6), data=st.data())
def test_the_order_of_keys_does_not_matter(keys: list[str], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(keys))
    assert canonical_json(dict.fromkeys(keys)) == canonical_json(dict.fromkeys(shuffled))


@pytest.mark.parametrize("value", [1.0, [0.5], {"a": {"b": float("nan")}}, (1, 2.0)])
def test_floats_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no floats"):
        canonical_json(value)


def test_lone_surrogates_are_hashed_as_their_three_bytes() -> None:
    assert text_sha256("a\ud800") == sha256_hex(b"a\xed\xa0\x80") == hashlib.sha256(b"a\xed\xa0\x80").hexdigest()
