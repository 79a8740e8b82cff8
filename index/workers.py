"""A pool of processes that stops when asked and dies with its parent."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from codewhence.errors import CodewhenceError, ResourceError, UsageError

Task = TypeVar("Task")
Result = TypeVar("Result")

_PARENT_CHECK_SECONDS = 1.0
_TASKS_AHEAD = 2  # waiting tasks a worker: enough to keep it busy, few enough to bound memory


class StopSignal(Protocol):
    """Something that says whether to stop, such as an event."""

    def is_set(self) -> bool:
        """Say whether to stop now."""
        ...


class Stopped(CodewhenceError):  # noqa: N818 - no fault: the user asked for it
    """Work was given up because the user interrupted it."""

    exit_code = 130


_stop: StopSignal = threading.Event()


def check_stop() -> None:
    """Give up now if the run was interrupted. Long tasks call this at each document.

    Raises:
        Stopped: The parent asked to stop.
    """
    if _stop.is_set():
        raise Stopped("stopped")


def checked_workers(n_workers: int | None) -> int:
    """Return how many processes to use: as asked, or by default one a core.

    Raises:
        UsageError: Fewer than one is asked for.
    """
    if n_workers is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if n_workers < 1:
        raise UsageError(f"--workers must be at least 1, got {n_workers}.")
    return n_workers


def run_tasks(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, n_workers: int
) -> Iterator[tuple[Task, Result]]:
    """Run ``work`` on every task and yield each result as it is done, in no defined order.

    One worker runs in this process. Tasks are drawn as workers come free, so an endless iterable is no burden.
    An exception of a task, Ctrl-C included, stops the others and is raised here, once every worker is idle.

    Raises:
        ResourceError: A worker was killed, by the kernel for want of memory or by somebody.
    """
    if n_workers == 1:
        for task in tasks:
            yield task, work(task)
        return
    context = multiprocessing.get_context("spawn")  # fork copies locks that other threads hold
    stop = context.Event()
    pool = ProcessPoolExecutor(n_workers, context, _start_worker, (stop, os.getpid()))
    try:
        yield from _drive(pool, work, iter(tasks), n_ahead=_TASKS_AHEAD * n_workers)
    except BrokenProcessPool as error:
        raise ResourceError(
            "a worker process was killed, most likely for want of memory. Try fewer workers (--workers 1) or more, "
            "smaller buckets (--buckets)."
        ) from error
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _drive(
    pool: ProcessPoolExecutor, work: Callable[[Task], Result], tasks: Iterator[Task], *, n_ahead: int
) -> Iterator[tuple[Task, Result]]:
    running: dict[Future[Any], Task] = {}
    exhausted = False
    while True:
        while not exhausted and len(running) < n_ahead:
            try:
                task = next(tasks)
            except StopIteration:
                exhausted = True
                break
            with _interrupts_held():
                running[pool.submit(work, task)] = task
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), future.result()


@contextmanager
def _interrupts_held() -> Generator[None]:
    """Hold Ctrl-C back while a worker may be started.

    A new process inherits the mask, so that Ctrl-C during its imports does not end it with a traceback; this process
    gets what was held back right after.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker(stop: StopSignal, parent: int) -> None:
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and sets the event
    threading.Thread(target=_die_with_parent, args=(parent,), daemon=True).start()


def _die_with_parent(parent: int) -> None:
    # A parent killed with -9 cannot tell anybody; orphans would write into a folder that nobody owns.
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    os._exit(1)
