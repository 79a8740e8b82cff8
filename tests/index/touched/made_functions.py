"""Functions made up in a test: one random tree of statements, written down in six languages, under any names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

_WORDS = [
    "anchor", "badge", "basket", "beacon", "branch", "bridge", "bucket", "cabin", "candle", "canvas", "carton",
    "cellar", "circle", "clause", "cloud", "copper", "corner", "cradle", "crystal", "desert", "dragon", "engine",
    "fabric", "falcon", "feather", "fiddle", "forest", "garden", "ginger", "glacier", "hammer", "harbor", "hollow",
    "island", "jacket", "kettle", "ladder", "lantern", "magnet", "marble", "meadow", "mirror", "needle", "oyster",
    "paddle", "pebble", "pepper", "pillow", "planet", "pocket", "puzzle", "quartz", "rabbit", "ribbon", "rocket",
    "saddle", "salmon", "shadow", "silver", "spider", "sponge", "summit", "tunnel", "turtle", "valley", "velvet",
    "violin", "wagon", "walnut", "willow", "window", "winter", "zephyr",
]  # fmt: skip
T = TypeVar("T")
_OPERATORS = ("+", "-", "*", "%", "<<", "&", "|")
_COMPARISONS = ("<", ">", "==", "!=", "<=", ">=")
EXTENSIONS = {"python": "py", "javascript": "js", "java": "java", "c": "c", "go": "go", "rust": "rs"}
LANGUAGES = tuple(EXTENSIONS)
_FIRST_LINES = {
    "python": "def {name}({parameters}):",
    "javascript": "function {name}({parameters}) {{",
    "java": "public int {name}({parameters}) {{",
    "c": "int {name}({parameters})\n{{",
    "go": "func {name}({parameters}) int {{",
    "rust": "pub fn {name}({parameters}) -> i32 {{",
}
_PARAMETERS = {"java": "int {}", "c": "int {}", "go": "{} int", "rust": "{}: i32"}
_ASSIGNMENTS = {
    "python": "{} = {}", "javascript": "let {} = {};", "java": "int {} = {};", "c": "int {} = {};", "go": "{} := {}",
    "rust": "let {} = {};",
}  # fmt: skip
_LOOPS = {
    "python": "for {} in {}:",
    "javascript": "for (const {} of {}) {{",
    "java": "for (int {} : {}) {{",
    "c": "for (int {0} = 0; {0} < {1}; {0}++) {{",
    "go": "for _, {} := range {} {{",
    "rust": "for {} in {} {{",
}
_WHILES = {"python": "while {}:", "go": "for {} {{", "rust": "while {} {{"}
_CONDITIONS = {"python": "if {}:", "go": "if {} {{", "rust": "if {} {{"}


@dataclass(frozen=True, slots=True)
class Naming:
    """What stands for each name and literal of the tree."""

    local: Callable[[str], str] = str
    public: Callable[[str], str] = str  # called functions and members
    literal: Callable[[str], str] = str
    has_comments: bool = False
    indent: str = "    "


AS_MADE = Naming()


def other_local(name: str) -> str:
    """Give a local variable another name, one-to-one."""
    return f"v{_WORDS.index(name) * 7 % 89}_of"


def other_public(name: str) -> str:
    """Give a function or member another name, one-to-one."""
    verb, noun = name.split("_")
    return f"w{_WORDS.index(verb) * 5 % 83}x{_WORDS.index(noun) * 3 % 89}"


RENAMED = Naming(local=other_local)
ALL_RENAMED = Naming(local=other_local, public=other_public)
COMMENTED = Naming(has_comments=True, indent="\t")
NEW_LITERALS = Naming(literal=lambda value: '"another text"' if value[0] == '"' else f"{len(value)}77")
EVERYTHING = Naming(other_local, other_public, NEW_LITERALS.literal, has_comments=True, indent="  ")


class _Draws:
    """Draws that are the same for every seed, fast."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._drawn: list[int] = []

    def below(self, limit: int) -> int:
        if not self._drawn:
            self._drawn = self._rng.integers(0, 1 << 40, 2_000).tolist()
        return self._drawn.pop() % limit

    def choice(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def sample(self, items: Sequence[T], n_items: int) -> list[T]:
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(n_items)]

    def between(self, least: int, most: int) -> int:
        return least + self.below(most - least + 1)


