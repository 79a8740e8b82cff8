"""Forms of JavaScript and TypeScript: templates with code inside, and regular expressions told from divisions."""

import re
from re import Match

from codewhence.index.lexing.c_family import APOSTROPHE, BLOCK, LINE
from codewhence.index.lexing.context import code_before, last_word
from codewhence.index.lexing.forms import CODE, STRING, Form, Hole, Scan
from codewhence.index.lexing.scan import close_bracket, open_bracket
from codewhence.index.lexing.vocabulary import quoted

_TEMPLATE = re.compile(r"[^`\\$]*+(?:(?:\\.?|\$(?!\{))[^`\\$]*+)*+(?:`|\$\{|)", re.DOTALL)
_REGEX = re.compile(r"/(?:[^/\\\[\n]++|\\[^\n]|\[(?:[^\]\\\n]++|\\[^\n])*+\]?+)++(?P<end>/[A-Za-z]*+)?")
# Words after which a value begins, so a slash begins a regular expression and a quote a string.
WORDS_BEFORE_A_VALUE = (
    "await", "case", "default", "delete", "do", "else", "export", "extends", "from", "import", "in", "instanceof",
    "new", "of", "return", "throw", "typeof", "void", "yield",
)  # fmt: skip
# A tag of JSX is no value, but its slash begins no regular expression either.
_AFTER_A_VALUE = frozenset(")]}.<\"'`")
_BEFORE_A_VALUE = frozenset(WORDS_BEFORE_A_VALUE)


def _template(scan: Scan, match: Match[str]) -> int:
    return _continue_template(scan, match.start())


def _continue_template(scan: Scan, start: int) -> int:
    """Go on with a template from its first backquote or from the brace that closes an interpolation."""
    found = _TEMPLATE.match(scan.text, start + 1)
    end = found.end() if found else start + 1
    scan.add(STRING, start, end)
    if scan.text.endswith("${", start + 1, end):
        scan.holes.append(Hole(_continue_template))
    return end


def _slash(scan: Scan, match: Match[str]) -> int:
    """Decide between a division and a regular expression by what stands before it."""
    start = match.start()
    if not _value_may_begin(scan, start):
        return match.end()
    found = _REGEX.match(scan.text, start) if scan.budget > 0 else None
    if found is None:
        return match.end()
    if found["end"] is None:
        scan.budget -= found.end() - start
        return match.end()
    scan.add(STRING, start, found.end())
    return found.end()


def _value_may_begin(scan: Scan, place: int) -> bool:
    """Say whether a value may begin at ``place``, by the last word or mark before it that is no comment."""
    before = code_before(scan, place)
    word = last_word(before)
    return word in _BEFORE_A_VALUE if word else before[-1:] not in _AFTER_A_VALUE


_AFTER_A_WORD = "|".join(rf"(?<=\b{word}')" for word in WORDS_BEFORE_A_VALUE)
JAVASCRIPT = (
    BLOCK,
    LINE,
    Form(STRING, r"/", _slash),
    Form(STRING, r"`", _template),
    quoted('"'),
    # An apostrophe within a word is prose between the tags of JSX.
    quoted("'", after=rf"(?:(?<!\w')|{_AFTER_A_WORD})"),
    APOSTROPHE,
)
JAVASCRIPT_HOLE = (*JAVASCRIPT, Form(CODE, r"\{", open_bracket), Form(CODE, r"\}", close_bracket))
