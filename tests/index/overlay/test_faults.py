"""Additions, removals, restorations and compactions that are stopped at any moment: the old index or the new, never a
third; what a removal took out is not seen again once it has returned; and nothing is in the next one's way.

A forked child is killed before a chosen call on a file (an audit hook counts them), or by the clock.
"""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from codewhence.errors import ResourceError
from codewhence.index.build import add_to_index
from codewhence.index.manifest import read_manifest
from codewhence.index.overlay.compaction import compact_index
from codewhence.index.overlay.removing import remove_from_index
from codewhence.index.overlay.resolving import Request
from codewhence.index.overlay.restoring import restore_to_index
from tests.index.build_process import FILE_EVENTS, WRITE_EVENTS, forked, members, wait_for
from tests.index.made_corpus import MadeSource
from tests.index.overlay.states import IDS, OTHERS, OWN, Seen, bucket_bytes, build, new_files, seen
from tests.index.truth import check_tidy, tree

ADA = Request(repos=("ada/engine",))
ONE = Request((IDS[OTHERS[0]],))
SEED = 20_261_125


def add(path: Path) -> None:
    add_to_index(path, [MadeSource(new_files(), shard_files=100)], n_workers=1)


def remove(path: Path) -> None:
    remove_from_index(path, ADA)


def remove_one(path: Path) -> None:
    remove_from_index(path, ONE)


def restore(path: Path) -> None:
    restore_to_index(path, ONE)


def compact(path: Path) -> None:
    compact_index(path, n_workers=1)


@dataclass(frozen=True)
class Change:
    """A change to an index, what went before it, and what it leaves.

    Attributes:
        work: The change.
        start: An index before it.
        old: What readers see before it.
        new: What they see after it.
        bytes_: Files of the buckets before and after it.
        n_events: Calls on files that it makes.
        seconds: How long it takes.
    """

    work: Callable[[Path], None]
    start: Path
    old: Seen
    new: Seen
    bytes_: tuple[dict[str, bytes], dict[str, bytes]]
    n_events: int
    seconds: float


# Each with what was done before: the first removal and a later one, additions and compactions with a list.
CHANGES: dict[str, tuple[Callable[[Path], None], ...]] = {
    "first removal": (remove,),
    "second removal": (remove_one, remove),
    "addition": (remove, add),
    "restoration": (remove, remove_one, restore),
    "compaction": (remove, compact),
    "second compaction": (remove, compact, add, remove_one, compact),
}
FIRST_GONE = dict.fromkeys(CHANGES, OWN) | {"first removal": [], "second removal": [OTHERS[0]]}


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Change]:
    made = {}
    for name, (*before, work) in CHANGES.items():
        start = build(tmp_path_factory.mktemp(name) / "index")
        for step in before:
            step(start)
        end = start.with_name("end")
        shutil.copytree(start, end)
        old, old_bytes = seen(start), bucket_bytes(start)
        started = time.monotonic()
        assert forked(lambda: work(end), at=0, do=kill, events=FILE_EVENTS) == 0  # noqa: B023 - runs at once
        seconds = time.monotonic() - started
        n_events = _count_events(work, start)
        made[name] = Change(work, start, old, seen(end), (old_bytes, bucket_bytes(end)), n_events, seconds)
    return made


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _count_events(work: Callable[[Path], None], start: Path) -> int:
    """Find the first call that is not made, by halving."""
    low, high = 0, 255
    while low < high:
        middle = (low + high + 1) // 2
        path = start.with_name("counted")
        shutil.copytree(start, path)
        low, high = (middle, high) if _killed_at_event(work, path, middle) else (low, middle - 1)
        shutil.rmtree(path)
    return low


def _killed_at_event(work: Callable[[Path], None], path: Path, at: int) -> bool:
    return os.WIFSIGNALED(forked(lambda: work(path), at=at, do=kill, events=FILE_EVENTS))


