"""A build that is killed, at whatever moment, leaves the old index or the new one, and nothing in the next one's way.

Killing at a chosen call is exact: an audit hook (PEP 578) in a forked child counts the calls that touch files and
kills the process before the n-th. Killing by the clock needs no such help and covers the workers.
"""

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from codewhence.index.build import add_to_index, build_index
from codewhence.index.manifest import is_index, read_manifest
from codewhence.index.store import open_index
from codewhence.index.verify import verify_index
from tests.index.build_process import FILE_EVENTS, forked, members, started, wait_for
from tests.index.made_corpus import made_code, made_source
from tests.index.truth import check_tidy

OLD_TEXTS = [made_code(seed, n_lines=6) for seed in range(6)]
NEW_TEXTS = [made_code(seed, n_lines=6) for seed in range(100, 108)]


def build(path: Path, texts: list[str]) -> str:
    return build_index([made_source(texts)], path, n_buckets=2, n_workers=1).root


def killed_at(n_events: int, work: Callable[[], object]) -> bool:
    """Run ``work`` in a child that is killed before its ``n_events``-th call on a file; say if it came so far."""

    def kill() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    return os.WIFSIGNALED(forked(work, at=n_events, do=kill, events=FILE_EVENTS))


def check_whole(path: Path, roots: set[str]) -> None:
    """Check that ``path`` holds one of the indexes with these roots, sound to the byte."""
    assert read_manifest(path).root in roots
    assert verify_index(path) == []
    with open_index(path) as index:
        assert len(list(index.documents())) == index.summary.n_documents


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    path = tmp_path_factory.mktemp("roots")
    return build(path / "old", OLD_TEXTS), build(path / "new", NEW_TEXTS)


def test_a_rebuild_killed_before_any_file_operation_leaves_a_whole_index(
    tmp_path: Path, roots: tuple[str, str]
) -> None:
    old, new = roots
    path = tmp_path / "index"
    build(path, OLD_TEXTS)
    seen, n_events = set(), 1
    while killed_at(n_events, lambda: build(path, NEW_TEXTS)):
        check_whole(path, {old, new})
        if read_manifest(path).root == new:
            seen.add(new)
            build(path, OLD_TEXTS)
            check_tidy(path)
        else:
            seen.add(old)
        n_events += 1
    assert seen == {old, new}  # killed before and after the commit
    assert n_events > 40
    check_whole(path, {new})
    check_tidy(path)


def test_a_first_build_killed_before_any_file_operation_leaves_no_index_or_a_whole_one(
    tmp_path: Path, roots: tuple[str, str]
) -> None:
    n_events = 1
    while killed_at(n_events, partial(build, path := tmp_path / str(n_events), NEW_TEXTS)):
        if is_index(path):
            check_whole(path, {roots[1]})
        elif n_events % 5 == 0:
            build(path, NEW_TEXTS)
            check_whole(path, {roots[1]})
            check_tidy(path)
        n_events += 1
    assert n_events > 40


def test_an_addition_killed_before_any_file_operation_leaves_a_whole_index(tmp_path: Path) -> None:
    old = build(tmp_path / "index", OLD_TEXTS)
    build(tmp_path / "union", OLD_TEXTS)
    new = add_to_index(tmp_path / "union", [made_source(NEW_TEXTS)], n_workers=1).root
    path, n_events = tmp_path / "index", 1
    while killed_at(n_events, lambda: add_to_index(path, [made_source(NEW_TEXTS)], n_workers=1)):
        check_whole(path, {old, new})
        if read_manifest(path).root == new:
            build(path, OLD_TEXTS)
        n_events += 3  # every third: the steps are those of a build
    check_whole(path, {new})
    check_tidy(path)


@pytest.mark.slow
@pytest.mark.parametrize("moment", range(12))
def test_a_rebuild_with_workers_killed_at_some_moment_leaves_a_whole_index(tmp_path: Path, moment: int) -> None:
    index = tmp_path / "index"
    old = build(index, OLD_TEXTS)
    process = started(tmp_path, index, first=1000, n_texts=400, n_workers=2)
    time.sleep(moment / 5)
    process.kill()
    output, _ = process.communicate(timeout=30)
    if "built" not in output and read_manifest(index).root == old:
        check_whole(index, {old})
    else:
        assert verify_index(index) == []
        assert read_manifest(index).total("n_documents") == 400
    wait_for(lambda: not members(process.pid), seconds=5)
    build(index, NEW_TEXTS)
    check_tidy(index)


@pytest.mark.slow
@pytest.mark.parametrize("moment", range(0, 12, 2))
def test_a_first_build_with_workers_killed_at_some_moment_is_no_obstacle(tmp_path: Path, moment: int) -> None:
    index = tmp_path / "index"
    process = started(tmp_path, index, first=1000, n_texts=400, n_workers=2)
    time.sleep(moment / 5)
    process.kill()
    process.communicate(timeout=30)
    if is_index(index):
        assert verify_index(index) == []
    build(index, NEW_TEXTS)
    assert verify_index(index) == []
    check_tidy(index)


def test_no_worker_outlives_a_killed_parent_by_five_seconds(tmp_path: Path) -> None:
    process = started(tmp_path, tmp_path / "index", first=0, n_texts=20_000, n_workers=2)
    wait_for(lambda: bool(list(tmp_path.glob("index/.building-*/spill-*"))))
    assert len(members(process.pid)) >= 3  # it and its workers
    process.kill()
    process.wait()
    wait_for(lambda: not members(process.pid), seconds=5)
    process.communicate()
