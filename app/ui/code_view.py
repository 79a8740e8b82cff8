"""A text with marks, written out line by line as HTML: what the viewer and the source cards share."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from codewhence.app.ui import inert
from codewhence.app.ui.segments import Segment, segments
from codewhence.app.ui.wording import Look
from codewhence.records import Span

# Minified code: an unmatched stretch of one line is shown by its ends only. Marks are always shown whole.
MAX_STRETCH_CHARS = 4_000
STRETCH_END_CHARS = 400
_TITLES = 4  # labels in the tooltip of a mark

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to draw.

    Attributes:
        span: Where, in code points of the text.
        look: How.
        label: What a tooltip and a screen reader say of it.
    """

    span: Span
    look: Look
    label: str


def line_spans(text: str) -> list[tuple[int, int]]:
    r"""Return start and end of every line; the end includes the line's own end (``\n``, ``\r\n`` or a lone ``\r``).

    >>> line_spans("a\r\nb")
    [(0, 3), (3, 4)]
    """
    return [match.span() for match in _LINE.finditer(text)]


def _without_edge_blanks(text: str, span: Span) -> Span:
    content = text[span.start : span.end]
    start = span.start + len(content) - len(content.lstrip())
    end = span.end - len(content) + len(content.rstrip())
    return Span(start, end) if start < end else span


class CodeView:
    """A text, its lines and its marks, ready to be written out.

    Args:
        text: The text.
        marks: What to mark, in any order, overlapping as they like.
        strongest_first: Every index of ``marks`` once; where marks overlap, the earlier one decides the look.
    """

    def __init__(self, text: str, marks: Sequence[Mark], *, strongest_first: Sequence[int]) -> None:
        self._text = text
        self._marks = marks
        self._visible = [_without_edge_blanks(text, mark.span) for mark in marks]
        self._rank = {index: place for place, index in enumerate(strongest_first)}
        self._lines = line_spans(text)
        self._segments: dict[int, list[Segment]] = {}
        self._starting: dict[int, list[int]] = {}
        self._assign_segments(segments([mark.span for mark in marks], strongest_first=strongest_first))
        self._assign_starts()

    @property
    def n_lines(self) -> int:
        """Number of lines."""
        return len(self._lines)

    def marked_lines(self) -> list[int]:
        """Return the numbers of the lines that hold a mark, from 0, increasing."""
        return sorted(self._segments)

    def row(self, number: int) -> str:
        """Return line ``number``, from 0, as HTML."""
        return self._row(number, "")

    def row_with_badge(self, number: int) -> str:
        """Return line ``number``, from 0, as HTML, with a button for the marks that start in it."""
        starting = self._starting.get(number)
        return self._row(number, self._badge(starting) if starting else "")

    def _assign_segments(self, cut: Iterable[Segment]) -> None:
        number = 0
        for segment in cut:
            while self._lines[number][1] <= segment.start:
                number += 1
            last = number
            while last < len(self._lines) and self._lines[last][0] < segment.end:
                start, end = self._lines[last]
                piece = Segment(max(segment.start, start), min(segment.end, end), segment.covering)
                self._segments.setdefault(last, []).append(piece)
                last += 1

    def _assign_starts(self) -> None:
        number = 0
        for index in sorted(self._rank, key=lambda index: (self._visible[index].start, index)):
            while self._lines[number][1] <= self._visible[index].start:
                number += 1
            self._starting.setdefault(number, []).append(index)

    def _row(self, number: int, badge: str) -> str:
        start, end = self._lines[number]
        here = self._segments.get(number, [])
        # Not for the blanks at a match's edges: a bar beside a line of which nothing is marked would puzzle.
        visible = {
            index
            for segment in here
            for index in segment.covering
            if self._visible[index].start < segment.end and segment.start < self._visible[index].end
        }
        look = ""
        if visible:
            strongest = min(visible, key=self._rank.__getitem__)
            look = f" cw-marked {self._marks[strongest].look.css}"
        pieces = "".join(self._pieces(start, end, here))
        return f'<div class="cw-line{look}" data-line="{number + 1}">{badge}<code>{pieces}</code></div>'

    def _pieces(self, start: int, end: int, here: list[Segment]) -> Iterator[str]:
        cursor = start
        for segment in here:
            yield self._unmarked(cursor, segment.start)
            yield self._marked(segment, at_line_start=segment.start == start)
            cursor = segment.end
        yield self._unmarked(cursor, end)

    def _unmarked(self, start: int, end: int) -> str:
        if end - start <= MAX_STRETCH_CHARS:
            return inert.code(self._text[start:end])
        n_hidden = end - start - 2 * STRETCH_END_CHARS
        head = inert.code(self._text[start : start + STRETCH_END_CHARS])
        tail = inert.code(self._text[end - STRETCH_END_CHARS : end])
        return f'{head}<span class="cw-left-out" data-note="{n_hidden:,} characters not shown"></span>{tail}'

    def _marked(self, segment: Segment, *, at_line_start: bool) -> str:
        text = self._text[segment.start : segment.end]
        content = inert.code(text)
        width = len(text) - len(text.lstrip(" \t"))
        if at_line_start and width:
            # A line under indentation is noise. The box keeps the blanks in the mark, and out of its underline.
            content = f'<span class="cw-indent">{text[:width]}</span>{inert.code(text[width:])}'
        look = self._marks[segment.covering[0]].look
        title = inert.attribute("; ".join(self._marks[index].label for index in segment.covering[:_TITLES]))
        covering = " ".join(map(str, segment.covering))
        return f'<mark class="{look.css}" data-matches="{covering}" title="{title}">{content}</mark>'

    def _badge(self, starting: list[int]) -> str:
        look = self._marks[min(starting, key=self._rank.__getitem__)].look
        label = inert.attribute("; ".join(self._marks[index].label for index in starting))
        more = f"<small>+{len(starting) - 1}</small>" if len(starting) > 1 else ""
        return (
            f'<button type="button" class="cw-badge cw-tone-{look.tone}" tabindex="-1" aria-label="{label}" '
            f'data-matches="{" ".join(map(str, starting))}">{starting[0] + 1}{more}</button>'
        )
