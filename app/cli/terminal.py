"""Where output goes: the result to stdout or a file, everything else to stderr."""

import errno
import os
import shutil
import stat
import sys
from contextlib import suppress
from pathlib import Path

from codewhence.app.formats.wording import visible
from codewhence.errors import ResourceError, UsageError

_DISK_IS_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def write_result(text: str, *, output: Path | None = None) -> None:
    """Write a command's result to a file, or to stdout where ``output`` is ``None`` or ``-``.

    A reader of stdout that has gone (``| head``) is no error: the rest is dropped and the exit code stays.

    Raises:
        UsageError: ``output`` cannot be written there.
        ResourceError: The disk is full. ``output`` is as it was.
    """
    if output is not None and str(output) != "-":
        _write_file(output, text)
        return
    if sys.stdout is None:
        raise UsageError("standard output is closed, so the result has nowhere to go. Pass --output FILE.")
    # A terminal that cannot show a character gets its escape, never an error.
    data = text.encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _drop_stdout()
    except OSError as error:
        _drop_stdout()
        raise ResourceError(f"standard output cannot be written: {error.strerror}.") from error


def say(message: str) -> None:
    """Print a line for people on stderr, where a program that reads the result does not see it."""
    if sys.stderr is None:
        return
    encoding = sys.stderr.encoding or "utf-8"
    with suppress(OSError):  # nobody listens; the exit code still tells
        sys.stderr.write(message.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stderr.flush()


def say_error(message: str) -> None:
    """Print one line that starts with ``error:``; text of strangers in it cannot steer the terminal."""
    say(f"error: {visible(' '.join(message.split()))}")


def is_colored(*, no_color: bool) -> bool:
    """Say whether stdout takes color: a terminal, and nobody asked for none (no-color.org)."""
    if no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return _is_terminal()


def width_cells() -> int | None:
    """Return the width of the terminal on stdout; ``None`` where stdout is none."""
    return shutil.get_terminal_size().columns if _is_terminal() else None


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _drop_stdout() -> None:
    """Let what is still buffered go nowhere, else Python complains once more at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _write_file(path: Path, text: str) -> None:
    from codewhence.index.files import disk_errors_named, write_whole

    data = text.encode("utf-8", "backslashreplace")
    try:
        with disk_errors_named(path):
            if _is_device(path):
                path.write_bytes(data)
            else:
                write_whole(path.resolve(), data)
    except OSError as error:
        raise UsageError(f"--output {path} cannot be written: {error.strerror}. Choose another file.") from error


def _is_device(path: Path) -> bool:
    """Say whether ``path`` is a pipe or a device, which no rename may replace."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
