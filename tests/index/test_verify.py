"""``verify_index`` names every file that is not as it was written, and no other."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.errors import IndexMissingError
from codewhence.index.manifest import BUCKET_FILES, FILE_NAME, read_manifest
from codewhence.index.verify import verify_index
from codewhence.index.workspace import LOCK_NAME

FILES = [FILE_NAME, *(f"{number:02x}/{name}" for number in range(2) for name in BUCKET_FILES)]


def file_of(index: Path, name: str) -> Path:
    """Return the path of ``00/text.zst`` or ``MANIFEST.json``: the digests in folder names are left out of ids."""
    if "/" not in name:
        return index / name
    number, _, rest = name.partition("/")
    (folder,) = index.glob(f"bucket-{number}-*")
    return folder / rest


def named(index: Path) -> list[str]:
    return [problem.file for problem in verify_index(index)]


def test_an_index_as_built_has_no_problem(small_index: Path) -> None:
    assert verify_index(small_index) == []


def test_the_list_of_files_here_is_complete(small_index: Path) -> None:
    written = {file for file in small_index.rglob("*") if file.is_file()}
    assert written == {file_of(small_index, name) for name in [*FILES, LOCK_NAME]}


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_by_one_byte_is_named(copied_index: Path, name: str) -> None:
    file = file_of(copied_index, name)
    os.truncate(file, file.stat().st_size - 1)
    assert named(copied_index) == [file.relative_to(copied_index).as_posix()]


@pytest.mark.parametrize("name", FILES)
def test_a_file_grown_by_one_byte_is_named(copied_index: Path, name: str) -> None:
    file = file_of(copied_index, name)
    file.write_bytes(file.read_bytes() + b"\0")
    assert named(copied_index) == [file.relative_to(copied_index).as_posix()]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_flipped_byte_is_named(copied_index: Path, name: str, place: str) -> None:
    file = file_of(copied_index, name)
    data = bytearray(file.read_bytes())
    data[{"first": 0, "middle": len(data) // 2, "last": -1}[place]] ^= 0x20
    file.write_bytes(data)
    assert named(copied_index) == [file.relative_to(copied_index).as_posix()]


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(FILES), where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_flipped_bit_in_any_file_is_named(small_index: Path, name: str, where: float, bit: int) -> None:
    file = file_of(small_index, name)
    sound = file.read_bytes()
    data = bytearray(sound)
    data[int(where * len(data))] ^= 1 << bit
    try:
        file.write_bytes(data)
        assert named(small_index) == [file.relative_to(small_index).as_posix()]
    finally:
        file.write_bytes(sound)  # the index is shared by the session


@pytest.mark.parametrize("name", FILES[1:])
def test_a_missing_file_is_named(copied_index: Path, name: str) -> None:
    file = file_of(copied_index, name)
    file.unlink()
    (problem,) = verify_index(copied_index)
    assert (problem.file, problem.reason) == (file.relative_to(copied_index).as_posix(), "missing")


def test_every_file_of_a_missing_bucket_is_named(copied_index: Path) -> None:
    (folder,) = copied_index.glob("bucket-01-*")
    shutil.rmtree(folder)
    assert named(copied_index) == sorted(f"{folder.name}/{name}" for name in BUCKET_FILES)


def test_a_bucket_in_place_of_another_is_named(copied_index: Path) -> None:
    (first,), (second,) = copied_index.glob("bucket-00-*"), copied_index.glob("bucket-01-*")
    shutil.rmtree(second)
    shutil.copytree(first, second)
    assert set(named(copied_index)) >= {f"{second.name}/text.zst", f"{second.name}/documents.jsonl"}
    assert all(name.startswith(second.name) for name in named(copied_index))


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "sub/folder/file", "MANIFEST.json.bak", "bucket/text.zst"])
def test_a_file_that_the_manifest_does_not_name_is_named(copied_index: Path, name: str) -> None:
    (copied_index / name).parent.mkdir(parents=True, exist_ok=True)
    (copied_index / name).write_text("text")
    (problem,) = verify_index(copied_index)
    assert (problem.file, problem.reason) == (name, "not named in the manifest")


def test_an_extra_file_in_a_bucket_is_named(copied_index: Path) -> None:
    extra = file_of(copied_index, "00/text.zst").with_name("extra")
    extra.write_text("text")
    assert named(copied_index) == [extra.relative_to(copied_index).as_posix()]


@pytest.mark.parametrize("name", FILES[1:])
def test_a_file_that_cannot_be_read_is_named(copied_index: Path, name: str) -> None:
    # A link to itself cannot be read by anybody, root included.
    file = file_of(copied_index, name)
    file.unlink()
    file.symlink_to(file.name)
    (problem,) = verify_index(copied_index)
    assert problem.file == file.relative_to(copied_index).as_posix()
    assert "cannot be read" in problem.reason


def test_a_file_in_place_of_a_bucket_is_named(copied_index: Path) -> None:
    (folder,) = copied_index.glob("bucket-00-*")
    shutil.rmtree(folder)
    folder.write_text("text")
    assert set(named(copied_index)) >= {f"{folder.name}/{name}" for name in BUCKET_FILES}


def test_a_folder_in_place_of_a_file_is_named(copied_index: Path) -> None:
    file = file_of(copied_index, "00/arrays.bin")
    file.unlink()
    file.mkdir()
    assert named(copied_index) == [file.relative_to(copied_index).as_posix()]


def test_a_link_that_goes_in_circles_is_named_and_not_followed(copied_index: Path) -> None:
    (copied_index / "circle").symlink_to(copied_index, target_is_directory=True)
    assert named(copied_index) in ([], ["circle"])


@pytest.mark.parametrize("kind", ["missing", "file", "empty folder"])
def test_where_there_is_no_index_the_error_says_so(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "index"
    if kind == "file":
        path.write_text("text")
    elif kind == "empty folder":
        path.mkdir()
    with pytest.raises(IndexMissingError, match="no index at"):
        verify_index(path)


def test_a_manifest_of_another_index_is_found_out(copied_index: Path, tmp_path: Path) -> None:
    (copied_index / FILE_NAME).write_bytes((copied_index / FILE_NAME).read_bytes().replace(b"made", b"mode"))
    (problem,) = verify_index(copied_index)
    assert problem.file == FILE_NAME
    assert "damaged" in problem.reason


def test_what_a_killed_build_left_is_no_damage(copied_index: Path) -> None:
    # The next build removes these; the index beside them is sound.
    (copied_index / ".building-abc123" / "bucket-00").mkdir(parents=True)
    (copied_index / ".building-abc123" / "bucket-00" / "text.zst").write_text("half")
    (copied_index / f".{FILE_NAME}.4242").write_text("half")
    (copied_index / "bucket-00-0123456789ab").mkdir()
    (copied_index / "bucket-00-0123456789ab" / "text.zst").write_text("whole, but no manifest names it")
    assert verify_index(copied_index) == []
    assert read_manifest(copied_index).n_buckets == 2
