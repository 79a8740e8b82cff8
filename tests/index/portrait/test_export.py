"""An export is whole, deterministic, without text and without what was taken out; a false one is refused."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.errors import FormatError, UsageError
from codewhence.index.build import build_index
from codewhence.index.overlay.removing import remove_from_index
from codewhence.index.overlay.resolving import Request
from codewhence.index.portrait.chains import find_passages
from codewhence.index.portrait.export_file import ExportHeader, read_export, refuse_expired, to_bytes
from codewhence.index.portrait.exporting import export_portrait
from codewhence.index.portrait.filter import capacity_class, fill_partition
from codewhence.index.portrait.tiles import distinct_tiles
from codewhence.index.portrait.verifying import verify_against, verify_export
from codewhence.index.portrait.writing import write_portrait
from codewhence.index.store import open_index
from tests.index.made_corpus import made_source

TODAY = date(2030, 4, 1)
TEXTS = {
    f"{name}.py": "".join(f"{name}_{n} = {verb}({name}_{n + 1}, {n * n})  # {verb} the {name}\n" for n in range(40))
    for name, verb in (("loom", "warp"), ("kiln", "fire"), ("mill", "grind"))
}
SAMPLES = 50_000


def header(**changes: object) -> ExportHeader:
    made = {
        "version": "first", "replaces": None, "created": TODAY, "expires": TODAY + timedelta(days=3),
        "capacity": 8192, "n_tiles": 3, "training_set": None, "root": "ab" * 32,
    }  # fmt: skip
    return ExportHeader(**(made | changes))  # ty: ignore[invalid-argument-type]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    build_index([made_source([*TEXTS.values()])], path, n_buckets=2, n_workers=1)
    write_portrait(path, n_workers=1)
    return path


@pytest.fixture
def exported(index: Path, tmp_path: Path) -> Path:
    path = tmp_path / "made.portrait"
    with open_index(index) as opened:
        export_portrait(opened, path, created=TODAY)
    return path


@given(
    version=st.text(min_size=1),
    replaces=st.none() | st.text(),
    training_set=st.none() | st.text(),
    days=st.integers(0, 900),
    values=st.lists(st.integers(0, (1 << 48) - 1), max_size=50),
)
def test_what_is_written_is_read(
    version: str, replaces: str | None, training_set: str | None, days: int, values: list[int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    held = np.array(values, dtype=np.uint64)
    written = header(
        version=version, replaces=replaces, training_set=training_set, expires=TODAY + timedelta(days=days)
    )
    path = tmp_path_factory.mktemp("export") / "e"
    path.write_bytes(to_bytes(written, [fill_partition(8192, held)]))
    read = read_export(path)
    assert read.header == written
    assert read.tile_filter.holds(held).all()


def test_an_export_answers_alone_and_twice_the_same_bytes(index: Path, exported: Path, tmp_path: Path) -> None:
    with open_index(index) as opened:
        made = export_portrait(opened, tmp_path / "again", created=TODAY, n_workers=2)
    assert (tmp_path / "again").read_bytes() == exported.read_bytes()
    read = read_export(exported)
    assert read.header == made
    assert made.version.startswith("2030-04-01-")
    assert made.expires - made.created == timedelta(days=90)
    for text in TEXTS.values():
        assert len(find_passages(read.tile_filter, text)) == 1


def test_an_export_holds_no_text(exported: Path) -> None:
    data = exported.read_bytes()
    assert not any(word in data for word in (b"loom_", b"kiln", b"mill_", b"warp", b".py"))


def test_an_export_after_a_removal_is_one_that_never_held_it(index: Path, tmp_path: Path) -> None:
    gone = TEXTS["kiln.py"]
    with open_index(index) as opened:
        doc_id = next(document.doc_id for document in opened.documents() if document.content == gone)
    remove_from_index(index, Request((doc_id,), (), ()))
    other = tmp_path / "other"
    build_index([made_source([text for text in TEXTS.values() if text != gone])], other, n_buckets=2, n_workers=1)
    exports = []
    for folder in (index, other):
        with open_index(folder) as opened:
            export_portrait(opened, tmp_path / "out", created=TODAY)
        exports.append(read_export(tmp_path / "out"))
    masked, fresh = exports
    assert masked.header.version == fresh.header.version  # a digest of all partitions
    assert masked.header.n_tiles == fresh.header.n_tiles
    assert find_passages(masked.tile_filter, gone) == []


def test_a_sound_export_verifies_against_its_index(index: Path, exported: Path) -> None:
    read = read_export(exported)
    found = verify_export(read, name="e", n_samples=SAMPLES, seed=3)
    assert found.hashes.low <= found.hashes.rate <= found.hashes.high
    with open_index(index) as opened:
        against = verify_against(found, read, opened, name="e")
        assert against.n_held is not None
        assert against.n_held > 50
        assert (against.n_masked, against.n_masked_held) == (0, 0)


def test_masked_tiles_that_an_older_export_holds_are_counted(index: Path, exported: Path) -> None:
    with open_index(index) as opened:
        doc_id = next(document.doc_id for document in opened.documents())
    remove_from_index(index, Request((doc_id,), (), ()))
    read = read_export(exported)
    with open_index(index) as opened:
        found = verify_against(verify_export(read, name="e", n_samples=SAMPLES), read, opened, name="e")
    assert found.n_masked == found.n_masked_held > 10


def test_a_filter_with_too_few_bits_is_refused_by_its_measured_rate(tmp_path: Path) -> None:
    held = np.random.default_rng(5).integers(0, 1 << 48, 12_000, np.uint64)
    path = tmp_path / "planted"
    path.write_bytes(to_bytes(header(n_tiles=1000), [fill_partition(capacity_class(1000), held)]))
    with pytest.raises(FormatError, match=r"promises 0\.001 false answers"):
        verify_export(read_export(path), name="planted", n_samples=SAMPLES)


def test_an_export_that_lacks_tiles_of_its_index_is_refused(index: Path, tmp_path: Path) -> None:
    path = tmp_path / "planted"
    with open_index(index) as opened:
        held = distinct_tiles(TEXTS["loom.py"])
        made = header(root=opened.manifest.root, n_tiles=len(held))
        path.write_bytes(to_bytes(made, [fill_partition(8192, held)]))
        read = read_export(path)
        found = verify_export(read, name="planted", n_samples=SAMPLES)
        with pytest.raises(FormatError, match=r"lacks \d+ of \d+ tiles"):
            verify_against(found, read, opened, name="planted")
        path.write_bytes(to_bytes(header(n_tiles=len(held)), [fill_partition(8192, held)]))
        with pytest.raises(FormatError, match="was made from root abab"):
            verify_against(found, read_export(path), opened, name="planted")


def with_header(data: bytes, **changes: object) -> bytes:
    line, _, body = data.partition(b"\n")
    return json.dumps(json.loads(line) | changes).encode() + b"\n" + body


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: b"", "is not a portrait"),
        (lambda data: b"\x89PNG\r\n" + data, "is not a portrait"),
        (lambda data: b'{"format": "codewhence.suppressed/1"}\n', "is not a portrait"),
        (lambda data: b"[" * 100_000, "is not a portrait"),
        (lambda data: with_header(data, format="codewhence.portrait-export/2"), "this release reads"),
        (lambda data: data[:-1], "is truncated"),
        (lambda data: data[: data.index(b"\n") + 1], "is truncated"),
        (lambda data: data + b"\0", "do not agree with its sha256"),
        (lambda data: data[:-9] + bytes([data[-9] ^ 4]) + data[-8:], "do not agree with its sha256"),
        (lambda data: with_header(data, expires="2099-01-01"), "do not agree with its sha256"),
        (lambda data: with_header(data, expires="never"), "value of its header"),
        (lambda data: with_header(data, n_tiles=-1), "value of its header"),
        (lambda data: with_header(data, parameters={"capacity": 8192}), "value of its header"),
        (lambda data: with_header(data, partitions=[{"bytes": -1}]), "value of its header"),
    ],
    ids=[
        "empty", "image", "other file of ours", "deep", "other version", "one byte short", "header alone", "longer",
        "bit flipped", "longer life", "no date", "negative", "other parameters", "negative size",
    ],
)  # fmt: skip
def test_a_damaged_export_is_one_clear_error(exported: Path, damage: Callable[[bytes], bytes], message: str) -> None:
    exported.write_bytes(damage(exported.read_bytes()))
    with pytest.raises(FormatError, match=message):
        read_export(exported)


def test_an_export_answers_through_its_last_day(tmp_path: Path) -> None:
    refuse_expired(header(), tmp_path, today=TODAY + timedelta(days=3))
    with pytest.raises(FormatError, match="expired on 2030-04-04"):
        refuse_expired(header(), tmp_path, today=TODAY + timedelta(days=4))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"expires": TODAY - timedelta(days=1)}, "must expire"),
        ({"expires": TODAY + timedelta(days=4000)}, "must expire"),
        ({"version": ""}, "--version takes"),
        ({"version": "a\nb"}, "--version takes"),
        ({"replaces": "x" * 101}, "--replaces takes"),
        ({"version": "same", "replaces": "same"}, "this version itself"),
    ],
    ids=["past", "far", "empty", "two lines", "long", "itself"],
)
def test_arguments_out_of_range_are_refused_and_nothing_is_written(
    index: Path, tmp_path: Path, arguments: dict[str, object], message: str
) -> None:
    with open_index(index) as opened, pytest.raises(UsageError, match=message):
        export_portrait(opened, tmp_path / "out", created=TODAY, **arguments)  # ty: ignore[invalid-argument-type]
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there_is_named(index: Path, tmp_path: Path) -> None:
    with open_index(index) as opened, pytest.raises(UsageError, match="cannot be written"):
        export_portrait(opened, tmp_path / "none" / "out", created=TODAY)


@pytest.mark.parametrize("inside", ["MANIFEST.json", "portrait/portrait.json", "new.portrait"])
def test_an_export_into_its_own_index_is_refused(index: Path, inside: str) -> None:
    before = {file: file.read_bytes() for file in index.rglob("*") if file.is_file()}
    with open_index(index) as opened, pytest.raises(UsageError, match="lies inside the index"):
        export_portrait(opened, index / inside, created=TODAY)
    assert {file: file.read_bytes() for file in index.rglob("*") if file.is_file()} == before


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_a_file_without_an_end_is_no_portrait() -> None:
    with pytest.raises(FormatError, match="is not a portrait"):
        read_export(Path("/dev/zero"))
