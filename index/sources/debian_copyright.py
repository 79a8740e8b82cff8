"""Debian's ``debian/copyright`` in its machine-readable format: which license holds for which file.

Format: "Machine-readable debian/copyright file", version 1.0 (debian.org/doc/packaging-manuals/copyright-format/1.0),
drafted as DEP-5. Of several paragraphs that match a file the last one holds.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from codewhence.index.license_texts import spdx_from_license_text
from codewhence.index.licensing import LicenseClaim
from codewhence.index.sources.debian_licenses import joined_expression, spdx_from_short_name
from codewhence.records import LicenseSource

_FORMAT = re.compile(r"copyright-format/1\.|/deps?/dep-?5|DEP-?5", re.IGNORECASE)
_FIELD = re.compile(r"([!-9;-~]+):(.*)")  # Debian Policy 5.1
_ESCAPES = {"*": ".*", "?": "."}


@dataclass(frozen=True, slots=True)
class CopyrightFile:
    """The paragraphs about files, in order.

    Attributes:
        literals: Position of the last paragraph that names a path without wildcards, by path.
        patterns: Position and pattern of each paragraph with wildcards.
        claims: What each paragraph says about the license.
    """

    literals: Mapping[str, int]
    patterns: tuple[tuple[int, re.Pattern[str]], ...]
    claims: tuple[LicenseClaim, ...]

    def claim_for(self, path: str) -> LicenseClaim:
        """Return what holds for a path below the root of the source package; nothing where no paragraph matches."""
        last = self.literals.get(path, -1)
        for position, pattern in reversed(self.patterns):
            if position <= last:
                break
            if pattern.fullmatch(path):
                last = position
                break
        return self.claims[last] if last >= 0 else LicenseClaim()


def read_copyright(text: str) -> CopyrightFile | None:
    r"""Read a ``debian/copyright``.

    Returns:
        ``None`` for one that is not, or not wholly, in the machine-readable format.

    >>> head = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
    >>> read_copyright(head + "\n\nFiles: *\nLicense: Expat\n").claim_for("src/engine.c").licenses
    ('MIT',)
    """
    paragraphs = list(_paragraphs(text))
    if not paragraphs or None in paragraphs:
        return None
    header, *rest = [each for each in paragraphs if each is not None]
    if not _FORMAT.search(header.get("format", "") or header.get("format-specification", "")):
        return None
    texts = {
        _name(each["license"]): _body(each["license"]) for each in rest if "files" not in each and "license" in each
    }
    about_files = [each for each in rest if "files" in each]
    literals: dict[str, int] = {}
    patterns: list[tuple[int, re.Pattern[str]]] = []
    for position, each in enumerate(about_files):
        globs = [glob.removeprefix("./") for glob in each["files"].split()]
        literals |= {glob: position for glob in globs if not re.search(r"[*?\\]", glob)}
        wild = [_pattern(glob) for glob in globs if re.search(r"[*?\\]", glob)]
        if wild:
            patterns.append((position, re.compile("|".join(wild), re.DOTALL)))
    claims = tuple(_claim(each.get("license", ""), texts) for each in about_files)
    return CopyrightFile(literals, tuple(patterns), claims)


def paragraphs_of(text: str) -> list[dict[str, str]]:
    """Return the paragraphs of a control file (Debian Policy 5.1), names of fields in lower case; none if malformed."""
    found = list(_paragraphs(text))
    return [] if None in found else [each for each in found if each is not None]


def _paragraphs(text: str) -> Iterator[dict[str, str] | None]:
    """Yield the fields of each paragraph by lower-case name; ``None`` for a line that is no part of one."""
    fields: dict[str, str] = {}
    name = ""
    for line in [*text.removeprefix("\ufeff").splitlines(), ""]:
        if not line.strip():
            if fields:
                yield fields
            fields, name = {}, ""
        elif line[0] in " \t":
            if not name:
                yield None
                return
            fields[name] += f"\n{line}"
        elif not line.startswith("#"):
            found = _FIELD.fullmatch(line)
            if found is None:
                yield None
                return
            name = found[1].lower()
            fields[name] = found[2].strip()


def _pattern(glob: str) -> str:
    r"""Return the regular expression of a glob: ``*`` and ``?`` match slashes too, a backslash takes their meaning."""
    parts = re.findall(r"\\.|.", glob, re.DOTALL)
    # Neighboring stars are one: a dozen of them would keep the matcher busy for ever.
    kept = [part for i, part in enumerate(parts) if not (part == "*" and i and parts[i - 1] == "*")]
    return "".join(_ESCAPES.get(part) or re.escape(part[-1]) for part in kept)


def _claim(field: str, texts: Mapping[str, str]) -> LicenseClaim:
    """Return what a ``License`` field says: its short names, or where they leave it open the license text itself."""
    name = _name(field)
    if not name:
        return LicenseClaim()
    by_text: list[str] = []

    def read(short: str) -> str | None:
        expression = spdx_from_short_name(short)
        if expression is None:
            body = (_body(field) if short == name else "") or texts.get(short, "") or texts.get(short.lower(), "")
            expression = spdx_from_license_text(body) if body else None
            by_text.append(short)
        return expression

    expression = joined_expression(name, read)
    if expression is None:
        return LicenseClaim()
    return LicenseClaim((expression,), LicenseSource.DETECTED if by_text else LicenseSource.RECORDED)


def _name(field: str) -> str:
    return " ".join(field.split("\n", 1)[0].split())


def _body(field: str) -> str:
    """Return the text below the first line, without the mark of its lines and the dots of its blank ones."""
    lines = (line.strip() for line in field.split("\n")[1:])
    return "\n".join("" if line == "." else line for line in lines)
