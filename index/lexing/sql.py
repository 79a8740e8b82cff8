"""Forms of SQL: the standard's quotes, PostgreSQL's dollar quotes and escapes, comments that nest."""

import re
from re import Match

from codewhence.index.lexing.forms import STRING, Form, Scan
from codewhence.index.lexing.rust import NESTED_COMMENT
from codewhence.index.lexing.vocabulary import line_comment, quoted_lines, raw

# The body of a function or of DO is code, so that copied procedures are seen; any other dollar quote is a string.
_BEFORE_A_BODY = re.compile(r"\b(?:as|do|language\s++['\"]?\w{1,32}['\"]?)\s*+\Z", re.IGNORECASE)
_LANGUAGE = re.compile(r"\blanguage\s++['\"]?(\w++)", re.IGNORECASE)
_OWN_LANGUAGES = frozenset({"sql", "plpgsql"})
_NEAR_CHARS = 200  # a function's header and its options after the body


def _dollar_quote(scan: Scan, match: Match[str]) -> int:
    """Read a dollar quote (PostgreSQL 4.1.2.4): whole, or its two tags around code."""
    tag, start, end = match[0], match.start(), match.end()
    if tag == scan.open_tag:
        scan.open_tag = ""
        scan.add(STRING, start, end)
        return end
    if scan.text[start - 1 : start].isalnum() or scan.budget <= 0:
        return end
    close = scan.text.find(tag, end)
    close = len(scan.text) if close < 0 else close
    after_close = min(close + len(tag), len(scan.text))
    scan.budget -= close - start
    if scan.open_tag or not _BEFORE_A_BODY.search(scan.text, max(0, start - _NEAR_CHARS), start):
        scan.add(STRING, start, after_close)
        return after_close
    scan.add(STRING, start, end)
    if _language(scan.text, start, close) in _OWN_LANGUAGES:
        scan.open_tag = tag
        return end
    # Perl or Python: code, whose own comments and strings are not looked for.
    scan.add(STRING, close, after_close)
    return after_close


def _language(text: str, start: int, close: int) -> str:
    """Return the language of the body between ``start`` and ``close``, named after it or before it."""
    after = text[close : close + _NEAR_CHARS].partition(";")[0]
    before = text[max(0, start - _NEAR_CHARS) : start].rpartition(";")[2]
    found = _LANGUAGE.search(after) or _LANGUAGE.search(before)
    return found[1].lower() if found else "plpgsql"


SQL = (
    line_comment("--"),
    line_comment(r"#(?<![^\n]#)"),  # MySQL's, at the start of a line only: PostgreSQL has an operator #
    NESTED_COMMENT,
    quoted_lines("'", after="(?<=[eE]')(?<!\\w.')"),
    raw("'"),  # a doubled quote reads as two strings side by side
    raw('"'),
    Form(STRING, r"\$(?:[^\W\d]\w{0,62}+)?+\$", _dollar_quote),
)
