"""Two ways to find a line agree."""

from hypothesis import given
from hypothesis import strategies as st

from codewhence.lines import LineIndex, locate


@given(st.text(alphabet="a\r\n\u2028\t", max_size=30))
def test_an_index_of_lines_and_one_pass_agree(text: str) -> None:
    index = LineIndex(text)
    located = locate(text, range(len(text) + 1))
    assert {offset: index.position(offset) for offset in range(len(text) + 1)} == located
