"""The table: every language complete, keywords that are words."""

import keyword
import re

import pytest

from codewhence.index.languages import language_of
from codewhence.index.lexing.table import TABLE, rules_of

NAMES = {
    "a.py": "python", "a.js": "javascript", "a.jsx": "javascript", "a.ts": "typescript", "a.tsx": "typescript",
    "a.java": "java", "a.c": "c", "a.h": "c", "a.cpp": "c++", "a.go": "go", "a.rs": "rust", "a.sh": "shell",
    "a.bash": "shell", "a.rb": "ruby", "a.php": "php", "a.sql": "sql",
}  # fmt: skip


@pytest.mark.parametrize(("path", "language"), NAMES.items())
def test_the_table_has_the_languages_as_they_are_recognized(path: str, language: str) -> None:
    assert language_of(path) == language
    assert rules_of(language) is not None


def test_no_language_stands_in_the_table_that_no_file_has() -> None:
    assert set(TABLE) == set(NAMES.values())


@pytest.mark.parametrize("language", sorted(TABLE))
def test_keywords_are_words(language: str) -> None:
    rules = rules_of(language)
    assert rules is not None
    assert len(rules.keywords) >= 25
    assert all(re.fullmatch(r"\w+\??", word) for word in rules.keywords)
    if rules.ignores_case:
        assert all(word == word.lower() for word in rules.keywords)


@pytest.mark.parametrize(
    ("language", "keywords", "names"),
    [
        ("python", {"None", "lambda", "yield"}, {"self", "print", "match", "len"}),
        ("c", {"int", "char", "void", "NULL", "sizeof"}, {"size_t", "printf", "main"}),
        ("c++", {"int", "class", "nullptr", "template"}, {"string", "std", "vector"}),
        ("java", {"int", "null", "instanceof"}, {"String", "System", "record"}),
        ("javascript", {"null", "undefined", "typeof"}, {"console", "get", "require", "interface_"}),
        ("typescript", {"string", "number", "readonly"}, {"Array", "type", "get"}),
        ("go", {"string", "nil", "func", "error"}, {"len", "make", "append", "fmt"}),
        ("rust", {"str", "u8", "fn", "Self"}, {"String", "Some", "None", "println"}),
        ("shell", {"if", "fi", "done", "local"}, {"grep", "sed"}),
        ("ruby", {"nil", "end", "defined?"}, {"puts", "new", "String"}),
        ("php", {"function", "null", "int"}, {"strlen", "wp"}),
        ("sql", {"select", "varchar", "null"}, {"users", "data", "name"}),
    ],
)
def test_keywords_are_what_the_language_reserves(language: str, keywords: set[str], names: set[str]) -> None:
    rules = rules_of(language)
    assert rules is not None
    assert keywords <= rules.keywords
    assert not names & rules.keywords


def test_the_keywords_of_python_are_its_own() -> None:
    rules = rules_of("python")
    assert rules is not None
    assert rules.keywords == set(keyword.kwlist)
