"""Records of data sets: the columns decide the schema, and each field arrives where it belongs or is refused."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.errors import FormatError
from codewhence.index.sources.base import MAX_FILE_BYTES, RawFile, SkippedError
from codewhence.index.sources.rows import read_record
from codewhence.index.sources.schemas import SCHEMAS, detect_schema
from codewhence.records import LicenseSource, Origin

BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
COMMIT = "0" * 40
STACK_V1 = {
    "hexsha": BLOB,
    "size": 5,
    "ext": "py",
    "lang": "Python",
    "max_stars_repo_path": "src/a.py",
    "max_stars_repo_name": "example/engine",
    "max_stars_repo_head_hexsha": COMMIT,
    "max_stars_repo_licenses": ["MIT", "Apache-2.0"],
    "max_stars_count": 7,
    "max_issues_repo_name": "other/engine",
    "content": "x = 1\n",
}
STARCODERDATA = {
    "max_stars_repo_path": "src/a.py",
    "max_stars_repo_name": "example/engine",
    "max_stars_count": 7,
    "id": "123",
    "content": "x = 1\n",
}


def read(record: dict[str, Any]) -> RawFile:
    """Read a record under the schema of its own columns."""
    schema = detect_schema(record, where="made.jsonl")
    return read_record(record, schema, repo="made", path="made.jsonl#7")


def reason_of(record: dict[str, Any]) -> str:
    """Return why a record is no document."""
    with pytest.raises(SkippedError) as caught:
        read(record)
    return caught.value.reason


def test_the_stack_v1() -> None:
    assert detect_schema(STACK_V1, where="x").name == "The Stack v1"
    assert read(STACK_V1) == RawFile(
        Origin(
            repo="example/engine",
            path="src/a.py",
            revision=COMMIT,
            licenses=("Apache-2.0", "MIT"),
            license_source=LicenseSource.RECORDED,
            stars=7,
            origin_url="https://github.com/example/engine",
        ),
        b"x = 1\n",
        language="python",
        blob_sha1=BLOB,
    )


def test_starcoderdata_records_no_license_and_its_text_is_not_the_original() -> None:
    assert detect_schema(STARCODERDATA, where="x").name == "starcoderdata"
    file = read(STARCODERDATA)
    assert (file.origin.licenses, file.origin.license_source) == ((), LicenseSource.NOT_RECORDED)
    assert (file.origin.repo, file.origin.path, file.origin.stars) == ("example/engine", "src/a.py", 7)
    assert file.blob_sha1 is None
    assert file.origin.revision is None


@pytest.mark.parametrize(
    ("record", "origin"),
    [
        pytest.param({"text": "a"}, Origin(repo="made", path="made.jsonl#7"), id="text alone"),
        pytest.param(
            {"content": "a", "repo_name": "example/engine", "path": "b.py", "license": "mit"},
            Origin(repo="example/engine", path="b.py", licenses=("MIT",), license_source=LicenseSource.RECORDED),
            id="names of BigQuery's GitHub set",
        ),
        pytest.param(
            {"content": "a", "repo": "example/engine", "path": "b.py", "licenses": [], "commit": COMMIT, "stars": 2.0},
            Origin(repo="example/engine", path="b.py", revision=COMMIT, stars=2),
            id="empty list of licenses, count as float",
        ),
        pytest.param(
            {"content": "a", "repo": "https://token@github.com/example/engine.git", "path": "b.py"},
            Origin(repo="example/engine", path="b.py", origin_url="https://github.com/example/engine"),
            id="address as repository",
        ),
        pytest.param(
            {"content": "a", "repo": "engine", "path": "b.py", "url": "https://user:pw@example.org/engine?x=1"},
            Origin(repo="engine", path="b.py", origin_url="https://example.org/engine"),
            id="address beside it",
        ),
        pytest.param(
            {"content": "a", "text": "b", "repo": None, "path": "", "stars": math.nan, "license": None},
            Origin(repo="made", path="made.jsonl#7"),
            id="nothing recorded",
        ),
    ],
)
def test_plain_names(record: dict[str, Any], origin: Origin) -> None:
    assert detect_schema(record, where="x").name == "plain"
    assert read(record) == RawFile(origin, b"a")


@pytest.mark.parametrize(
    ("licenses", "expected"),
    [
        pytest.param("Apache-2.0", ("Apache-2.0",), id="one"),
        pytest.param("MIT OR Apache-2.0", ("MIT OR Apache-2.0",), id="an expression"),
        pytest.param(["mit", "MIT", "ISC"], ("ISC", "MIT"), id="a list, sorted, once each"),
        pytest.param(["MIT", "unknown"], (), id="one that is no license"),
        pytest.param("NOASSERTION", (), id="nothing asserted"),
        pytest.param("permissive", (), id="a class of licenses"),
        pytest.param("", (), id="empty"),
    ],
)
def test_a_license_is_recorded_whole_or_not_at_all(licenses: Any, expected: tuple[str, ...]) -> None:
    origin = read({"content": "a", "license": licenses}).origin
    assert origin.licenses == expected
    assert origin.license_source is (LicenseSource.RECORDED if expected else LicenseSource.NOT_RECORDED)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        pytest.param({"content": None}, "malformed", id="no text"),
        pytest.param({"content": 7}, "malformed", id="a number as text"),
        pytest.param({"content": "a", "path": 7}, "malformed", id="a number as path"),
        pytest.param({"content": "a", "license": {"name": "MIT"}}, "malformed", id="an object as license"),
        pytest.param({"content": "a", "licenses": ["MIT", 7]}, "malformed", id="a number among licenses"),
        pytest.param({"content": "a", "stars": "many"}, "malformed", id="words as a count"),
        pytest.param({"content": "a", "stars": 1.5}, "malformed", id="a share as a count"),
        pytest.param({"content": "a", "stars": math.inf}, "malformed", id="infinity as a count"),
        pytest.param({"content": "a", "stars": True}, "malformed", id="truth as a count"),
        pytest.param({"content": "a", "repo": "file:///home/somebody/x"}, "malformed", id="a local address"),
        pytest.param({"content": "a\ud800"}, "lone_surrogates", id="surrogate in the text"),
        pytest.param({"content": "a", "path": "\udfff.py"}, "lone_surrogates", id="surrogate in the path"),
        pytest.param({"content": "é" * (MAX_FILE_BYTES // 2 + 1)}, "too_large", id="over the limit in bytes"),
    ],
)
def test_what_is_no_document_is_refused_with_its_reason(record: dict[str, Any], reason: str) -> None:
    assert reason_of(record) == reason


@pytest.mark.parametrize("blob", ["", "xyz", BLOB.upper(), BLOB[:-1], f"swh:1:cnt:{BLOB}"])
def test_only_a_git_id_is_taken_for_one(blob: str) -> None:
    assert read(STACK_V1 | {"hexsha": blob}).blob_sha1 is None


@given(
    st.dictionaries(
        st.sampled_from(["content", "repo", "path", "license", "stars", "url"]),
        st.none() | st.text() | st.integers() | st.floats() | st.lists(st.text()),
        min_size=1,
    )
)
def test_any_record_is_a_file_or_a_reason(record: dict[str, Any]) -> None:
    try:
        file = read({"content": "a"} | record)
    except SkippedError:
        return
    assert file.origin.repo
    assert file.origin.path


def test_unknown_columns_are_listed_with_what_is_accepted() -> None:
    with pytest.raises(FormatError) as caught:
        detect_schema(["blob_id", "src_encoding"], where="v2.parquet")
    message = str(caught.value)
    assert "'v2.parquet' has the columns blob_id, src_encoding." in message
    assert all(schema.name in message for schema in SCHEMAS)
    assert "max_stars_repo_licenses" in message
    with pytest.raises(FormatError, match=r"columns \(none\)"):
        detect_schema([], where="x")


def test_only_the_columns_that_are_read_are_needed() -> None:
    schema = detect_schema(STACK_V1, where="x")
    assert set(STACK_V1) - set(schema.needed(STACK_V1)) == {"size", "ext", "max_issues_repo_name"}
