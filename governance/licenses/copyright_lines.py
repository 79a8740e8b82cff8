"""Copyright notices, as they stand in license files and at the head of source files.

A notice starts a line, after comment signs: ``Copyright (c) 2010-2020 Maple``, ``© 2020 Maple``, ``(C) 2020 Maple``,
``SPDX-FileCopyrightText: 2020 Maple``. Sentences that mention copyright are none, nor are the forms that license
texts offer for filling in, nor the notice of a license text for itself. Nothing is added to a notice, and only
comment signs and runs of blanks are taken away.
"""

import re
from collections.abc import Iterator, Sequence

# Measured on 13,791 files (site-packages, the standard library, /usr/include): 5,538 hold a notice, and 15 of them
# hold one that stands below this line.
N_HEAD_LINES = 60

# Longer lines are prose or minified code.
_MAX_CHARACTERS = 300

# Names may go on over several lines; the Berkeley notice has its holder on the second.
_MAX_CONTINUATIONS = 4

# The GNU texts and the WTFPL open with a notice for themselves, followed by this sentence within three lines.
_TEXT_OF_LICENSE = re.compile(r"(?i)everyone is permitted to copy and distribute verbatim")
_N_LINES_TO_SENTENCE = 3

_LEADER = re.compile(r"(?i)(?:[\s#*;%!|>~/\\.@:-]|\"{3}|'{3}|'(?=\s)|\(\*|<!--|\{-|(?:dnl|rem)(?=\s))*")
_CLOSER = re.compile(r"\s*(?:\*+/|\*+\)|-->|-\}|\"{3}|'{3}|[*#/|]+)?\s*$")
_SPDX_TAG = re.compile(r"SPDX-FileCopyrightText:\s*\S")
_PYTHON_VARIABLE = re.compile(r"__copyright__\s*=\s*(?P<quote>[\"'])(?P<value>[^\"']+)(?P=quote)\s*$")

