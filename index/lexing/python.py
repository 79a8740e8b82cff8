r"""Forms of Python. Interpolations of f-strings and t-strings (PEP 498, 701, 750) are code, as Pygments has it.

The braces, the conversion (``!r``) and the format specification belong to the string.
"""

import re
from re import Match, Pattern

from codewhence.index.lexing.forms import CODE, STRING, Form, Hole, Scan
from codewhence.index.lexing.scan import close_bracket, close_inner_bracket, end_of_line, open_bracket
from codewhence.index.lexing.vocabulary import line_comment, quoted, triple_quoted

# Up to the closing quotes, an interpolation, or (in strings of one line) the end of the line.
_NAMED = r"\\N\{[^{}\"'\n]*+\}"


def _body(quotes: str) -> Pattern[str]:
    quote = quotes[0]
    stop = r"\n" if len(quotes) == 1 else ""
    single = "" if len(quotes) == 1 else rf"|{quote}(?!{quote}{quote})"
    plain = rf"[^{quote}\\{{}}{stop}]*+"
    special = rf"{_NAMED}|\\(?:\r\n|[^{{}}])?|\{{\{{|\}}{single}"
    return re.compile(rf"{plain}(?:(?:{special}){plain})*+(?P<end>{quotes}|\{{|)", re.DOTALL)


_BODIES = {quotes: _body(quotes) for quotes in ('"', "'", '"""', "'''")}
_SPECIFICATION = re.compile(r"[^{}\n\"']*+(?P<end>\{)?")


def _open(scan: Scan, match: Match[str]) -> int:
    quotes = match[0]
    return _continue(scan, match.start(), match.end(), quotes)


def _continue(scan: Scan, start: int, position: int, quotes: str) -> int:
    """Go on with an f-string whose current piece begins at ``start`` and is read up to ``position``."""
    found = _BODIES[quotes].match(scan.text, position)
    end = found.end() if found else position
    scan.add(STRING, start, end)
    if found and found["end"] == "{":

        def resume(scan: Scan, brace: int) -> int:
            return _continue(scan, brace, brace + 1, quotes)

        scan.holes.append(Hole(resume, stops_at_line_end=len(quotes) == 1))
    return end


def _specification(scan: Scan, match: Match[str]) -> int:
    """Read the ``:>{width}`` of an interpolation."""
    hole = scan.holes[-1]
    return match.end() if hole.depth else _continue_specification(scan, match.start())


def _continue_specification(scan: Scan, start: int) -> int:
    """Go on with a format specification after its colon or after an interpolation of its own."""
    found = _SPECIFICATION.match(scan.text, start + 1)
    end = found.end() if found else start + 1
    scan.add(STRING, start, end)
    if found and found["end"]:
        one_line = scan.holes[-1].stops_at_line_end
        scan.holes.append(Hole(_continue_specification, stops_at_line_end=one_line))
    return end


def _interpolated(quote: str) -> str:
    """Return the lookbehinds for a quote that follows one of the prefixes f, t, rf, fr, rt, tr."""
    one = rf"(?<=[fFtT]{quote})(?<!\w.{quote})"
    two = rf"(?:(?<=[rR][fFtT]{quote})|(?<=[fFtT][rR]{quote}))(?<!\w..{quote})"
    return rf"(?:{one}|{two})"


PYTHON = (
    line_comment("#"),
    Form(STRING, rf"""\"{_interpolated('"')}(?:"")?""", _open),
    triple_quoted('"'),
    quoted('"'),
    Form(STRING, rf"""'{_interpolated("'")}(?:'')?""", _open),
    triple_quoted("'"),
    quoted("'"),
)
PYTHON_HOLE = (
    *PYTHON,
    Form(CODE, r"\{", open_bracket),
    Form(CODE, r"\(", open_bracket),
    Form(CODE, r"\[", open_bracket),
    Form(CODE, r"\)", close_inner_bracket),
    Form(CODE, r"\]", close_inner_bracket),
    Form(CODE, r"\}", close_bracket),
    Form(STRING, r"![rsa](?=[:}])"),
    Form(CODE, r":", _specification),
    Form(CODE, r"\n", end_of_line),
)
