"""What stands before a mark that means one thing where a value begins and another where one has ended."""

import re

from codewhence.index.lexing.forms import COMMENT, Scan

_NEAR_CHARS = 64  # nearly always enough; a longer run of blanks is read whole
_LAST_WORD = re.compile(r"[\w$@]+[?!]?\Z")
_LONGEST_WORD = 16


def code_before(scan: Scan, place: int) -> str:
    """Return some of the code before ``place``, blanks and comments at its end left out; empty at the text's start.

    A string that ends there is returned with its closing quote. Linear over a whole scan: what is passed over here
    stands before one mark only.
    """
    text = scan.text
    region = len(scan.ends) - 1
    while True:
        floor = scan.ends[region] if region >= 0 else 0
        before = text[max(floor, place - _NEAR_CHARS) : place].rstrip()
        if not before and place - _NEAR_CHARS > floor:
            before = text[floor:place].rstrip()
        if before:
            return before
        if region < 0:
            return ""
        if scan.kinds[region] != COMMENT:
            return text[scan.ends[region] - 1]
        place = scan.starts[region]
        region -= 1


def last_word(code: str) -> str:
    """Return the word at the end of ``code``, cut to a length no keyword has; empty where it ends in a mark."""
    found = _LAST_WORD.search(code[-_LONGEST_WORD:])
    return found[0] if found else ""
