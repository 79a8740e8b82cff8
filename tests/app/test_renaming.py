"""Functions under other local names: the same function still, and refused where that is not certain."""

import ast
import inspect
import textwrap
from types import FunctionType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.app.renaming import renamed


def weigh(parcels: list[int], limit: int) -> tuple[list[int], int]:
    total, kept = 0, []
    for parcel in sorted(parcels):
        if total + parcel <= limit:
            kept.append(parcel)
            total += parcel
    return kept, total


def squares(numbers: list[int], least: int = 3) -> dict[int, str]:
    return {number: f"{number * number:>{least}}" for number in numbers if (odd := number % 2) or odd < least}


def shadowed(maple: list[int], sap: int) -> list[int]:
    return [tap + sap for tap in maple]


def _text(function: FunctionType) -> str:
    return textwrap.dedent(inspect.getsource(function))


def _run(code: str, name: str, *arguments: object) -> object:
    scope: dict[str, object] = {}
    exec(code, scope)  # noqa: S102 - our own functions, above
    function = scope[name]
    assert callable(function)
    return function(*arguments)


@given(st.lists(st.integers(0, 99)), st.integers(0, 99))
@pytest.mark.parametrize("function", [weigh, squares, shadowed])
def test_a_renamed_function_does_what_it_did(function: FunctionType, numbers: list[int], number: int) -> None:
    code = renamed(_text(function))
    assert code is not None
    assert _run(code, function.__name__, numbers, number) == function(numbers, number)


@pytest.mark.parametrize(
    ("function", "local"),
    [
        pytest.param(weigh, {"parcels", "limit", "total", "kept", "parcel"}, id="weigh"),
        pytest.param(squares, {"numbers", "least", "number", "odd"}, id="squares"),
        pytest.param(shadowed, {"maple", "sap", "tap"}, id="shadowed"),
    ],
)
def test_every_local_name_is_another_and_no_other_name_is(function: FunctionType, local: set[str]) -> None:
    before = _text(function)
    after = renamed(before)
    assert after is not None
    old, new = (_names(text) for text in (before, after))
    assert new & old == old - local
    assert len(new) == len(old)


def _names(code: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(code)))
    return {node.id for node in nodes if isinstance(node, ast.Name)} | {
        node.arg for node in nodes if isinstance(node, ast.arg)
    }


def test_more_names_than_words_are_numbered() -> None:
    names = ", ".join(f"value_{number}" for number in range(40))
    after = renamed(f"def total({names}):\n    return sum(({names}))\n")
    assert after is not None
    assert len(_names(after)) == 41
    assert "maple_2" in after


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("", id="nothing"),
        pytest.param("def f(:\n", id="no Python"),
        pytest.param("x = 1\n", id="no function"),
        pytest.param("class A:\n    pass\n", id="a class"),
        pytest.param("def f(x):\n    return x\n\n\nf(1)\n", id="more than a function"),
        pytest.param("def f():\n    return 1\n", id="no local name"),
        pytest.param("def f(x):\n    def g(y):\n        return y\n    return g(y=x)\n", id="a function inside"),
        pytest.param("def f(x):\n    return lambda y: y + x\n", id="a lambda"),
        pytest.param("def f(x):\n    return locals()['x']\n", id="names as texts"),
        pytest.param("def f(x):\n    global y\n    y = x\n", id="a global"),
        pytest.param(
            "def f(x):\n    try:\n        return x\n    except OSError as error:\n        return error\n", id="as"
        ),
        pytest.param("def f(x):\n    import os\n    return os.path.join(x)\n", id="an import"),
        pytest.param("def f(x):\n    match x:\n        case [y]:\n            return y\n", id="a pattern"),
        pytest.param("def f(x):\n    return x\0\n", id="a NUL"),
    ],
)
def test_what_could_change_its_meaning_is_refused(code: str) -> None:
    assert renamed(code) is None
