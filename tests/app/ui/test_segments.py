"""Overlapping spans cut into segments."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.app.ui.segments import Segment, segments
from codewhence.records import Span

SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: Span(pair[0], sum(pair))), max_size=12
)


@given(spans=SPANS, data=st.data())
def test_every_character_is_covered_by_its_spans_strongest_first(spans: list[Span], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(spans))))
    found = segments(spans, strongest_first=order)
    covering = {position: segment.covering for segment in found for position in range(segment.start, segment.end)}
    for position in range(81):
        expected = tuple(index for index in order if spans[index].start <= position < spans[index].end)
        assert covering.get(position, ()) == expected


@given(spans=SPANS)
def test_segments_are_disjoint_and_in_text_order(spans: list[Span]) -> None:
    found = segments(spans, strongest_first=range(len(spans)))
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(segment.start < segment.end for segment in found)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([Span(2, 5)], [Segment(2, 5, (0,))], id="alone"),
        pytest.param([Span(0, 3), Span(3, 6)], [Segment(0, 3, (0,)), Segment(3, 6, (1,))], id="side by side"),
        pytest.param(
            [Span(0, 9), Span(3, 5)],
            [Segment(0, 3, (0,)), Segment(3, 5, (1, 0)), Segment(5, 9, (0,))],
            id="nested, the inner one stronger",
        ),
        pytest.param(
            [Span(0, 5), Span(3, 9)],
            [Segment(0, 3, (0,)), Segment(3, 5, (1, 0)), Segment(5, 9, (1,))],
            id="partly overlapping",
        ),
        pytest.param([Span(1, 4), Span(1, 4)], [Segment(1, 4, (1, 0))], id="equal"),
    ],
)
def test_the_stronger_span_comes_first(spans: list[Span], expected: list[Segment]) -> None:
    assert segments(spans, strongest_first=list(reversed(range(len(spans))))) == expected