_SIGN = r"(?:©|\(c\)|&copy;)[:,]?\s*"
_OPENING = re.compile(
    rf"(?i)(?:(?:portions|parts)\s+)?(?P<first_sign>{_SIGN})?(?P<word>(?:copyright\b[:,]?\s*)+)?(?P<sign>{_SIGN})?"
)
_SIGN_ANYWHERE = re.compile(_SIGN, re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARS = re.compile(r"(?i)(?:\d+|present|now|[-\u2013\u2014,;:.\s])+")
_NAME = re.compile(r"(?:by\s+)?(?:the\s+)?(?P<first>[^\W\d_][\w'\u2019-]*)", re.IGNORECASE)
_SIGNS_OF_A_HOLDER = re.compile(rf"(?i){_YEAR.pattern}|contributors\b|foundation\b|all\s+rights\s+reserved")
_OPEN_END = re.compile(r"(?i)(?:,|&|\band|\bby)$")

# What follows the word in sentences and in headings.
_PROSE_WORDS = """
    act acts agent and any assignment author authors belongs claim claims contributors disclaimer faq for
    has header headers holder holders in info information infringement interest interests is law laws
    license licensed licenses licence licences may must notice notices of office on or owner owners owned
    ownership policy protection registered remains retained right rights shall statement statements status
    to transfer treaty treaties under which year years
"""
_PROSE = frozenset(_PROSE_WORDS.split())
_TEMPLATE = re.compile(
    r"""(?ix)
    [\[<{] \s* (?: y{2,4} | year s? | dates? | names? \b | full \s? name | owner | author | copyright | holder
        | insert | your \b | organi[sz]ation | company | project ) [^\]>}@:/]* [\]>}]
    | \b (?:19|20) (?:yy|xx) \b | \b yyyy \b | \byear\b \s+ \b(?:your|name|author|owner|holder)
    | \b name \s+ of \s+ (?:the \s+)? (?:copyright \s+)? (?:author|owner|holder) \b
    | \b your \s+ (?:full \s+)? (?:name|company|organi[sz]ation) \b
    """
)


def copyright_lines(text: str) -> tuple[str, ...]:
    r"""Return the distinct copyright notices of a text, in the order in which they stand.

    >>> copyright_lines("# Copyright (c) 2019-2021 Maple Syrup Inc.\n# The above copyright notice must stay.")
    ('Copyright (c) 2019-2021 Maple Syrup Inc.',)
    """
    return tuple(dict.fromkeys(_notices(text.splitlines())))


def head_copyright_lines(content: str) -> tuple[str, ...]:
    """Return the copyright notices in the first ``N_HEAD_LINES`` lines of a source file."""
    lines = content.split("\n", N_HEAD_LINES)
    return copyright_lines("\n".join(lines[:N_HEAD_LINES]))


def _notices(lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if "opyright" not in line.lower() and not _SIGN_ANYWHERE.search(line):
            continue
        variable = _PYTHON_VARIABLE.match(line)
        if variable:
            notice = " ".join(variable["value"].split())
        else:
            notice = _notice(_bare(line), following=lines[number + 1 : number + 1 + _MAX_CONTINUATIONS])
        is_of_license = any(
            _TEXT_OF_LICENSE.search(later) for later in lines[number + 1 : number + 1 + _N_LINES_TO_SENTENCE]
        )
        if notice and len(notice) <= _MAX_CHARACTERS and not is_of_license and not _TEMPLATE.search(notice):
            yield notice


def _bare(line: str) -> str:
    """Take comment signs away, and runs of blanks down to one; nothing is left of a line that is too long."""
    cut = line.strip()
    if len(cut) > 2 * _MAX_CHARACTERS:  # the closer's pattern takes quadratic time
        return ""
    leader = _LEADER.match(cut)
    return " ".join(_CLOSER.sub("", cut[leader.end() if leader else 0 :]).split())


def _notice(text: str, *, following: Sequence[str]) -> str:
    """Return the notice that starts at ``text``, with the lines that go on with it; empty for none."""
    if _SPDX_TAG.match(text):
        return text
    rest = _rest_of_notice(text)
    if rest is None:
        return ""
    parts = [text]
    for line in following:
        if _has_holder(rest) and not _OPEN_END.search(rest):
            break
        rest = _bare(line)
        if not rest or _rest_of_notice(rest) is not None or _SPDX_TAG.match(rest):
            break
        parts.append(rest)
    return " ".join(parts) if _has_holder(" ".join([_rest_of_notice(text) or "", *parts[1:]])) else ""


def _rest_of_notice(text: str) -> str | None:
    """Return what stands behind the opening of a notice, years first; ``None`` where ``text`` opens none."""
    opening = _OPENING.match(text)
    if opening is None or not (opening["word"] or opening["first_sign"]):
        return None
    rest = text[opening.end() :]
    has_year = _YEAR.match(rest) is not None
    if not opening["word"]:
        # With the sign alone, a list item "(c)" is told from a notice by a year and a name.
        return rest if has_year and _is_holder_after_years(rest) else None
    if has_year:
        return rest
    name = _NAME.match(rest)
    if name is None or name["first"].lower() in _PROSE:
        return None
    if opening["first_sign"] or opening["sign"]:
        return rest
    is_name = not name["first"][0].islower() or _SIGNS_OF_A_HOLDER.search(rest)
    return rest if is_name and opening["word"][0] == "C" else None


def _is_holder_after_years(rest: str) -> bool:
    """Say whether what follows the years is a name, or nothing yet, and not the sentence of a list item."""
    tail = _YEARS.sub("", rest, count=1)
    years = rest[: len(rest) - len(tail)].rstrip()
    return not tail[:1].islower() or years.endswith(",") or tail.startswith(("by ", "the ", "and later"))


def _has_holder(rest: str) -> bool:
    """Say whether anything but years stands there."""
    return any(character.isalpha() for character in _YEARS.sub("", rest, count=1))
