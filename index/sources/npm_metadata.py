"""What a ``package.json`` says about a package: name, version, repository, license.

Nothing there is taken on trust: a license that is no SPDX expression, that the license text beside it contradicts, or
that is ``UNLICENSED`` (npm's word for "all rights reserved") leaves the license unrecorded.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from codewhence.index.license_classifiers import spdx_from_spelling
from codewhence.index.licensing import (
    LicenseClaim,
    claim_from_license_files,
    spdx_from_expression,
    spdx_keys,
    text_contradicts,
)
from codewhence.index.sources.forge import public_url, repository_address
from codewhence.index.sources.tree import readable_path
from codewhence.records import LicenseSource

# docs.npmjs.com, "package.json", section "repository": shorthands; without a host it is GitHub.
_HOSTS = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}
_SHORTHAND = re.compile(r"(?:(github|gitlab|bitbucket):)?([\w.-]+/[\w.-]+)(?:#.*)?")
_SEE_FILE = re.compile(r"see\s+licen[cs]e\s+", re.IGNORECASE)
_PROPRIETARY = frozenset({"UNLICENSED"})  # docs.npmjs.com, "package.json", section "license"; not the Unlicense
_MAX_LICENSES = 50


@dataclass(frozen=True, slots=True)
class NpmFacts:
    """What origins keep of a package.

    Attributes:
        name: With its scope: ``@example/engine``.
        version: Its version, ``None`` where it has none.
        repo: ``owner/name`` where the repository or homepage leads to a forge, else ``name``.
        url: Address of the repository or the project.
        stated: What it says about its licenses, in its own words, all of which apply; none where it says nothing.
    """

    name: str
    version: str | None
    repo: str
    url: str | None
    stated: tuple[str, ...] = ()


def read_npm_facts(data: bytes, *, name: str) -> NpmFacts:
    """Read a ``package.json``.

    Args:
        data: The file; one that is damaged or no JSON object says nothing.
        name: Name of a package that has none: that of its folder.
    """
    manifest = _object(data)
    named = _text(manifest.get("name")) or name
    urls = [*_repository_urls(manifest), *filter(None, [_text(manifest.get("homepage"))])]
    address = next((found for found in map(repository_address, urls) if found and found.is_forge), None)
    return NpmFacts(
        name=named,
        version=_text(manifest.get("version")),
        repo=address.repo if address else named,
        url=address.url if address else next(filter(None, map(_any_url, urls)), None),
        stated=tuple(_stated_licenses(manifest)),
    )


def npm_license(facts: NpmFacts, license_texts: Mapping[str, str]) -> LicenseClaim:
    """Return what is known about the license of a package as a whole.

    Several licenses of the old array all apply: it does not say whether one may choose, and who keeps the duties of all
    is right either way.

    Args:
        facts: The package's.
        license_texts: Text of each license file beside its ``package.json``, by name.
    """
    if not _PROPRIETARY.isdisjoint(each.upper() for each in facts.stated):
        return LicenseClaim()
    detected = claim_from_license_files(license_texts)
    stated = [each for each in facts.stated if not _SEE_FILE.match(each)]
    expressions = [spdx_from_expression(each) or spdx_from_spelling(each) for each in stated]
    known = sorted({each for each in expressions if each})
    if not stated or len(stated) < len(facts.stated):
        return detected
    if None in expressions:
        return detected if all(_names_family(found, stated) for found in detected.licenses) else LicenseClaim()
    whole = " AND ".join(f"({each})" for each in known)
    if detected.licenses and all(text_contradicts(found, whole) for found in detected.licenses):
        return LicenseClaim()
    return LicenseClaim(tuple(known), LicenseSource.RECORDED)


def _names_family(expression: str, stated: list[str]) -> bool:
    """Say whether words that leave a license open are about the license that was recognized: "BSD", "GPLv3"."""
    words = " ".join(stated).lower()
    return all(key.split("-")[0].lower() in words for key in spdx_keys(expression))


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str | None:
    """Return a text that can be stored."""
    return readable_path(value.strip()) if isinstance(value, str) and value.strip() and _is_sound(value) else None


def _is_sound(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _repository_urls(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield the addresses of the repository, shorthands written out."""
    found = manifest.get("repository") or manifest.get("repositories")
    for each in found if isinstance(found, list) else [found]:
        value = _text(each.get("url") if isinstance(each, dict) else each)
        if value is None:
            continue
        short = _SHORTHAND.fullmatch(value)
        yield f"https://{_HOSTS[short[1] or 'github']}/{short[2]}" if short else value


def _any_url(url: str) -> str | None:
    address = repository_address(url)
    return address.url if address else public_url(url)


def _stated_licenses(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield what stands under ``license``, or under ``licenses`` of old packages: a text, an object, or a list.

    An entry that cannot be read is yielded as a question mark, which is no license: the others are not all there is.
    """
    found = manifest.get("license") or manifest.get("licence") or manifest.get("licenses")
    entries = found if isinstance(found, list) else [found] if found else []
    for entry in entries[:_MAX_LICENSES]:
        value = entry.get("type") or entry.get("name") if isinstance(entry, dict) else entry
        yield _text(value) or "?"
