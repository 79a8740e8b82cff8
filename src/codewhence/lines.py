r"""Lines and columns of code points. A line ends at ``\n``, at ``\r\n`` or at a lone ``\r``."""

from collections.abc import Iterable
from typing import NamedTuple


class Position(NamedTuple):
    """Where a code point stands.

    Attributes:
        line: Line, from 1.
        column: Column in code points, from 1; a tab is one.
    """

    line: int
    column: int


def line_of(text: str, offset: int) -> int:
    r"""Return the line of one code point, from 1: as ``locate`` does, faster.

    >>> line_of("a\r\nbc", 4)
    2
    """
    if text.find("\r", 0, offset) < 0:
        return text.count("\n", 0, offset) + 1
    return locate(text, [offset])[offset].line


def locate(text: str, offsets: Iterable[int]) -> dict[int, Position]:
    r"""Find line and column of several code points in one pass over the text.

    Lines end at ``\n``, at ``\r\n`` or at a lone ``\r``, and at nothing else: form feeds and U+2028 are ordinary
    characters of a line (``str.splitlines`` has more line ends). A line end belongs to the line that it ends.

    Args:
        text: The text.
        offsets: Offsets of code points, in any order.

    >>> locate("a\r\nbc", [4, 0])
    {0: Position(line=1, column=1), 4: Position(line=2, column=2)}
    """
    # The replacements keep the length, so that offsets stay; then only one character ends a line.
    unified = text.replace("\r\n", "\0\n").replace("\r", "\n") if "\r" in text else text
    positions: dict[int, Position] = {}
    line = 1
    line_start = 0
    cursor = 0
    for offset in sorted(set(offsets)):
        # Between two offsets only: one line of 50 MB must not be searched once for each match.
        last_end = unified.rfind("\n", cursor, offset)
        if last_end >= 0:
            line += unified.count("\n", cursor, offset)
            line_start = last_end + 1
        cursor = offset
        positions[offset] = Position(line, offset - line_start + 1)
    return positions
