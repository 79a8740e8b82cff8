"""Python functions rewritten to the same meaning: other loops, swapped branches, mirrored comparisons.

All on the syntax tree, written back by ``ast.unparse``:

- ``for`` over ``range(n)`` becomes ``while`` with a counter; over anything else, ``while`` with ``next``;
- a loop that only appends becomes a comprehension, an assigned comprehension becomes a loop that appends;
- ``if``/``else`` swap their branches under the inverted condition; an assigned ``a if c else b`` becomes statements;
- ``a < b`` becomes ``b > a``; ``a += 1`` becomes ``a = a + 1``.
"""

import ast
from collections import Counter

_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}
# Not the orderings: ``not a < b`` is not ``a >= b`` for NaN and for sets.
_INVERTED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
MIN_REWRITES = 3


def rewritten(code: str) -> str | None:
    """Return the code under every rewriting that applies, ``None`` where fewer than three do."""
    tree = ast.parse(code)
    rewriting = _Rewriting(_name_counts(tree))
    result = ast.fix_missing_locations(rewriting.visit(tree))
    return ast.unparse(result) if rewriting.n_rewrites >= MIN_REWRITES else None


class _Rewriting(ast.NodeTransformer):
    """Rewrites from the leaves up and counts."""

    def __init__(self, name_counts: Counter[str]) -> None:
        self.name_counts = name_counts
        self.n_rewrites = 0
        self.comprehended: set[int] = set()  # statements made here, not to be spelled out again
        self.n_iterators = 0

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        mirrored = _MIRRORED.get(type(node.ops[0])) if len(node.ops) == 1 else None
        if mirrored is None:
            return node
        self.n_rewrites += 1
        return ast.Compare(node.comparators[0], [mirrored()], [node.left])

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        # Only numbers: a list that grows in place may be known by another name.
        is_number = isinstance(node.value, ast.Constant) and isinstance(node.value.value, int | float)
        if not isinstance(node.target, ast.Name) or not is_number:
            return node
        self.n_rewrites += 1
        return ast.Assign([node.target], ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value))

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if not node.orelse or (len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)):
            return node
        self.n_rewrites += 1
        return ast.If(_inverted(node.test), node.orelse, node.body)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name) or id(node) in self.comprehended:
            return node
        target, value = node.targets[0], node.value
        if isinstance(value, ast.IfExp):
            self.n_rewrites += 1
            return ast.If(value.test, [ast.Assign([target], value.body)], [ast.Assign([target], value.orelse)])
        if isinstance(value, ast.ListComp) and len(value.generators) == 1 and self._spells_out(value, target.id):
            self.n_rewrites += 1
            return _spelled_out(value, target.id)
        return node

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if node.orelse:
            return node
        self.n_rewrites += 1
        counter = _counter(node)
        if counter is not None and self._stays_inside(node.target, node):
            return _counted(node, *counter)
        return self._with_next(node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list):
                setattr(node, name, self._comprehended(body))
        return super().generic_visit(node)

    def _comprehended(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """Join ``x = []`` and a loop that only appends to it into a comprehension."""
        result: list[ast.stmt] = []
        for statement in body:
            joined = _as_comprehension(result[-1], statement) if result else None
            if (
                joined is not None
                and isinstance(statement, ast.For)
                and self._stays_inside(statement.target, statement)
            ):
                self.n_rewrites += 1
                self.comprehended.add(id(joined))
                result[-1] = joined
            else:
                result.append(statement)
        return result

    def _spells_out(self, value: ast.ListComp, target: str) -> bool:
        """Say whether the loop variables of a comprehension may become variables of the function."""
        generator = value.generators[0]
        is_self_contained = target not in _name_counts(value)
        return is_self_contained and not generator.is_async and self._stays_inside(generator.target, value)

    def _stays_inside(self, target: ast.expr, around: ast.AST) -> bool:
        """Say whether the names of a loop target are plain and stand nowhere else in the function."""
        if not all(isinstance(node, ast.Name | ast.Tuple | ast.expr_context) for node in ast.walk(target)):
            return False
        inside = _name_counts(around)
        return all(self.name_counts[name] == inside[name] for name in _name_counts(target))

    def _with_next(self, node: ast.For) -> list[ast.stmt]:
        self.n_iterators += 1
        name = f"iterator_{self.n_iterators}"
        step = ast.Try(
            [ast.Assign([node.target], _call("next", ast.Name(name, ast.Load())))],
            [ast.ExceptHandler(ast.Name("StopIteration", ast.Load()), None, [ast.Break()])],
            [],
            [],
        )
        start = ast.Assign([ast.Name(name, ast.Store())], _call("iter", node.iter))
        return [start, ast.While(ast.Constant(True), [step, *node.body], [])]


def _inverted(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in _INVERTED:
        return ast.Compare(test.left, [_INVERTED[type(test.ops[0])]()], test.comparators)
    return ast.UnaryOp(ast.Not(), test)


def _counter(node: ast.For) -> tuple[str, ast.expr] | None:
    """Return variable and limit of a loop over ``range(n)`` that neither skips nor changes either, or ``None``."""
    call = node.iter
    if not isinstance(node.target, ast.Name) or not isinstance(call, ast.Call) or ast.unparse(call.func) != "range":
        return None
    if len(call.args) != 1 or not isinstance(call.args[0], ast.Name | ast.Constant):
        return None
    limit = call.args[0]
    fixed = {node.target.id} | ({limit.id} if isinstance(limit, ast.Name) else set())
    inside = [each for statement in node.body for each in ast.walk(statement)]
    stores = {each.id for each in inside if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
    if fixed & stores or any(isinstance(each, ast.Continue) for each in inside):
        return None
    return node.target.id, limit


def _counted(node: ast.For, name: str, limit: ast.expr) -> list[ast.stmt]:
    test = ast.Compare(ast.Name(name, ast.Load()), [ast.Lt()], [limit])
    step = ast.Assign([ast.Name(name, ast.Store())], ast.BinOp(ast.Name(name, ast.Load()), ast.Add(), ast.Constant(1)))
    start = ast.Assign([ast.Name(name, ast.Store())], ast.Constant(0))
    return [start, ast.While(test, [*node.body, step], [])]


def _spelled_out(value: ast.ListComp, target: str) -> list[ast.stmt]:
    generator = value.generators[0]
    append = ast.Call(ast.Attribute(ast.Name(target, ast.Load()), "append", ast.Load()), [value.elt], [])
    body: list[ast.stmt] = [ast.Expr(append)]
    for test in reversed(generator.ifs):
        body = [ast.If(test, body, [])]
    start = ast.Assign([ast.Name(target, ast.Store())], ast.List([], ast.Load()))
    return [start, ast.For(generator.target, generator.iter, body, [])]


def _as_comprehension(start: ast.stmt, loop: ast.stmt) -> ast.stmt | None:
    """Return the comprehension that an empty list and the loop after it make, or ``None``."""
    if not isinstance(start, ast.Assign) or not isinstance(start.value, ast.List) or start.value.elts:
        return None
    if len(start.targets) != 1 or not isinstance(start.targets[0], ast.Name) or not isinstance(loop, ast.For):
        return None
    if loop.orelse or len(loop.body) != 1 or not isinstance(loop.body[0], ast.Expr):
        return None
    name, call = start.targets[0].id, loop.body[0].value
    is_append = isinstance(call, ast.Call) and len(call.args) == 1 and ast.unparse(call.func) == f"{name}.append"
    if not is_append or any(isinstance(node, ast.Yield | ast.Await | ast.YieldFrom) for node in ast.walk(call)):
        return None
    generator = ast.comprehension(loop.target, loop.iter, [], 0)
    return ast.Assign([ast.Name(name, ast.Store())], ast.ListComp(call.args[0], [generator]))


def _call(name: str, argument: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [argument], [])


def _name_counts(tree: ast.AST) -> Counter[str]:
    names = (
        node.id if isinstance(node, ast.Name) else node.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.arg)
    )
    return Counter(names)
