"""A folder of source files, walked in sorted order; symbolic links never lead out of it or around in circles.

Not part of the training set, and not counted: what version control keeps for itself, caches of Python tools, virtual
environments (any folder with a ``pyvenv.cfg``). ``node_modules`` is read: people index what they point at.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codewhence.index.licensing import is_license_filename
from codewhence.index.sources.base import Shard, SkippedError
from codewhence.index.sources.license_tree import LICENSES_FOLDER, LicenseTree
from codewhence.index.sources.tree import DiskShard, TreeFile, cut, readable_path
from codewhence.records import Origin

SKIPPED_NAMES = frozenset(
    {
        ".git", ".hg", ".svn", ".bzr", "CVS", "_darcs", "__pycache__", ".hypothesis", ".mypy_cache", ".nox",
        ".pytest_cache", ".ruff_cache", ".tox",
    }
)  # fmt: skip
_VIRTUAL_ENVIRONMENT = "pyvenv.cfg"


class FolderSource:
    """A folder. Every file belongs to one repository, named like the folder."""

    def __init__(self, spec: str) -> None:
        self._spec = spec
        self._root = os.path.realpath(spec)

    @property
    def spec(self) -> str:
        """The folder, as given."""
        return self._spec

    @property
    def name(self) -> str:
        """The folder's own name."""
        return readable_path(Path(self._root).name) or "root"

    def shards(self) -> Iterator[Shard]:
        """Split into shards of a few MB, in sorted order."""
        for part in cut(Origin(repo=self.name, path=""), walk(self._root)):
            yield DiskShard(((self._root, part),))

    def describe(self) -> dict[str, Any]:
        """Return kind and name."""
        return {"kind": "folder", "name": self.name}


def no_project(_folder: str) -> bool:
    """Say of every folder that it is no project with a license of its own."""
    return False


def walk(
    root: str,
    *,
    skipped_names: frozenset[str] = SKIPPED_NAMES,
    prefix: str = "",
    is_project: Callable[[str], bool] = no_project,
) -> Iterator[TreeFile]:
    """Yield every file below ``root``: in each folder its files by name, then its folders by name.

    Args:
        root: Real path of the folder: links are compared with it.
        skipped_names: Names of folders that are left out, wherever they stand.
        prefix: What precedes the path below ``root`` in the origin.
        is_project: Says of a folder below ``root`` (``""`` for itself) whether its license is known as a whole.
    """
    licenses = LicenseTree()
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            entries = _entries(f"{root}/{folder}", skipped_names)
        except OSError:
            path = prefix + readable_path(folder or ".")
            yield TreeFile(path, folder, 0, licenses.group_of(folder), "unreadable")
            continue
        if folder and any(entry.name == _VIRTUAL_ENVIRONMENT for entry in entries):
            continue
        looked_at = [_look_at(entry, folder, root) for entry in entries]
        files = [each for each in looked_at if isinstance(each, _Found)]
        if is_project(folder):
            licenses.add_project(folder)
        else:
            _add_licenses(licenses, folder, root, files)
        group = licenses.group_of(folder)
        for file in files:
            yield TreeFile(prefix + readable_path(file.address), file.address, file.n_bytes, group, file.reason)
        pending += [each for each in reversed(looked_at) if isinstance(each, str)]


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of the walk: its path below the root, and why it is skipped where that is known."""

    address: str
    n_bytes: int
    reason: str | None = None


def _entries(folder: str, skipped_names: frozenset[str]) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as scan:
        kept = (entry for entry in scan if entry.name not in skipped_names or _is_ordinary_file(entry))
        return sorted(kept, key=lambda entry: entry.name)


def _is_ordinary_file(entry: os.DirEntry[str]) -> bool:
    """Say whether an entry is a file that is only named like a tool's folder; ``.git`` is a worktree's."""
    return entry.name != ".git" and entry.is_file(follow_symlinks=False)


def _look_at(entry: os.DirEntry[str], folder: str, root: str) -> _Found | str | None:
    """Return a file, the path of a folder to walk, or ``None`` for a socket, a device, a link to a folder inside."""
    address = f"{folder}/{entry.name}" if folder else entry.name
    try:
        if entry.is_dir(follow_symlinks=False):
            return address
        if entry.is_symlink() and not _leads_to_file(Path(entry.path), root):
            return None
        status = entry.stat()
    except OSError as error:
        return _Found(address, 0, "loop" if error.errno == errno.ELOOP else "unreadable")
    except SkippedError as skipped:
        return _Found(address, 0, skipped.reason)
    return _Found(address, status.st_size) if stat.S_ISREG(status.st_mode) else None


def _leads_to_file(link: Path, root: str) -> bool:
    """Say whether a link is to be read: to a file of the same tree, not to a folder, which is read where it stands.

    Raises:
        OSError: It leads nowhere.
        SkippedError: It leads out of the tree or to a folder above itself.
    """
    is_folder = stat.S_ISDIR(link.stat().st_mode)
    target = os.path.realpath(link)
    if is_folder and f"{link.parent}/".startswith(f"{target.rstrip('/')}/"):
        raise SkippedError("loop")
    inside = target.startswith(f"{root.rstrip('/')}/")
    # .git/config may hold a token.
    if not inside or not SKIPPED_NAMES.isdisjoint(target[len(root) :].split("/")):
        raise SkippedError("outside")
    return not is_folder


def _add_licenses(licenses: LicenseTree, folder: str, root: str, files: list[_Found]) -> None:
    own = [file.address for file in files if not file.reason and is_license_filename(Path(file.address).name)]
    if not own:
        reuse = Path(root, folder, LICENSES_FOLDER)
        try:
            texts = [text for text in reuse.iterdir() if text.is_file() and not text.is_symlink()]
        except OSError:
            texts = []  # there is none; one that cannot be read is reported when the walk gets there
        own = [f"{folder}/{LICENSES_FOLDER}/{text.name}".lstrip("/") for text in texts]
    if own:
        licenses.add(folder, [(readable_path(address), address) for address in own])
    if folder and os.path.lexists(f"{root}/{folder}/.git"):
        licenses.add_foreign(folder)
