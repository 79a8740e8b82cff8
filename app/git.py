"""What git knows of a work tree: its files, what changed, which lines were added, what is staged."""

import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from codewhence.errors import UsageError

# A repository's own settings must not run programs here or change what the answers look like.
_OPTIONS = (
    "--no-pager",
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.quotePath=false",
)
_DIFF_OPTIONS = ("--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules", "--find-renames")
_REGULAR_FILE_MODES = {"100644", "100755"}
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


@dataclass(frozen=True, slots=True)
class Change:
    """A file that differs from a base.

    Attributes:
        path: Below the root of the work tree, with forward slashes.
        blob: Id of the staged content; meaningless for a change of the work tree.
    """

    path: str
    blob: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What to compare.

    Attributes:
        base: A commit; ``None``, which goes with ``staged``, is the last one of the current branch.
        staged: The newer side is what is staged; else the work tree.
        paths: Only these files and folders, absolute; all of the work tree where empty.
    """

    base: str | None
    staged: bool
    paths: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        """Return the arguments of ``git diff``."""
        cached = ["--cached"] if self.staged else []
        base = [self.base] if self.base is not None else []
        return [*cached, *base, "--", *self.paths]


@dataclass(frozen=True, slots=True)
class Repository:
    """A git work tree. ``root`` is its top folder, without symbolic links."""

    root: Path

    @classmethod
    def around(cls, folder: Path) -> "Repository | None":
        """Return the work tree that holds ``folder``; ``None`` where there is none, or no git."""
        try:
            found = _git(folder, ("rev-parse", "--show-toplevel"))
        except (OSError, subprocess.CalledProcessError):
            return None
        root = os.fsdecode(found.removesuffix(b"\n"))
        return cls(Path(root)) if root else None

    def files(self, folder: Path) -> list[str] | None:
        """Return the files below ``folder`` that are tracked, or neither tracked nor ignored, sorted.

        Paths are relative to ``folder``. ``None`` where the folder itself is ignored or git cannot tell.
        """
        try:
            listed = _git(folder, ("ls-files", "-z", "--cached", "--others", "--exclude-standard"))
            if not listed and _is_ignored(folder):
                return None
        except (OSError, subprocess.CalledProcessError):
            return None
        return sorted({os.fsdecode(name) for name in listed.split(b"\0") if name})

    def base_commit(self, base: str) -> str:
        """Return the commit to compare with: where the current branch left ``base``, else ``base`` itself.

        Raises:
            UsageError: ``base`` names no commit here.
        """
        try:
            commit = _line(self.root, ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}"))
        except subprocess.CalledProcessError as error:
            raise UsageError(
                f"--diff {base!r} names no commit in {self.root}. Name a branch, tag or commit."
            ) from error
        try:
            return _line(self.root, ("merge-base", commit, "HEAD"))
        except subprocess.CalledProcessError:  # no common history, or no commit yet
            return commit

    def changes(self, comparison: Comparison) -> list[Change]:
        """Return the regular files that were added or changed, sorted.

        Raises:
            UsageError: git cannot compare; the message is its own.
        """
        fields = self._diff(("--raw", "-z", "--no-abbrev"), comparison).split(b"\0")
        found = []
        position = 0
        while position < len(fields) and fields[position]:
            _, mode, _, blob, status = os.fsdecode(fields[position]).split(" ")
            n_paths = 2 if status[0] in "RC" else 1
            if mode in _REGULAR_FILE_MODES and status[0] != "U":
                found.append(Change(os.fsdecode(fields[position + n_paths]), blob))
            position += 1 + n_paths
        return sorted(found, key=_path_of)

    def added_lines(self, comparison: Comparison) -> dict[str, list[range]]:
        r"""Return the added lines, counted from 1 and ended by ``\n`` alone, by path.

        Raises:
            UsageError: As ``changes``.
        """
        options = ("--text", "--unified=0", "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/")
        return _parse_patch(self._diff(options, comparison).split(b"\n"))

    def staged_size(self, change: Change) -> int:
        """Return the number of bytes that are staged for a file."""
        return int(_git(self.root, ("cat-file", "-s", change.blob)))

    def staged_content(self, change: Change) -> bytes:
        """Return the bytes that are staged for a file."""
        return _git(self.root, ("cat-file", "blob", change.blob))

    def _diff(self, options: Sequence[str], comparison: Comparison) -> bytes:
        try:
            return _git(self.root, ("--literal-pathspecs", "diff", *_DIFF_OPTIONS, *options, *comparison.arguments()))
        except subprocess.CalledProcessError as error:
            raise UsageError(f"git cannot compare: {_first_line(error)}") from error


def _path_of(change: Change) -> str:
    return change.path


def _parse_patch(lines: Iterable[bytes]) -> dict[str, list[range]]:
    added: dict[str, list[range]] = {}
    path: str | None = None
    n_body_lines = 0
    for line in lines:
        if n_body_lines:
            # A removed or added line may itself look like a header, so bodies are skipped by count.
            n_body_lines -= not line.startswith(b"\\")
        elif line.startswith(b"+++ "):
            path = _header_path(line.removeprefix(b"+++ "))
        elif path is not None and (hunk := _HUNK.match(line)):
            n_removed, start, n_added = (int(group) if group is not None else 1 for group in hunk.groups())
            n_body_lines = n_removed + n_added
            if n_added:
                added.setdefault(path, []).append(range(start, start + n_added))
    return added


def _header_path(text: bytes) -> str | None:
    """Read the path of a ``+++`` line: C-quoted if it holds quotes or controls, ended by a tab if blanks."""
    if text == b"/dev/null":
        return None
    is_quoted = text.startswith(b'"')
    text = text.removesuffix(b"\t")
    name = _ESCAPE.sub(_unescaped, text[1:-1]) if is_quoted else text
    return os.fsdecode(name.removeprefix(b"b/"))


def _unescaped(found: re.Match[bytes]) -> bytes:
    body = found[1]
    return bytes([int(body, 8)]) if len(body) == 3 else _ESCAPED.get(body, body)


def _is_ignored(folder: Path) -> bool:
    try:
        _git(folder, ("check-ignore", "--quiet", "."))
    except subprocess.CalledProcessError:
        return False
    return True


def _line(folder: Path, arguments: Sequence[str]) -> str:
    return os.fsdecode(_git(folder, arguments)).strip()


def _first_line(error: subprocess.CalledProcessError) -> str:
    return next(iter(os.fsdecode(error.stderr).splitlines()), f"exit code {error.returncode}")


def _git(folder: Path, arguments: Sequence[str]) -> bytes:
    command = ["git", "-C", str(folder), *_OPTIONS, *arguments]
    # No shell, and each caller's text stands after an option that ends the options.
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout  # noqa: S603
