"""One pass over a text: forms in their order, a stack for code inside of strings."""

import re
from collections.abc import Sequence
from re import Match, Pattern

from codewhence.index.lexing.forms import CODE, Form, Scan, Step

# Times the length of the text. Real files use less than three; so a made one takes linear time.
READ_AHEAD = 32


class Grammar:
    """Forms compiled to one alternation."""

    def __init__(self, forms: tuple[Form, ...]) -> None:
        self.pattern: Pattern[str] = re.compile("|".join(f"{form.pattern}()" for form in forms), re.DOTALL)
        # By the group that closes last: each form's own, empty one.
        self.steps: list[Step | None] = [None] * (self.pattern.groups + 1)
        self.kinds: list[int] = [CODE] * (self.pattern.groups + 1)
        group = 0
        for form in forms:
            group += re.compile(form.pattern).groups + 1
            self.steps[group] = form.step
            self.kinds[group] = form.kind


def run(scan: Scan, grammars: Sequence[Grammar], start: int, end: int) -> None:
    """Scan a text from ``start`` to ``end``, or as far beyond as a string reaches that begins before.

    Args:
        scan: Holds the regions afterwards.
        grammars: By ``Scan.mode``: plain code; code in a hole, with the marks that end it; each of them again with the
            line end after which a heredoc begins.
        start: First code point to look at.
        end: One past the last.
    """
    position: int | None = start
    while position is not None:
        position = _run_from(scan, position, end, grammars[scan.mode()])


def _run_from(scan: Scan, position: int, end_of_scan: int, grammar: Grammar) -> int | None:
    """Scan until a step moves the position or changes the mode; return where to go on, None at the end."""
    steps, kinds = grammar.steps, grammar.kinds
    mode = scan.mode()
    add_start, add_end, add_kind = scan.starts.append, scan.ends.append, scan.kinds.append
    for match in grammar.pattern.finditer(scan.text, position, end_of_scan):
        form = match.lastindex or 0
        step = steps[form]
        if step is None:
            start, end = match.span()
            add_start(start)
            add_end(end)
            add_kind(kinds[form])
            continue
        end = step(scan, match)
        if end != match.end() or scan.mode() != mode:
            return end
    return None


def open_bracket(scan: Scan, match: Match[str]) -> int:
    """Step of an opening bracket inside of a hole."""
    scan.holes[-1].depth += 1
    return match.end()


def close_bracket(scan: Scan, match: Match[str]) -> int:
    """Step of the closing bracket that may end a hole."""
    hole = scan.holes[-1]
    if hole.depth:
        hole.depth -= 1
        return match.end()
    scan.holes.pop()
    return hole.resume(scan, match.start())


def close_inner_bracket(scan: Scan, match: Match[str]) -> int:
    """Step of a closing bracket that never ends a hole."""
    hole = scan.holes[-1]
    hole.depth = max(0, hole.depth - 1)
    return match.end()


def end_of_line(scan: Scan, match: Match[str]) -> int:
    """Step of a line end inside of a hole: a string of one line ends with it, so that a slip costs one line."""
    while scan.holes and scan.holes[-1].stops_at_line_end:
        scan.holes.pop()
    return match.end()
