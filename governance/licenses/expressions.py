"""SPDX license expressions as small trees; an expression that cannot be read is one unknown license, not an error.

Training sets record what people wrote, so an unreadable expression is a fact about a file, to be reported as such.
Reading is left to ``license-expression``. Its index of ids takes about 30 ms to load, so it is loaded for the first
expression that is more than an id of our own table, which most files never meet.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from codewhence.governance.licenses.obligations import listed_id

# Bounds on work, far over what a package declares; the one on nesting keeps the recursion below far from Python's.
_MAX_CHARACTERS = 4_000
_MAX_NESTING = 50
_MAX_SHOWN_CHARACTERS = 200

# license-expression 30.4 leaks IndexError and AssertionError from boolean.py on these, and only on these (200,000
# random expressions), so they are refused before it sees them.
_EMPTY_GROUP = re.compile(r"\(\s*(?:\)|(?:and|or)\b)", re.IGNORECASE)

# SPDX's own data files mark renamed ids like this; go-license-detector reads those names, and The Stack v1 records
# what it found.
_DEPRECATED_PREFIX = "deprecated_"

# Ids of old SPDX lists that held the exception too (SPDX license list 3.0 split them).
_SPLIT_IDS = {
    "gpl-2.0-with-autoconf-exception": ("GPL-2.0-only", "Autoconf-exception-2.0"),
    "gpl-2.0-with-bison-exception": ("GPL-2.0-only", "Bison-exception-2.2"),
    "gpl-2.0-with-classpath-exception": ("GPL-2.0-only", "Classpath-exception-2.0"),
    "gpl-2.0-with-font-exception": ("GPL-2.0-only", "Font-exception-2.0"),
    "gpl-2.0-with-gcc-exception": ("GPL-2.0-only", "GCC-exception-2.0"),
    "gpl-3.0-with-autoconf-exception": ("GPL-3.0-only", "Autoconf-exception-3.0"),
    "gpl-3.0-with-gcc-exception": ("GPL-3.0-only", "GCC-exception-3.1"),
}


class Operator(StrEnum):
    """How the parts of a group apply."""

    AND = "AND"  # all of them
    OR = "OR"  # the one that the recipient chooses


@dataclass(frozen=True, slots=True)
class Term:
    """One license, with its exception where there is one.

    Attributes:
        license_id: SPDX id in its canonical spelling, a ``LicenseRef-``, or text that could not be read.
        exception: SPDX id of the exception; always one that SPDX or ScanCode lists.
    """

    license_id: str
    exception: str | None = None

    @property
    def text(self) -> str:
        """The term as SPDX writes it."""
        return f"{self.license_id} WITH {self.exception}" if self.exception else self.license_id


@dataclass(frozen=True, slots=True)
class Group:
    """Two expressions or more, joined by one operator."""

    operator: Operator
    parts: "tuple[Expression, ...]"

    @property
    def text(self) -> str:
        """The group as SPDX writes it, groups inside it in parentheses."""
        return f" {self.operator.value} ".join(
            f"({part.text})" if isinstance(part, Group) else part.text for part in self.parts
        )


Expression = Term | Group


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Expression:
    """Read an SPDX license expression.

    Ids are brought to their canonical spelling, renamed ids to their new name. What cannot be read (syntax, length,
    an exception that nobody lists) becomes one term that holds the text: no table and no policy knows it.

    >>> parse_expression("mit or (gpl-2.0+ and isc)").text
    'MIT OR (GPL-2.0-or-later AND ISC)'
    >>> parse_expression("see LICENSE").text
    'see LICENSE'
    """
    simple = listed_id(text.strip())
    if simple:
        return Term(simple)
    if len(text) > _MAX_CHARACTERS or text.count("(") > _MAX_NESTING or _EMPTY_GROUP.search(text):
        return _unreadable(text)
    # Loaded here: see the head of this file.
    from license_expression import ExpressionError

    licensing, aliases = _licensing()
    try:
        tree = licensing.parse(text, simple=True)
    except ExpressionError:
        return _unreadable(text)
    return _unreadable(text) if tree is None else _convert(tree, licensing, aliases)


@lru_cache(maxsize=4096)
def conjunction(licenses: tuple[str, ...]) -> Expression:
    """Join expressions that all apply, as the licenses of one origin do, without repetition.

    Args:
        licenses: SPDX expressions, at least one.

    >>> conjunction(("MIT", "Apache-2.0 OR ISC", "mit")).text
    'MIT AND (Apache-2.0 OR ISC)'
    """
    parts: dict[str, Expression] = {}
    for text in licenses:
        expression = parse_expression(text)
        is_and = isinstance(expression, Group) and expression.operator is Operator.AND
        for part in expression.parts if isinstance(expression, Group) and is_and else (expression,):
            parts.setdefault(part.text, part)
    if len(parts) == 1:
        return next(iter(parts.values()))
    return Group(Operator.AND, tuple(parts.values()))


def is_listed_by_spdx(license_id: str) -> bool:
    """Say whether SPDX or ScanCode lists a license under this id; renamed ids count, exceptions do not."""
    if listed_id(license_id):
        return True
    licensing, aliases = _licensing()
    symbol = licensing.known_symbols_lowercase.get(aliases.get(license_id.lower(), license_id.lower()))
    return symbol is not None and not symbol.is_exception


@lru_cache(maxsize=1)
def _licensing() -> tuple[Any, dict[str, str]]:
    """Load the index of ids: the parser, and lower-case old id to lower-case new id."""
    from license_expression import get_spdx_licensing

    licensing = get_spdx_licensing()
    aliases = {
        alias.lower(): symbol.key.lower() for symbol in licensing.known_symbols.values() for alias in symbol.aliases
    }
    return licensing, aliases


def _unreadable(text: str) -> Term:
    shown = "".join(character if character.isprintable() else " " for character in text[:_MAX_CHARACTERS])
    shown = " ".join(shown.split())
    if len(shown) > _MAX_SHOWN_CHARACTERS:
        shown = f"{shown[:_MAX_SHOWN_CHARACTERS]}…"
    return Term(shown or "NOASSERTION")


def _convert(node: Any, licensing: Any, aliases: dict[str, str]) -> Expression:
    """Turn a tree of license-expression into ours."""
    if isinstance(node, licensing.AND | licensing.OR):
        operator = Operator.AND if isinstance(node, licensing.AND) else Operator.OR
        return Group(operator, tuple(_convert(part, licensing, aliases) for part in node.args))
    exception = getattr(node, "exception_symbol", None)
    if exception is None:
        return _term(node.key, licensing, aliases)
    term = _term(node.license_symbol.key, licensing, aliases)
    key = aliases.get(exception.key.lower(), exception.key.lower())
    known = licensing.known_symbols_lowercase.get(key)
    if term.exception or known is None or not known.is_exception:
        # Only a listed exception is sure to add rights: "Apache-2.0 WITH Commons-Clause" takes some away.
        return _unreadable(f"{term.text} WITH {exception.key}")
    return Term(term.license_id, known.key)


def _term(key: str, licensing: Any, aliases: dict[str, str]) -> Term:
    """Resolve one id: our table, split ids, renamed ids, ids that SPDX lists, ``+`` for any later version."""
    name = key[len(_DEPRECATED_PREFIX) :] if key.lower().startswith(_DEPRECATED_PREFIX) else key
    lowered = name.lower()
    if lowered in _SPLIT_IDS:
        return Term(*_SPLIT_IDS[lowered])
    symbol = licensing.known_symbols_lowercase.get(aliases.get(lowered, lowered))
    canonical = listed_id(name) or (symbol.key if symbol is not None else None)
    if canonical is not None:
        return Term(canonical)
    base = name.rstrip("+")
    return Term(f"{_term(base, licensing, aliases).license_id}+") if base not in ("", name) else Term(name)
