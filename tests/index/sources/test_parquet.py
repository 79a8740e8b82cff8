"""Parquet: a shard for each row group, only the columns that are needed, every way to store a text."""

import builtins
import sys
from pathlib import Path
from typing import Any

import pytest

from codewhence.errors import FormatError, MissingExtraError, UsageError
from codewhence.index.sources.base import MAX_FILE_BYTES, RawFile
from codewhence.index.sources.parquet import ParquetSource
from codewhence.records import LicenseSource
from tests.index.sources.reading import files_of, read_all, skipped_of

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def write_parquet(folder: Path, columns: dict[str, Any], **options: Any) -> str:
    """Write a table and return the path."""
    path = folder / "made.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return str(path)


def stack_rows(n_rows: int) -> dict[str, Any]:
    """Return rows with the columns of The Stack v1, and one that nobody reads."""
    return {
        "hexsha": [f"{i:040x}" for i in range(n_rows)],
        "lang": ["Python"] * n_rows,
        "max_stars_repo_name": ["example/engine"] * n_rows,
        "max_stars_repo_path": [f"src/{i}.py" for i in range(n_rows)],
        "max_stars_repo_licenses": [["MIT"]] * n_rows,
        "max_stars_repo_head_hexsha": ["0" * 40] * n_rows,
        "max_stars_count": [float(i) if i % 2 else None for i in range(n_rows)],
        "content": [f"x = {i}  # é\n" for i in range(n_rows)],
        "embedding": [[0.0] * 100] * n_rows,
    }


def test_rows_of_the_stack_come_out_in_order_one_shard_a_row_group(tmp_path: Path) -> None:
    source = ParquetSource(write_parquet(tmp_path, stack_rows(250), row_group_size=100))
    read = [item for item in read_all(source) if isinstance(item, RawFile)]
    assert [item.data.decode() for item in read] == [f"x = {i}  # é\n" for i in range(250)]
    assert [item.origin.stars for item in read[:4]] == [None, 1, None, 3]
    assert read[7].blob_sha1 == f"{7:040x}"
    assert read[7].origin.licenses == ("MIT",)
    assert [shard.n_bytes > 0 for shard in source.shards()] == [True] * 3
    assert source.describe() == {"kind": "parquet", "name": "made.parquet", "schema": "The Stack v1"}


def test_the_size_of_a_shard_leaves_out_the_columns_that_are_not_read(tmp_path: Path) -> None:
    path = write_parquet(tmp_path, stack_rows(100), compression="none", use_dictionary=False)
    (shard,) = ParquetSource(path).shards()
    assert shard.n_bytes < Path(path).stat().st_size / 4


def test_starcoderdata_is_never_permissive(tmp_path: Path) -> None:
    columns = {
        "max_stars_repo_path": ["a.py"],
        "max_stars_repo_name": ["example/engine"],
        "max_stars_count": [3],
        "id": ["1"],
    }
    source = ParquetSource(write_parquet(tmp_path, {**columns, "content": ["x = 1\n"]}))
    (file,) = files_of(source).values()
    assert (file.origin.licenses, file.origin.license_source) == ((), LicenseSource.NOT_RECORDED)
    assert source.describe()["schema"] == "starcoderdata"


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(pa.string(), id="string"),
        pytest.param(pa.large_string(), id="large string"),
        pytest.param(pa.binary(), id="binary"),
        pytest.param(pa.dictionary(pa.int32(), pa.string()), id="dictionary"),
    ],
)
def test_a_text_column_may_be_stored_in_any_way(tmp_path: Path, kind: Any) -> None:
    values = pa.array(["a", "é", "", "a"]).cast(kind)
    source = ParquetSource(write_parquet(tmp_path, {"content": values, "path": ["1", "2", "3", "4"]}))
    assert [file.data for file in files_of(source).values()] == [b"a", "é".encode(), b"", b"a"]


def test_bad_rows_are_named_by_file_and_row(tmp_path: Path) -> None:
    content = ["a", None, "b" * (MAX_FILE_BYTES + 1), "c"]
    source = ParquetSource(write_parquet(tmp_path, {"content": content}, row_group_size=2))
    assert skipped_of(source) == {"made.parquet:2": "malformed", "made.parquet:3": "too_large"}
    assert list(files_of(source)) == ["made.parquet#1", "made.parquet#4"]
    assert files_of(source)["made.parquet#4"].origin.repo == "made"


def test_a_file_without_rows_has_no_shards_that_yield(tmp_path: Path) -> None:
    source = ParquetSource(write_parquet(tmp_path, {"content": pa.array([], pa.string())}))
    assert read_all(source) == []


def test_unknown_columns_are_listed(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"'made\.parquet' has the columns blob_id, path\. Accepted: The Stack v1"):
        ParquetSource(write_parquet(tmp_path, {"blob_id": ["1"], "path": ["a.py"]}))


@pytest.mark.parametrize("kept_share", [0.0, 0.3, 0.99])
def test_a_file_that_is_cut_short_is_an_error_that_names_it(tmp_path: Path, kept_share: float) -> None:
    path = Path(write_parquet(tmp_path, stack_rows(500)))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept_share)])
    with pytest.raises(FormatError, match=r"'made\.parquet' is no whole Parquet file: "):
        ParquetSource(str(path))


def test_a_damaged_page_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    path = Path(write_parquet(tmp_path, {"content": [str(i) * 50 for i in range(3000)]}, compression="zstd"))
    shards = list(ParquetSource(str(path)).shards())
    data = bytearray(path.read_bytes())
    data[200:4000] = bytes(3800)
    path.write_bytes(data)
    with pytest.raises(FormatError, match=r"'made\.parquet' is no whole Parquet file: "):
        list(shards[0].read())


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Cannot read 'gone\.parquet'"):
        ParquetSource(str(tmp_path / "gone.parquet"))


def test_without_pyarrow_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_parquet(tmp_path, {"content": ["a"]})
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    find = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == "pyarrow":
            raise ImportError(name)
        return find(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"Reading 'made\.parquet' needs the extra 'parquet'"):
        ParquetSource(path)


def test_text_that_is_not_utf8_in_a_repository_of_parquet_is_counted_or_told_by_its_encoding(tmp_path: Path) -> None:
    latin = "# caf\xe9\n".encode("latin-1")
    fields = [pa.field("content", pa.binary()), pa.field("file_path", pa.binary())]
    files = pa.array([[{"content": b"ok", "file_path": b"caf\xe9"}, {"content": latin, "file_path": b"b.py"}]])
    files = files.cast(pa.list_(pa.struct(fields)))
    as_text = pa.list_(pa.struct([pa.field(field.name, pa.string()) for field in fields]))
    struct = pa.StructArray.from_buffers(
        as_text.value_type,
        2,
        [None],
        children=[pa.Array.from_buffers(pa.string(), 2, child.buffers()) for child in files.values.flatten()],
    )
    column = pa.ListArray.from_arrays(files.offsets, struct)
    table = pa.table({"repo_path": ["example/engine"], "commit_id": ["3" * 40], "files": column})
    pq.write_table(table, tmp_path / "made.parquet")
    source = ParquetSource(str(tmp_path / "made.parquet"))
    assert skipped_of(source) == {"made.parquet:1/1": "malformed"}
    assert files_of(source)["b.py"].data == latin
