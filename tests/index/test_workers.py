"""Tasks over processes: every result once, lazily drawn, and an end in bounded time whatever goes wrong."""

import itertools
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator

import pytest

from codewhence.errors import ResourceError, UsageError
from codewhence.index.workers import run_tasks


def square(number: int) -> int:
    return number * number


def fail_at_seven(number: int) -> int:
    if number == 7:
        raise UsageError("seven is refused")
    return number


def die_at_seven(number: int) -> int:
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def process_id(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


@pytest.mark.parametrize("n_workers", [1, 2, 3])
@pytest.mark.parametrize("n_tasks", [0, 1, 50])
def test_every_task_gives_its_result_once(n_workers: int, n_tasks: int) -> None:
    done = list(run_tasks(square, range(n_tasks), n_workers=n_workers))
    assert sorted(done) == [(number, number * number) for number in range(n_tasks)]
    assert multiprocessing.active_children() == []


def test_one_worker_is_this_process() -> None:
    assert {result for _, result in run_tasks(process_id, range(2), n_workers=1)} == {os.getpid()}


def test_two_workers_are_two_other_processes() -> None:
    workers = {result for _, result in run_tasks(process_id, range(20), n_workers=2)}
    assert len(workers) == 2
    assert os.getpid() not in workers


def test_tasks_are_drawn_as_workers_come_free() -> None:
    drawn = []

    def endless() -> Iterator[int]:
        for number in itertools.count():
            drawn.append(number)
            yield number

    assert len(list(itertools.islice(run_tasks(square, endless(), n_workers=2), 5))) == 5
    assert len(drawn) < 20
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("n_workers", [1, 2])
def test_an_exception_of_a_task_is_raised_here(n_workers: int) -> None:
    with pytest.raises(UsageError, match="seven is refused"):
        list(run_tasks(fail_at_seven, range(100), n_workers=n_workers))
    assert multiprocessing.active_children() == []


def test_a_worker_that_dies_is_a_resource_error() -> None:
    with pytest.raises(ResourceError, match="worker process was killed"):
        list(run_tasks(die_at_seven, range(100), n_workers=2))
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("n_workers", [1, 2])
def test_an_exception_while_tasks_are_drawn_is_raised_here(n_workers: int) -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise UsageError("no more")

    with pytest.raises(UsageError, match="no more"):
        list(run_tasks(square, broken(), n_workers=n_workers))
    assert multiprocessing.active_children() == []


def test_a_task_that_is_none_is_a_task() -> None:
    assert list(run_tasks(type, [None, None], n_workers=2)) == [(None, type(None))] * 2
