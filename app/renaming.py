"""A Python function under other local names: what a copy looks like whose maker did not want it to look like one.

Parameters and variables get new names, one each, everywhere in the function; its own name, attributes, called
functions, keywords of calls and literals stay. Comments and layout are lost: the text is written anew from the tree.
"""

import ast
from itertools import count
from typing import Any

# Words of a trade that no program in a training set is about.
_WORDS = (
    *("maple", "sap", "tap", "bucket", "spile", "kettle", "ladle", "syrup"),
    *("birch", "bark", "twig", "acorn", "moss", "fern", "amber", "resin"),
)
# Scopes within scopes, and what looks names up by their text: renaming by names alone could go wrong there.
_REFUSED_NODES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Match, ast.Import, ast.ImportFrom),
    *(ast.Global, ast.Nonlocal, ast.ExceptHandler),
)
_REFUSED_CALLS = frozenset({"locals", "vars", "eval", "exec", "super"})


def renamed(code: str) -> str | None:
    r"""Return a function with other local names, ending in a newline.

    Args:
        code: One function without indentation.

    Returns:
        ``None`` for what is no such function, for one in which renaming could change what it does, and for one
        without local names.

    >>> print(renamed("def area(width, height):\n    return abs(width) * height"), end="")
    def area(sap, maple):
        return abs(sap) * maple
    """
    function = _function(code)
    if function is None or not _can_be_renamed(function):
        return None
    names = _local_names(function)
    if not names:
        return None
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)} | names
    fresh = (word for round_ in count() for word in _words(round_) if word not in used)
    text = ast.unparse(_Renaming(dict(zip(sorted(names), fresh, strict=False))).visit(function)) + "\n"
    return text if _function(text) is not None else None


def _words(round_: int) -> list[str]:
    return [f"{word}_{round_ + 1}" if round_ else word for word in _WORDS]


def _function(code: str) -> ast.FunctionDef | None:
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    (first, *rest) = body or [None]
    return first if isinstance(first, ast.FunctionDef) and not rest else None


def _can_be_renamed(function: ast.FunctionDef) -> bool:
    nodes = [node for node in ast.walk(function) if node is not function]
    has_scopes = any(isinstance(node, _REFUSED_NODES) for node in nodes)
    calls = {node.id for node in nodes if isinstance(node, ast.Name)}
    return not has_scopes and _REFUSED_CALLS.isdisjoint(calls)


def _local_names(function: ast.FunctionDef) -> set[str]:
    """Return the parameters and the names that are bound in a function."""
    nodes = list(ast.walk(function))
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    return bound | {node.arg for node in nodes if isinstance(node, ast.arg)}


class _Renaming(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> Any:
        node.id = self._names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> Any:
        node.arg = self._names.get(node.arg, node.arg)
        return self.generic_visit(node)
