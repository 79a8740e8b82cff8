"""Python functions edited line by line: statements reordered, inserted, deleted; other literals; no comments.

Every function takes code that parses and returns code that parses, or ``None`` where the edit does not apply.
"""

import ast
import io
import random
import tokenize
from collections.abc import Iterator

from benchmarks.copies.names import WORDS


def reordered(code: str, rng: random.Random) -> str | None:
    """Swap neighboring assignments that do not depend on each other, every pair that there is."""
    del rng  # every pair is swapped
    lines = code.split("\n")
    for body in _bodies(ast.parse(code)):
        position = len(body) - 2
        while position >= 0:
            first, second = body[position], body[position + 1]
            if _are_independent(first, second) and _own_lines(first, lines) and _own_lines(second, lines):
                a, b, c, d = first.lineno - 1, _end(first), second.lineno - 1, _end(second)
                lines[a:d] = [*lines[c:d], *lines[b:c], *lines[a:b]]
                position -= 1  # a statement moves once
            position -= 1
    return _checked("\n".join(lines), code)


def with_lines_inserted(code: str, rng: random.Random) -> str | None:
    """Insert a new statement before about every third one, at least two."""
    lines = code.split("\n")
    places = [
        (statement.lineno, statement.col_offset)
        for body in _bodies(ast.parse(code))
        for statement in body
        if _own_lines(statement, lines) and not _is_docstring(statement) and not hasattr(statement, "decorator_list")
    ]
    n_inserted = max(2, len(places) // 3)
    if len(places) < n_inserted:
        return None
    for line, column in sorted(rng.sample(places, n_inserted), reverse=True):
        lines.insert(line - 1, lines[line - 1][:column] + _statement(rng))
    return _checked("\n".join(lines), code)


def with_lines_deleted(code: str, rng: random.Random) -> str | None:
    """Delete random statements until half of the lines are gone; what is left parses."""
    lines = code.split("\n")
    gone: set[int] = set()
    n_wanted = len(lines) // 2
    bodies = list(_bodies(ast.parse(code)))
    left = {id(body): len(body) for body in bodies}
    candidates = [(body, statement) for body in bodies for statement in body if _own_lines(statement, lines)]
    for body, statement in rng.sample(candidates, len(candidates)):
        taken = set(range(statement.lineno - 1, _end(statement))) - gone
        is_header = statement.lineno == 1 or hasattr(statement, "decorator_list")
        if is_header or not taken or left[id(body)] < 2 or len(gone) + len(taken) > n_wanted + 1:
            continue
        gone |= taken
        left[id(body)] -= 1
    if len(gone) < 0.4 * len(lines):
        return None
    return _checked("\n".join(line for number, line in enumerate(lines) if number not in gone), code)


def with_new_literals(code: str, rng: random.Random) -> str | None:
    """Give every number and every string that is no documentation and no f-string another value."""
    statements = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.stmt)]
    documentation = {statement.lineno for statement in statements if _is_docstring(statement)}
    edits = []
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.NUMBER:
            edits.append((token.start, token.end, _number(token.string, rng)))
        elif token.type == tokenize.STRING and token.start[0] not in documentation:
            quote = token.string[-1]
            prefix = token.string[: token.string.find(quote)]
            if "f" not in prefix.lower() and len(token.string) > len(prefix) + 2:
                edits.append((token.start, token.end, f"{prefix}{quote}{_words(rng)}{quote}"))
    lines = code.split("\n")
    for (line, column), (end_line, end_column), new in reversed(edits):
        lines[line - 1 : end_line] = [lines[line - 1][:column] + new + lines[end_line - 1][end_column:]]
    return _checked("\n".join(lines), code)


def without_comments(code: str) -> str:
    """Drop comments, and lines that held nothing else."""
    lines = code.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip() or "\0"
    return "\n".join(line for line in lines if line != "\0")


def _bodies(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list) and body and not isinstance(node, ast.Module):
                yield body


def _are_independent(first: ast.stmt, second: ast.stmt) -> bool:
    """Say whether two assignments can be swapped: neither calls anything, nor touches what the other assigns."""
    if not isinstance(first, ast.Assign | ast.AnnAssign) or not isinstance(second, ast.Assign | ast.AnnAssign):
        return False
    calls = ast.Call | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr | ast.Subscript
    if any(isinstance(node, calls) for node in ast.walk(first)):
        return False
    written, touched = _names(first, ast.Store), _names(second, ast.Store) | _names(second, ast.Load)
    also = _names(second, ast.Store) & _names(first, ast.Load)
    # A call in the second may see anything but plain local variables.
    is_plain = all(isinstance(node, ast.Name) for node in _targets(first))
    has_calls = any(isinstance(node, calls) for node in ast.walk(second))
    return not written & touched and not also and (is_plain or not has_calls)


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return statement.targets if isinstance(statement, ast.Assign) else [statement.target]


def _names(statement: ast.stmt, context: type[ast.expr_context]) -> set[str]:
    """Return the variables, and the members by their dotted path, that a statement stores or loads."""
    return {
        ast.unparse(node)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, context)
    }


def _own_lines(statement: ast.stmt, lines: list[str]) -> bool:
    """Say whether nothing else stands on the lines of a statement but a comment."""
    before = lines[statement.lineno - 1].encode()[: statement.col_offset]
    after = lines[_end(statement) - 1].encode()[statement.end_col_offset :].strip()
    return not before.strip() and (not after or after.startswith(b"#"))


def _is_docstring(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _end(statement: ast.stmt) -> int:
    return statement.lineno if statement.end_lineno is None else statement.end_lineno


def _words(rng: random.Random) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 3)))


def _number(old: str, rng: random.Random) -> str:
    if old.lower().endswith("j"):
        return f"{rng.randint(2, 99)}j"
    return f"{rng.uniform(0, 100):.2f}" if "." in old else str(rng.randint(2, 999))


def _statement(rng: random.Random) -> str:
    one, two = rng.choice(WORDS), rng.choice(WORDS)
    return rng.choice(
        (
            f'logger.debug("{one} {two} %d", {rng.randint(2, 999)})',
            f"{one}_{two} = {rng.randint(2, 999)}",
            f'print("{one} of {two}")',
            f"assert {one} is not {two}",
            f"{one}_log.append({two!r})",
            f"{one}.{two}()",
        )
    )


def _checked(result: str, code: str) -> str | None:
    if result == code:
        return None
    try:
        ast.parse(result)
    except SyntaxError:
        return None
    return result
