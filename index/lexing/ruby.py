"""Forms of Ruby: interpolations are code, symbols are strings, a slash begins a regular expression or divides."""

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from re import Match, Pattern

from codewhence.index.lexing.context import code_before, last_word
from codewhence.index.lexing.forms import CODE, COMMENT, STRING, Form, Hole, Scan
from codewhence.index.lexing.heredoc import begin_heredoc
from codewhence.index.lexing.scan import close_bracket, open_bracket
from codewhence.index.lexing.vocabulary import line_comment, quoted_lines, quoted_without

_WITHOUT_HOLES = ("q", "w", "i", "s")
_AFTER_A_DIVISION = ("", " ", "\t", "\n", "=")
_OPTIONS = re.compile(r"[a-z]*+")
_ONE_LINE = re.compile(r"[^/\\\n]*+(?:\\[^\n][^/\\\n]*+)*+/")
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_AFTER_A_VALUE = frozenset(")]}\"'`")
# Words after which a value begins; any other word ends one, or names a method whose argument follows.
_WORDS = "and begin case do else elsif ensure if in not or puts raise rescue return then unless until when while yield"
_BEFORE_A_VALUE = frozenset(_WORDS.split())


@dataclass(frozen=True, slots=True)
class _Literal:
    """How a literal goes on: up to ``mark``, which is its end, a bracket of its own kind or an interpolation."""

    rest: Pattern[str]
    closing: str
    has_options: bool


@lru_cache(maxsize=256)
def _literal(opening: str, *, hole: str, has_options: bool = False) -> _Literal:
    """Return the rest of a literal.

    Args:
        opening: Its first mark, of ASCII; brackets nest.
        hole: ``#{``, or empty where the literal has no interpolations.
        has_options: Whether letters may follow its end, as after a regular expression.
    """
    closing = _CLOSING.get(opening, opening)
    stops = "".join(rf"\{mark}" for mark in sorted({closing, opening, *hole[:1]}))
    marks = [rf"\{mark}" for mark in sorted({closing, opening})]
    no_hole = r"|\#(?!\{)" if hole and opening != "#" else ""
    marks = [r"\#\{", *marks] if hole else marks
    plain = rf"[^\\{stops}]*+"
    rest = rf"{plain}(?:(?:\\.?{no_hole}){plain})*+(?P<mark>{'|'.join(marks)}|)"
    return _Literal(re.compile(rest, re.DOTALL), closing, has_options)


def _read(scan: Scan, literal: _Literal, start: int, position: int, depth: int = 0) -> int:
    """Go on with a literal whose current piece begins at ``start`` and is read up to ``position``.

    Args:
        scan: Where the pieces are recorded.
        literal: What it is.
        start: First code point of the piece.
        position: Where to read on.
        depth: Brackets of its own kind that are open in it.
    """
    while True:
        found = literal.rest.match(scan.text, position)
        mark = found["mark"] if found else ""
        position = found.end() if found else position
        if mark == "#{":
            scan.holes.append(Hole(partial(_resume, literal, depth)))
        elif mark and mark != literal.closing:
            depth += 1
            continue
        elif mark and depth:
            depth -= 1
            continue
        elif mark and literal.has_options:
            options = _OPTIONS.match(scan.text, position)
            position = options.end() if options else position
        scan.add(STRING, start, position)
        return position


def _resume(literal: _Literal, depth: int, scan: Scan, brace: int) -> int:
    return _read(scan, literal, brace, brace + 1, depth)


def _quote(scan: Scan, match: Match[str]) -> int:
    return _read(scan, _literal(match[0][-1], hole="#{"), match.start(), match.end())


def _percent(scan: Scan, match: Match[str]) -> int:
    """Read ``%w[a b]`` and its kin; without a letter it may be a remainder."""
    letter = match["letter"]
    if not letter and not _value_may_begin(scan, match.start(), match.end()):
        return match.end() - 1
    hole = "" if letter in _WITHOUT_HOLES else "#{"
    literal = _literal(match["opening"], hole=hole, has_options=letter == "r")
    return _read(scan, literal, match.start(), match.end())


def _slash(scan: Scan, match: Match[str]) -> int:
    """Read a regular expression, or pass over a division."""
    start, end = match.span()
    if not _value_may_begin(scan, start, end):
        return end
    # The argument of a method stands on one line; a slip must not cost the rest of the file.
    if last_word(code_before(scan, start)) and not _ONE_LINE.match(scan.text, end):
        return end
    return _read(scan, _literal("/", hole="#{", has_options=True), match.start(), match.end())


def _value_may_begin(scan: Scan, start: int, end: int) -> bool:
    """Say whether a value may begin with the mark at ``[start, end)``, by what stands before and after it."""
    before = code_before(scan, start)
    word = last_word(before)
    if not word:
        return before[-1:] not in _AFTER_A_VALUE
    if word in _BEFORE_A_VALUE:
        return True
    # `match /x/` passes an argument, `a / b` and `a/b` divide.
    text = scan.text
    return text[start - 1].isspace() and not word[0].isdigit() and text[end : end + 1] not in _AFTER_A_DIVISION


def _heredoc(scan: Scan, match: Match[str]) -> int:
    if match["tag"] == "self":
        return match.end()
    return begin_heredoc(scan, match, match["tag"], start=match.start("mark"), may_be_indented=bool(match["dash"]))


_OPERATOR = r"\[\]=?|\*\*|<=>|===?|=~|![=~]?|<<|>>|<=|>=|[+-]@|[-+*/%<>&|^~`]"
RUBY = (
    line_comment("#"),
    Form(COMMENT, r"=(?<![^\n]=)begin\b(?:.*?\n=end[^\n]*+|.*+)"),
    quoted_without('"', "#"),
    Form(STRING, r"\"", _quote),
    quoted_lines("'"),
    Form(CODE, r"`(?<=[.]`)"),
    Form(STRING, r"`", _quote),
    Form(CODE, r"::"),
    Form(STRING, r":\"", _quote),
    Form(STRING, r":'[^'\\]*+(?:\\.?[^'\\]*+)*+'?"),
    Form(STRING, rf":(?<![\w:]:)(?:@{{0,2}}[^\W\d]\w*+[?!]?|{_OPERATOR})"),
    Form(STRING, r"%(?P<letter>[QqWwIixrs]?)(?P<opening>[!-/:-<>-@\[-`{-~])", _percent),
    Form(STRING, r"/", _slash),
    Form(STRING, r"\?(?<![\w)\]}?!]\?)(?:\\[^\n]|[^\s\\\w]|\w(?!\w))"),
    Form(STRING, r"<<(?<![\w)\]}]<<)(?P<dash>[~-]?)(?P<mark>[\"'`]?)(?P<tag>[^\W\d]\w*+)(?P=mark)", _heredoc),
    Form(CODE, r"\$[^\w\s]"),
)
RUBY_HOLE = (*RUBY, Form(CODE, r"\{", open_bracket), Form(CODE, r"\}", close_bracket))
