"""Functions of JavaScript, Java, C, Go and Rust through Pygments: cut out, re-indented (V1), locals renamed (V3).

Conservative: a name is renamed only where a declaration of it is seen (a parameter, ``let``, ``:=``, a type before it),
never where it is a member, a label, a key, a called function, or stands in a string. Each result is checked: the token
classes keep their sequence, and every token but the renamed names its text.
"""

import random
import re
from functools import cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Name, String, Token

from benchmarks.copies.declarations import Piece, declared, is_member, is_name
from benchmarks.copies.names import new_names

MIN_LINES, MAX_LINES = 8, 40
MIN_RENAMED = 2
_FUNCTION_WORD = {"go": "func", "rust": "fn", "javascript": "function"}
_BLOCKS = {
    "if",
    "for",
    "while",
    "switch",
    "catch",
    "synchronized",
    "with",
    "return",
    "match",
    "loop",
    "else",
    "do",
    "try",
}


def pieces(code: str, language: str) -> list[Piece]:
    """Return the tokens of code; comments are among them, white space is not."""
    return [
        Piece(start, kind, text)
        for start, kind, text in _lexer(language).get_tokens_unprocessed(code)
        if text.strip() and kind not in Token.Text.Whitespace
    ]


def functions(code: str, language: str) -> list[tuple[int, int]]:
    """Return where the functions of 8 to 40 lines stand: whole lines, as start and end in code points."""
    tokens = [piece for piece in pieces(code, language) if piece.kind not in Comment and piece.kind not in String]
    closing = _closing(tokens)
    found = []
    for position, token in enumerate(tokens):
        if token.text != "{" or position not in closing:
            continue
        head = _head(tokens, position, language)
        if head is None:
            continue
        start = code.rfind("\n", 0, tokens[head].start) + 1
        end = code.find("\n", tokens[closing[position]].start)
        end = len(code) if end < 0 else end
        if MIN_LINES <= code.count("\n", start, end) + 1 <= MAX_LINES:
            found.append((start, end))
    return found


def reindented(code: str, language: str) -> str | None:
    """V1: blank lines dropped and every line three blanks a brace deep; lines inside strings and comments stay."""
    kept = set()
    depth_at: dict[int, int] = {}
    depth = 0
    for piece in pieces(code, language):
        line = code.count("\n", 0, piece.start)
        is_opaque = piece.kind in String or piece.kind in Comment
        if is_opaque:
            kept |= set(range(line + 1, line + 1 + piece.text.rstrip("\n").count("\n")))
        depth_at.setdefault(line, depth - (not is_opaque and piece.text in "})]"))
        if not is_opaque:
            depth += sum(map(piece.text.count, "{([")) - sum(map(piece.text.count, "})]"))
    lines = [
        line if number in kept else "   " * max(0, depth_at.get(number, 0)) + line.strip()
        for number, line in enumerate(code.split("\n"))
        if line.strip() or number in kept
    ]
    result = "\n".join(lines)
    unchanged = _texts(result, language) == _texts(code, language)
    return result if unchanged and result != code else None


def locals_renamed(code: str, language: str, rng: random.Random) -> str | None:
    """V3: parameters and locals that are surely those get new names; ``None`` under two of them."""
    tokens = [piece for piece in pieces(code, language) if piece.kind not in Comment]
    names = {piece.text for piece in tokens if is_name(piece)}
    found = declared(tokens, language) - _never_renamed(tokens, language)
    mapping = new_names(sorted(found), used=names | _words_in_strings(tokens), rng=rng)
    if len(mapping) < MIN_RENAMED:
        return None
    parts, at = [], 0
    for position, piece in enumerate(tokens):
        if is_name(piece) and piece.text in mapping and not is_member(tokens, position):
            parts += [code[at : piece.start], mapping[piece.text]]
            at = piece.start + len(piece.text)
    result = "".join([*parts, code[at:]])
    return result if _same_classes(code, result, language) else None


