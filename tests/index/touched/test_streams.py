"""T3 streams: golden tokens of each language, at the edges, side by side."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codewhence.index.lexing.table import TABLE
from codewhence.index.touched.streams import Stream
from tests.index.touched.reading import stream_of, stream_of_parts

texts = st.text(st.characters(codec=None), max_size=80)
# Marks of every language, so that strings, comments and holes open, close and stay open.
codelike = st.text(st.sampled_from("ab1._(){}[]\"'`/*#-->:$\\ \n\r\t\0é中\ud800=<?"), max_size=80)
languages = st.sampled_from([*TABLE, "brainfuck", None])


def told(text: str, language: str) -> list[str]:
    """Return the tokens: ``?`` follows a parameter, ``~`` a name that is kept, nothing what is no identifier."""
    stream = stream_of(text, language)
    marks = [
        ("~" if name else "?") if identifier else ""
        for name, identifier in zip(stream.names.tolist(), stream.identifiers.tolist(), strict=True)
    ]
    spans = zip(stream.starts.tolist(), stream.ends.tolist(), marks, strict=True)
    return [text[start:end] + mark for start, end, mark in spans]


GOLDEN = [
    ("python", "def f(x):  # add\n    return x + 1.5\n", ["def", "f~", "x?", "return", "x?", "+", "1.5"]),
    ("python", 'x = f"{a.b(c)} t" "u"', ["x?", "=", 'f"{', "a?", "b~", "c?", '} t" "u"']),
    ("python", '"""Doc\nstring."""\ny = rb"q"', ['"""Doc\nstring."""', "y?", "=", 'rb"q"']),
    ("javascript", "let x = `a ${b.c} d` + /re/g; // t", ["let", "x?", "=", "`a ${", "b?", "c~", "} d`", "+", "/re/g"]),
    ("typescript", "const x: Foo = y /* c */ as Bar", ["const", "x?", "Foo?", "=", "y?", "as?", "Bar?"]),
    ("java", "@A public int f() { return x::y; }", ["@", "A?", "public", "int", "f~", "{", "return", "x?", "y~", "}"]),
    ("c", "int *p = q->r; // end", ["int", "*", "p?", "=", "q?", "-", ">", "r~"]),
    ("c++", "auto x = std::move (a) /* c */ + b", ["auto", "x?", "=", "std?", "move~", "a?", "+", "b?"]),
    (
        "go",
        'func f(a int) { s := `r\nw` + "b" }',
        ["func", "f~", "a?", "int", "{", "s?", "=", "`r\nw`", "+", '"b"', "}"],
    ),
    ("rust", "fn f(x: u8) -> char { 'x' } // c", ["fn", "f~", "x?", "u8", "-", ">", "char", "{", "'x'", "}"]),
    ("ruby", 'def f(x) y("a#{b}c") end # no', ["def", "f~", "x?", "y~", '"a#{', "b?", '}c"', "end"]),
    (
        "php",
        "<?php $a->b($c); // x\necho 'hi';",
        ["<", "?", "php?", "$", "a?", "-", ">", "b~", "$", "c?", "echo", "'hi'"],
    ),
    (
        "shell",
        'for x in 1 2; do echo "$y z"; done # c',
        ["for", "x?", "in", "1", "2", "do", "echo", '"', "$", "y?", ' z"', "done"],
    ),
    (
        "sql",
        "SELECT a.b, 'it''s' FROM t -- c\nWHERE x = 1.5",
        ["SELECT", "a?", "b~", "'it''s'", "FROM", "t?", "WHERE", "x?", "=", "1.5"],
    ),
]


@pytest.mark.parametrize(
    ("language", "text", "tokens"), GOLDEN, ids=[f"{case[0]} {at}" for at, case in enumerate(GOLDEN)]
)
def test_tokens_are_the_golden_ones(language: str, text: str, tokens: list[str]) -> None:
    assert told(text, language) == tokens


def test_every_language_with_rules_has_a_golden_text() -> None:
    assert {language for language, _, _ in GOLDEN} == set(TABLE)


@pytest.mark.parametrize(
    ("language", "text", "tokens"),
    [
        pytest.param("python", "1.5 + 3.14.15", ["1.5", "+", "3.14.15"], id="decimals are one number"),
        pytest.param("python", "1 .5", ["1", "5"], id="apart they are two"),
        pytest.param("python", "a.1", ["a?", "1"], id="a digit after a name is no decimal"),
        pytest.param("python", "f(1, 2)", ["f~", "1", "2"], id="arguments are apart"),
        pytest.param("python", "'a' 'b'\n'c'", ["'a' 'b'\n'c'"], id="strings in a row are one"),
        pytest.param("python", "'a' # one\n'b'", ["'a' # one\n'b'"], id="with a comment between"),
        pytest.param("python", "'a' + 'b'", ["'a'", "+", "'b'"], id="with an operator they are two"),
        pytest.param("python", "a.if = b", ["a?", "if~", "=", "b?"], id="a keyword after a dot is a name"),
        pytest.param("c", "a->if", ["a?", "-", ">", "if~"], id="after an arrow too"),
        pytest.param("c++", "a::if", ["a?", "if~"], id="after two colons too"),
        pytest.param("c++", "a:if", ["a?", "if"], id="not after one"),
        pytest.param("c++", ":if", ["if"], id="nor after one that begins the text"),
        pytest.param("c++", "::x", ["x~"], id="two that begin the text"),
        pytest.param("c", "a > if", ["a?", ">", "if"], id="not after an operator"),
        pytest.param("python", "f (x)", ["f~", "x?"], id="called with a blank"),
        pytest.param("python", "f  (x)", ["f?", "x?"], id="not with two"),
        pytest.param("python", "f\n(x)", ["f?", "x?"], id="not with a line end"),
        pytest.param("python", "f", ["f?"], id="a name at the end"),
        pytest.param("python", "f ", ["f?"], id="a name and a blank at the end"),
        pytest.param("python", "(f", ["f?"], id="a name after a bracket"),
        pytest.param("python", "if (x)", ["if", "x?"], id="a keyword is not called"),
        pytest.param("python", "nil = None", ["nil?", "=", "None"], id="another language's keyword is a name"),
        pytest.param("go", "nil = None", ["nil", "=", "None?"], id="and the other way round"),
        pytest.param("sql", "Select x from y", ["Select", "x?", "from", "y?"], id="keywords in any case"),
        pytest.param("python", "IF = x", ["IF?", "=", "x?"], id="keywords in their case"),
        pytest.param("python", "é = x", ["é?", "=", "x?"], id="letters beyond ASCII"),
        pytest.param("python", "_()", ["_~"], id="a name of an underscore alone"),
    ],
)
def test_tokens_at_the_edges(language: str, text: str, tokens: list[str]) -> None:
    assert told(text, language) == tokens


def kept_names(text: str, language: str = "python") -> list[int]:
    stream = stream_of(text, language)
    return stream.names[stream.identifiers != 0].tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("get_value()", "getValue()", id="camel case"),
        pytest.param("get_value()", "GetValue()", id="Pascal case"),
        pytest.param("get_value()", "GET_VALUE()", id="upper case"),
        pytest.param("get_value()", "__getvalue__()", id="more underscores"),
        pytest.param("x.get_value", "y.getValue", id="members"),
        pytest.param("a_long_name_of_many_words()", "aLongNameOfManyWords()", id="longer than one piece of a hash"),
    ],
)
def test_case_and_underscores_of_kept_names_do_not_count(one: str, other: str) -> None:
    assert kept_names(one) == kept_names(other)
    assert 0 not in kept_names(one)[-1:]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("get_value()", "set_value()", id="another word"),
        pytest.param("get_value()", "get_value_1()", id="a digit more"),
        pytest.param("f1()", "f2()", id="another digit"),
        pytest.param("a_long_name_of_many_words()", "a_long_name_of_many_swords()", id="far behind"),
    ],
)
def test_other_names_are_told_apart(one: str, other: str) -> None:
    assert kept_names(one) != kept_names(other)


def test_a_kept_name_is_no_reserved_word_and_no_operator() -> None:
    stream = stream_of("a.while\nwhile", "python")
    assert stream.names[1] != stream.names[2]


def test_shape_tells_called_names_members_and_others_apart() -> None:
    stream = stream_of("a b() .c .d()", "python")
    assert len(set(stream.shape.tolist())) == 4
    assert stream.shape.tolist() == stream_of("x y() .z .w()", "python").shape.tolist()


def values(stream: Stream) -> tuple[list[int], list[int]]:
    return stream.names.tolist(), stream.shape.tolist()


def test_literals_count_by_their_kind_alone() -> None:
    assert values(stream_of('x = "a b" + 12', "python")) == values(stream_of("x = 'c' + 3.75", "python"))
    assert values(stream_of("x = 'c' + 'd'", "python")) != values(stream_of("x = 'c' + 3", "python"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("'two words'", '"two\\\n words"', True, id="quotes, line ends and blanks"),
        pytest.param("'two words'", "'two' 'words'", True, id="in two pieces"),
        pytest.param("'two words'", "'words two'", True, id="order: a sum"),
        pytest.param("'two words'", "'two swords'", False, id="another word"),
        pytest.param("'two words'", "'two'", False, id="a word less"),
        pytest.param("17", "18", False, id="numbers"),
        pytest.param("1.25", "1.75", False, id="digits after the point"),
        pytest.param("0.5", "5.0", True, id="digits before and after: a sum too"),
    ],
)
def test_literals_are_remembered_by_their_words(one: str, other: str, *, same: bool) -> None:
    (first,), (second,) = stream_of(one, "python").literals.tolist(), stream_of(other, "python").literals.tolist()
    assert first
    assert (first == second) == same


def test_words_of_literals_are_counted() -> None:
    stream = stream_of("x = 'one two three' + 7 + 42 + ''", "python")
    assert stream.literal_words.tolist() == [0, 0, 3, 0, 0, 0, 1, 0, 0]
    assert [bool(each) for each in stream.literals.tolist()] == [
        False,
        False,
        True,
        False,
        True,
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "distances"),
    [
        pytest.param("a b a a", [0, 0, 2, 1], id="the nearest counts"),
        pytest.param("a if a", [0, 0, 2], id="all tokens count"),
        pytest.param("if if", [0, 0], id="identifiers alone have one"),
        pytest.param("a() a b.a", [0, 1, 0, 2], id="whatever their role"),
        pytest.param("x a b c d e f g h i j x", [*[0] * 11, 11], id="as far as a gram reaches"),
        pytest.param("x a b c d e f g h i j k x", [0] * 13, id="no farther"),
    ],
)
def test_distances_to_the_previous_occurrence(text: str, distances: list[int]) -> None:
    assert stream_of(text, "python").repeats.tolist() == distances


FIELDS = ("names", "shape", "identifiers", "repeats", "literals", "literal_words")


@settings(max_examples=200)
@given(parts=st.lists(st.tuples(texts | codelike, languages), max_size=5))
@example(parts=[("", "c"), (":A", "c")])
def test_side_by_side_each_part_reads_as_it_does_alone(parts: list[tuple[str, str | None]]) -> None:
    together = stream_of_parts(parts)
    at = offset = 0
    for text, language in parts:
        alone = stream_of(text, language)
        part = slice(at, at + len(alone))
        assert (together.starts[part] - offset).tolist() == alone.starts.tolist()
        assert (together.ends[part] - offset).tolist() == alone.ends.tolist()
        for field in FIELDS:
            assert getattr(together, field)[part].tolist() == getattr(alone, field).tolist(), field
        at, offset = at + len(alone), offset + len(text) + 1
    assert len(together) == at


def test_parts_that_use_the_same_names_do_not_repeat_each_other() -> None:
    stream = stream_of_parts([("a = b", "python"), ("b = a", "python"), ("a", "python")])
    assert stream.repeats.tolist() == [0] * 7


@given(text=texts | codelike, language=languages)
def test_any_text_gives_ordered_disjoint_tokens(text: str, language: str | None) -> None:
    stream = stream_of(text, language)
    edges = [edge for span in zip(stream.starts.tolist(), stream.ends.tolist(), strict=True) for edge in span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in zip(edges[::2], edges[1::2], strict=True))
    assert set(edges) <= set(range(len(text) + 1))
    assert (len(stream) == 0) or language in TABLE
    assert ((stream.names != 0) | (stream.identifiers != 0)).all()


@pytest.mark.parametrize("language", [None, "brainfuck", "Python", ""], ids=str)
def test_a_language_without_rules_gives_nothing(language: str | None) -> None:
    assert len(stream_of("def f(x): return x", language)) == 0


@pytest.mark.parametrize("language", sorted(TABLE))
@pytest.mark.parametrize("text", ["", "\n", " \t\r\n", "\0", "().,;", "\ufeff"], ids=ascii)
def test_a_text_without_words_has_no_tokens(text: str, language: str) -> None:
    assert len(stream_of(text, language)) == 0
