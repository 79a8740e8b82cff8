"""What the user asked not to be told about: marks in the text, and the ignore file.

The ignore file holds patterns of paths, as ``.gitignore`` does, and fingerprints of matches, one a line::

    # code that a generator wrote
    build/
    fingerprint:9f3c0e1f4f0d5f8f7f6b1a2c3d4e5f60718293a4b5c6d7e8f9012345678901ab

A mark is the text ``codewhence: ignore`` anywhere in a line, so that it works in every comment syntax. A generator
of code may write the mark too: whoever checks text that nobody has read should look at ignored matches as well.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from codewhence.errors import UsageError

_MARK = re.compile(r"\bcodewhence:[ \t]*ignore\b(?!-)")
_MARK_PREFIX = "codewhence:"
_FINGERPRINT_KEY = "fingerprint:"
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Ignores:
    """The content of an ignore file.

    Attributes:
        path_patterns: Lines that are patterns of paths, in order.
        fingerprints: Fingerprints of matches, 64 hex digits each.
    """

    path_patterns: tuple[str, ...] = ()
    fingerprints: frozenset[str] = frozenset()

    def covers_path(self, path: str) -> bool:
        """Say whether a path is ignored as a whole.

        Args:
            path: With slashes, relative to the folder of the ignore file; ``-`` (standard input) is never ignored.
        """
        if not self.path_patterns or path == "-":
            return False
        return _path_spec(self.path_patterns).match_file(path.removeprefix("./"))


def parse_ignores(text: str, *, name: str = ".codewhenceignore") -> Ignores:
    """Read an ignore file.

    Args:
        text: The file's text.
        name: The file's name, for messages.

    Raises:
        UsageError: A fingerprint or a pattern is malformed; the message names file, line and value.
    """
    patterns: list[str] = []
    fingerprints: set[str] = set()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        if entry.startswith(_FINGERPRINT_KEY):
            fingerprints.add(_read_fingerprint(entry, where=f"{name}:{number}"))
            continue
        _check_pattern(line, where=f"{name}:{number}")
        patterns.append(line)
    return Ignores(tuple(patterns), frozenset(fingerprints))


def mark_offsets(text: str) -> list[int]:
    """Return where the ignore marks of a text begin, in code points, ascending."""
    return [mark.start() for mark in _MARK.finditer(text)] if _MARK_PREFIX in text else []


def is_marked(mark_lines: Sequence[int], *, start_line: int, end_line: int) -> bool:
    """Say whether a match is marked: on one of its lines, or on the line before the first of them.

    Args:
        mark_lines: Lines that carry a mark, from 1, ascending.
        start_line: First line of the match.
        end_line: Last line of the match.
    """
    position = bisect_left(mark_lines, start_line - 1)
    return position < len(mark_lines) and mark_lines[position] <= end_line


def _read_fingerprint(entry: str, *, where: str) -> str:
    value = entry.removeprefix(_FINGERPRINT_KEY).split("#")[0].strip().lower()
    if not _FINGERPRINT.fullmatch(value):
        raise UsageError(
            f"{where}: fingerprint {value!r} is not 64 hex digits. Copy it whole from the report's JSON or SARIF."
        )
    return value


def _check_pattern(line: str, *, where: str) -> None:
    try:
        _path_spec((line,))
    except (ValueError, re.error) as error:  # pathspec lets the second through for "[z-a]"
        raise UsageError(f"{where}: {line!r} is no path pattern as .gitignore has them: {error}.") from error


@lru_cache(maxsize=64)
def _path_spec(patterns: tuple[str, ...]) -> Any:
    # Loaded here: it costs 26 ms, and few checks come with an ignore file.
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)
