"""The Stack v2 and v3: ids find the texts that were supplied, a repository's row gives its files."""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard

from codewhence.digests import git_blob_sha1, swhid
from codewhence.errors import UsageError
from codewhence.index.ingest import ingest
from codewhence.index.sources.base import RawFile, Skipped
from codewhence.index.sources.dataset_folder import DatasetFolderSource, is_dataset_folder
from codewhence.index.sources.parquet import ParquetSource
from codewhence.index.sources.registry import open_source
from codewhence.records import LicenseSource, Origin
from tests.index.sources.reading import files_of, read_all, skipped_of, write_tree

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

CODE = b"x = 1\n"
LATIN = "# caf\xe9\n".encode("latin-1")


def sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def v2_row(data: bytes = CODE, **changed: Any) -> dict[str, Any]:
    """Return a row of The Stack v2, as its card lists the columns."""
    return {
        "blob_id": git_blob_sha1(data),
        "directory_id": "0" * 40,
        "path": "/src/a.py".lstrip("/"),
        "content_id": sha1(data),
        "detected_licenses": ["MIT"],
        "license_type": "permissive",
        "repo_name": "example/engine",
        "snapshot_id": "1" * 40,
        "revision_id": "2" * 40,
        "branch_name": "refs/heads/main",
        "star_events_count": 3,
        "src_encoding": "UTF-8",
        "language": "Python",
        "is_vendor": False,
        "is_generated": False,
        "length_bytes": len(data),
        "extension": "py",
    } | changed


