"""What a walk through a folder leaves out: the patterns of the ignore file and of the settings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codewhence.errors import UsageError
from codewhence.governance.ignores import Ignores, parse_ignores

IGNORE_FILE = ".codewhenceignore"


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """An ignore file and the folder that its patterns are relative to, without symbolic links."""

    folder: Path
    ignores: Ignores

    def covers(self, path: Path, *, is_folder: bool = False) -> bool:
        """Say whether a pattern covers a path, relative to the working directory or absolute."""
        below = _below(self.folder, path, is_folder=is_folder)
        return below is not None and self.ignores.covers_path(below)

    def for_path(self, path: str) -> Ignores:
        """Return the ignores that hold for one file, whatever the working directory; ``-`` is standard input."""
        is_covered = path != "-" and bool(self.ignores.path_patterns) and self.covers(Path(path))
        return Ignores(path_patterns=("*",) if is_covered else (), fingerprints=self.ignores.fingerprints)


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Everything that a walk leaves out.

    Attributes:
        folder: What ``patterns`` are relative to, without symbolic links.
        patterns: ``exclude`` of the settings, compiled; ``None`` where there are none.
        ignore_file: The ignore file, if there is one.
    """

    folder: Path
    patterns: Any = None
    ignore_file: IgnoreFile | None = None

    def cover(self, path: Path, *, is_folder: bool = False) -> bool:
        """Say whether a path is to be left out."""
        if self.ignore_file is not None and self.ignore_file.covers(path, is_folder=is_folder):
            return True
        if self.patterns is None:
            return False
        below = _below(self.folder, path, is_folder=is_folder)
        return below is not None and bool(self.patterns.match_file(below))


def find_ignore_file(directory: Path) -> IgnoreFile | None:
    """Return the ignore file of ``directory`` or of the nearest folder above it; ``None`` where there is none.

    Raises:
        UsageError: It cannot be read, or a line of it is no pattern and no fingerprint.
    """
    folder = directory.resolve()
    for each in (folder, *folder.parents):
        path = each / IGNORE_FILE
        try:
            text = path.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except UnicodeDecodeError as error:
            raise UsageError(f"{path}: is not UTF-8: {error.reason} at byte {error.start}.") from error
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror}.") from error
        return IgnoreFile(each, parse_ignores(text, name=str(path)))
    return None


def compile_exclusions(patterns: Sequence[str], *, folder: Path, ignore_file: IgnoreFile | None = None) -> Exclusions:
    """Compile the ``exclude`` patterns of the settings, which are relative to ``folder``.

    Raises:
        UsageError: A pattern is malformed.
    """
    return Exclusions(folder.resolve(), _compiled(patterns) if patterns else None, ignore_file)


def _compiled(patterns: Sequence[str]) -> Any:
    # Loaded here: few checks need it, and it costs 30 ms.
    from pathspec import GitIgnoreSpec

    for pattern in patterns:
        try:
            GitIgnoreSpec.from_lines([pattern])
        except (ValueError, re.error) as error:
            raise UsageError(f"exclude: {pattern!r} is no pattern as .gitignore has them: {error}.") from error
    return GitIgnoreSpec.from_lines(patterns)


def _below(folder: Path, path: Path, *, is_folder: bool) -> str | None:
    """Return ``path`` relative to ``folder`` with forward slashes; ``None`` where it lies outside."""
    # A link stands for itself: only the folders that lead to it are resolved.
    real = path.parent.resolve() / path.name
    if real == folder or not real.is_relative_to(folder):
        return None
    below = real.relative_to(folder).as_posix()
    return f"{below}/" if is_folder else below
