"""Builds in processes that a test may harm: forked ones with a fault at a chosen moment, started ones to signal."""

import os
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

# Audit events (PEP 578) of the calls by which a build touches files.
FILE_EVENTS = frozenset(
    {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "shutil.rmtree", "os.scandir"}
)
# Those of them that need room on the disk.
WRITE_EVENTS = frozenset({"open for writing", "os.mkdir", "os.rename"})

SCRIPT = """
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from codewhence.errors import CodewhenceError
from codewhence.index.build import build_index
from tests.index.made_corpus import made_code, made_source

if __name__ == "__main__":
    first, n_texts, n_workers = map(int, sys.argv[3:6])
    texts = [made_code(seed, n_lines=6) for seed in range(first, first + n_texts)]
    print("ready", flush=True)
    try:
        build_index([made_source(texts, shard_files=50)], Path(sys.argv[2]), n_buckets=4, n_workers=n_workers)
    except (KeyboardInterrupt, CodewhenceError) as error:
        print(f"{type(error).__name__}: {error}", flush=True)
    else:
        print("built", flush=True)
"""


def forked(work: Callable[[], object], *, at: int, do: Callable[[], None], events: frozenset[str]) -> int:
    """Run ``work`` in a forked child which calls ``do`` before the ``at``-th of the given audit events.

    Returns:
        The child's wait status: exit code 0 if ``work`` returned, 1 if it raised.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12: numpy's threads hold no lock of ours
        child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    code = 1
    seen = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event in events or (event == "open" and "open for writing" in events and _writes(arguments[1])):
            seen += 1
            if seen == at:
                do()

    try:
        sys.addaudithook(count)
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


def _writes(mode: object) -> bool:
    return isinstance(mode, str) and not mode.startswith("r")


def started(folder: Path, index: Path, *, first: int, n_texts: int, n_workers: int) -> "subprocess.Popen[str]":
    """Start a build in a process and a session of its own, and wait until it begins.

    It ends with one line on its output: ``built``, or the name of the exception and its message.
    """
    script = folder / "build_script.py"
    script.write_text(SCRIPT)
    root = str(Path(__file__).parents[2])
    arguments = [sys.executable, str(script), root, str(index), str(first), str(n_texts), str(n_workers)]
    process = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def members(session: int) -> set[int]:
    """Return the living processes of a session."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.add(int(entry.name))
    return found


def wait_for(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait until ``condition`` holds; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} seconds in vain"
        time.sleep(0.02)
