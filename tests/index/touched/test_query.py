"""A text that begins inside of a string or a comment is read as what reads most like code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.lexing.table import TABLE
from codewhence.index.tokens import tokenize
from codewhence.index.touched.query import read_query
from codewhence.index.touched.streams import Stream
from tests.index.touched.made_functions import LANGUAGES, Function
from tests.index.touched.reading import stream_of

codelike = st.text(st.sampled_from("ab1._(){}\"'`/*#\n \0é\ud800"), max_size=60)


def read(text: str, language: str | None) -> Stream:
    return read_query(text, tokenize(text), language)


PROSE = "the rest of what was said about how all of this works and why it does\n"
ENDINGS = {
    "python": ['"""', "'''"],
    "javascript": ["*/", "`"],
    "typescript": ["*/", "`"],
    "go": ["*/", "`"],
    **{language: ["*/"] for language in ("c", "c++", "java", "rust", "sql", "php")},
}
CASES = [(language, ending) for language in LANGUAGES for ending in ENDINGS[language]]


@pytest.mark.parametrize(("language", "ending"), CASES)
def test_the_code_after_the_end_of_a_comment_or_string_is_read(language: str, ending: str) -> None:
    code = Function(3).write(language)
    head = f"{PROSE}{ending}\n"
    text = head + code
    stream, alone = read(text, language), stream_of(code, language)
    in_code = stream.starts >= len(head)
    assert stream.names[in_code].tolist() == alone.names.tolist()
    assert (stream.starts[in_code] - len(head)).tolist() == alone.starts.tolist()
    assert (stream.ends[in_code] - len(head)).tolist() == alone.ends.tolist()
    assert int((~in_code).sum()) <= 1  # the string as one token, or nothing


@pytest.mark.parametrize("language", sorted(TABLE))
def test_whole_code_is_read_as_it_stands(language: str) -> None:
    made = language if language in LANGUAGES else "javascript"
    for text in (Function(4).write(made), f'x = """\n{PROSE}"""\n' + Function(5).write(made)):
        stream, expected = read(text, language), stream_of(text, language)
        assert stream.starts.tolist() == expected.starts.tolist()
        assert stream.names.tolist() == expected.names.tolist()


@given(text=codelike, language=st.sampled_from([*TABLE, None]))
def test_places_are_those_of_the_text_that_was_given(text: str, language: str | None) -> None:
    stream = read(text, language)
    edges = [edge for span in zip(stream.starts.tolist(), stream.ends.tolist(), strict=True) for edge in span]
    assert edges == sorted(edges)
    assert set(edges) <= set(range(len(text) + 1))


@pytest.mark.parametrize("text", ["*/", "'''", '"""', "`", PROSE + "*/"], ids=ascii)
@pytest.mark.parametrize("language", ["python", "java", "go"])
def test_an_end_alone_is_no_error(text: str, language: str) -> None:
    assert len(read(text, language)) <= len(text.split()) + 1
