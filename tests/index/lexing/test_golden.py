"""Golden classes for every rule of every language; Pygments says the same, or how it differs stands beside.

golden.txt holds three lines a case: language, what it shows and how Pygments differs; the text, with ⏎ for a line feed
and → for a tab; and the class of each character, c in a comment, s in a string, . in code.
"""

from pathlib import Path

import pytest
from pygments.lexers import get_lexer_by_name
from pygments.token import Token

from codewhence.index.lexing.forms import COMMENT
from codewhence.index.lexing.regions import regions

LEXERS = {"c++": "cpp", "shell": "bash", "sql": "postgresql"}


def _cases() -> list[object]:
    """Read golden.txt."""
    cases = []
    for block in (Path(__file__).parent / "golden.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        title, text, expected = block.split("\n")
        shows, _, difference = title.partition(" | ")
        language = shows.partition(":")[0]
        cases.append(pytest.param(language, text.replace("⏎", "\n").replace("→", "\t"), expected, difference, id=shows))
    return cases


GOLDEN = _cases()


@pytest.mark.parametrize(("language", "text", "expected", "_difference"), GOLDEN)
def test_classes_are_the_golden_ones(language: str, text: str, expected: str, _difference: str) -> None:
    assert _our_classes(text, language) == expected


@pytest.mark.parametrize(("language", "text", "expected", "_difference"), GOLDEN)
def test_line_ends_of_windows_change_no_class(language: str, text: str, expected: str, _difference: str) -> None:
    dos = text.replace("\n", "\r\n")
    classes = _our_classes(dos, language)
    seen = "".join(kind for kind, character in zip(classes, dos, strict=True) if character not in "\r\n")
    assert seen == "".join(kind for kind, character in zip(expected, text, strict=True) if character != "\n")


@pytest.mark.parametrize(("language", "text", "expected", "difference"), GOLDEN)
def test_pygments_agrees_but_where_a_reason_is_given(language: str, text: str, expected: str, difference: str) -> None:
    theirs = _pygments_classes(text, language)
    seen = [place for place, character in enumerate(text) if not character.isspace()]
    agrees = [theirs[place] for place in seen] == [expected[place] for place in seen]
    assert agrees is (difference == ""), theirs


def _our_classes(text: str, language: str) -> str:
    found = regions(text, language)
    assert found is not None
    marks = ["."] * len(text)
    for start, end, kind in zip(found.starts.tolist(), found.ends.tolist(), found.kinds.tolist(), strict=True):
        marks[start:end] = ("c" if kind == COMMENT else "s") * (end - start)
    return "".join(marks)


def _pygments_classes(text: str, language: str) -> str:
    parts = []
    for _, token, value in get_lexer_by_name(LEXERS.get(language, language)).get_tokens_unprocessed(text):
        is_directive = token in Token.Comment.Preproc or token in Token.Comment.PreprocFile
        is_documentation = token is Token.Literal.String.Doc and language in ("php", "rust")
        is_comment = (token in Token.Comment and not is_directive) or is_documentation
        parts.append(("c" if is_comment else "s" if token in Token.Literal.String else ".") * len(value))
    return "".join(parts)
