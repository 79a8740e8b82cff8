"""Files of a tree, on disk or in a repository: cut into shards, read one at a time, each with its origin."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from codewhence.index.languages import is_binary_name
from codewhence.index.licensing import TAG, TAG_BYTES, LicenseClaim, tagged_claim
from codewhence.index.sources.base import MAX_FILE_BYTES, SHARD_BYTES, RawFile, Skipped, SkippedError
from codewhence.index.sources.license_tree import LicenseGroup, LicenseStatement, state_license
from codewhence.records import Origin

_TAG_BYTES = TAG.encode()
# What opening a file costs, in bytes read (30 µs): keeps a shard of empty files small.
_FILE_COST_BYTES = 2_000
# A named pipe that took the place of a file must not block its reader; Windows has no such flag.
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A file of a tree before it is read.

    Attributes:
        path: Path inside the repository, as it will stand in the origin.
        address: What to fetch it by: path below the root, or id of a git object.
        n_bytes: Size; 0 where unknown.
        group: The license files that speak for it.
        reason: Why it is skipped, where that is known before it is read.
    """

    path: str
    address: str
    n_bytes: int
    group: LicenseGroup
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TreeSlice:
    """Some files of one tree.

    Attributes:
        origin: What all of them have in common; its path is empty.
        files: In the order of reading.
    """

    origin: Origin
    files: tuple[TreeFile, ...]

    @property
    def n_bytes(self) -> int:
        """Size of the files together."""
        return sum(file.n_bytes for file in self.files)

    def read(self, fetch: Callable[[str], bytes], *, address_is_blob: bool) -> Iterator[RawFile | Skipped]:
        """Read the files through ``fetch``, which returns the bytes at an address or raises ``SkippedError``."""
        whole = LicenseStatement(
            LicenseClaim(self.origin.licenses, self.origin.license_source), self.origin.license_files
        )
        statements: dict[LicenseGroup, LicenseStatement] = {}
        for file in self.files:
            try:
                data = _fetch(file, fetch)
            except SkippedError as skipped:
                yield Skipped(file.path, skipped.reason)
                continue
            if file.group not in statements:
                statements[file.group] = state_license(file.group, fetch, whole=whole)
            origin = self._origin(file, statements[file.group], data)
            yield RawFile(origin, data, blob_sha1=file.address if address_is_blob else None)

    def _origin(self, file: TreeFile, statement: LicenseStatement, data: bytes) -> Origin:
        claim = statement.claim
        if data.find(_TAG_BYTES, 0, TAG_BYTES) >= 0:
            claim = tagged_claim(data[:TAG_BYTES].decode("utf-8", "replace")) or claim
        return replace(
            self.origin,
            path=file.path,
            licenses=claim.licenses,
            license_source=claim.source,
            license_files=statement.license_files,
        )


@dataclass(frozen=True, slots=True)
class DiskShard:
    """Files on disk: slices of one or several trees, each with its root folder."""

    slices: tuple[tuple[str, TreeSlice], ...]

    @property
    def n_bytes(self) -> int:
        """Size on disk."""
        return sum(files.n_bytes for _, files in self.slices)

    def read(self) -> Iterator[RawFile | Skipped]:
        """Yield every file in order."""
        for root, files in self.slices:
            yield from files.read(partial(_read_below, root), address_is_blob=False)


def read_file(path: str | Path) -> bytes:
    """Return the bytes of a regular file.

    Raises:
        SkippedError: ``unreadable``, or ``too_large`` before it is read.
    """
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        raise SkippedError("unreadable") from error
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise SkippedError("unreadable")
            if status.st_size > MAX_FILE_BYTES:
                raise SkippedError("too_large")
            data = stream.read(status.st_size + 1)
            while len(data) > status.st_size and (more := stream.read(MAX_FILE_BYTES + 1 - len(data))):
                data += more  # it is being written to
        except OSError as error:
            raise SkippedError("unreadable") from error
    if len(data) > MAX_FILE_BYTES:
        raise SkippedError("too_large")
    return data


def _read_below(root: str, address: str) -> bytes:
    return read_file(f"{root}/{address}")


def cut(origin: Origin, files: Iterable[TreeFile]) -> Iterator[TreeSlice]:
    """Cut the files of a tree into slices of about ``SHARD_BYTES``, in order."""
    part: list[TreeFile] = []
    n_bytes = 0
    for file in files:
        part.append(file)
        n_bytes += file.n_bytes + _FILE_COST_BYTES
        if n_bytes >= SHARD_BYTES:
            yield TreeSlice(origin, tuple(part))
            part, n_bytes = [], 0
    if part:
        yield TreeSlice(origin, tuple(part))


def pack(slices: Iterable[tuple[str, TreeSlice]]) -> Iterator[DiskShard]:
    """Join slices of trees, each with its root, into shards of about ``SHARD_BYTES``, in order."""
    part: list[tuple[str, TreeSlice]] = []
    n_bytes = 0
    for root, files in slices:
        cost = files.n_bytes + _FILE_COST_BYTES * len(files.files)
        if part and n_bytes + cost > SHARD_BYTES:
            yield DiskShard(tuple(part))
            part, n_bytes = [], 0
        part.append((root, files))
        n_bytes += cost
    if part:
        yield DiskShard(tuple(part))


def readable_path(path: str) -> str:
    r"""Return a path that can be printed and stored: bytes that are not UTF-8 become ``\xNN``.

    >>> readable_path("caf\udce9.py")
    'caf\\xe9.py'
    """
    return path if path.isascii() else path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _fetch(file: TreeFile, fetch: Callable[[str], bytes]) -> bytes:
    if file.reason is not None:
        raise SkippedError(file.reason)
    if is_binary_name(file.path):
        raise SkippedError("binary")
    if file.n_bytes > MAX_FILE_BYTES:
        raise SkippedError("too_large")
    return fetch(file.address)
