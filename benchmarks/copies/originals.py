"""What is copied: whole functions of 8 to 40 lines of random documents, one a document."""

import ast
import random
import symtable
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.copies import tokens

MIN_LINES, MAX_LINES = 8, 40
MIN_CHARS = 200


@dataclass(frozen=True, slots=True)
class Original:
    """A function as it stands in a document.

    Attributes:
        number: Which text of those given.
        language: Lower-case name.
        raw: The whole lines, as they stand there.
        code: The same, dedented where it is Python, so that it parses by itself.
    """

    number: int
    language: str
    raw: str
    code: str


def originals(texts: Sequence[tuple[str, str]], rng: random.Random, *, per_text: int = 1) -> Iterator[Original]:
    """Yield random functions of texts in random order.

    Args:
        texts: Language and text.
        rng: Chooses.
        per_text: At most so many of one text.
    """
    order = list(range(len(texts)))
    rng.shuffle(order)
    for number in order:
        language, text = texts[number]
        found = _python(text) if language == "python" else _by_tokens(text, language)
        for raw, code in rng.sample(found, min(per_text, len(found))):
            yield Original(number, language, raw, code)


def _python(text: str) -> list[tuple[str, str]]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    lines = text.split("\n")
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.end_lineno is None:
            continue
        if not MIN_LINES <= node.end_lineno - node.lineno + 1 <= MAX_LINES or "\r" in text:
            continue
        raw = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        code = textwrap.dedent(raw)
        if len(raw) >= MIN_CHARS and _parses(code):
            found.append((raw, code))
    return found


def _by_tokens(text: str, language: str) -> list[tuple[str, str]]:
    if "\r" in text:
        return []
    found = (text[start:end] for start, end in tokens.functions(text, language))
    return [(raw, raw) for raw in found if len(raw) >= MIN_CHARS]


def _parses(code: str) -> bool:
    try:
        symtable.symtable(code, "copy", "exec")  # refuses ``nonlocal`` of an outer function's names
        return isinstance(ast.parse(code).body[0], ast.FunctionDef | ast.AsyncFunctionDef)
    except (SyntaxError, ValueError, IndexError):
        return False
