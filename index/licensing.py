"""What metadata, tags and license files say, as SPDX expressions; nothing that they do not say.

Nothing here guesses: an expression that does not parse, a classifier that leaves the version open, a license text that
is not recognized to the word, give ``None``, and the file's license stays "not recorded".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from codewhence.index.languages import is_binary_name, language_of
from codewhence.index.license_classifiers import SPDX_BY_CLASSIFIER, license_name
from codewhence.index.license_texts import spdx_from_license_text
from codewhence.records import LicenseSource

TAG_BYTES = 4096  # REUSE puts the tag at the top of the file
TAG = "SPDX-License-Identifier:"

_MAX_EXPRESSION_CHARS = 1000  # bounds the nesting that the parser recurses into
_LICENSE_REF = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")  # SPDX 2.3, annex D
_DEPRECATED_WITH = re.compile(r"GPL-([23])\.0-with-(autoconf|bison|classpath|font|GCC)-exception", re.IGNORECASE)
# SPDX License List, "deprecated": what each of the ids with a built-in exception became.
_EXCEPTIONS = {
    ("2", "autoconf"): "Autoconf-exception-2.0",
    ("2", "bison"): "Bison-exception-2.2",
    ("2", "classpath"): "Classpath-exception-2.0",
    ("2", "font"): "Font-exception-2.0",
    ("2", "gcc"): "GCC-exception-2.0",
    ("3", "autoconf"): "Autoconf-exception-3.0",
    ("3", "gcc"): "GCC-exception-3.1",
}

# The tag stands in a comment: nothing but marks before it, and no quote, which would make it a program's string.
_TAG_LINE = re.compile(
    r"^(?:[^\w\"'`\n]*|\s*\"\"\"|\s*(?:dnl|rem|@c|@comment)\s)" + TAG + r"[ \t]*([^\r\n]*)", re.I | re.M
)
_COMMENT_END = re.compile(r"\s*(?:\*+/|-->|\*\)|#\}|-\}|%>|\"\"\"|'''|\]\]|\|#|#+|\*+)\s*$")
_NOT_ABOUT_THE_FILE = re.compile(r"SPDX-SnippetBegin|REUSE-IgnoreStart")

_LICENSE_FILE = re.compile(
    r"(?:[a-z0-9.+]{2,12}[-_])?(?:un)?licen[cs]es?(?:[-_. ].*)?|copying(?:[-_.].*)?", re.IGNORECASE
)
_NOTICE_FILE = re.compile(r"(?:notice|copyright|patents)s?(?:[-_.].*)?", re.IGNORECASE)
_TEXT_LANGUAGES = frozenset({None, "text", "markdown", "restructuredtext", "asciidoc", "html"})
# Files beside the license that quote other licenses or none in full.
_OTHER_LICENSES = re.compile(r"third|3rd|bundled|vendor|dependenc|header|template|report", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LicenseClaim:
    """Licenses that all apply, and how they are known. The default claims nothing."""

    licenses: tuple[str, ...] = ()
    source: LicenseSource = LicenseSource.NOT_RECORDED


def recorded(expression: str | None) -> LicenseClaim:
    """Return the claim of metadata."""
    return LicenseClaim((expression,), LicenseSource.RECORDED) if expression else LicenseClaim()


@lru_cache(maxsize=4096)
def spdx_from_expression(text: str) -> str | None:
    """Return the normal form of an SPDX expression, ``None`` for anything else.

    ``LicenseRef-…`` stays where the source used it. Deprecated ids become what the SPDX list says they mean.

    >>> spdx_from_expression("mit or GPL-2.0+")
    'MIT OR GPL-2.0-or-later'
    >>> spdx_from_expression("BSD")
    """
    from boolean import ParseError
    from license_expression import ExpressionError

    if len(text) > _MAX_EXPRESSION_CHARS:
        return None
    text = _DEPRECATED_WITH.sub(_modern_exception, text)
    try:
        parsed = _licensing().parse(text, validate=False, strict=True)
        if parsed is None or not all(map(_LICENSE_REF.fullmatch, _licensing().unknown_license_keys(parsed))):
            return None
    except (ExpressionError, ParseError, RecursionError):
        return None
    return str(parsed.render())


def spdx_keys(expression: str) -> tuple[str, ...]:
    """Return the license ids of a valid expression, in order, exceptions left out.

    >>> spdx_keys("MIT OR GPL-2.0-only WITH Classpath-exception-2.0")
    ('MIT', 'GPL-2.0-only')
    """
    parsed = _licensing().parse(expression)
    symbols = [
        getattr(symbol, "license_symbol", symbol) for symbol in _licensing().license_symbols(parsed, decompose=False)
    ]
    return tuple(dict.fromkeys(symbol.key for symbol in symbols))


def spdx_from_classifiers(classifiers: Iterable[str]) -> str | None:
    """Return what trove classifiers say, ``None`` where one of them leaves the license open.

    Several licenses are joined by ``AND``: classifiers do not say whether one may choose, and who keeps the duties of
    all is right either way.

    >>> spdx_from_classifiers(["License :: OSI Approved :: MIT License", "Typing :: Typed"])
    'MIT'
    >>> spdx_from_classifiers(["License :: OSI Approved :: BSD License"])
    """
    found = [SPDX_BY_CLASSIFIER.get(name, ()) for name in map(license_name, classifiers) if name]
    known = [each for each in found if isinstance(each, str)]
    if not found or len(known) < len(found):
        return None
    return " AND ".join(sorted(set(known)))


def classifiers_allow(expression: str, classifiers: Iterable[str]) -> bool:
    """Say whether no license classifier contradicts a valid expression.

    >>> classifiers_allow("BSD-3-Clause", ["License :: OSI Approved :: BSD License"])
    True
    >>> classifiers_allow("Apache-2.0", ["License :: OSI Approved :: BSD License"])
    False
    """
    keys = spdx_keys(expression)
    for name in filter(None, map(license_name, classifiers)):
        meant = SPDX_BY_CLASSIFIER.get(name, ())
        if isinstance(meant, str) and not any(_same_license(key, meant) for key in keys):
            return False
        if meant and not isinstance(meant, str) and not any(key.startswith(meant) for key in keys):
            return False
    return True


def text_contradicts(detected: str, expression: str) -> bool:
    """Say whether a recognized license text is none of the licenses of a valid expression.

    >>> text_contradicts("GPL-2.0", "GPL-2.0-or-later OR MIT")
    False
    >>> text_contradicts("Apache-2.0", "MIT")
    True
    """
    keys = spdx_keys(expression)
    return not any(_same_license(key, found) for key in keys for found in spdx_keys(detected))


def spdx_tag(text: str) -> str | None:
    """Return the expression of the ``SPDX-License-Identifier`` lines of a file; several all apply.

    >>> spdx_tag("/* SPDX-License-Identifier: MIT */")
    'MIT'
    """
    claim = tagged_claim(text)
    return claim.licenses[0] if claim and claim.licenses else None


def tagged_claim(text: str) -> LicenseClaim | None:
    """Return what a file says about itself in its first ``TAG_BYTES``.

    Returns:
        ``None`` where it has no tag; a claim of nothing where its tag is no valid expression, because then the
        license of the package around it is not its license either.
    """
    head = text[:TAG_BYTES]
    foreign = _NOT_ABOUT_THE_FILE.search(head)
    values = _TAG_LINE.findall(head[: foreign.start()] if foreign else head)
    if not values:
        return None
    expressions = [spdx_from_expression(_COMMENT_END.sub("", value).strip()) for value in values]
    if None in expressions:
        return LicenseClaim()
    distinct = dict.fromkeys(str(expression) for expression in expressions)
    joined = (
        spdx_from_expression(" AND ".join(f"({each})" for each in distinct))
        if len(distinct) > 1
        else next(iter(distinct))
    )
    return LicenseClaim((joined,), LicenseSource.DETECTED) if joined else LicenseClaim()


def claim_from_license_files(texts: Mapping[str, str]) -> LicenseClaim:
    """Return what the license files of one folder say together: all of them apply.

    Args:
        texts: Text by file name.

    Returns:
        The claim; of nothing where one of the files is not recognized.
    """
    found: set[str] = set()
    for name, text in texts.items():
        tagged = tagged_claim(text)
        expression = tagged.licenses[0] if tagged and tagged.licenses else spdx_from_license_text(text)
        if not states_license(name):
            continue
        if expression is None:
            return LicenseClaim()
        found.add(expression)
    if "LGPL-3.0" in found and any("lesser" in name.lower() for name in texts):
        found.discard("GPL-3.0")  # COPYING.LESSER is written as an addition to the GPL, so that text stands beside it
    return LicenseClaim(tuple(sorted(found)), LicenseSource.DETECTED) if found else LicenseClaim()


def is_license_filename(name: str) -> bool:
    """Say whether a file holds license texts or notices, by its name without folder.

    >>> [is_license_filename(name) for name in ("LICENSE-MIT", "COPYING.LESSER", "NOTICE", "license.py")]
    [True, True, True, False]
    """
    named_so = _LICENSE_FILE.fullmatch(name) or _NOTICE_FILE.fullmatch(name)
    return named_so is not None and language_of(name) in _TEXT_LANGUAGES and not is_binary_name(name)


def states_license(name: str) -> bool:
    """Say whether a license file is about the files beside it: not a notice, not a list of other people's licenses."""
    return _LICENSE_FILE.fullmatch(name) is not None and not _OTHER_LICENSES.search(name)


def _modern_exception(match: re.Match[str]) -> str:
    exception = _EXCEPTIONS.get((match.group(1), match.group(2).lower()))
    return f"GPL-{match.group(1)}.0-only WITH {exception}" if exception else match.group()


def _same_license(key: str, other: str) -> bool:
    """Compare ids, "only" and "or later" of the GNU licenses set aside."""
    return re.sub(r"-(?:only|or-later)$", "", key) == re.sub(r"-(?:only|or-later)$", "", other)


@cache
def _licensing() -> Any:
    from license_expression import get_spdx_licensing  # 30 ms with its list of licenses

    return get_spdx_licensing()
