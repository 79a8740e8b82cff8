"""A full disk is one clear error, and what stood there before stands there still, to the byte."""

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from codewhence.errors import ResourceError
from codewhence.index.build import add_to_index, build_index
from codewhence.index.manifest import read_manifest
from codewhence.index.store import open_index
from codewhence.index.verify import verify_index
from tests.index.build_process import WRITE_EVENTS, forked
from tests.index.made_corpus import made_code, made_source
from tests.index.truth import check_tidy, tree

OLD_TEXTS = [made_code(seed, n_lines=6) for seed in range(6)]
NEW_TEXTS = [made_code(seed, n_lines=60) for seed in range(100, 140)]


def build(path: Path, texts: list[str], *, n_workers: int = 1) -> None:
    build_index([made_source(texts, shard_files=20)], path, n_buckets=1, n_workers=n_workers)


@pytest.fixture
def old_index(tmp_path: Path) -> Path:
    build(tmp_path / "index", OLD_TEXTS)
    return tmp_path / "index"


def fail_for_want_of_space() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("change", ["build", "add", "first build"])
def test_no_space_at_any_write_is_a_resource_error_and_changes_nothing(
    tmp_path: Path, old_index: Path, change: str
) -> None:
    index = tmp_path / "fresh" if change == "first build" else old_index

    def write() -> None:
        if change == "add":
            add_to_index(index, [source], n_workers=1)
        else:
            build_index([source], index, n_buckets=1, n_workers=1)

    # One shard: making its spill folder a second time fails in vain, and rightly goes unnoticed.
    source = made_source(NEW_TEXTS, shard_files=len(NEW_TEXTS))

    def work() -> None:
        with pytest.raises(ResourceError, match=rf"no space left while writing {index}"):
            write()

    before = tree(tmp_path)
    n_writes = 1
    while forked(work, at=n_writes, do=fail_for_want_of_space, events=WRITE_EVENTS) == 0:
        assert tree(tmp_path) == before
        assert index.exists() == (change != "first build")
        n_writes += 1
    assert n_writes > 12  # the last run wrote all there is to write, and so did not raise
    assert verify_index(index) == []
    assert read_manifest(index).total("n_documents") == len(NEW_TEXTS) + (len(OLD_TEXTS) if change == "add" else 0)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    path = tmp_path / "disk"
    path.mkdir()
    if sys.platform != "linux" or os.geteuid():
        pytest.skip("mounting a small disk takes Linux and root")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", path], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"cannot mount a small disk: {mounted.stderr.decode().strip()}")
    yield path
    # Lazily: the traceback of an expected failure may still hold a file open.
    subprocess.run(["umount", "--lazy", path], check=True)


@pytest.mark.parametrize("n_workers", [1, 2])
def test_a_disk_that_fills_up_leaves_the_old_index(small_disk: Path, n_workers: int) -> None:
    index, ballast = small_disk / "index", small_disk / "ballast"
    build(index, OLD_TEXTS)
    before = tree(index)
    n_refused = 0
    step = 65_536 if n_workers == 1 else 200_000
    for n_free in range(0, 1_500_000, step):
        ballast.write_bytes(b"")
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        ballast.write_bytes(bytes(max(0, free - n_free)))
        try:
            build(index, NEW_TEXTS, n_workers=n_workers)
            break
        except ResourceError:
            n_refused += 1
        assert tree(index) == before
    assert n_refused >= 2
    assert verify_index(index) == []
    assert read_manifest(index).total("n_documents") == len(NEW_TEXTS)
    check_tidy(index)


def test_a_first_build_on_a_full_disk_leaves_nothing(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(1_900_000))
    with pytest.raises(ResourceError, match="no space left"):
        build(small_disk / "index", NEW_TEXTS)
    assert [entry.name for entry in small_disk.iterdir()] == ["ballast"]


LIMITED = """
import resource, sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from codewhence.errors import ResourceError
from tests.index.test_disk_full import NEW_TEXTS, build

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
    try:
        build(Path(sys.argv[2]), NEW_TEXTS, n_workers=int(sys.argv[4]))
    except ResourceError as error:
        print(error)
"""


@pytest.mark.parametrize(("n_bytes", "n_workers"), [(100, 1), (1_000, 2), (20_000, 1), (200_000, 1), (200_000, 2)])
def test_a_limit_on_the_size_of_files_is_a_resource_error(
    tmp_path: Path, old_index: Path, n_bytes: int, n_workers: int
) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    before = tree(old_index)
    script = tmp_path / "limited.py"
    script.write_text(LIMITED)
    arguments = [sys.executable, script, Path(__file__).parents[2], old_index, str(n_bytes), str(n_workers)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    assert done.returncode == 0
    assert f"no space left while writing {old_index}" in done.stdout
    assert tree(old_index) == before


MANY_FILES = """
import resource, sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from codewhence.index.build import build_index
from codewhence.index.store import open_index
from tests.index.made_corpus import made_code, made_source

if __name__ == "__main__":
    limit, n_buckets, n_workers = map(int, sys.argv[3:6])
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    texts = [made_code(seed, n_lines=2) for seed in range(4000)]
    build_index([made_source(texts, shard_files=200)], Path(sys.argv[2]), n_buckets=n_buckets, n_workers=n_workers)
    with open_index(Path(sys.argv[2])) as index:
        print(len(list(index.documents())))
"""


@pytest.mark.parametrize(
    ("limit", "n_buckets", "n_workers"),
    [
        pytest.param(1024, 1, 2, id="two workers under Linux's default limit"),
        pytest.param(256, 1, 1, id="one worker under macOS's default limit"),
        pytest.param(1024, 128, 1, id="an index of 8 GB under Linux's default limit"),
    ],
)
def test_a_build_and_its_index_stay_within_the_usual_number_of_open_files(
    tmp_path: Path, limit: int, n_buckets: int, n_workers: int
) -> None:
    script = tmp_path / "many_files.py"
    script.write_text(MANY_FILES)
    root = Path(__file__).parents[2]
    arguments = [sys.executable, script, root, tmp_path / "index", *map(str, (limit, n_buckets, n_workers))]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=100)
    assert done.stderr == ""
    assert done.stdout == "4000\n"


def test_too_few_open_files_for_an_index_is_a_resource_error(small_index: Path) -> None:
    # Nothing is wrong with the index, and building it again would not help.
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free + 1, before[1]))
    try:
        with pytest.raises(ResourceError, match="open files"):
            open_index(small_index)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
