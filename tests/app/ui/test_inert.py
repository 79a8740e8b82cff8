"""Text of others as HTML that does nothing."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.app.ui import inert

MARKUP = "<>&\"'/`$\\{}\r\n\t\0abc"
TEXTS = st.text(st.characters(codec=None, exclude_categories=()), max_size=60) | st.text(MARKUP, max_size=60)


class Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.data = ""
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.data += data


def read(page: str) -> Collector:
    collector = Collector()
    collector.feed(page)
    collector.close()
    return collector


def visible(text: str) -> str:
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)


@given(text=TEXTS)
def test_code_reads_back_to_the_character(text: str) -> None:
    assert read(inert.code(text)).data == visible(text)


@given(text=TEXTS)
def test_no_text_makes_an_element_of_its_own(text: str) -> None:
    assert read(inert.code(text)).tags <= {"span"}  # of hidden characters
    assert read(inert.name(text)).tags <= {"span", "bdi"}


@given(text=TEXTS)
def test_html_is_what_json_and_utf8_can_hold(text: str) -> None:
    assert inert.code(text).encode("utf-8").decode("utf-8") == inert.code(text)
    assert inert.attribute(text).encode("utf-8").decode("utf-8") == inert.attribute(text)


@given(text=TEXTS)
def test_an_attribute_stays_in_its_quotes(text: str) -> None:
    assert '"' not in inert.attribute(text)
    assert "<" not in inert.attribute(text)


@given(text=TEXTS)
def test_carriage_returns_survive_a_browser(text: str) -> None:
    # HTML, section 13.2.3.5: a raw carriage return is a newline by the time it is parsed.
    assert "\r" not in inert.code(text)


@pytest.mark.parametrize(
    ("character", "label"),
    [
        pytest.param("\u202e", "U+202E", id="right-to-left override"),
        pytest.param("\u2066", "U+2066", id="left-to-right isolate"),
        pytest.param("\u200b", "U+200B", id="zero width space"),
        pytest.param("\x1b", "U+001B", id="escape"),
    ],
)
def test_characters_that_hide_are_named(character: str, label: str) -> None:
    assert f'data-name="{label}"' in inert.code(f"a{character}b")


@pytest.mark.parametrize("text", ["a\tb", "plain\r\n", "שלום", "🧵 thread"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert "<" not in inert.code(text)
