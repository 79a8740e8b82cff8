r"""What the table is made of, and what a scan carries along.

A form is a regular expression that eats a whole comment or string. Two rules keep the scan fast and linear:

- It begins with a literal character, so that the search skips from one such character to the next in C. What stands
  before the quote (a prefix) is asked by lookbehind.
- It never backtracks over what it has eaten: every repetition is possessive.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from re import Match

CODE, COMMENT, STRING = 0, 1, 2


@dataclass(slots=True)
class Hole:
    """Code inside of a string, such as ``${name}`` in a template.

    Attributes:
        resume: Goes on with the string after the hole, from the position of the closing mark; returns where it ends.
        depth: Open brackets inside of the hole.
        closes: The mark that ends it, where holes of several kinds exist.
        stops_at_line_end: Whether the hole, and the string with it, ends at the end of a line.
    """

    resume: Callable[["Scan", int], int]
    depth: int = 0
    closes: str = "}"
    stops_at_line_end: bool = False


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A heredoc whose body has not begun yet.

    Attributes:
        tag: The word that ends it, alone on its line.
        may_be_indented: Whether blanks may stand before that word.
    """

    tag: str
    may_be_indented: bool


@dataclass(slots=True)
class Scan:
    """A text on its way to regions; the steps of the forms write here.

    Attributes:
        text: What is scanned.
        starts: First code point of each region so far, increasing.
        ends: One past the last code point of each.
        kinds: ``COMMENT`` or ``STRING`` of each (``CODE`` is dropped at the end).
        holes: The strings around the current place, outermost first.
        heredocs: Those that begin after the current line, in their order.
        open_tag: The dollar quote around the code at the current place (SQL), else empty.
        budget: Code points that attempts may still read ahead: bounds them to a multiple of the text.
    """

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    holes: list[Hole] = field(default_factory=list)
    heredocs: list[Heredoc] = field(default_factory=list)
    open_tag: str = ""
    budget: int = 0

    def mode(self) -> int:
        """Return which forms apply: 1 more inside of a hole, 2 more before the body of a heredoc."""
        return bool(self.holes) + 2 * bool(self.heredocs)

    def add(self, kind: int, start: int, end: int) -> None:
        """Record a region after all others."""
        self.starts.append(start)
        self.ends.append(end)
        self.kinds.append(kind)


# What to do with a match instead of recording it whole: record, and return where the scan goes on.
Step = Callable[["Scan", Match[str]], int]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a comment or a string.

    Attributes:
        kind: ``COMMENT``, ``STRING``, or ``CODE`` for what looks like one and is none.
        pattern: Begins with a literal character; its own groups are named or not captured.
        step: What to do with a match, where the regular expression alone cannot tell.
    """

    kind: int
    pattern: str
    step: Step | None = None
