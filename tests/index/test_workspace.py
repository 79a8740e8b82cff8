"""Where a build may write: a folder that is new, empty or an index; one writer at a time; nobody's files harmed."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from codewhence.errors import UsageError
from codewhence.index.build import add_to_index, build_index
from codewhence.index.manifest import FILE_NAME
from codewhence.index.verify import verify_index
from codewhence.index.workspace import LOCK_NAME, Workspace
from tests.index.made_corpus import made_code, made_source
from tests.index.truth import check_tidy, tree

SOURCE = made_source([made_code(seed, n_lines=6) for seed in range(6)])


def build(path: Path) -> None:
    build_index([SOURCE], path, n_buckets=1, n_workers=1)


@pytest.mark.parametrize("below", ["index", "a/b/index", "name with blanks é 中 🙂"])
def test_a_folder_that_is_not_there_is_made(tmp_path: Path, below: str) -> None:
    build(tmp_path / below)
    assert verify_index(tmp_path / below) == []


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    build(tmp_path)
    assert verify_index(tmp_path) == []


def test_a_link_to_a_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    build(tmp_path / "link")
    assert verify_index(tmp_path / "real") == []


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(UsageError, match=r"file' is a file; --output takes a folder"):
        build(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "text"


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(UsageError, match=r"cannot make the folder .*Choose another --output"):
        build(tmp_path / "file" / "index")


@pytest.mark.parametrize("name", ["notes.txt", ".git/config", "MANIFEST.json.bak", "index/MANIFEST.json"])
def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("text")
    before = tree(tmp_path)
    with pytest.raises(UsageError, match=rf"holds other things \({name.split('/')[0]}"):
        build(tmp_path)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", ["bucket-photos/cat.jpg", "bucket-list/2026.txt", "bucket-/x", "bucket-00/readme"])
@pytest.mark.parametrize("indexed", [False, True], ids=["new", "an index"])
def test_a_folder_that_only_looks_like_a_bucket_survives(tmp_path: Path, name: str, *, indexed: bool) -> None:
    index = tmp_path / "index"
    if indexed:
        build(index)
    (index / name).parent.mkdir(parents=True)
    (index / name).write_text("mine")
    with suppress(UsageError):  # refusing the folder is as good as leaving it alone
        build_index([made_source([made_code(1)])], index, n_workers=1)
    assert (index / name).read_text() == "mine"


def test_what_killed_builds_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".building-abc123" / "spill-1").mkdir(parents=True)
    (tmp_path / ".building-abc123" / "spill-1" / "00").write_text("half")
    (tmp_path / f".{FILE_NAME}.4242").write_text("half")
    (tmp_path / "bucket-00-0123456789ab").mkdir()
    (tmp_path / "bucket-00-0123456789ab" / "text.zst").write_text("whole, but no manifest names it")
    (tmp_path / LOCK_NAME).touch()
    build(tmp_path)
    check_tidy(tmp_path)


def test_a_damaged_index_is_built_over(tmp_path: Path) -> None:
    build(tmp_path)
    sound = tree(tmp_path)
    (table,) = tmp_path.glob("bucket-00-*/documents.jsonl")
    table.write_bytes(b"damaged")
    build(tmp_path)  # the same documents: the bucket has the name of the damaged one
    assert tree(tmp_path) == sound
    (tmp_path / FILE_NAME).write_bytes(b"damaged")
    build(tmp_path)
    assert tree(tmp_path) == sound
    check_tidy(tmp_path)


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    build(tmp_path / "index")
    before = tree(tmp_path / "index")
    with Workspace.open(tmp_path / "index"):
        for write in (build, lambda path: add_to_index(path, [SOURCE], n_workers=1)):
            with pytest.raises(UsageError, match="another process is writing"):
                write(tmp_path / "index")
    assert tree(tmp_path / "index") == before
    build(tmp_path / "index")


def test_a_second_writer_does_not_take_away_the_folder_of_the_first(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "index") as workspace:
        with pytest.raises(UsageError, match="another process is writing"):
            build(tmp_path / "index")
        assert workspace.folder.is_dir()
        assert (tmp_path / "index" / LOCK_NAME).exists()


def test_the_lock_of_a_dead_process_does_not_hold(tmp_path: Path) -> None:
    build(tmp_path / "index")
    script = "import fcntl, os, sys; file = open(sys.argv[1], 'ab'); fcntl.flock(file, 2); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", script, tmp_path / "index" / LOCK_NAME], check=False)
    build(tmp_path / "index")


def test_a_fault_in_a_new_folder_takes_the_folder_away(tmp_path: Path) -> None:
    with suppress(ZeroDivisionError), Workspace.open(tmp_path / "a" / "index") as workspace:
        (workspace.folder / "half").write_text("half")
        raise ZeroDivisionError
    assert not (tmp_path / "a" / "index").exists()


def test_a_fault_in_a_folder_that_was_there_leaves_it_there(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Workspace.open(tmp_path):
        raise ZeroDivisionError
    assert [entry.name for entry in tmp_path.iterdir()] in ([], [LOCK_NAME])
    build(tmp_path)
