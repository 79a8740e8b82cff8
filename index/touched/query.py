"""The T3 stream of a query: a text that people paste may begin inside a string or a comment of many lines."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from codewhence.index.tokens import Tokens, code_points, tokenize_codes
from codewhence.index.touched.streams import Stream, read_stream

_BLANK = ord(" ")
_BLOCK_COMMENT = ("/*", "*/")
# What may stand open where a text begins, and what would end it.
_OPENINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "python": (('"""', '"""'), ("'''", "'''")),
    "javascript": (_BLOCK_COMMENT, ("`", "`")),
    "typescript": (_BLOCK_COMMENT, ("`", "`")),
    "go": (_BLOCK_COMMENT, ("`", "`")),
    **dict.fromkeys(("c", "c++", "java", "php", "rust", "sql"), (_BLOCK_COMMENT,)),
}
# Two names with nothing but a blank between them are prose; in C and Java they may be a type and its variable.
_PROSE_COST = 4.0


def read_query(text: str, tokens: Tokens, language: str | None) -> Stream:
    """Read the T3 tokens of a text, as code from its first character on, or as what reads most like code.

    Args:
        text: Any text.
        tokens: Its T2 tokens.
        language: Its language; one without rules gives no tokens.
    """
    codes = code_points(text)
    best = read_stream([(text, language)], codes, tokens)
    openings = [opening for opening, ending in _OPENINGS.get(language or "", ()) if _may_end(text, opening, ending)]
    if not openings:
        return best
    most = _likeness(best, codes)
    for opening in openings:
        other = _read_inside(opening, text, language)
        likeness = _likeness(other, codes)
        if likeness > most:
            best, most = other, likeness
    return best


def _may_end(text: str, opening: str, ending: str) -> bool:
    """Say whether something that was opened before the text may end in it."""
    end = text.find(ending)
    return end >= 0 and (opening == ending or not 0 <= text.find(opening) < end)


def _read_inside(opening: str, text: str, language: str | None) -> Stream:
    opened = opening + text
    codes = code_points(opened)
    stream = read_stream([(opened, language)], codes, tokenize_codes(codes))
    n_more = len(opening)
    return replace(stream, starts=np.maximum(stream.starts - n_more, 0), ends=np.maximum(stream.ends - n_more, 0))


def _likeness(stream: Stream, codes: NDArray) -> float:
    """Return how much of a text is code by this reading: its tokens, less what reads like prose."""
    is_identifier = stream.identifiers != 0
    n_between = stream.starts[1:] - stream.ends[:-1]
    between = codes[np.minimum(stream.ends[:-1], len(codes) - 1)]
    prose = is_identifier[1:] & is_identifier[:-1] & (n_between == 1) & (between == _BLANK)
    return len(stream) - _PROSE_COST * int(prose.sum())
