"""Ctrl-C, a lost worker, a fault in a source: one exception reaches the caller, soon, and the old index stands."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from codewhence.errors import PartialReadError, ResourceError
from codewhence.index.build import build_index
from codewhence.index.routing import Progress
from codewhence.index.verify import verify_index
from tests.index.build_process import WRITE_EVENTS, forked, members, started, wait_for
from tests.index.made_corpus import FailingSource, made_code, made_source
from tests.index.truth import check_tidy, tree

OLD_TEXTS = [made_code(seed, n_lines=6) for seed in range(6)]
NEW_TEXTS = [made_code(seed, n_lines=6) for seed in range(100, 400)]


@pytest.fixture
def old_index(tmp_path: Path) -> Path:
    build_index([made_source(OLD_TEXTS)], tmp_path / "index", n_buckets=2, n_workers=1)
    return tmp_path / "index"


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("first_build", [False, True], ids=["rebuild", "first build"])
def test_an_interrupt_at_any_write_reaches_the_caller_and_changes_nothing(
    tmp_path: Path, old_index: Path, *, first_build: bool
) -> None:
    index = tmp_path / "fresh" if first_build else old_index
    source = made_source(NEW_TEXTS[:10], shard_files=10)

    def work() -> None:
        with pytest.raises(KeyboardInterrupt):
            build_index([source], index, n_buckets=1, n_workers=1)

    before = tree(tmp_path)
    n_writes = 1
    while forked(work, at=n_writes, do=interrupt, events=WRITE_EVENTS) == 0:
        assert tree(tmp_path) == before
        assert index.exists() != first_build
        n_writes += 1
    assert n_writes > 20  # the last run wrote all there is to write, and so was not interrupted
    assert verify_index(index) == []
    check_tidy(index)


@pytest.mark.parametrize("moment", ["routing", "indexing"])
def test_ctrl_c_ends_a_build_with_workers_in_seconds(tmp_path: Path, old_index: Path, moment: str) -> None:
    before = tree(old_index)
    process = started(tmp_path, old_index, first=1000, n_texts=6000, n_workers=2)
    pattern = ".building-*/spill-*/*" if moment == "routing" else ".building-*/bucket-*/text.zst"
    wait_for(lambda: bool(list(old_index.glob(pattern))), seconds=60)
    sent = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the workers too
    output, errors = process.communicate(timeout=30)
    assert time.monotonic() - sent < 5
    assert output.strip() == "KeyboardInterrupt:"
    assert errors == ""
    assert tree(old_index) == before
    wait_for(lambda: not members(process.pid), seconds=5)


@pytest.mark.parametrize("seconds", [0.0, 0.15, 0.3])
def test_ctrl_c_while_workers_start_reaches_the_caller(tmp_path: Path, old_index: Path, seconds: float) -> None:
    before = tree(old_index)
    process = started(tmp_path, old_index, first=1000, n_texts=6000, n_workers=2)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert output.strip() == "KeyboardInterrupt:"
    assert errors == ""
    assert tree(old_index) == before
    wait_for(lambda: not members(process.pid), seconds=5)


@pytest.mark.parametrize("stage", ["read", "index"])
def test_a_worker_killed_by_the_kernel_is_a_resource_error(old_index: Path, stage: str) -> None:
    before = tree(old_index)
    killed = []

    def kill_a_worker(progress: Progress) -> None:
        if progress.stage == stage and not killed:
            worker = multiprocessing.active_children()[0]
            assert worker.pid is not None
            os.kill(worker.pid, signal.SIGKILL)
            killed.append(worker.pid)

    source = made_source(NEW_TEXTS, shard_files=5)
    with pytest.raises(ResourceError, match=r"a worker process was killed.*--workers 1"):
        build_index([source], old_index, n_buckets=16, n_workers=2, on_progress=kill_a_worker)
    assert killed
    assert tree(old_index) == before
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("n_workers", [1, 2])
@pytest.mark.parametrize(
    "error",
    [
        PartialReadError("the disk went away"),
        OSError(5, "Input/output error"),
        ZeroDivisionError("a bug"),
        MemoryError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_fault_in_a_source_is_raised_as_it_is(old_index: Path, error: Exception, n_workers: int) -> None:
    before = tree(old_index)
    source = FailingSource(error, made_source(NEW_TEXTS[:20]))
    with pytest.raises(type(error)) as caught:
        build_index([source], old_index, n_workers=n_workers)
    assert str(caught.value) == str(error)
    assert tree(old_index) == before
    assert multiprocessing.active_children() == []


def raise_zero_division(_: Progress) -> None:
    raise ZeroDivisionError


def raise_interrupt(_: Progress) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("n_workers", [1, 2])
@pytest.mark.parametrize("on_progress", [raise_zero_division, raise_interrupt], ids=["fault", "interrupt"])
def test_a_fault_while_progress_is_shown_stops_the_workers(
    old_index: Path, on_progress: Callable[[Progress], None], n_workers: int
) -> None:
    before = tree(old_index)
    with pytest.raises((ZeroDivisionError, KeyboardInterrupt)):
        build_index([made_source(NEW_TEXTS)], old_index, n_workers=n_workers, on_progress=on_progress)
    assert multiprocessing.active_children() == []
    assert tree(old_index) == before
