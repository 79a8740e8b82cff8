"""Python code under other names: parameters and locals by their real scopes, every identifier, camelCase.

The scopes are those of ``symtable``. Layout and comments stay; only NAME tokens change, and the expressions inside
f-strings. Each result is checked: its syntax tree is that of the original with the same names replaced, or there is no
result.
"""

import ast
import io
import keyword
import random
import re
import symtable
import tokenize
from collections.abc import Callable, Iterator, Mapping

from benchmarks.copies.names import new_names

_CONVENTIONS = {"self", "cls", "_"}
_SEES_NAMES = {"locals", "vars", "eval", "exec", "globals"}
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_NAME_FIELDS = {"id", "arg", "attr", "name", "asname", "module", "names", "rest", "kwd_attrs"}


def local_names(code: str) -> list[str]:
    """Return the parameters and local variables of a function, sorted: names that mean nothing else in it.

    Kept out: ``self`` and ``cls``, names of nested functions and classes, imports, globals, attributes, names that a
    ``match`` pattern, ``global`` or ``nonlocal`` binds, and parameters of nested functions that are passed by keyword.
    """
    local: set[str] = set()
    other: set[str] = {*_CONVENTIONS, *_bound_otherwise(ast.parse(code))}
    for table in _tables(symtable.symtable(code, "copy", "exec")):
        for symbol in table.get_symbols():
            is_variable = str(table.get_type()) == "function" and (symbol.is_local() or symbol.is_parameter())
            if is_variable and not symbol.is_imported() and not symbol.is_namespace():
                local.add(symbol.get_name())
            elif not symbol.is_free():
                other.add(symbol.get_name())
    if other & _SEES_NAMES:
        return []
    return sorted(name for name in local - other if name.isidentifier() and not name.startswith("__"))


def _bound_otherwise(tree: ast.Module) -> set[str]:
    """Return names that patterns and declarations bind, and parameters of nested functions passed by keyword."""
    other = set()
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    nested = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)]
    for function in nested:
        if function is not tree.body[0]:
            other |= {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)} & keywords
    for node in ast.walk(tree):
        if isinstance(node, ast.Global | ast.Nonlocal):
            other |= set(node.names)
        elif isinstance(node, ast.MatchAs | ast.MatchStar | ast.MatchMapping):
            other |= {getattr(node, "name", None) or "", getattr(node, "rest", None) or ""}
    return other


def locals_renamed(code: str, rng: random.Random) -> str | None:
    """V3: parameters and local names get new ones; ``None`` where there are none, or it cannot be done safely."""
    mapping = new_names(local_names(code), used=identifiers(code), rng=rng)
    if not mapping:
        return None
    result = _replaced(code, mapping, _variable_places(code))
    return result if _tree(result) == ast.dump(_Renamed(mapping).visit(ast.parse(code))) else None


def locals_renamed_in_half(code: str, rng: random.Random) -> str | None:
    """Give parameters and local names other ones in the second half of the lines only."""
    mapping = new_names(local_names(code), used=identifiers(code), rng=rng)
    middle = len(code.split("\n")) // 2
    places = {place for place in _variable_places(code) if place[0] > middle}
    if not mapping or not places:
        return None
    result = _replaced(code, mapping, places, from_line=middle + 1)
    return result if result != code and shape(result) == shape(code) else None


def every_identifier_renamed(code: str, rng: random.Random) -> str | None:
    """Rename everything that is no keyword: variables, called functions, members, keyword arguments, builtins."""
    mapping = new_names(sorted(identifiers(code)), used=identifiers(code), rng=rng)
    result = _replaced(code, mapping, None)
    return result if shape(result) == shape(code) else None


def camel_cased(code: str) -> str | None:
    """Write every ``snake_case`` name, called and member names too, as ``snakeCase``; constants stay."""
    known = identifiers(code)
    mapping = {
        name: re.sub(r"(?<=[a-z0-9])_([a-z0-9])", lambda found: found[1].upper(), name)
        for name in sorted(known)
        if not name.startswith("__")
    }
    mapping = {old: new for old, new in mapping.items() if old != new}
    if not mapping or len({*mapping.values(), *(known - set(mapping))}) != len(known):
        return None
    result = _replaced(code, mapping, None)
    return result if shape(result) == shape(code) else None


