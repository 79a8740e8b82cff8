"""Which names a function of another language declares: parameters and locals, where the tokens leave no doubt."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pygments.token import Keyword, Name, _TokenType


@dataclass(frozen=True, slots=True)
class Piece:
    """One token that is no white space."""

    start: int
    kind: _TokenType
    text: str


def declared(tokens: list[Piece], language: str) -> set[str]:
    """Return the names that the tokens of one function declare.

    Args:
        tokens: Of the function, from its head on, without comments and white space.
        language: ``c``, ``go``, ``java``, ``javascript`` or ``rust``.
    """
    return _DECLARED[language](tokens)


def is_name(piece: Piece) -> bool:
    """Say whether a token is an identifier."""
    return piece.kind in Name and piece.text.isidentifier()


def is_member(tokens: list[Piece], position: int) -> bool:
    """Say whether the name at ``position`` is a member, or the goal of a jump."""
    before = "".join(piece.text for piece in tokens[max(0, position - 2) : position])  # Pygments cuts "->" in two
    return before.endswith((".", "->", "::", "goto"))


def _segments(tokens: list[Piece], start: int) -> list[list[Piece]]:
    """Split the parenthesis that opens at ``start`` at its own commas."""
    parts: list[list[Piece]] = [[]]
    depth = 0
    for piece in tokens[start:]:
        depth += sum(map(piece.text.count, "([{<")) - sum(map(piece.text.count, ")]}>"))
        if depth <= 0:
            break
        if piece.text == "," and depth == 1:
            parts.append([])
        elif piece is not tokens[start]:
            parts[-1].append(piece)
    return parts


def _parameters(tokens: list[Piece]) -> list[list[Piece]]:
    opening = next((number for number, piece in enumerate(tokens) if piece.text == "("), None)
    return [] if opening is None else _segments(tokens, opening)


def _declared_javascript(tokens: list[Piece]) -> set[str]:
    found = {part[0].text for part in _parameters(tokens) if len(part) == 1 and is_name(part[0])}
    for before, piece, after in _triples(tokens):
        if before.text in ("let", "const", "var") and is_name(piece) and after.text in ("=", ";", "of", "in"):
            found.add(piece.text)
    return found


def _declared_rust(tokens: list[Piece]) -> set[str]:
    found = {part[0].text for part in _parameters(tokens) if len(part) > 2 and is_name(part[0]) and part[1].text == ":"}
    for before, piece, after in _triples(tokens):
        if before.text in ("let", "mut", "for") and is_name(piece) and after.text in ("=", ":", "in", ";"):
            found.add(piece.text)
    return {name for name in found if not name[0].isupper()}


def _declared_go(tokens: list[Piece]) -> set[str]:
    found = set()
    openings = [number for number, piece in enumerate(tokens[:40]) if piece.text == "("]
    is_method = len(tokens) > 1 and tokens[1].text == "("
    for opening in openings[: 2 if is_method else 1]:
        parts = _segments(tokens, opening)
        if any(len(part) > 1 for part in parts):  # else they are types alone
            found |= {part[0].text for part in parts if part and is_name(part[0])}
    for position, piece in enumerate(tokens):
        if piece.text == ":=":
            back = position - 1
            while back >= 0 and (is_name(tokens[back]) or tokens[back].text == ","):
                if is_name(tokens[back]):
                    found.add(tokens[back].text)
                back -= 1
        if piece.text == "var" and position + 1 < len(tokens) and is_name(tokens[position + 1]):
            found.add(tokens[position + 1].text)
    return found


def _declared_c_like(tokens: list[Piece]) -> set[str]:
    """Names after a type: ``T name`` before ``=``, ``;``, ``,``, ``:``, ``[`` or ``)``, pointers after a sure type."""
    found = set()
    for position in range(1, len(tokens) - 1):
        piece, after = tokens[position], tokens[position + 1].text
        if not is_name(piece) or after not in ("=", ";", ",", ":", "[", ")"):
            continue
        back = position - 1
        while back > 0 and set(tokens[back].text) == {"*"}:
            back -= 1
        before = tokens[back]
        is_keyword_type = before.kind in Keyword.Type
        is_named_type = back == position - 1 and is_name(before) and not is_member(tokens, back)
        is_structure = back > 0 and tokens[back - 1].text in ("struct", "enum", "union")
        is_arrow = back > 0 and tokens[back - 1].text == "-"
        is_generic = back == position - 1 and before.text in (">", "]") and not is_arrow and after != "["
        if is_keyword_type or is_named_type or is_structure or is_generic:
            found.add(piece.text)
    return found


_DECLARED: dict[str, Callable[[list[Piece]], set[str]]] = {
    "c": _declared_c_like,
    "go": _declared_go,
    "java": _declared_c_like,
    "javascript": _declared_javascript,
    "rust": _declared_rust,
}


def _triples(tokens: list[Piece]) -> Iterator[tuple[Piece, Piece, Piece]]:
    return zip(tokens, tokens[1:], tokens[2:], strict=False)
