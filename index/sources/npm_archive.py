"""A package of npm as its registry hands it out: a ``.tgz``, read as a stream and never unpacked to disk.

Links, devices and the like in it are no documents; of two members with one name both are read.
"""

import gzip
import tarfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from codewhence.errors import FormatError, UsageError
from codewhence.index.licensing import is_license_filename
from codewhence.index.sources.base import MAX_FILE_BYTES, RawFile, Shard, Skipped, SkippedError
from codewhence.index.sources.license_tree import LicenseTree
from codewhence.index.sources.npm import MANIFEST, package_origin
from codewhence.index.sources.npm_metadata import NpmFacts, read_npm_facts
from codewhence.index.sources.tree import TreeFile, TreeSlice, readable_path
from codewhence.records import Origin

ENDING = ".tgz"

_CHUNK_BYTES = 1 << 18


class NpmArchiveSource:
    """A ``.tgz`` with one package in one folder, as ``npm pack`` makes it.

    Raises:
        FormatError: It is damaged, or holds no ``package.json``.
        UsageError: It cannot be opened.
    """

    def __init__(self, spec: str) -> None:
        self._spec = spec
        self._path = Path(spec)
        self._members: list[tuple[int, str, int]] = []
        self._texts: dict[str, bytes] = {}
        for number, member, read in members(self._path):
            path = _inside(member.name)
            self._members.append((number, path, member.size))
            is_wanted = path == MANIFEST or ("/" not in path and is_license_filename(path))
            if is_wanted and member.size <= MAX_FILE_BYTES:
                self._texts[path] = read()
        if MANIFEST not in self._texts:
            raise FormatError(
                f"'{self._path.name}' holds no {MANIFEST} in a folder of its own: it is no package of npm. "
                "Unpack it and give the folder."
            )
        self._facts: NpmFacts = read_npm_facts(self._texts.pop(MANIFEST), name=self._path.name.removesuffix(ENDING))

    @property
    def spec(self) -> str:
        """The file, as given."""
        return self._spec

    def shards(self) -> Iterator[Shard]:
        """Yield the whole archive: it can only be read from its start."""
        licenses = LicenseTree.of_files((path, str(number)) for number, path, _ in self._members)
        licenses.add_project("")
        files = tuple(
            TreeFile(readable_path(path), str(number), size, licenses.group_of(path.rpartition("/")[0]))
            for number, path, size in self._members
        )
        yield NpmArchiveShard(str(self._path), TreeSlice(self._origin(), files))

    def describe(self) -> dict[str, Any]:
        """Return kind, name and version."""
        version = {"revision": self._facts.version} if self._facts.version else {}
        return {"kind": "npm", "name": self._facts.name} | version

    def _origin(self) -> Origin:
        return package_origin(self._facts, self._texts)


@dataclass(frozen=True, slots=True)
class NpmArchiveShard:
    """The files of an archive; the address of each is its number in it."""

    path: str
    files: TreeSlice

    @property
    def n_bytes(self) -> int:
        """Size of the files, unpacked."""
        return self.files.n_bytes

    def read(self) -> Iterator[RawFile | Skipped]:
        """Yield every file in order.

        Raises:
            FormatError: The archive is damaged.
            UsageError: It went away.
        """
        speaking = {address for file in self.files.files for _, address in file.group.files}
        texts = {
            str(number): read()
            for number, member, read in members(Path(self.path))
            if str(number) in speaking and member.size <= MAX_FILE_BYTES
        }
        with closing(members(Path(self.path))) as stream:

            def fetch(address: str) -> bytes:
                if address in texts:
                    return texts[address]
                for number, member, read in stream:
                    if str(number) == address:
                        if member.size > MAX_FILE_BYTES:
                            raise SkippedError("too_large")
                        return read()
                raise SkippedError("unreadable")

            yield from self.files.read(fetch, address_is_blob=False)


def members(path: Path) -> Generator[tuple[int, tarfile.TarInfo, Callable[[], bytes]]]:
    """Yield number, header and reader of each regular file of a ``.tgz``, in order; a reader works until the next one.

    Raises:
        FormatError: The archive is damaged.
        UsageError: It cannot be opened.
    """
    # gzip.open, not tarfile's "r|gz": that one takes an archive that is cut short for a whole one.
    with _damage_named(path), gzip.open(path, "rb") as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        for number, member in enumerate(archive):
            if member.isreg():
                yield number, member, partial(_bytes_of, path, archive, member)
        while stream.read(_CHUNK_BYTES):
            pass  # to the check sum at the end


def _bytes_of(path: Path, archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    with _damage_named(path):
        stream = archive.extractfile(member)
        return stream.read() if stream else b""


@contextmanager
def _damage_named(path: Path) -> Generator[None]:
    try:
        yield
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise FormatError(f"'{path.name}' is no whole .tgz archive: {error}. Get it again.") from error
    except OSError as error:
        raise UsageError(f"Cannot read '{path.name}': {error.strerror or error}.") from error


def _inside(name: str) -> str:
    """Return the path in the package: its folder is called ``package`` as a rule, and anything at times."""
    parts = PurePosixPath(name).parts
    return "/".join(part for part in parts[1:] if part not in ("..", "/")) or name