def identifiers(code: str) -> set[str]:
    """Return every name in the code that is no keyword, those inside f-strings too."""
    found = set()
    for token in _tokens(code):
        if token.type == tokenize.NAME and _is_identifier(token.string):
            found.add(token.string)
        elif _is_f_string(token):
            _f_string(token.string, lambda name, _: found.add(name) or name)
    return found


def shape(code: str) -> str:
    """Return the syntax tree with every name blank."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        for field in node._fields:
            value = getattr(node, field, None)
            if field in _NAME_FIELDS and isinstance(value, str):
                setattr(node, field, "")
            elif field in _NAME_FIELDS and isinstance(value, list) and all(isinstance(each, str) for each in value):
                setattr(node, field, [""] * len(value))
    return ast.dump(tree)


class _Renamed(ast.NodeTransformer):
    """The tree with variables renamed: what ``locals_renamed`` must give."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self.mapping = mapping

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.mapping.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        self.generic_visit(node)
        node.arg = self.mapping.get(node.arg, node.arg)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        node.name = self.mapping.get(node.name, node.name) if node.name else None
        return node


def _replaced(code: str, mapping: Mapping[str, str], places: set[tuple[int, int]] | None, *, from_line: int = 1) -> str:
    """Replace names at ``places`` (line, code point), everywhere where ``None``; members only if everywhere."""
    everywhere = places is None
    edits = []
    for token in _tokens(code):
        if token.start[0] < from_line:
            continue
        if token.type == tokenize.NAME and token.string in mapping and (everywhere or token.start in (places or ())):
            edits.append((token.start, token.end, mapping[token.string]))
        elif _is_f_string(token):
            new = _f_string(
                token.string,
                lambda name, is_member: mapping.get(name, name) if everywhere or not is_member else name,
            )
            edits.append((token.start, token.end, new))
    lines = code.split("\n")
    for (line, column), (end_line, end_column), new in reversed(edits):
        tail = lines[end_line - 1][end_column:]
        lines[line - 1 : end_line] = (lines[line - 1][:column] + new + tail).split("\n")
    return "\n".join(lines)


def _variable_places(code: str) -> set[tuple[int, int]]:
    """Return where variables and parameters are written: line from 1, column in code points."""
    lines = code.split("\n")
    places = {
        (node.lineno, len(lines[node.lineno - 1].encode()[: node.col_offset].decode(errors="replace")))
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Name | ast.arg)
    }
    previous = ""
    for token in _tokens(code):
        if previous == "as":  # ``except … as name``: the tree does not say where
            places.add(token.start)
        previous = token.string
    return places


def _f_string(literal: str, replace: Callable[[str, bool], str]) -> str:
    """Replace names in the braces of an f-string; ``replace`` is told whether a name is a member or a keyword.

    Only before Python 3.12, where an f-string is one token. A name in a nested string is replaced too: the check of the
    syntax tree then throws the copy away.
    """
    parts, depth, at = [], 0, 0
    while at < len(literal):
        found = _IDENTIFIER.match(literal, at) if depth else None
        if found:
            name = found[0]
            after = literal[found.end() : found.end() + 2]
            is_member = literal[at - 1] in ".!" or (after[:1] == "=" and after not in ("==", "=}"))
            parts.append(replace(name, is_member) if _is_identifier(name) and literal[at - 1] != "!" else name)
            at = found.end()
            continue
        if literal[at : at + 2] in ("{{", "}}") and not depth:
            parts.append(literal[at : at + 2])
            at += 2
            continue
        depth += (literal[at] == "{") - (literal[at] == "}")
        parts.append(literal[at])
        at += 1
    return "".join(parts)


def _is_f_string(token: tokenize.TokenInfo) -> bool:
    return token.type == tokenize.STRING and "f" in token.string[: token.string.find(token.string[-1])].lower()


def _is_identifier(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and not keyword.issoftkeyword(name)


def _tokens(code: str) -> list[tokenize.TokenInfo]:
    return list(tokenize.generate_tokens(io.StringIO(code).readline))


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _tree(code: str) -> str:
    try:
        return ast.dump(ast.parse(code))
    except SyntaxError:
        return ""
