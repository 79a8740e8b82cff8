"""Ignore marks in the text, and the ignore file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.errors import UsageError
from codewhence.governance.ignores import Ignores, is_marked, mark_offsets, parse_ignores

HEX = "0123456789abcdef" * 4


@given(
    mark_lines=st.lists(st.integers(1, 30), unique=True, max_size=6).map(sorted),
    start_line=st.integers(1, 30),
    n_lines=st.integers(1, 8),
)
def test_a_match_is_marked_on_its_lines_or_on_the_one_before(
    mark_lines: list[int], start_line: int, n_lines: int
) -> None:
    end_line = start_line + n_lines - 1
    expected = any(line in mark_lines for line in range(start_line - 1, end_line + 1))
    assert is_marked(mark_lines, start_line=start_line, end_line=end_line) is expected


@pytest.mark.parametrize(
    "line",
    [
        "# codewhence: ignore",
        "// codewhence: ignore",
        "/* codewhence:ignore */",
        "x = 1  # codewhence:  ignore  (from our own template)",
        "-- codewhence: ignore",
        "<!-- codewhence: ignore -->",
        "% codewhence:\tignore",
        "#codewhence: ignore, agreed with legal",
    ],
)
def test_a_mark_works_in_any_comment(line: str) -> None:
    assert mark_offsets(f"a\n{line}\nb") == [2 + line.index("codewhence")]


@pytest.mark.parametrize(
    "line",
    [
        "# codewhence ignore",
        "# codewhence: ignored",
        "# codewhence: ignore-next-line",
        "# codewhence:\nignore",
        "# mycodewhence: ignore",
        "# codewhence: check",
        "# CODEWHENCE: IGNORE",
    ],
)
def test_what_is_no_mark(line: str) -> None:
    assert mark_offsets(line) == []


def test_every_mark_of_a_text_is_found() -> None:
    assert len(mark_offsets("# codewhence: ignore\n" * 1_000)) == 1_000


def test_an_ignore_file_holds_patterns_and_fingerprints() -> None:
    patterns = "\ufeff# generated\r\nbuild/\r\n\r\n*.min.js\n!keep.min.js\n"
    text = f"{patterns}fingerprint:{HEX}\nfingerprint: {HEX[::-1].upper()} # why\n"
    assert parse_ignores(text) == Ignores(
        path_patterns=("build/", "*.min.js", "!keep.min.js"), fingerprints=frozenset({HEX, HEX[::-1]})
    )


@pytest.mark.parametrize(
    ("patterns", "path", "is_covered"),
    [
        ("build/", "build/a.py", True),
        ("build/", "src/build/a.py", True),
        ("/build/", "src/build/a.py", False),
        ("*.min.js", "a/b.min.js", True),
        ("*.min.js\n!keep.min.js", "keep.min.js", False),
        ("a/**/b.py", "a/x/y/b.py", True),
        ("build/", "./build/a.py", True),
        ("*", "-", False),
        ("", "a.py", False),
        ("build/", "builder/a.py", False),
    ],
)
def test_patterns_of_paths_work_as_in_gitignore(patterns: str, path: str, is_covered: bool) -> None:
    assert parse_ignores(patterns).covers_path(path) is is_covered


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("fingerprint:abc", r"^\.codewhenceignore:1: fingerprint 'abc' is not 64 hex digits", id="short"),
        pytest.param("a\n\nfingerprint:" + HEX + "0", r"^\.codewhenceignore:3: fingerprint '0123.*' is not", id="long"),
        pytest.param("# x\nfingerprint:", r"^\.codewhenceignore:2: fingerprint '' is not", id="empty"),
        pytest.param("fingerprint:" + "g" * 64, r":1: fingerprint 'g+' is not", id="no hex"),
        pytest.param("ok/\n!", r"^\.codewhenceignore:2: '!' is no path pattern", id="negation of nothing"),
        pytest.param("foo\\", r":1: .* is no path pattern", id="escape of nothing"),
        pytest.param("[z-a]", r":1: '\[z-a\]' is no path pattern", id="range backwards"),
    ],
)
def test_a_malformed_line_is_named(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_ignores(text)


def test_the_file_is_named_as_the_caller_names_it() -> None:
    with pytest.raises(UsageError, match=r"^sub/ignore:1: "):
        parse_ignores("fingerprint:x", name="sub/ignore")
