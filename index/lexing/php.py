"""Forms of PHP; what stands outside of ``<?php … ?>`` is markup and counts as code."""

import re
from re import Match

from codewhence.index.lexing.c_family import BLOCK
from codewhence.index.lexing.forms import CODE, COMMENT, STRING, Form, Hole, Scan
from codewhence.index.lexing.heredoc import end_of_heredoc
from codewhence.index.lexing.scan import close_bracket, open_bracket
from codewhence.index.lexing.vocabulary import quoted_lines, quoted_without

# A comment of one line also ends where PHP does.
_REST_OF_LINE = r"[^\n?]*+(?:\?(?!>)[^\n?]*+)*+"
_OPENING = r"<\?(?!xml)"
_MARKUP = rf"[^<]*+(?:(?!{_OPENING})<[^<]*+)*+(?:{_OPENING})?"
# A text without any opening is a piece of PHP.
LEAD_IN = re.compile(rf"(?=.*?{_OPENING}){_MARKUP}", re.DOTALL)
_INTERPOLATED = re.compile(r"[^\"\\{]*+(?:(?:\\.?|\{(?!\$))[^\"\\{]*+)*+(?:\"|\{|)", re.DOTALL)


def _double_quote(scan: Scan, match: Match[str]) -> int:
    return _continue(scan, match.start())


def _continue(scan: Scan, start: int) -> int:
    """Go on with a string from its first quote or from the brace that closes ``{$…}``."""
    found = _INTERPOLATED.match(scan.text, start + 1)
    end = found.end() if found else start + 1
    scan.add(STRING, start, end)
    if scan.text.endswith("{", start + 1, end):
        scan.holes.append(Hole(_continue))
    return end


def _heredoc(scan: Scan, match: Match[str]) -> int:
    """Read a heredoc or nowdoc whole; variables in it belong to the string, as Pygments has it."""
    end = end_of_heredoc(scan, match["tag"], match.end(), may_be_indented=True, whole_line=False)
    if end is None:
        return match.end()
    scan.add(STRING, match.start(), end)
    return end


PHP = (
    BLOCK,
    Form(COMMENT, rf"//{_REST_OF_LINE}"),
    Form(COMMENT, rf"#(?!\[){_REST_OF_LINE}"),
    quoted_lines("'"),
    quoted_without('"', "{"),
    Form(STRING, r"\"", _double_quote),
    quoted_lines("`"),
    Form(STRING, r"<<<[ \t]*+(?P<mark>[\"']?)(?P<tag>[^\W\d]\w*+)(?P=mark)\r?\n", _heredoc),
    Form(CODE, rf"\?>{_MARKUP}"),
)
PHP_HOLE = (*PHP, Form(CODE, r"\{", open_bracket), Form(CODE, r"\}", close_bracket))
