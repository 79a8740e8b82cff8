"""The files below a folder that may hold code: git's list inside a work tree, else a sorted walk."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from codewhence.app.exclusions import Exclusions
from codewhence.app.git import Repository
from codewhence.index.languages import is_binary_name
from codewhence.index.sources.base import SKIP_REASONS
from codewhence.records import Unread

# Where version control keeps files of its own.
_STORES = frozenset({".git", ".hg", ".svn", ".jj"})


def may_hold_code(path: Path) -> bool:
    """Say whether a file's name allows for text: a walk does not look at a picture or an archive.

    >>> [may_hold_code(Path(name)) for name in ("logo.png", "main.cpython-311.pyc", "main.rs", "NOTES")]
    [False, False, True, True]
    """
    return not is_binary_name(path.name)


def files_below(folder: Path, exclusions: Exclusions) -> Iterator[Path | Unread]:
    """Yield the files below ``folder``, sorted, each as a path that starts with ``folder``.

    Inside a git work tree these are the files that git tracks or would offer to add. Names that say "binary" are
    left out. A folder that cannot be opened and a link back to a folder above it come as ``Unread``.
    """
    repository = Repository.around(folder)
    names = repository.files(folder) if repository is not None else None
    if names is None:
        yield from _walked(folder, exclusions)
        return
    for name in names:
        path = folder / name
        status = _status(path)
        if status is None or exclusions.cover(path, is_folder=stat.S_ISDIR(status.st_mode)):
            continue
        if stat.S_ISDIR(status.st_mode):  # a submodule, or a repository inside this one
            yield from files_below(path, exclusions)
        else:
            yield from _file_at(path, status)


def _walked(folder: Path, exclusions: Exclusions) -> Iterator[Path | Unread]:
    """Walk with a stack, not by recursion: folders nest deeper than Python's calls may."""
    seen: set[tuple[int, int]] = set()
    pending = [folder]
    while pending:
        path = pending.pop()
        status = _status(path, follow=path == folder)
        if status is None or path.name in _STORES:
            continue
        is_link = stat.S_ISLNK(status.st_mode)
        target = _status(path, follow=True) if is_link else status
        is_folder = target is not None and stat.S_ISDIR(target.st_mode)
        if path != folder and exclusions.cover(path, is_folder=is_folder):
            continue
        if not is_folder or target is None or (is_link and _leads_back(path)):
            yield from _file_at(path, status)
        elif (identity := (target.st_dev, target.st_ino)) not in seen:
            seen.add(identity)
            try:
                pending += sorted(path.iterdir(), key=_name_of, reverse=True)
            except OSError as error:
                yield Unread(str(path), f"the folder cannot be opened: {error.strerror}")


def _file_at(path: Path, status: os.stat_result) -> Iterator[Path | Unread]:
    """Yield the path where it is a file, through a link or not, and its name allows for text."""
    if stat.S_ISLNK(status.st_mode):
        if _leads_back(path):
            yield Unread(str(path), SKIP_REASONS["loop"])
            return
        target = _status(path, follow=True)
        if target is None:  # a link to nothing holds no text
            return
        status = target
    if stat.S_ISREG(status.st_mode) and may_hold_code(path):
        yield path


def _leads_back(link: Path) -> bool:
    """Say whether a symbolic link ends at itself or at a folder above it."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: how Python before 3.13 reports a loop
        return isinstance(error, RuntimeError) or error.errno == errno.ELOOP
    return link.parent.resolve().is_relative_to(target)


def _status(path: Path, *, follow: bool = False) -> os.stat_result | None:
    """Return what the file system says, ``None`` where there is nothing (any more)."""
    try:
        return path.stat(follow_symlinks=follow)
    except OSError:
        return None


def _name_of(path: Path) -> str:
    return path.name
