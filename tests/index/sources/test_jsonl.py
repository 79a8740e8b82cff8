"""JSON Lines: every line is read by exactly one shard, a bad one is named by its number, a cut file is an error."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.errors import FormatError, UsageError
from codewhence.index.sources import jsonl
from codewhence.index.sources.base import RawFile, Skipped
from codewhence.index.sources.jsonl import JsonlShard, JsonlSource
from tests.index.sources.reading import files_of, read_all, skipped_of

ENDINGS = [".jsonl", ".jsonl.gz", ".jsonl.zst"]


def packed(data: bytes, ending: str) -> bytes:
    """Return ``data`` as a file of this ending holds it."""
    if ending.endswith(".gz"):
        return gzip.compress(data)
    return zstandard.compress(data) if ending.endswith(".zst") else data


def write_jsonl(folder: Path, records: list[dict[str, Any]], ending: str = ".jsonl") -> str:
    """Write records and return the path."""
    path = folder / f"made{ending}"
    path.write_bytes(packed("".join(f"{json.dumps(record)}\n" for record in records).encode(), ending))
    return str(path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_records_come_out_in_order(tmp_path: Path, ending: str) -> None:
    records = [{"content": f"x = {i}  # é", "repo": "example/engine", "path": f"{i}.py"} for i in range(50)]
    source = JsonlSource(write_jsonl(tmp_path, records, ending))
    assert [item.data.decode() for item in read_all(source) if isinstance(item, RawFile)] == [
        record["content"] for record in records
    ]
    assert source.describe() == {"kind": "jsonl", "name": f"made{ending}", "schema": "plain"}


lines = st.sampled_from(
    [b'{"content": "a"}', b'{"content": "\\u00e9"}', b"", b"  ", b"{", b"[]", b'{"x": 1}', b'{"content": "b"}\r']
)


@settings(deadline=None)
@given(
    content=st.lists(lines, min_size=1, max_size=12), cuts=st.sets(st.integers(0, 200), max_size=6), ends=st.booleans()
)
def test_any_cut_into_ranges_reads_every_line_once(
    tmp_path_factory: pytest.TempPathFactory, content: list[bytes], cuts: set[int], ends: bool
) -> None:
    path = tmp_path_factory.mktemp("cut") / "made.jsonl"
    data = b"\n".join(content) + b"\n" * ends
    path.write_bytes(data)
    borders = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    shards = [JsonlShard(str(path), "made.jsonl", *borders[i : i + 2]) for i in range(len(borders) - 1)]
    whole = JsonlShard(str(path), "made.jsonl", 0, len(data))
    assert [item for shard in shards for item in shard.read()] == list(whole.read())


def test_a_large_file_is_shared_and_a_compressed_one_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "SHARD_BYTES", 1000)
    records = [{"content": "a" * 90, "path": f"{i}.py"} for i in range(100)]
    plain = JsonlSource(write_jsonl(tmp_path, records))
    zipped = JsonlSource(write_jsonl(tmp_path, records, ".jsonl.gz"))
    assert len(list(plain.shards())) > 10
    assert len(list(zipped.shards())) == 1
    assert read_all(plain) == read_all(zipped)
    assert sum(shard.n_bytes for shard in plain.shards()) == (tmp_path / "made.jsonl").stat().st_size


def test_bad_lines_are_named_by_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "SHARD_BYTES", 20)
    path = tmp_path / "made.jsonl"
    path.write_bytes(
        b'{"content": "a"}\n\n{"content": \n[1]\n{"other": 1}\n{"content": 7}\n'
        b'{"content": "\xff"}\n{"content": "\\ud800"}\n'
        b'{"content": ' + b"[" * 20_000 + b"\n7\n" + b'{"content": "b"}'
    )
    source = JsonlSource(str(path))
    malformed = {f"made.jsonl:{number}": "malformed" for number in (3, 4, 5, 6, 7, 9, 10)}
    assert skipped_of(source) == malformed | {"made.jsonl:8": "lone_surrogates"}
    assert [file.data for file in files_of(source).values()] == [b"a", b"b"]


def test_far_into_a_huge_file_a_bad_line_is_named_by_its_offset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "_MAX_COUNTED_BYTES", 10)
    path = tmp_path / "made.jsonl"
    path.write_bytes(b'{"content": "a"}\n{\n')
    assert list(JsonlShard(str(path), "made.jsonl", 17, 19).read()) == [Skipped("made.jsonl:byte 17", "malformed")]


def test_a_record_without_path_is_named_by_its_offset_whatever_the_shards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_jsonl(tmp_path, [{"content": "a"}, {"content": "b"}])
    whole = list(files_of(JsonlSource(path)))
    assert whole == ["made.jsonl#0", "made.jsonl#17"]
    assert files_of(JsonlSource(path))["made.jsonl#17"].origin.repo == "made"
    monkeypatch.setattr(jsonl, "SHARD_BYTES", 5)
    assert list(files_of(JsonlSource(path))) == whole


def test_an_endless_line_is_counted_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "_MAX_LINE_BYTES", 1000)
    path = tmp_path / "made.jsonl"
    path.write_bytes(b'{"content": "a"}\n{"content": "' + b"a" * 1_000_000 + b'"}\n{"content": "b"}\n')
    source = JsonlSource(str(path))
    assert skipped_of(source) == {"made.jsonl:2": "too_large"}
    assert [file.data for file in files_of(source).values()] == [b"a", b"b"]


@pytest.mark.parametrize("ending", ENDINGS[1:])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.98])
def test_a_file_that_is_cut_short_is_an_error_that_names_it(tmp_path: Path, ending: str, share: float) -> None:
    records = [{"content": str(i) * 9, "path": f"{i * 7919 % 10007}.py"} for i in range(60_000)]
    path = Path(write_jsonl(tmp_path, records, ending))
    source = JsonlSource(str(path))
    shards = list(source.shards())
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(FormatError, match=f"'made{ending}' is cut short"):
        list(shards[0].read())


@pytest.mark.parametrize("ending", ENDINGS[1:])
def test_a_damaged_file_is_an_error_that_names_it(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"made{ending}"
    path.write_bytes(b"this was never compressed" * 100)
    with pytest.raises(FormatError, match=f"'made{ending}' is damaged: "):
        JsonlSource(str(path))


def test_several_frames_are_one_file(tmp_path: Path) -> None:
    for ending in ENDINGS[1:]:
        path = tmp_path / f"made{ending}"
        path.write_bytes(packed(b'{"content": "a"}\n{"con', ending) + packed(b'tent": "b"}\n', ending))
        assert [file.data for file in files_of(JsonlSource(str(path))).values()] == [b"a", b"b"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "holds no JSON object", id="empty"),
        pytest.param(b"\n\n", "holds no JSON object", id="blank lines"),
        pytest.param(b'[{"content": "a"}]', "holds no JSON object", id="one JSON list"),
        pytest.param(b'{"blob_id": 1}\n', "has the columns blob_id. Accepted: The Stack v1", id="unknown columns"),
    ],
)
def test_what_is_no_data_set_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "made.jsonl").write_bytes(data)
    with pytest.raises(FormatError, match=message):
        JsonlSource(str(tmp_path / "made.jsonl"))


def test_a_file_that_cannot_be_opened_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "made.jsonl").mkdir()
    with pytest.raises(UsageError, match=r"Cannot read '.*made\.jsonl': Is a directory"):
        JsonlSource(str(tmp_path / "made.jsonl"))


def test_a_file_that_goes_away_before_it_is_read_is_a_usage_error(tmp_path: Path) -> None:
    path = Path(write_jsonl(tmp_path, [{"content": "a"}]))
    source = JsonlSource(str(path))
    shards = list(source.shards())
    path.unlink()
    with pytest.raises(UsageError, match=r"Cannot read 'made\.jsonl': No such file"):
        list(shards[0].read())
    with pytest.raises(UsageError, match="No such file"):
        list(source.shards())
