"""A git clone: the committed tree of HEAD, read through the ``git`` program; the work tree is not looked at.

Submodules and symbolic links are no documents: the first belong to other repositories, the second hold a path.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codewhence.errors import FormatError, MissingExtraError, UsageError
from codewhence.index.sources.base import MAX_FILE_BYTES, RawFile, Shard, Skipped, SkippedError
from codewhence.index.sources.forge import repository_address
from codewhence.index.sources.license_tree import LicenseTree
from codewhence.index.sources.tree import TreeFile, TreeSlice, cut, readable_path
from codewhence.records import Origin

_REGULAR_MODES = frozenset({"100644", "100755", "100664"})  # 100664: written by old versions of git
_SHA1_DIGITS = 40
# Settings that could start a program or reach for a network, whatever the clone's own configuration says.
_SAFE_SETTINGS = ("-c", "core.fsmonitor=false", "-c", "protocol.allow=never", "-c", "core.hooksPath=/dev/null")
_SAFE_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # the bytes that the id names
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # we look for words in error messages
}


class GitSource:
    """A git clone, with or without a work tree.

    Raises:
        UsageError: The clone has no commit, or git refuses to read it.
        MissingExtraError: There is no ``git`` program.
    """

    def __init__(self, spec: str) -> None:
        self._spec = spec
        self._folder = os.path.realpath(spec)
        self._revision = self._head()
        self._missing = self._missing_blobs()
        self._branch = _run(self._folder, "symbolic-ref", "--short", "-q", "HEAD", tolerated=1).strip() or None
        remote = _run(self._folder, "config", "--get", "remote.origin.url", tolerated=1).strip()
        address = repository_address(remote)
        name = Path(self._folder).name
        self._repo = address.repo if address else readable_path(name.removesuffix(".git"))
        self._url = address.url if address else None

    @property
    def spec(self) -> str:
        """The folder, as given."""
        return self._spec

    def shards(self) -> Iterator[Shard]:
        """Split the committed tree into shards of a few MB, in git's order."""
        listed = list(self._list())
        licenses = LicenseTree.of_files((path, "" if blob in self._missing else blob) for path, blob, _ in listed)
        files = (
            TreeFile(
                path,
                blob,
                n_bytes,
                licenses.group_of(path.rpartition("/")[0]),
                "unreadable" if blob in self._missing else None,
            )
            for path, blob, n_bytes in listed
        )
        origin = Origin(repo=self._repo, path="", revision=self._revision, branch=self._branch, origin_url=self._url)
        for part in cut(origin, files):
            yield GitShard(self._folder, part)

    def describe(self) -> dict[str, Any]:
        """Return kind, repository, commit and branch."""
        found = {"kind": "git", "name": self._repo, "revision": self._revision}
        return found | ({"branch": self._branch} if self._branch else {}) | ({"url": self._url} if self._url else {})

    def _head(self) -> str:
        revision = _run(self._folder, "rev-parse", "--quiet", "--verify", "HEAD^{commit}", tolerated=1).strip()
        if not revision:
            raise UsageError(f"The git repository '{self._spec}' has no commit at HEAD. Commit its files first.")
        return revision

    def _list(self) -> Iterator[tuple[str, str, int]]:
        """Yield path, blob id and size of each regular file."""
        sizes = [] if self._missing else ["-l"]  # git dies at the size of a blob that it does not have
        for line in _run(self._folder, "ls-tree", "-r", "-z", *sizes, "--full-tree", self._revision).split("\0"):
            facts, _, path = line.partition("\t")
            if not path:
                continue
            mode, kind, blob, size = (*facts.split(), "0")[:4]
            if kind == "blob" and mode in _REGULAR_MODES:
                yield readable_path(path), blob, int(size)

    def _missing_blobs(self) -> frozenset[str]:
        """Return the objects of the commit that a partial clone does not have and would fetch."""
        if not _run(self._folder, "config", "--get-regexp", r"^remote\..*\.promisor$", tolerated=1):
            return frozenset()
        listed = _run(self._folder, "rev-list", "--objects", "--missing=print", "-1", self._revision)
        return frozenset(line[1:] for line in listed.splitlines() if line.startswith("?"))


