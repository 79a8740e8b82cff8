"""Lines and columns against a slow count."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.lines import Position, locate

texts = st.text(alphabet="ab\t\n\r\f\u2028😀א", max_size=60)


@given(text=texts, data=st.data())
def test_positions_are_those_of_a_slow_count(text: str, data: st.DataObject) -> None:
    if not text:
        return
    offsets = data.draw(st.lists(st.integers(0, len(text) - 1), max_size=10))
    expected = {}
    for offset in offsets:
        ends = [end.end() for end in re.finditer(r"\r\n|\r|\n", text) if end.end() <= offset]
        expected[offset] = Position(len(ends) + 1, offset - (ends[-1] if ends else 0) + 1)
    assert locate(text, offsets) == expected


@pytest.mark.parametrize(
    ("text", "wanted", "position"),
    [
        pytest.param("ab\ncX", "X", (2, 2), id="LF"),
        pytest.param("ab\r\ncX", "X", (2, 2), id="CRLF"),
        pytest.param("ab\rcX", "X", (2, 2), id="lone CR"),
        pytest.param("a\r\rX", "X", (3, 1), id="two CR"),
        pytest.param("a\n\r\nX", "X", (3, 1), id="LF, then CRLF"),
        pytest.param("a\tX", "X", (1, 3), id="a tab is one column"),
        pytest.param("😀😀X", "X", (1, 3), id="an emoji is one column"),
        pytest.param("אבגדX", "X", (1, 5), id="right to left"),
        pytest.param("a\x0c\u2028\x85X", "X", (1, 5), id="what ends no line"),
        pytest.param("ab\nc", "\n", (1, 3), id="a line end belongs to its line"),
        pytest.param("\ufeffX", "X", (1, 2), id="byte order mark"),
    ],
)
def test_position_of(text: str, wanted: str, position: tuple[int, int]) -> None:
    offset = text.index(wanted)
    assert locate(text, [offset])[offset] == position


def test_ten_thousand_positions_in_one_line_of_50_megabytes_take_no_second() -> None:
    text = "x" * 50_000_000
    started = time.perf_counter()
    positions = locate(text, range(0, 50_000_000, 5_000))
    assert time.perf_counter() - started < 1
    assert positions[49_995_000] == (1, 49_995_001)
