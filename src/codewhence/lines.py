r"""Lines and columns of code-point offsets. A line ends at ``\\n``, at ``\\r\\n`` or at a lone ``\\r``."""

import re
from bisect import bisect_right

_LINE_END = re.compile(r"\r\n|\r|\n")


def line_number(text: str, offset: int) -> int:
    r"""Return the line, from 1, of code point ``offset``. A line end belongs to the line that it ends.

    >>> [line_number("a\\r\\nb\\rc", offset) for offset in range(6)]
    [1, 1, 1, 2, 2, 3]
    """
    n_line_feeds = text.count("\n", 0, offset)
    n_returns = text.count("\r", 0, offset)
    if not n_returns:
        return n_line_feeds + 1
    # An offset between \r and \n is still on the line that the pair ends.
    n_pairs = text.count("\r\n", 0, min(offset + 1, len(text)))
    return n_line_feeds + n_returns - n_pairs + 1


class LineIndex:
    """Line starts of one text, for many look-ups: one pass over the text, then a binary search each."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def position(self, offset: int) -> tuple[int, int]:
        r"""Return line and column of code point ``offset``, both from 1, the column in code points.

        >>> LineIndex("ab\\ncd").position(4)
        (2, 2)
        """
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1