@dataclass(frozen=True, slots=True)
class GitShard:
    """Some blobs of a clone."""

    folder: str
    files: TreeSlice

    @property
    def n_bytes(self) -> int:
        """Size of the blobs, uncompressed."""
        return self.files.n_bytes

    def read(self) -> Iterator[RawFile | Skipped]:
        """Yield every blob in order, through one ``git cat-file``."""
        has_blob_ids = all(len(file.address) == _SHA1_DIGITS for file in self.files.files)
        with _BlobReader(self.folder) as blobs:
            yield from self.files.read(blobs.fetch, address_is_blob=has_blob_ids)


class _BlobReader:
    """A running ``git cat-file --batch``: ask for an id, read its bytes."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._process = _start(folder, "cat-file", "--batch", errors=subprocess.DEVNULL)

    def __enter__(self) -> "_BlobReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def fetch(self, blob: str) -> bytes:
        """Return the bytes of a blob.

        Raises:
            SkippedError: ``unreadable`` for the empty id, which stands for a blob that a partial clone does not have;
                ``too_large`` in such a clone, whose sizes are not known before.
            FormatError: The object is damaged or missing.
        """
        if not blob:
            raise SkippedError("unreadable")
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise FormatError(f"git gave no pipes in '{self._folder}'.")
        try:
            asked.write(f"{blob}\n".encode())
            asked.flush()
        except BrokenPipeError:
            self._stopped(blob)
        header = answered.readline().split()
        if len(header) != 3:
            self._stopped(blob)
        n_bytes = int(header[2])
        if n_bytes > MAX_FILE_BYTES:
            while n_bytes > 0 and answered.read(min(n_bytes, MAX_FILE_BYTES)):
                n_bytes -= MAX_FILE_BYTES
            answered.read(1)
            raise SkippedError("too_large")
        data = answered.read(n_bytes + 1)
        if len(data) != n_bytes + 1:
            self._stopped(blob)
        return data[:-1]

    def _stopped(self, blob: str) -> None:
        raise FormatError(f"git stopped at object {blob} of '{Path(self._folder).name}'. Look at it with: git fsck")


def is_git_clone(path: str) -> bool:
    """Say whether a folder is a clone with a work tree, or a bare repository."""
    folder = Path(path)
    if (folder / ".git").exists():
        return True
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def _run(folder: str, *arguments: str, tolerated: int = 0) -> str:
    """Return what git prints; an exit code up to ``tolerated`` is an answer (no such setting, no such name)."""
    process = _start(folder, *arguments)
    output, errors = process.communicate()
    if process.returncode < 0 or process.returncode > tolerated:
        raise UsageError(_explain(folder, errors.decode("utf-8", "replace").strip()))
    return output.decode("utf-8", "surrogateescape")


def _start(folder: str, *arguments: str, errors: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    program = shutil.which("git")
    if program is None:
        raise MissingExtraError("Reading a git clone needs the program 'git', which is not on the PATH. Install git.")
    # GIT_DIR and its like are set in hooks and would lead to another repository; the ceiling keeps git from climbing.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.Popen(  # noqa: S603
        [program, "-C", folder, *_SAFE_SETTINGS, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=inherited | _SAFE_ENVIRONMENT | {"GIT_CEILING_DIRECTORIES": str(Path(folder).parent)},
    )


def _explain(folder: str, errors: str) -> str:
    name = Path(folder).name
    if "dubious ownership" in errors:
        return (
            f"git refuses to read '{name}': the folder belongs to another user. "
            f"If you trust it: git config --global --add safe.directory '{folder}'"
        )
    reason = next((line for line in errors.splitlines() if line.startswith(("fatal: ", "error: "))), "no reason given")
    return f"git cannot read '{name}': {reason}. Look at it with: git fsck"
