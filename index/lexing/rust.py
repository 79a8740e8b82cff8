"""Forms of Rust: nested comments, raw strings with hashes, characters told from lifetimes."""

import re
from re import Match

from codewhence.index.lexing.c_family import APOSTROPHE
from codewhence.index.lexing.forms import COMMENT, STRING, Form, Scan
from codewhence.index.lexing.vocabulary import line_comment, quoted_lines, raw

_NESTED_MARK = re.compile(r"/\*|\*/")


def nested_comment(scan: Scan, match: Match[str]) -> int:
    """Step of a block comment that may hold others; without its end it runs to the end of the text."""
    depth, end = 1, len(scan.text)
    for mark in _NESTED_MARK.finditer(scan.text, match.end()):
        depth += 1 if mark[0] == "/*" else -1
        if not depth:
            end = mark.end()
            break
    scan.add(COMMENT, match.start(), end)
    return end


NESTED_COMMENT = Form(COMMENT, r"/\*", nested_comment)
# '\u{10FFFF}' is the longest; anything else after an apostrophe is a lifetime or a label.
CHARACTER = Form(STRING, r"'(?:[^'\\\n]|\\[^\n][^'\\\n]{0,10})'")
RUST = (
    line_comment("//"),
    NESTED_COMMENT,
    raw('"', after='(?<=r")'),
    quoted_lines('"'),
    Form(STRING, r"""#(?<=r#)(?P<hashes>#*+)"(?:.*?"#(?P=hashes)|.*+)"""),
    CHARACTER,
    APOSTROPHE,
)
