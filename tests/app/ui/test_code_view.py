"""Marked code, written out line by line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.app.ui.code_view import MAX_STRETCH_CHARS, CodeView, Mark, line_spans
from codewhence.app.ui.wording import Kind, Look, Tone
from codewhence.lines import locate
from codewhence.records import Span

LOOK = Look(Kind.EXACT, Tone.NOTICE)
HOSTILE = "</mark><script>alert(1)</script>"
PIECES = [
    "\t", "    ", "x = 1", "\r\n", "\n", "\r", "\f", "\u2028", "\u202e",
    "🧵", "שלום", HOSTILE, "&amp;", "${x}", "{{y}}",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map("".join)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(TEXTS)
    starts = draw(st.lists(st.integers(0, len(text) - 1), max_size=8))
    spans = [Span(start, draw(st.integers(start + 1, len(text)))) for start in starts]
    return text, [Mark(span, LOOK, f"match {index}") for index, span in enumerate(sorted(spans))]


def written(text: str, marks: list[Mark]) -> str:
    view = CodeView(text, marks, strongest_first=range(len(marks)))
    return "".join(view.row_with_badge(number) for number in range(view.n_lines))


@given(case=marked_texts())
def test_marks_hold_their_spans_to_the_character(kit: Any, case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    page = kit.read_back(written(text, marks))
    assert page.marks == {index: text[mark.span.start : mark.span.end] for index, mark in enumerate(marks)}


@given(case=marked_texts())
def test_lines_hold_the_text_to_the_character(kit: Any, case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    page = kit.read_back(written(text, marks))
    assert "".join(page.lines) == text
    assert not {tag for tag, _ in page.tags} - {"div", "code", "mark", "span", "button", "small"}


@given(text=TEXTS)
def test_lines_are_counted_as_reports_count_them(text: str) -> None:
    positions = locate(text, range(len(text)))
    for number, (start, end) in enumerate(line_spans(text), start=1):
        assert {positions[offset].line for offset in range(start, end)} == {number}


def test_each_match_has_one_button_in_the_line_where_it_starts(kit: Any) -> None:
    marks = [Mark(Span(0, 9), LOOK, "outer"), Mark(Span(0, 2), LOOK, "inner"), Mark(Span(6, 8), LOOK, "later")]
    page = kit.read_back(written("one\ntwo\nten\n", marks))
    buttons = [
        (attributes["aria-label"], attributes["data-matches"]) for tag, attributes in page.tags if tag == "button"
    ]
    assert buttons == [("outer; inner", "0 1"), ("later", "2")]


def test_the_strongest_mark_of_a_line_decides_its_bar(kit: Any) -> None:
    marks = [Mark(Span(0, 8), LOOK, "wide"), Mark(Span(4, 6), Look(Kind.REFORMATTED, Tone.REWRITE), "grave")]
    view = CodeView("one two three\n", marks, strongest_first=[1, 0])
    line = kit.read_back(view.row(0)).tags[0]
    assert line[1]["class"] == "cw-line cw-marked cw-is-reformatted cw-tone-rewrite"


def test_blanks_at_the_edges_of_a_match_get_no_bar_and_no_button(kit: Any) -> None:
    text = "before = 1\n\n\nshared = 2\n\nafter = 3\n"
    page = kit.read_back(written(text, [Mark(Span(10, 24), LOOK, "m")]))
    assert page.marks == {0: "\n\n\nshared = 2\n"}
    barred = [tags["data-line"] for _, tags in page.tags if "cw-marked" in (tags.get("class") or "")]
    assert barred == ["4"]
    assert page.tags[[tag for tag, _ in page.tags].index("button") - 1][1]["data-line"] == "4"


def test_indentation_is_in_the_mark_but_not_under_its_line(kit: Any) -> None:
    row = CodeView("\t  x\n", [Mark(Span(0, 4), LOOK, "m")], strongest_first=[0]).row(0)
    assert '<span class="cw-indent">\t  </span>x' in row
    assert kit.read_back(row).marks == {0: "\t  x"}


@pytest.mark.parametrize("n_characters", [MAX_STRETCH_CHARS, MAX_STRETCH_CHARS + 1])
def test_a_long_unmarked_stretch_is_shown_by_its_ends(kit: Any, n_characters: int) -> None:
    text = "a" * n_characters + "MATCH" + "b" * n_characters
    page = kit.read_back(
        CodeView(text, [Mark(Span(n_characters, n_characters + 5), LOOK, "m")], strongest_first=[0]).row(0)
    )
    assert page.marks == {0: "MATCH"}
    assert (page.lines[0] == text) == (n_characters <= MAX_STRETCH_CHARS)
    assert ("cw-left-out" in str(page.tags)) == (n_characters > MAX_STRETCH_CHARS)
