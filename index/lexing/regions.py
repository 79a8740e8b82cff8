"""The comments and strings of a text as spans of code points."""

from dataclasses import dataclass
from re import Pattern

import numpy as np
from numpy.typing import NDArray

from codewhence.index.lexing.forms import CODE, COMMENT, STRING, Scan
from codewhence.index.lexing.scan import READ_AHEAD, run
from codewhence.index.lexing.table import Rules, rules_of
from codewhence.index.tokens import code_points

__all__ = ["CODE", "COMMENT", "STRING", "Regions", "regions"]

_LONGEST_PREFIX = 3
_IS_QUOTE = np.isin(np.arange(128), [ord(mark) for mark in "\"'#"])
_MAY_BE_PREFIX = np.array([chr(code).isalnum() or chr(code) == "$" for code in range(128)])


@dataclass(frozen=True, slots=True)
class Regions:
    """The comments and strings of a text; everything between them is code.

    Attributes:
        starts: First code point of each region. Shape ``(n_regions,)``, int64, increasing.
        ends: One past its last code point, at most the next start. Shape ``(n_regions,)``, int64.
        kinds: ``COMMENT`` = 1 or ``STRING`` = 2. Shape ``(n_regions,)``, uint8.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    kinds: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.starts)


def regions(text: str, language: str | None) -> Regions | None:
    r"""Find the comments and strings of a source text, in one pass, in time linear in its length.

    Best effort on what is no whole, valid file: never an error. A string of one line without its end stops at the end
    of the line; a comment or a string over many lines without its end runs to the end of the text.

    Args:
        text: Any text; its code points are counted as they are.
        language: Linguist's name in lower case, as ``index/languages.py`` gives it.

    Returns:
        None for a language without rules.

    >>> found = regions("x = 'a'  # b\n", "python")
    >>> list(zip(found.starts.tolist(), found.ends.tolist(), found.kinds.tolist()))
    [(4, 7, 2), (9, 12, 1)]
    >>> regions("x", "brainfuck") is None
    True
    """
    rules = rules_of(language)
    if rules is None:
        return None
    scan = _scanned(text, rules)
    starts = np.array(scan.starts, dtype=np.int64)
    ends = np.array(scan.ends, dtype=np.int64)
    kinds = np.array(scan.kinds, dtype=np.uint8)
    kept = (kinds != CODE) & (ends > starts)
    starts, ends, kinds = starts[kept], ends[kept], kinds[kept]
    if rules.prefix is not None:
        _take_prefixes(text, starts, ends, rules.prefix)
    return Regions(starts, ends, kinds)


def _scanned(text: str, rules: Rules) -> Scan:
    scan = Scan(text, budget=READ_AHEAD * len(text) + 1024)
    start = 0
    if rules.has_hashbang and text.startswith("#!"):
        start = text.find("\n") if "\n" in text else len(text)
        scan.add(COMMENT, 0, start)
    lead_in = rules.lead_in.match(text, start) if rules.lead_in else None
    start = lead_in.end() if lead_in else start
    while True:
        data = _start_of_data(text, rules.data_mark, start)
        run(scan, rules.grammars, start, data)
        reached = scan.ends[-1] if scan.ends else 0
        if reached <= data:
            break
        start = reached  # the mark stands in a string
    scan.add(COMMENT, data, len(text))
    return scan


def _start_of_data(text: str, mark: str, start: int) -> int:
    """Return where the line begins that says that no code follows, the end of the text where there is none."""
    place = text.find(mark, start) if mark else -1
    while place >= 0:
        end = place + len(mark)
        if text[place - 1 : place] in ("", "\n") and text[end : end + 1] in ("", "\n", "\r"):
            return place
        place = text.find(mark, end)
    return len(text)


def _take_prefixes(text: str, starts: NDArray[np.int64], ends: NDArray[np.int64], prefix: Pattern[str]) -> None:
    """Move the start of each quoted string over the characters before it that belong to it, such as ``rb`` or ``L``."""
    codes = code_points(text)
    # Beyond ASCII wraps into the table; the pattern decides.
    firsts, befores = codes[starts] & 127, codes[np.maximum(starts - 1, 0)] & 127
    for row in np.flatnonzero(_IS_QUOTE[firsts] & _MAY_BE_PREFIX[befores]).tolist():
        start = int(starts[row])
        floor = max(int(ends[row - 1]) if row else 0, start - _LONGEST_PREFIX - 1)
        found = prefix.search(text, floor, start)
        if found:
            starts[row] = found.start()