def _head(tokens: list[Piece], brace: int, language: str) -> int | None:
    """Return the token where a function begins whose body opens at ``brace``, or ``None``."""
    word = _FUNCTION_WORD.get(language)
    if word is not None:
        for position in range(brace - 1, max(-1, brace - 80), -1):
            if tokens[position].text in ("{", "}", ";"):
                return None
            if tokens[position].text == word:
                return position
        return None
    position = brace - 1
    while position > 0 and (is_name(tokens[position]) or tokens[position].text in (",", ".", "throws")):
        position -= 1  # Java's ``throws A, B``
    if position <= 0 or tokens[position].text != ")":
        return None
    depth = 0
    while position > 0:
        depth += (tokens[position].text == ")") - (tokens[position].text == "(")
        if not depth:
            break
        position -= 1
    name, before = tokens[position - 1], tokens[max(0, position - 2)]
    if position < 2 or not is_name(name) or name.text in _BLOCKS or before.text in (".", "new", "=", "return", "else"):
        return None
    return position - 2 if before.text not in ("}", ";", "{", ")") else None


def _closing(tokens: list[Piece]) -> dict[int, int]:
    stack, closing = [], {}
    for position, token in enumerate(tokens):
        if token.text == "{":
            stack.append(position)
        elif token.text == "}" and stack:
            closing[stack.pop()] = position
    return closing


def _never_renamed(tokens: list[Piece], language: str) -> set[str]:
    """Return names that stand where renaming could change the meaning: called, keys, labels, members, in strings."""
    kept = {"self", "this", "super", "_"}
    for position, piece in enumerate(tokens):
        if not is_name(piece) or is_member(tokens, position):
            continue
        before = tokens[position - 1].text if position else ""
        after = tokens[position + 1].text if position + 1 < len(tokens) else ""
        beyond = tokens[position + 2].text if position + 2 < len(tokens) else ""
        is_macro = after == "!" and beyond in ("(", "[", "{")  # of Rust; "!=" may be cut in two
        is_called = after.startswith(("(", "::")) or is_macro
        is_key = before in ("{", ",") and after == ":" and language in ("javascript", "go", "rust")
        is_short = before in ("{", ",", "...") and after in ("}", ",") and language in ("javascript", "rust")
        if is_called or is_key or (is_short and _in_braces(tokens, position)) or piece.kind in Name.Label:
            kept.add(piece.text)
    return kept | _words_in_strings(tokens)


def _in_braces(tokens: list[Piece], position: int) -> bool:
    """Say whether the innermost bracket around a token is a brace."""
    depth = 0
    for piece in reversed(tokens[:position]):
        if piece.text in ("}", ")", "]"):
            depth += 1
        elif piece.text in ("{", "(", "["):
            if not depth:
                return piece.text == "{"
            depth -= 1
    return False


def _words_in_strings(tokens: list[Piece]) -> set[str]:
    """Words in braces of strings: Rust's format strings name variables there."""
    braced = (match for piece in tokens if piece.kind in String for match in re.findall(r"\{([^{}]*)", piece.text))
    return {word for match in braced for word in re.findall(r"[A-Za-z_]\w*", match)}


def _texts(code: str, language: str) -> list[str]:
    return ["".join(piece.text.split()) for piece in pieces(code, language)]


def _same_classes(code: str, result: str, language: str) -> bool:
    """Say whether both have the same tokens: names may differ, all else may not, and no two names became one."""
    old, new = pieces(code, language), pieces(result, language)
    if len(old) != len(new):
        return False
    names = [(one.text, two.text) for one, two in zip(old, new, strict=True) if is_name(one) and is_name(two)]
    others = all(one.text == two.text for one, two in zip(old, new, strict=True) if not (is_name(one) and is_name(two)))
    return others and len({new for _, new in names}) >= len({old for old, _ in names})


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)
