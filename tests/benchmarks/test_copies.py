"""Touched copies keep what they promise: the same meaning under other names, code that parses, one to one."""

import ast
import io
import keyword
import random
import sysconfig
import tokenize
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.copies import classes, edits, meaning, renaming
from benchmarks.copies.names import new_names
from benchmarks.copies.originals import Original, originals

LIBRARY = Path(sysconfig.get_path("stdlib"))
MODULES = ("textwrap", "shutil", "argparse", "heapq", "statistics", "fractions", "csv", "zipfile", "configparser")


def _functions() -> list[Original]:
    texts = [("python", (LIBRARY / f"{name}.py").read_text(encoding="utf-8")) for name in MODULES]
    return list(originals(texts, random.Random(1), per_text=8))


FUNCTIONS = _functions()
FUNCTION = """\
def total_of(rows, *, scale=1, key=None):
    \"\"\"Sum up rows.\"\"\"
    total = 0  # starts empty
    limit = 10
    for row in rows:
        if key is not None and total < limit:
            total += scale * key(row.size)
        else:
            total = len(rows)
    print(f"{total} of {rows!r} at {scale:.2f}", end="")
    return [row for row in rows if row.size > total]
"""


def _run(code: str, **arguments: object) -> object:
    class Row:
        def __init__(self, size: int) -> None:
            self.size = size

        def __repr__(self) -> str:
            return f"Row({self.size})"

    space: dict[str, Any] = {}
    exec(code, space)  # noqa: S102 (a function of this file)
    values = [Row(1), Row(5), Row(12)]
    result = space["total_of"](*[values], **arguments)
    return [row.size for row in result]


def _names_of(code: str) -> list[str]:
    return [
        token.string for token in tokenize.generate_tokens(io.StringIO(code).readline) if token.type == tokenize.NAME
    ]


def test_enough_real_functions_are_looked_at() -> None:
    assert len(FUNCTIONS) > 40


@pytest.mark.parametrize("copy_class", [*classes.MAIN, *classes.HARDER], ids=lambda each: each.name)
def test_every_class_applies_to_real_functions_and_its_copies_parse(copy_class: classes.CopyClass) -> None:
    copies = [classes.make(copy_class, original, random.Random(2)) for original in FUNCTIONS]
    made = [copied for copied in copies if copied]
    assert len(made) > len(FUNCTIONS) / 20
    if copy_class.parses and copy_class.name != "V0":
        for copied in made:
            ast.parse(copied)


@pytest.mark.parametrize("original", FUNCTIONS[::4], ids=lambda each: each.code.split("(")[0])
def test_renaming_keeps_the_tree_but_for_names(original: Original) -> None:
    renamed = renaming.locals_renamed(original.code, random.Random(3))
    if renamed is not None:
        assert renamed != original.code
        assert renaming.shape(renamed) == renaming.shape(original.code)


@pytest.mark.parametrize("original", FUNCTIONS[::4], ids=lambda each: each.code.split("(")[0])
def test_every_name_but_keywords_is_renamed_one_to_one(original: Original) -> None:
    renamed = renaming.every_identifier_renamed(original.code, random.Random(4))
    if renamed is not None:
        pairs = set(zip(_names_of(original.code), _names_of(renamed), strict=True))
        assert len({old for old, _ in pairs}) == len(pairs) == len({new for _, new in pairs})
        assert all(keyword.iskeyword(old) or keyword.issoftkeyword(old) for old, new in pairs if old == new)


def test_renamed_code_does_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    renamed = renaming.locals_renamed(FUNCTION, random.Random(5))
    assert renamed is not None
    # Nobody can call it by the old keywords: they are parameters and were renamed too.
    assert _run(renamed) == _run(FUNCTION)
    first, second = capsys.readouterr().out.split("]")[:2]
    assert first.partition("of")[0] in second
    kept = {"total_of", "len", "print", "size", "end"}
    assert kept <= set(_names_of(renamed))
    assert not {"rows", "scale", "key", "total", "limit", "row"} & set(_names_of(renamed))
    assert '"""Sum up rows."""' in renamed
    assert "{rows!r}" not in renamed


