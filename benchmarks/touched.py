"""Copies and how they are touched: functions out of files, other layouts, a place in other code, the true extent."""

import ast
import random
import textwrap
from collections.abc import Callable, Iterator

MIN_LINES, MAX_LINES = 8, 40


def embedded(copied: str, around: str, rng: random.Random, *, n_around: int) -> tuple[str, int]:
    """Set a copy between two stretches of other code; return the text and where the copy starts."""
    at = rng.randrange(len(around) - 2 * n_around)
    before, after = around[at : at + n_around], around[at + n_around : at + 2 * n_around]
    return before + copied + after, len(before)


def maximal_extent(text: str, start: int, end: int, source: str) -> tuple[int, int]:
    """Return the longest stretch around ``[start, end)`` of ``text`` that stands in ``source``, to the character."""
    best = (start, end)
    at = source.find(text[start:end])
    while at >= 0:
        low, high = start, end
        while low > 0 and at - (start - low) > 0 and text[low - 1] == source[at - (start - low) - 1]:
            low -= 1
        stored_end = at + end - start
        while (
            high < len(text) and stored_end + high - end < len(source) and text[high] == source[stored_end + high - end]
        ):
            high += 1
        if high - low > best[1] - best[0]:
            best = (low, high)
        at = source.find(text[start:end], at + 1)
    return best


def functions(texts: list[str], rng: random.Random) -> Iterator[tuple[int, str]]:
    """Yield random Python functions of 8 to 40 lines that parse by themselves, one a text, with the text's number."""
    order = list(range(len(texts)))
    rng.shuffle(order)
    for number in order:
        try:
            tree = ast.parse(texts[number])
        except (SyntaxError, ValueError, RecursionError):
            continue
        lines = texts[number].split("\n")
        found = [
            textwrap.dedent("\n".join(lines[node.lineno - 1 : node.end_lineno]))
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
            and node.end_lineno is not None
            and MIN_LINES <= node.end_lineno - node.lineno + 1 <= MAX_LINES
        ]
        parsing = [code for code in found if _parses(code)]
        if parsing:
            yield number, rng.choice(parsing)


def reindented(code: str) -> str:
    """V1: one tab a level, blank lines dropped."""
    lines = [line for line in code.split("\n") if line.strip()]
    return "\n".join("\t" * ((len(line) - len(line.lstrip(" "))) // 4) + line.lstrip(" ") for line in lines)


def unparsed(code: str) -> str:
    """V2: comments gone, quotes and line wraps as ``ast.unparse`` writes them."""
    return ast.unparse(ast.parse(code))


def windows_lines(code: str) -> str:
    """Line ends of Windows."""
    return code.replace("\n", "\r\n")


LAYOUTS: dict[str, Callable[[str], str]] = {
    "as they are (V0)": str,
    "re-indented, no blank lines (V1)": reindented,
    "CRLF": windows_lines,
    "ast.unparse (V2)": unparsed,
}


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True
