"""Forms of the shell: expansions in double quotes are code, heredocs are strings as a whole."""

import re
from re import Match

from codewhence.index.lexing.forms import CODE, COMMENT, STRING, Form, Hole, Scan
from codewhence.index.lexing.heredoc import begin_heredoc
from codewhence.index.lexing.vocabulary import quoted_lines, quoted_without, raw

_DOUBLE_QUOTED = re.compile(
    r"""[^"\\$]*+(?:(?:\\.?|\$(?![({\w#$?!*@-]))[^"\\$]*+)*+(?P<end>"|\$\{|\$\(|\$(?:[^\W\d]\w*+|.)|)""", re.DOTALL
)
_NAME_AND_BRACE = re.compile(r"\w++\}")


def _double_quote(scan: Scan, match: Match[str]) -> int:
    return _continue(scan, match.start(), match.end())


def _continue(scan: Scan, start: int, position: int) -> int:
    """Go on with a string whose current piece begins at ``start`` and is read up to ``position``."""
    while True:
        found = _DOUBLE_QUOTED.match(scan.text, position)
        mark = found["end"] if found else ""
        end = found.end() if found else position
        if mark == "${":
            scan.add(STRING, start, end)
            simple = _NAME_AND_BRACE.match(scan.text, end)
            if simple is None:
                scan.holes.append(Hole(_after_brace))
                return end
            start, position = simple.end() - 1, simple.end()
            continue
        if mark in ("", '"'):
            scan.add(STRING, start, end)
            return end
        scan.add(STRING, start, end - len(mark))
        if mark == "$(":
            scan.holes.append(Hole(_after_parenthesis, closes=")"))
            return end
        start = position = end


def _after_brace(scan: Scan, place: int) -> int:
    return _continue(scan, place, place + 1)


def _after_parenthesis(scan: Scan, place: int) -> int:
    return _continue(scan, place + 1, place + 1)


def _simple_expansion(scan: Scan, match: Match[str]) -> int:
    """Record the marks of ``${name}`` outside of quotes."""
    scan.add(STRING, match.start(), match.start("name"))
    scan.add(STRING, match.end() - 1, match.end())
    return match.end()


def _expansion(scan: Scan, match: Match[str]) -> int:
    """Record the marks of ``${name:-x}`` outside of quotes as inside: adding the quotes changes nothing."""
    scan.add(STRING, match.start(), match.end())
    scan.holes.append(Hole(_after_expansion))
    return match.end()


def _after_expansion(scan: Scan, place: int) -> int:
    scan.add(STRING, place, place + 1)
    return place + 1


def _open(scan: Scan, match: Match[str]) -> int:
    hole = scan.holes[-1]
    hole.depth += (hole.closes == ")") == (match[0] == "(")
    return match.end()


def _close(scan: Scan, match: Match[str]) -> int:
    hole = scan.holes[-1]
    if hole.closes != match[0]:
        return match.end()
    if hole.depth:
        hole.depth -= 1
        return match.end()
    scan.holes.pop()
    return hole.resume(scan, match.start())


def _heredoc(scan: Scan, match: Match[str]) -> int:
    return begin_heredoc(scan, match, match["tag"], start=match.start(), may_be_indented=bool(match["dash"]))


SHELL = (
    Form(COMMENT, r"#(?<![^\s;|&()`]#)[^\n]*+"),
    Form(CODE, r"\\\r?\n"),
    Form(STRING, r"\\[^\n]"),
    quoted_lines("'", after=r"(?<=\$')"),
    raw("'"),
    quoted_without('"', "$"),
    Form(STRING, r"\"", _double_quote),
    Form(STRING, r"\$\{#?+(?P<name>\w++)\}", _simple_expansion),
    Form(STRING, r"\$\{#?", _expansion),
    Form(CODE, r"<<<"),
    Form(STRING, r"<<(?P<dash>-?)[ \t]*+(?P<mark>['\"]?)\\?(?P<tag>[^\W\d][\w.!-]*+)(?P=mark)", _heredoc),
)
SHELL_HOLE = (
    *SHELL,
    Form(CODE, r"\(", _open),
    Form(CODE, r"\{", _open),
    Form(CODE, r"\)", _close),
    Form(CODE, r"\}", _close),
)
