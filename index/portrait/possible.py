"""What membership adds to the matches of a text: passages that no match with sources tells of."""

from collections.abc import Sequence

from codewhence.index.portrait.chains import Passage, find_passages
from codewhence.index.portrait.opened import filter_of
from codewhence.index.store import Index
from codewhence.records import Span

MAX_ERROR = 1e-3
# A passage of which so much lies under matches is told by them.
_TOLD = 0.5


def untold_passages(index: Index, text: str, told: Sequence[Span]) -> list[Passage]:
    """Return the passages of ``text`` that are hardly an error and lie under matches for less than a half.

    None where the index has no portrait of its own: membership never gates what the fingerprints find.

    Args:
        index: The training set.
        text: Any text.
        told: Spans of the matches, in any order.

    Raises:
        FormatError: The portrait is damaged.
    """
    tile_filter = filter_of(index)
    if tile_filter is None:
        return []
    passages = find_passages(tile_filter, text, without=index.masked.tiles)
    return [each for each in passages if each.error <= MAX_ERROR and told_part(each.span, told) < _TOLD]


def told_part(span: Span, told: Sequence[Span]) -> float:
    """Return which part of a span lies under others.

    >>> told_part(Span(10, 20), [Span(0, 12), Span(11, 15)])
    0.5
    """
    covered, at = 0, span.start
    for other in sorted(told):
        start, end = max(other.start, at), min(other.end, span.end)
        if start < end:
            covered += end - start
            at = end
    return covered / len(span)
