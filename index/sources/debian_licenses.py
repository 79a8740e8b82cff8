"""License short names of ``debian/copyright`` as SPDX ids, and the words that join them.

Where a short name leaves open which license is meant (``MIT``, ``BSD``, ``GPL`` without a version, ``public-domain``),
nothing is made of it here: the license text decides, or nothing.
"""

import re
from collections.abc import Callable

from codewhence.index.licensing import spdx_from_expression

# Names of the format's section "License short name" and frequent others, in lower case; None: it leaves the license
# open. "Artistic" is the file of that name in Debian's common-licenses, which is the one of Perl.
_SHORT_NAMES: dict[str, str | None] = {
    "apache-2": "Apache-2.0",
    "artistic": "Artistic-1.0-Perl",
    "artistic-1": "Artistic-1.0-Perl",
    "artistic-1.0": "Artistic-1.0-Perl",
    "artistic-2": "Artistic-2.0",
    "bsd": None,
    "boost-1.0": "BSL-1.0",
    "bsl-1": "BSL-1.0",
    "cc0": "CC0-1.0",
    "expat": "MIT",
    "gfdl": None,
    "gpl": None,
    "icu": None,
    "isc": "ISC",
    "lgpl": None,
    "mit": None,
    "mpl-2": "MPL-2.0",
    "perl": None,
    "psf-2": "PSF-2.0",
    "python": None,
    "unlicense": "Unlicense",
    "x11": None,
    "zlib/libpng": None,
}
_GNU = re.compile(r"(a?gpl|l?gpl|gfdl|gfdl-niv)-?v?(\d(?:\.\d)?)(?:\.0)*(\+?)", re.IGNORECASE)
_GNU_VERSIONS = {
    "agpl": ("1.0", "3.0"),
    "gfdl": ("1.1", "1.2", "1.3"),
    "gpl": ("1.0", "2.0", "3.0"),
    "lgpl": ("2.0", "2.1", "3.0"),
}
# Section "Syntax": "with <keywords> exception"; people also write dashes. By first word and version of the GPL.
_EXCEPTION = re.compile(r"(.+?)[ -]with[ -](?:the[ -])?(.+?)[ -]exception(?:-[\d.]+)?", re.IGNORECASE)
_EXCEPTIONS = {
    ("autoconf", "2.0"): "Autoconf-exception-2.0",
    ("autoconf", "3.0"): "Autoconf-exception-3.0",
    ("bison", "2.0"): "Bison-exception-2.2",
    ("bison", "3.0"): "Bison-exception-2.2",
    ("classpath", "2.0"): "Classpath-exception-2.0",
    ("font", "2.0"): "Font-exception-2.0",
    ("font", "3.0"): "Font-exception-2.0",
    ("gcc", "2.0"): "GCC-exception-2.0",
    ("gcc", "3.0"): "GCC-exception-3.1",
    ("libtool", "2.0"): "Libtool-exception",
    ("libtool", "3.0"): "Libtool-exception",
}
_JOIN = re.compile(r"\s*(,?)\s+(and|or)\s+", re.IGNORECASE)
_MAX_NAME_CHARS = 1000


def spdx_from_short_name(name: str) -> str | None:
    """Return the SPDX expression of one short name, ``None`` where it leaves the license open or is not known.

    >>> [spdx_from_short_name(name) for name in ("Expat", "GPL-2+", "LGPL-2.1", "BSD-3-clause", "BSD")]
    ['MIT', 'GPL-2.0-or-later', 'LGPL-2.1-only', 'BSD-3-Clause', None]
    """
    excepted = _EXCEPTION.fullmatch(name)
    if excepted:
        return _with_exception(spdx_from_short_name(excepted[1]), excepted[2])
    lowered = name.lower()
    if lowered in _SHORT_NAMES:
        return _SHORT_NAMES[lowered]
    gnu = _GNU.fullmatch(name)
    if gnu:
        return _gnu_id(gnu[1].lower(), gnu[2], or_later=bool(gnu[3]))
    return spdx_from_expression(name)


def joined_expression(names: str, read: Callable[[str], str | None]) -> str | None:
    """Return the SPDX expression of short names joined by "and" and "or".

    "And" binds closer, except where a comma stands before it: "A or B, and C" is "(A or B) and C" (section "Syntax").

    Args:
        names: First line of a ``License`` field.
        read: Returns the expression of one short name, ``None`` where it is not known.

    Returns:
        ``None`` where any of the names is not known.

    >>> joined_expression("GPL-1+ or Artistic, and Expat", spdx_from_short_name)
    '(GPL-1.0-or-later OR Artistic-1.0-Perl) AND MIT'
    """
    if len(names) > _MAX_NAME_CHARS:
        return None
    parts = _JOIN.split(names)
    operands = [read(part.strip().rstrip(",")) for part in parts[::3]]
    if None in operands:
        return None
    groups = [f"({operands[0]})"]
    for comma, word, operand in zip(parts[1::3], parts[2::3], operands[1:], strict=True):
        if comma:
            groups.append(word.upper())
            groups.append(f"({operand})")
        else:
            groups[-1] += f" {word.upper()} ({operand})"
    return spdx_from_expression(" ".join(f"({each})" if each not in ("AND", "OR") else each for each in groups))


def _gnu_id(family: str, version: str, *, or_later: bool) -> str | None:
    version = version if "." in version else f"{version}.0"
    suffix = "or-later" if or_later else "only"
    if family == "gfdl-niv":
        return spdx_from_expression(f"GFDL-{version}-no-invariants-{suffix}")
    return f"{family.upper()}-{version}-{suffix}" if version in _GNU_VERSIONS[family] else None


def _with_exception(expression: str | None, words: str) -> str | None:
    """Join a GNU license and the words that name an exception; ``None`` for one that is not known."""
    if expression is None:
        return None
    version = re.fullmatch(r"GPL-([23]\.0)-(?:only|or-later)", expression)
    known = _EXCEPTIONS.get((re.split(r"[ -]", words.lower())[0], version[1])) if version else None
    return spdx_from_expression(f"{expression} WITH {known}") if known else None