def test_rewritten_code_does_the_same() -> None:
    rewritten = meaning.rewritten(FUNCTION)
    assert rewritten is not None
    assert "while" in rewritten
    assert "total = total" in rewritten or "iterator_1" in rewritten
    for scale in (1, 3):
        assert _run(rewritten, scale=scale, key=lambda size: size) == _run(FUNCTION, scale=scale, key=lambda size: size)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("def f(a):\n b = a\n return b", ["a", "b"], id="parameter and local"),
        pytest.param("def f(self, a):\n return self.a + a", ["a"], id="self and members stay"),
        pytest.param("def f(a):\n import os as a2\n return a2.path(a)", ["a"], id="imports stay"),
        pytest.param("def f():\n global count\n count = 1", [], id="globals stay"),
        pytest.param(
            "def f(a):\n def g(b):\n  nonlocal a\n  a = b\n return g(b=1)", [], id="nonlocal and keywords stay"
        ),
        pytest.param("def f(a):\n return [x for x in a]", ["a", "x"], id="variables of comprehensions"),
        pytest.param("def f(a):\n return locals()", [], id="names that are looked at"),
        pytest.param("def f(a):\n class B:\n  a = 1\n return B", [], id="members of a class"),
        pytest.param("def f(a):\n try:\n  pass\n except OSError as e:\n  print(e)", ["a", "e"], id="caught errors"),
        pytest.param("def f(a):\n match a:\n  case [b]:\n   return b", ["a"], id="patterns stay"),
    ],
)
def test_only_locals_are_renamed(code: str, expected: list[str]) -> None:
    assert renaming.local_names(code) == expected


def test_camel_case_joins_words() -> None:
    code = "def my_sum(first_part, _kept, LIMIT_OF):\n    return first_part.get_it(some_key=_kept) + LIMIT_OF"
    assert renaming.camel_cased(code) == (
        "def mySum(firstPart, _kept, LIMIT_OF):\n    return firstPart.getIt(someKey=_kept) + LIMIT_OF"
    )


def test_camel_case_that_would_join_two_names_is_refused() -> None:
    assert renaming.camel_cased("def f(a_b, aB):\n    return a_b + aB") is None


def test_only_independent_assignments_are_swapped() -> None:
    swapped = edits.reordered("def f(a):\n    x = a\n    y = 2\n    z = x\n    w = g(z)", random.Random(1))
    assert swapped is not None
    assert swapped.split("\n")[1:] in (
        ["    y = 2", "    x = a", "    z = x", "    w = g(z)"],
        ["    x = a", "    z = x", "    y = 2", "    w = g(z)"],
    )
    assert edits.reordered("def f(a):\n    x = a\n    y = x", random.Random(1)) is None
    assert edits.reordered("def f(a):\n    a.x = 1\n    y = g(a)", random.Random(1)) is None


def test_half_of_the_lines_are_deleted() -> None:
    code = "def f(a):\n" + "".join(f"    step_{number}(a)\n" for number in range(19))
    deleted = edits.with_lines_deleted(code, random.Random(1))
    assert deleted is not None
    assert deleted.startswith("def f(a):")
    assert 8 <= deleted.count("step_") <= 11


def test_new_literals_leave_documentation_and_names() -> None:
    code = 'def f(a):\n    """Say 1."""\n    return a + 12, "twelve", f"{a}"'
    changed = edits.with_new_literals(code, random.Random(1))
    assert changed is not None
    assert '"""Say 1."""' in changed
    assert 'f"{a}"' in changed
    assert "12," not in changed
    assert "twelve" not in changed


@given(st.lists(st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,12}", fullmatch=True), unique=True), st.integers(0, 100))
def test_new_names_are_new_and_one_to_one(names: list[str], seed: int) -> None:
    mapping = new_names(names, used=set(names), rng=random.Random(seed))
    assert list(mapping) == names
    assert len(set(mapping.values())) == len(names)
    assert not set(mapping.values()) & set(names)
    assert all(value.isidentifier() for value in mapping.values())
