"""The table of what is done to a copy: each class of touched copies by name, with the function that makes it."""

import ast
import random
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.copies import edits, meaning, renaming, tokens
from benchmarks.copies.originals import Original

FRAGMENT_LINES = 12


@dataclass(frozen=True, slots=True)
class CopyClass:
    """One way to touch a copy.

    Attributes:
        name: In results.
        text: What is done, for a reader.
        make: Returns the copy, or ``None`` where it does not apply.
        parses: Whether the copy is a whole function, so that it must parse.
    """

    name: str
    text: str
    make: Callable[[Original, random.Random], str | None]
    parses: bool = True


def make(copy_class: CopyClass, original: Original, rng: random.Random) -> str | None:
    """Return the copy, ``None`` where the class does not apply or, of Python, the result does not parse."""
    result = copy_class.make(original, rng)
    if (
        result
        and copy_class.parses
        and copy_class.name != "V0"
        and original.language == "python"
        and not _parses(result)
    ):
        return None
    return result or None


def _reindented(original: Original, _: random.Random) -> str | None:
    if original.language != "python":
        return tokens.reindented(original.code, original.language)
    lines = [line for line in original.code.split("\n") if line.strip()]
    indents = [len(line) - len(line.lstrip(" ")) for line in lines[1:]]
    unit = min((indent for indent in indents if indent), default=4)
    return "\n".join("\t" * ((len(line) - len(line.lstrip(" "))) // unit) + line.lstrip(" ") for line in lines)


def _renamed(original: Original, rng: random.Random) -> str | None:
    if original.language != "python":
        return tokens.locals_renamed(original.code, original.language, rng)
    return renaming.locals_renamed(original.code, rng)


def _after_renaming(
    edit: Callable[[str, random.Random], str | None],
) -> Callable[[Original, random.Random], str | None]:
    def both(original: Original, rng: random.Random) -> str | None:
        renamed = renaming.locals_renamed(original.code, rng)
        return None if renamed is None else edit(renamed, rng)

    return both


def _all_at_once(code: str, rng: random.Random) -> str | None:
    literals = edits.with_new_literals(edits.without_comments(code), rng)
    return None if literals is None else edits.with_lines_inserted(literals, rng)


def _middle_lines(code: str, n_lines: int) -> str | None:
    lines = code.split("\n")
    first = (len(lines) - n_lines) // 2
    return "\n".join(lines[first : first + n_lines]) if first >= 2 else None


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True


MAIN = (
    CopyClass("V0", "as it stands", lambda original, _: original.raw),
    CopyClass("V1", "re-indented, blank lines dropped", _reindented),
    CopyClass("V2", "ast.unparse: comments, quotes, layout", lambda original, _: ast.unparse(ast.parse(original.code))),
    CopyClass("V3", "parameters and locals renamed", _renamed),
    CopyClass("V4", "V3, then V2", _after_renaming(lambda code, _: ast.unparse(ast.parse(code)))),
    CopyClass(
        "every identifier",
        "every identifier renamed: called functions, members, builtins too",
        lambda original, rng: renaming.every_identifier_renamed(original.code, rng),
    ),
)
HARDER = (
    CopyClass(
        "reordered", "independent assignments swapped", lambda original, rng: edits.reordered(original.code, rng)
    ),
    CopyClass(
        "inserted",
        "a new line before every third statement",
        lambda original, rng: edits.with_lines_inserted(original.code, rng),
    ),
    CopyClass(
        "deleted", "half of the lines deleted", lambda original, rng: edits.with_lines_deleted(original.code, rng)
    ),
    CopyClass("camelCase", "snake_case names in camelCase", lambda original, _: renaming.camel_cased(original.code)),
    CopyClass(
        "new literals", "other numbers and strings", lambda original, rng: edits.with_new_literals(original.code, rng)
    ),
    CopyClass("V3 + reordered", "V3, then reordered", _after_renaming(edits.reordered)),
    CopyClass("V3 + inserted", "V3, then inserted", _after_renaming(edits.with_lines_inserted)),
    CopyClass("V3 + deleted", "V3, then deleted", _after_renaming(edits.with_lines_deleted)),
    CopyClass("V3 + new literals", "V3, then new literals", _after_renaming(edits.with_new_literals)),
    CopyClass("all at once", "V3, no comments, new literals, inserted", _after_renaming(_all_at_once)),
    CopyClass(
        "12 lines of V3",
        "the middle 12 lines of a renamed function",
        _after_renaming(lambda code, _: _middle_lines(code, FRAGMENT_LINES)),
        parses=False,
    ),
    CopyClass(
        "half of V3",
        "the middle half of the lines of a renamed function",
        _after_renaming(lambda code, _: _middle_lines(code, (code.count("\n") + 1) // 2)),
        parses=False,
    ),
    CopyClass(
        "half renamed",
        "names changed in the second half only",
        lambda original, rng: renaming.locals_renamed_in_half(original.code, rng),
    ),
    CopyClass(
        "same meaning",
        "loops, branches and comparisons rewritten",
        lambda original, _: meaning.rewritten(original.code),
    ),
    CopyClass("V3 + same meaning", "V3, then the same", _after_renaming(lambda code, _: meaning.rewritten(code))),
)
OF_LANGUAGES = (MAIN[0], MAIN[1], MAIN[3])
