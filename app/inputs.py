"""The texts that the user points at: files, folders, standard input, or what changed in a git work tree."""

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from codewhence.app.exclusions import Exclusions
from codewhence.app.git import Change, Comparison, Repository
from codewhence.app.walk import files_below, may_hold_code
from codewhence.errors import UsageError
from codewhence.index.decoding import Undecodable, decode
from codewhence.index.sources.base import SKIP_REASONS
from codewhence.records import Span, Unread

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """A text to check.

    Attributes:
        path: As the user named it, or relative to the working directory; ``-`` for standard input.
        text: Decoded, line ends kept.
        added: The parts that are new, ascending; ``None`` where all of the text counts.
    """

    path: str
    text: str
    added: tuple[Span, ...] | None = None


def named_texts(
    paths: Sequence[str], *, exclusions: Exclusions, max_bytes: int, standard_input: BinaryIO
) -> Iterator[Input | Unread]:
    """Return the text of each file that ``paths`` name, one in memory at a time; a file named twice comes once.

    Args:
        paths: Files, folders and ``-``. A file that is named is read whatever its name and the exclusions.
        exclusions: What a walk through a folder leaves out.
        max_bytes: Larger files come as ``Unread``.
        standard_input: Read to its end for ``-``.

    Raises:
        UsageError: A path is not there.
    """
    for path in paths:
        if path != STANDARD_INPUT and not os.path.lexists(path):
            raise UsageError(f"there is no file or folder {path!r}. Check the name, or pass - to read standard input.")
    return _named_texts(paths, exclusions, max_bytes, standard_input)


def changed_texts(
    paths: Sequence[str], *, base: str | None, staged: bool, exclusions: Exclusions, max_bytes: int
) -> Iterator[Input | Unread]:
    """Return the text of each file that git says was added or changed, with its added parts where a base is named.

    Args:
        paths: Only these files and folders; all of the work tree around the working directory where empty.
        base: A commit to compare with; ``None``, which goes with ``staged``, takes changed files as they are.
        staged: Read what is staged, not the work tree.
        exclusions: What to leave out; so are names that say "binary".
        max_bytes: Larger files come as ``Unread``.

    Raises:
        UsageError: There is no work tree, ``base`` names no commit, or git cannot compare.
    """
    repository = Repository.around(Path.cwd())
    if repository is None:
        option = "--staged" if base is None else "--diff"
        raise UsageError(f"{option} needs a git work tree and the git program; {Path.cwd()} is in none.")
    commit = None if base is None else repository.base_commit(base)
    # Links that lead to a path are resolved, since git refuses to look beyond one; a path that is a link is not.
    below = [Path(path).parent.resolve() / Path(path).name for path in paths]
    comparison = Comparison(commit, staged, tuple(map(str, below)))
    added = repository.added_lines(comparison) if commit is not None else None
    return _changed_texts(repository, comparison, added, exclusions, max_bytes)


def locator(directory: Path) -> Callable[[str], str]:
    """Return what turns a path of a report into one below the work tree around ``directory``, else below itself.

    A path outside comes back absolute.
    """
    repository = Repository.around(directory)
    root = directory.resolve() if repository is None else repository.root

    def locate(path: str) -> str:
        real = (directory / path).parent.resolve() / Path(path).name
        return real.relative_to(root).as_posix() if real.is_relative_to(root) else real.as_posix()

    return locate


def line_spans(text: str, lines: Sequence[range]) -> tuple[Span, ...]:
    r"""Return where lines stand in a text, in code points, counted as git counts them: from 1, ended by ``\n``.

    >>> line_spans("a\nbc\nd", [range(2, 3)])
    (Span(start=2, end=5),)
    """
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    spans = []
    for each in lines:
        start = starts[min(each.start - 1, len(starts) - 1)]
        end = min(starts[min(each.stop - 1, len(starts) - 1)], len(text))
        if start < end:
            spans.append(Span(start, end))
    return tuple(spans)


def _named_texts(
    paths: Sequence[str], exclusions: Exclusions, max_bytes: int, standard_input: BinaryIO
) -> Iterator[Input | Unread]:
    seen: set[str] = set()
    for path in paths:
        if path == STANDARD_INPUT:
            if path not in seen:
                seen.add(path)
                yield _decoded(path, standard_input.read(max_bytes + 1), max_bytes=max_bytes)
            continue
        named = Path(path)
        for file in files_below(named, exclusions) if named.is_dir() else [named]:
            if isinstance(file, Unread):
                yield file
            elif str(file) not in seen:
                seen.add(str(file))
                yield _read(file, max_bytes=max_bytes)


def _changed_texts(
    repository: Repository,
    comparison: Comparison,
    added: dict[str, list[range]] | None,
    exclusions: Exclusions,
    max_bytes: int,
) -> Iterator[Input | Unread]:
    for change in repository.changes(comparison):
        file = repository.root / change.path
        if not may_hold_code(file) or exclusions.cover(file):
            continue
        shown = Path(os.path.relpath(file))
        if comparison.staged:
            item = _read_staged(repository, change, shown, max_bytes=max_bytes)
        else:
            item = _read(file, shown=shown, max_bytes=max_bytes)
        if added is not None and isinstance(item, Input):
            item = replace(item, added=line_spans(item.text, added.get(change.path, [])))
        yield item


def _read(path: Path, *, max_bytes: int, shown: Path | None = None) -> Input | Unread:
    name = str(path if shown is None else shown)
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        return Unread(name, f"cannot be read: {error.strerror}")
    return _decoded(name, data, max_bytes=max_bytes)


def _read_staged(repository: Repository, change: Change, shown: Path, *, max_bytes: int) -> Input | Unread:
    try:
        n_bytes = repository.staged_size(change)
        data = b"" if n_bytes > max_bytes else repository.staged_content(change)
    except subprocess.CalledProcessError:
        return Unread(str(shown), "git does not give its staged content")
    if n_bytes > max_bytes:
        return Unread(str(shown), _too_large(max_bytes))
    return _decoded(str(shown), data, max_bytes=max_bytes)


def _decoded(path: str, data: bytes, *, max_bytes: int) -> Input | Unread:
    if len(data) > max_bytes:
        return Unread(path, _too_large(max_bytes))
    try:
        return Input(path, decode(data).text)
    except Undecodable as error:
        # For a training set an empty file is nothing; for a check it is a text without matches.
        return Input(path, "") if error.reason == "empty" else Unread(path, SKIP_REASONS[error.reason])


def _too_large(max_bytes: int) -> str:
    return f"is over {max_bytes:,} bytes; raise --max-bytes to check it"