class Function:
    """One random function; ``write`` gives its text."""

    def __init__(self, seed: int, *, n_statements: int = 12) -> None:
        self._draws = _Draws(seed)
        self._locals = self._draws.sample(_WORDS, 9)
        self._n_statements = n_statements
        self._name = self._public_name()
        self._statements = [self._statement(depth=0) for _ in range(n_statements)]
        self._result = self._expression(depth=1)

    def write(self, language: str, naming: Naming = AS_MADE) -> str:
        """Return the text of the function, with a line end."""
        return _Writer(language, naming).function(self._name, self._locals[:3], self._statements, self._result)

    def _public_name(self) -> str:
        return "_".join(self._draws.sample(_WORDS, 2))

    def _statement(self, *, depth: int) -> tuple:
        kind = self._draws.choice(
            ("assign", "assign", "call", "if", "while", "for") if depth < 2 else ("assign", "call")
        )
        if kind == "assign":
            return kind, self._draws.choice(self._locals), self._expression(depth=0)
        if kind == "call":
            return kind, self._call(depth=0)
        body = [self._statement(depth=depth + 1) for _ in range(self._draws.between(1, 2))]
        if kind == "for":
            return kind, self._draws.choice(self._locals), self._expression(depth=1), body
        condition = self._expression(depth=1), self._draws.choice(_COMPARISONS), self._expression(depth=1)
        return kind, condition, body

    def _expression(self, *, depth: int) -> tuple:
        kinds = ("name", "number", "text") if depth > 1 else ("name", "number", "member", "call", "binary", "binary")
        kind = self._draws.choice(kinds)
        if kind == "name":
            return kind, self._draws.choice(self._locals)
        if kind == "number":
            return kind, str(self._draws.between(0, 999))
        if kind == "text":
            return kind, '"' + " ".join(self._draws.sample(_WORDS, self._draws.between(1, 4))) + '"'
        if kind == "member":
            return kind, self._draws.choice(self._locals), self._public_name()
        if kind == "call":
            return self._call(depth=depth)
        left, right = self._expression(depth=depth + 1), self._expression(depth=depth + 1)
        return kind, left, self._draws.choice(_OPERATORS), right

    def _call(self, *, depth: int) -> tuple:
        owner = self._draws.choice([None, *self._locals])
        arguments = [self._expression(depth=depth + 1) for _ in range(self._draws.between(0, 3))]
        return "call", owner, self._public_name(), arguments


class _Writer:
    """Writes trees in one language under one naming."""

    def __init__(self, language: str, naming: Naming) -> None:
        self._language = language
        self._naming = naming
        self._lines: list[str] = []
        self._end = "" if language == "python" else "}"
        self._stop = "" if language in ("python", "go") else ";"

    def function(self, name: str, parameters: list[str], statements: list[tuple], result: tuple) -> str:
        pattern = _PARAMETERS.get(self._language, "{}")
        written = ", ".join(pattern.format(self._naming.local(each)) for each in parameters)
        header = _FIRST_LINES[self._language].format(name=self._naming.public(name), parameters=written)
        self._lines = header.split("\n")
        for statement in statements:
            self._write(statement, depth=1)
        self._line(f"return {self._text(result)}{self._stop}", depth=1)
        self._close(depth=0)
        return "\n".join(self._lines) + "\n"

    def _write(self, statement: tuple, *, depth: int) -> None:
        kind = statement[0]
        if self._naming.has_comments and len(self._lines) % 4 == 1:
            mark = "#" if self._language == "python" else "//"
            self._line(f"{mark} what follows (it isn't obvious) was moved here from elsewhere", depth=depth)
        if kind == "assign":
            pattern = _ASSIGNMENTS[self._language]
            self._line(pattern.format(self._naming.local(statement[1]), self._text(statement[2])), depth=depth)
            return
        if kind == "call":
            self._line(self._text(statement[1]) + self._stop, depth=depth)
            return
        if kind == "for":
            opening = _LOOPS[self._language].format(self._naming.local(statement[1]), self._text(statement[2]))
        else:
            left, operator, right = statement[1]
            patterns, otherwise = (_WHILES, "while ({}) {{") if kind == "while" else (_CONDITIONS, "if ({}) {{")
            condition = f"{self._text(left)} {operator} {self._text(right)}"
            opening = patterns.get(self._language, otherwise).format(condition)
        self._line(opening, depth=depth)
        for each in statement[-1]:
            self._write(each, depth=depth + 1)
        self._close(depth=depth)

    def _close(self, *, depth: int) -> None:
        if self._end:
            self._line(self._end, depth=depth)

    def _line(self, text: str, *, depth: int) -> None:
        self._lines.append(self._naming.indent * depth + text)

    def _text(self, expression: tuple) -> str:
        kind = expression[0]
        if kind == "name":
            return self._naming.local(expression[1])
        if kind in ("number", "text"):
            return self._naming.literal(expression[1])
        if kind == "member":
            return self._naming.local(expression[1]) + self._arrow() + self._naming.public(expression[2])
        if kind == "call":
            _, owner, name, arguments = expression
            before = "" if owner is None else self._naming.local(owner) + self._arrow()
            return f"{before}{self._naming.public(name)}({', '.join(self._text(each) for each in arguments)})"
        _, left, operator, right = expression
        return f"{self._text(left)} {operator} {self._text(right)}"

    def _arrow(self) -> str:
        return "->" if self._language == "c" else "."