def _killed_after(work: Callable[[Path], None], path: Path, seconds: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            work(path)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def check_after_kill(change: Change, path: Path, gone: list[str]) -> bool:
    """Check that ``path`` is the old index or the new one, and that the change can be made; say if it was the new."""
    after = seen(path)
    assert after in (change.old, change.new)
    held = bucket_bytes(path)
    named = {name: data for name, data in held.items() if name in change.bytes_[0] or name in change.bytes_[1]}
    assert named.items() >= change.bytes_[0].items() or named.items() >= change.bytes_[1].items()
    assert not {IDS[text] for text in gone} & set(after.ids)
    is_new = named.items() >= change.bytes_[1].items() and (after != change.old or change.work is compact)
    if change.work is not restore or after == change.old:  # there is nothing to let back in twice
        change.work(path)
        assert seen(path) == change.new
        check_tidy(path)
    return is_new


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_killed_before_some_file_operations_is_whole_or_was_not(
    tmp_path: Path, changes: dict[str, Change], name: str
) -> None:
    change = changes[name]
    points = sorted({1, change.n_events, *np.random.default_rng(SEED).integers(1, change.n_events, 3).tolist()})
    for point in points:
        path = tmp_path / str(point)
        shutil.copytree(change.start, path)
        assert _killed_at_event(change.work, path, point)
        check_after_kill(change, path, FIRST_GONE[name])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_changes_killed_at_200_random_points_are_whole_or_were_not(tmp_path: Path, changes: dict[str, Change]) -> None:
    chance = np.random.default_rng(SEED)
    outcomes: dict[str, set[bool]] = {name: set() for name in changes}
    for number in range(200):
        name = list(changes)[number % len(changes)]
        change = changes[name]
        path = tmp_path / "index"
        shutil.copytree(change.start, path)
        if number % 4 == 3:
            _killed_after(change.work, path, chance.uniform(0, 1.2 * change.seconds))
        else:
            assert _killed_at_event(change.work, path, int(chance.integers(1, change.n_events + 1)))
        outcomes[name].add(check_after_kill(change, path, FIRST_GONE[name]))
        shutil.rmtree(path)
    assert all(False in outcome for outcome in outcomes.values())
    assert sum(True in outcome for outcome in outcomes.values()) >= 3  # killed after the commit, too


@pytest.mark.parametrize("name", CHANGES)
def test_no_space_at_any_write_is_a_resource_error_and_changes_nothing(
    tmp_path: Path, changes: dict[str, Change], name: str
) -> None:
    change = changes[name]
    path = tmp_path / "index"
    shutil.copytree(change.start, path)
    before = tree(path)
    refused = 0

    def work() -> None:
        with pytest.raises(ResourceError, match=rf"no space left while writing {path}|is taken out of '{path}', but"):
            change.work(path)

    for n_writes in range(1, 200):
        ended_with_an_error = forked(work, at=n_writes, do=fail_for_want_of_space, events=WRITE_EVENTS) == 0
        if not ended_with_an_error:
            break
        refused += 1
        if tree(path) != before:
            assert seen(path) == change.new  # the list is written, its mark in the manifest is not
            assert name == "first removal"
            change.work(path)
            assert read_manifest(path).has_removals
            shutil.rmtree(path)
            shutil.copytree(change.start, path)
    assert refused >= 2
    assert seen(path) == change.new


def fail_for_want_of_space() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("name", CHANGES)
def test_an_interrupt_at_any_write_reaches_the_caller_and_leaves_a_whole_index(
    tmp_path: Path, changes: dict[str, Change], name: str
) -> None:
    change = changes[name]
    path = tmp_path / "index"

    def work() -> None:
        with pytest.raises(KeyboardInterrupt):
            change.work(path)

    for n_writes in range(1, 200):
        shutil.copytree(change.start, path)
        if forked(work, at=n_writes, do=interrupt, events=WRITE_EVENTS) != 0:
            break
        assert seen(path) in (change.old, change.new)
        check_tidy_but_for_the_mark(path)
        shutil.rmtree(path)
    assert n_writes > 2
    assert seen(path) == change.new


def check_tidy_but_for_the_mark(path: Path) -> None:
    leftovers = [entry.name for entry in path.iterdir() if entry.name.startswith((".building-", ".MANIFEST", ".supp"))]
    assert leftovers == []


SCRIPT = """
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from codewhence.index.overlay.compaction import compact_index

if __name__ == "__main__":
    print("ready", flush=True)
    compact_index(Path(sys.argv[2]), n_workers=2)
    print("done", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", range(6))
def test_a_compaction_with_workers_killed_at_some_moment_leaves_a_whole_index(
    tmp_path: Path, changes: dict[str, Change], moment: int
) -> None:
    change = changes["compaction"]
    path = tmp_path / "index"
    shutil.copytree(change.start, path)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    arguments = [sys.executable, str(script), str(Path(__file__).parents[3]), str(path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(moment / 4)
        process.kill()
    wait_for(lambda: not members(process.pid), seconds=5)
    check_after_kill(change, path, FIRST_GONE["compaction"])
