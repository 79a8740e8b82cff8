"""Which rules a language has: one entry each."""

import re
from dataclasses import dataclass
from functools import cache
from re import Pattern

from codewhence.index.lexing import c_family, javascript, keywords, php, python, ruby, rust, shell, sql
from codewhence.index.lexing.forms import CODE, Form
from codewhence.index.lexing.heredoc import read_bodies
from codewhence.index.lexing.scan import Grammar


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written down of a language.

    Attributes:
        forms: Its comments and strings; the first that matches wins.
        keywords: Reserved words, constants and, where the language reserves them, names of types.
        hole: Its forms in code inside of a string, with the marks that end it.
        has_heredocs: Whether strings may begin on the line after their mark.
        lead_in: What stands before the first code, read from the start of the text.
        data_mark: The line after which no code stands.
        prefix: The characters that may stand before a quote and belong to the string; at most three.
        ignores_case: Whether keywords may be written in any case; they are lower case in the table.
        has_hashbang: Whether a first line that begins with ``#!`` is a comment by that alone.
    """

    forms: tuple[Form, ...]
    keywords: frozenset[str]
    hole: tuple[Form, ...] = ()
    has_heredocs: bool = False
    lead_in: Pattern[str] | None = None
    data_mark: str = ""
    prefix: str | None = None
    ignores_case: bool = False
    has_hashbang: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """An entry, compiled.

    Attributes:
        grammars: The forms by ``Scan.mode``, each compiled.
        lead_in: See ``Entry``.
        data_mark: See ``Entry``.
        keywords: See ``Entry``.
        prefix: See ``Entry``.
        ignores_case: See ``Entry``.
        has_hashbang: See ``Entry``.
    """

    grammars: tuple[Grammar, Grammar, Grammar, Grammar]
    lead_in: Pattern[str] | None
    data_mark: str
    keywords: frozenset[str]
    prefix: Pattern[str] | None
    ignores_case: bool
    has_hashbang: bool


_C_PREFIX = "[LuU]|u8"
TABLE: dict[str, Entry] = {
    "c": Entry(c_family.C, keywords.C, prefix=_C_PREFIX),
    "c++": Entry(c_family.CPP, keywords.CPP, prefix=rf"(?:{_C_PREFIX})?R?"),
    "go": Entry(c_family.GO, keywords.GO),
    "java": Entry(c_family.JAVA, keywords.JAVA),
    "javascript": Entry(javascript.JAVASCRIPT, keywords.JAVASCRIPT, hole=javascript.JAVASCRIPT_HOLE, has_hashbang=True),
    "php": Entry(php.PHP, keywords.PHP, hole=php.PHP_HOLE, lead_in=php.LEAD_IN, ignores_case=True, has_hashbang=True),
    "python": Entry(python.PYTHON, keywords.PYTHON, hole=python.PYTHON_HOLE, prefix="[rR][bBfFtT]?|[bBfFtT][rR]?|[uU]"),
    "ruby": Entry(ruby.RUBY, keywords.RUBY, hole=ruby.RUBY_HOLE, has_heredocs=True, data_mark="__END__"),
    "rust": Entry(rust.RUST, keywords.RUST, prefix="b?r|[bc]r?"),
    "shell": Entry(shell.SHELL, keywords.SHELL, hole=shell.SHELL_HOLE, has_heredocs=True, prefix=r"(?<!\$)\$"),
    "sql": Entry(sql.SQL, keywords.SQL, prefix="[eEbBxXnN]", ignores_case=True),
    "typescript": Entry(javascript.JAVASCRIPT, keywords.TYPESCRIPT, hole=javascript.JAVASCRIPT_HOLE, has_hashbang=True),
}


def rules_of(language: str | None) -> Rules | None:
    """Return the rules of a language by Linguist's name in lower case, None where there are none.

    >>> "yield" in rules_of("python").keywords, rules_of("brainfuck")
    (True, None)
    """
    return _compiled(language) if language in TABLE else None


@cache
def _compiled(language: str) -> Rules:
    entry = TABLE[language]
    outside = Grammar(entry.forms)
    inside = Grammar(entry.hole) if entry.hole else outside
    bodies = (Form(CODE, r"\n", read_bodies),)
    before_bodies = (
        (Grammar(entry.forms + bodies), Grammar(entry.hole + bodies)) if entry.has_heredocs else (outside, inside)
    )
    return Rules(
        grammars=(outside, inside, *before_bodies),
        lead_in=entry.lead_in,
        data_mark=entry.data_mark,
        keywords=entry.keywords,
        prefix=re.compile(rf"(?<!\w)(?:{entry.prefix})\Z") if entry.prefix else None,
        ignores_case=entry.ignores_case,
        has_hashbang=entry.has_hashbang,
    )
