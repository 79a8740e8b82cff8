"""Overlapping spans cut into segments that do not overlap, each with the spans that cover it."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass

from codewhence.records import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that is covered by the same spans throughout.

    Attributes:
        start: First code point.
        end: One past the last code point.
        covering: Indices of the spans that cover it, strongest first, at least one.
    """

    start: int
    end: int
    covering: tuple[int, ...]


def segments(spans: Sequence[Span], *, strongest_first: Sequence[int]) -> list[Segment]:
    """Cut ``spans`` at each other's ends.

    Args:
        spans: Spans of one text, in any order; nested, partly overlapping and equal ones are welcome.
        strongest_first: Every index of ``spans`` once, by falling strength.

    Returns:
        Disjoint segments in text order, which cover exactly what the spans cover.

    >>> segments([Span(0, 9), Span(3, 5)], strongest_first=[0, 1])[1]
    Segment(start=3, end=5, covering=(0, 1))
    """
    rank = {index: place for place, index in enumerate(strongest_first)}
    events: dict[int, list[tuple[bool, int]]] = {}
    for index, span in enumerate(spans):
        events.setdefault(span.start, []).append((True, index))
        events.setdefault(span.end, []).append((False, index))
    found: list[Segment] = []
    active: list[int] = []
    cursor = 0
    for position in sorted(events):
        if active:
            found.append(Segment(cursor, position, tuple(active)))
        for opens, index in events[position]:
            if opens:
                insort(active, index, key=rank.__getitem__)
            else:
                active.remove(index)
        cursor = position
    return found
