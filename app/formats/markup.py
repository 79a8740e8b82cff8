"""Text of others as Markdown in which nothing of it is markup: by references, by backslashes, or as a code span."""

import re

from codewhence.app.formats.columns import without_start
from codewhence.app.formats.wording import visible

# No path on a page needs more, and one name must not fill a comment.
_MAX_CELLS = 300

# All that CommonMark, GFM tables, HTML or GitHub (mentions, emoji, math, references) could take for markup inside a
# line, autolinks included.
_MARKUP = re.compile(r"[&<>`|*_~\[\]\\#@$!]|:(?!\d)|(?<=www)\.")
_BACKTICKS = re.compile("`+")


def referenced(text: str) -> str:
    """Return ``text`` with character references, which hold everywhere, table cells and HTML elements included.

    >>> referenced("a|b <i>")
    'a&#124;b &#60;i&#62;'
    """
    return _MARKUP.sub(_reference, _shortened(text))


def backslashed(text: str) -> str:
    r"""Return ``text`` with backslashes, for Markdown that must not look like HTML.

    >>> print(backslashed("a*b*"))
    a\*b\*
    """
    return _MARKUP.sub(r"\\\g<0>", _shortened(text))


def code_span(text: str) -> str:
    """Return ``text`` as a code span; not for a table cell, which cannot hold every text in backticks.

    >>> print(code_span("a`b"))
    ``a`b``
    """
    text = _shortened(text)
    fence = "`" * (max(map(len, _BACKTICKS.findall(text)), default=0) + 1)
    # CommonMark 6.1 takes one blank off each end; it cannot tell a fence from backticks beside it.
    padding = " " if not text.strip() or text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def _shortened(text: str) -> str:
    return without_start(visible(text), width_cells=_MAX_CELLS)


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"