def v3_row(*files: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Return a row of The Stack v3, as its card lists the columns."""
    facts = {"branch": "main", "is_fork": True, "forked_from": "other/engine", "stars": 5, "forks": 0}
    row = {"repo_path": "example/engine", "repo_id": 7, "commit_id": "3" * 40, "github_metadata": facts}
    return row | {"num_files": len(files), "files": list(files)} | changed


def v3_file(text: str = "x = 1\n", **changed: Any) -> dict[str, Any]:
    return {
        "content_id": sha1(text.encode()),
        "content": text,
        "size_bytes": len(text),
        "file_path": "src/a.py",
        "file_timestamp": 1674821846,
        "language": "Python",
        "is_vendor": False,
        "license_type": "permissive",
        "detected_licenses": ["MIT"],
    } | changed


def write_rows(folder: Path, rows: list[dict[str, Any]], *, ending: str) -> str:
    """Write rows as one file of a data set."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"made{ending}"
    if ending == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


BOTH = pytest.mark.parametrize("ending", [".jsonl", ".parquet"])


@BOTH
@pytest.mark.parametrize(
    ("name", "stored"),
    [
        pytest.param(f"content/{git_blob_sha1(CODE)}", CODE, id="as it is"),
        pytest.param(f"contents/{git_blob_sha1(CODE)}.gz", gzip.compress(CODE), id="gzip"),
        pytest.param(f"blobs/{git_blob_sha1(CODE)}.zst", zstandard.compress(CODE), id="zstd"),
        pytest.param(f"content/{sha1(CODE)}", gzip.compress(CODE), id="as the bucket of Software Heritage keeps it"),
        pytest.param(f"content/{git_blob_sha1(CODE)[:2]}/{git_blob_sha1(CODE)}", CODE, id="in folders by digits"),
    ],
)
def test_a_row_of_v2_finds_the_text_that_was_supplied(tmp_path: Path, ending: str, name: str, stored: bytes) -> None:
    write_tree(tmp_path, {name: stored})
    source = open_source(write_rows(tmp_path, [v2_row()], ending=ending))
    assert read_all(source) == [
        RawFile(
            Origin(
                repo="example/engine",
                path="src/a.py",
                revision="2" * 40,
                branch="main",
                licenses=("MIT",),
                license_source=LicenseSource.DETECTED,
                stars=3,
                origin_url="https://github.com/example/engine",
            ),
            CODE,
            language="python",
            declared_encoding="UTF-8",
        )
    ]
    assert source.describe()["schema"] == "The Stack v2"


@BOTH
def test_a_row_without_its_text_and_one_with_another_text_are_counted_apart(tmp_path: Path, ending: str) -> None:
    other, packed, gone = v2_row(b"a"), v2_row(b"b"), v2_row(b"c")
    write_tree(
        tmp_path,
        {
            f"content/{git_blob_sha1(CODE)}": CODE,
            f"content/{other['blob_id']}": b"not a",
            f"content/{packed['blob_id']}.gz": gzip.compress(b"not b"),
        },
    )
    source = open_source(
        write_rows(tmp_path, [v2_row(), other, packed, gone, v2_row(blob_id="../x", content_id="")], ending=ending)
    )
    read = read_all(source)
    assert [item.data if isinstance(item, RawFile) else item.reason for item in read] == [
        CODE,
        "other_bytes",
        "other_bytes",
        "no_text",
        "malformed",
    ]


def test_a_text_is_decoded_by_the_encoding_of_its_row_and_keeps_the_id_of_its_bytes(tmp_path: Path) -> None:
    row = v2_row(LATIN, src_encoding="ISO-8859-1", path="a.txt")
    write_tree(tmp_path, {f"content/{row['blob_id']}": LATIN})
    (file,) = read_all(open_source(write_rows(tmp_path, [row], ending=".jsonl")))
    assert isinstance(file, RawFile)
    made = ingest(file)
    assert not isinstance(made, Skipped)
    assert made[0].doc_id == swhid(LATIN)
    assert zstandard.decompress(made[1]).decode() == "# caf\xe9\n"


@pytest.mark.parametrize(
    ("row", "doc_id"),
    [
        pytest.param(v2_row(content="x = 1\n"), swhid(CODE), id="the text as it was"),
        pytest.param(
            v2_row(LATIN, src_encoding="ISO-8859-1", content="# caf\xe9\n"), swhid(LATIN), id="transcoded, proven"
        ),
        pytest.param(v2_row(content="x = <KEY>\n"), swhid(b"x = <KEY>\n"), id="redacted: never the original's id"),
        pytest.param(v2_row(content="x = 1\n", src_encoding="rot13"), swhid(CODE), id="an encoding that is none"),
        pytest.param(v2_row(b"y", content="x\n", src_encoding="a\0b"), swhid(b"x\n"), id="a NUL in the encoding"),
    ],
)
def test_a_row_that_carries_its_text_needs_no_folder(tmp_path: Path, row: dict[str, Any], doc_id: str) -> None:
    (file,) = read_all(open_source(write_rows(tmp_path, [row], ending=".jsonl")))
    assert isinstance(file, RawFile)
    made = ingest(file)
    assert not isinstance(made, Skipped)
    assert made[0].doc_id == doc_id


@BOTH
def test_ids_alone_are_refused_with_what_to_do(tmp_path: Path, ending: str) -> None:
    with pytest.raises(UsageError, match=r"holds ids and no text\. Put the texts into a folder 'content' beside it"):
        open_source(write_rows(tmp_path, [v2_row()], ending=ending))


@pytest.mark.parametrize(
    ("changed", "licenses"),
    [
        pytest.param({"detected_licenses": ["MIT", "Apache-2.0"]}, ("Apache-2.0", "MIT"), id="both apply"),
        pytest.param({"detected_licenses": []}, (), id="an empty list is not permissive"),
        pytest.param({"detected_licenses": None}, (), id="none"),
        pytest.param({"license_type": "no_license"}, (), id="no license beats the list"),
        pytest.param({"is_vendor": True}, (), id="other people's code"),
        pytest.param({"license_type": "non_permissive", "detected_licenses": ["GPL-3.0"]}, ("GPL-3.0-only",), id="GPL"),
        pytest.param({"detected_licenses": ["MIT", "BSD"]}, (), id="one that leaves it open"),
    ],
)
def test_a_license_is_what_was_detected_and_nothing_where_that_is_in_doubt(
    tmp_path: Path, changed: dict[str, Any], licenses: tuple[str, ...]
) -> None:
    rows = [v2_row(content="x = 1\n", **changed)]
    (v2,) = files_of(open_source(write_rows(tmp_path, rows, ending=".jsonl"))).values()
    (v3,) = files_of(open_source(write_rows(tmp_path, [v3_row(v3_file(**changed))], ending=".jsonl"))).values()
    for origin in (v2.origin, v3.origin):
        assert origin.licenses == licenses
        assert origin.license_source is (LicenseSource.DETECTED if licenses else LicenseSource.NOT_RECORDED)


@BOTH
def test_a_row_of_v3_gives_each_file_of_the_repository(tmp_path: Path, ending: str) -> None:
    rows = [v3_row(v3_file(), v3_file("b\n", file_path="b.py", detected_licenses=[])), v3_row(), v3_row(v3_file())]
    source = open_source(write_rows(tmp_path, rows, ending=ending))
    first, second, third = read_all(source)
    assert first == third
    assert first == RawFile(
        Origin(
            repo="example/engine",
            path="src/a.py",
            revision="3" * 40,
            branch="main",
            licenses=("MIT",),
            license_source=LicenseSource.DETECTED,
            stars=5,
            is_fork=True,
            forked_from="other/engine",
            origin_url="https://github.com/example/engine",
        ),
        CODE,
        language="python",
    )
    assert isinstance(second, RawFile)
    assert (second.origin.path, second.origin.licenses) == ("b.py", ())
    assert source.describe()["schema"] == "The Stack v3"


@BOTH
def test_a_bad_file_of_a_repository_does_not_take_the_others_with_it(tmp_path: Path, ending: str) -> None:
    files = [v3_file(), v3_file() | {"content": None}, v3_file("c\n", file_path="c.py")]
    source = open_source(write_rows(tmp_path, [v3_row(*files), v3_row(files=None)], ending=ending))
    assert list(files_of(source)) == ["src/a.py", "c.py"]
    assert skipped_of(source) == {f"made{ending}:1/2": "malformed", f"made{ending}:2": "malformed"}


@pytest.mark.parametrize("files", ["text", {"content": "a"}, 7, [7], ["a"], [None]])
def test_files_that_are_no_list_of_objects_are_counted(tmp_path: Path, files: Any) -> None:
    assert set(skipped_of(open_source(write_rows(tmp_path, [v3_row(files=files)], ending=".jsonl"))).values()) == {
        "malformed"
    }


def test_a_column_of_files_that_is_no_list_of_objects_is_counted(tmp_path: Path) -> None:
    row = {"repo_path": "example/engine", "commit_id": "3" * 40}
    for number, files in enumerate((["a"], [7], 7, "a")):
        source = open_source(write_rows(tmp_path / str(number), [row | {"files": files}], ending=".parquet"))
        assert set(skipped_of(source).values()) == {"malformed"}


@BOTH
def test_v2_by_repository_finds_supplied_texts(tmp_path: Path, ending: str) -> None:
    file = {name: v2_row()[name] for name in ("blob_id", "path", "content_id", "detected_licenses", "src_encoding")}
    row = {"repo_name": "example/engine", "revision_id": "2" * 40, "star_events_count": 3, "files": [file]}
    write_tree(tmp_path, {f"content/{git_blob_sha1(CODE)}": CODE})
    source = open_source(write_rows(tmp_path, [row], ending=ending))
    (found,) = files_of(source).values()
    assert (found.data, found.origin.repo, found.origin.stars, found.origin.path) == (
        CODE,
        "example/engine",
        3,
        "src/a.py",
    )
    assert source.describe()["schema"] == "The Stack v2 by repository"


@BOTH
def test_rows_of_repositories_under_plain_names(tmp_path: Path, ending: str) -> None:
    rows = [{"repo": "example/engine", "license": "MIT", "files": [{"path": "a.py", "content": "a"}]}]
    (found,) = files_of(open_source(write_rows(tmp_path, rows, ending=ending))).values()
    assert found.origin == Origin(
        repo="example/engine", path="a.py", licenses=("MIT",), license_source=LicenseSource.RECORDED
    )


def test_a_folder_of_a_data_set_may_hold_the_texts_of_its_ids(tmp_path: Path) -> None:
    root = tmp_path / "set"
    write_rows(root / "data", [v2_row()], ending=".parquet")
    write_tree(root, {f"content/{git_blob_sha1(CODE)}": CODE, "README.md": "# Card"})
    assert is_dataset_folder(str(root))
    source = open_source(str(root))
    assert isinstance(source, DatasetFolderSource)
    assert list(files_of(source)) == ["src/a.py"]
    write_tree(root, {"content/main.py": "a"})
    assert not is_dataset_folder(str(root))


def test_repositories_of_many_files_are_read_to_the_last(tmp_path: Path) -> None:
    text = "x = 1\n" * 20_000
    rows = [v3_row(*(v3_file(text, file_path=f"{i}.py") for i in range(200))) for _ in range(3)]
    (shard,) = ParquetSource(write_rows(tmp_path, rows, ending=".parquet")).shards()
    assert sum(1 for _ in shard.read()) == 600
