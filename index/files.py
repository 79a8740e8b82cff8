"""Files that are there whole or not at all: write to a temporary name, flush to disk, rename."""

import errno
import hashlib
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from codewhence.errors import ResourceError

_CHUNK_BYTES = 1 << 20
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def write_whole(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` atomically: a killed process leaves the old file or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            flush_to_disk(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    flush_directory(path.parent)


def flush_to_disk(descriptor: int) -> None:
    """Ask the kernel to put an open file on the disk."""
    os.fsync(descriptor)


def flush_directory(path: Path) -> None:
    """Put the names in a directory on the disk, so that a rename survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file in hex, reading 1 MB at a time."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def disk_errors_named(path: Path) -> Generator[None]:
    """Turn a full disk, met while writing below ``path``, into one clear error.

    Raises:
        ResourceError: The disk or the quota is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_SPACE:
            raise
        raise ResourceError(
            f"no space left while writing {path}: {error.strerror}. Free some space or choose another --output; "
            "what stood there before is untouched."
        ) from error
