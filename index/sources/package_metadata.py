"""What the metadata of an installed package says about its license and its repository.

The order of trust: ``License-Expression`` (PEP 639), classifiers, the ``License`` field where it is an SPDX expression
or names a license without leaving anything open, the license files. Two that contradict each other leave the license
unrecorded: the package's author has to say which one holds, not we.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageMetadata

from codewhence.index.license_classifiers import spdx_from_spelling
from codewhence.index.license_texts import spdx_from_license_text
from codewhence.index.licensing import (
    LicenseClaim,
    claim_from_license_files,
    classifiers_allow,
    recorded,
    spdx_from_classifiers,
    spdx_from_expression,
    spdx_keys,
    text_contradicts,
)
from codewhence.index.sources.forge import RepositoryAddress, public_url, repository_address
from codewhence.records import LicenseSource

# Labels of Project-URL by how surely they lead to the code (PEP 753, "well-known labels", normalized as it says).
_LABELS = ("source", "repository", "sourcecode", "github", "code", "sources", "homepage", "")


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """What origins keep of a package.

    Attributes:
        name: Name of the distribution, as its author writes it.
        version: Its version.
        repo: ``owner/name`` where a project URL leads to a forge, else ``name``.
        url: Address of the repository or the project.
    """

    name: str
    version: str
    repo: str
    url: str | None


def read_facts(metadata: PackageMetadata) -> PackageFacts:
    """Return name, version and repository of a package."""
    name, version = _field(metadata, "Name") or "unknown", _field(metadata, "Version") or "unknown"
    urls = _project_urls(metadata)
    addresses = (repository_address(url) for url in urls)
    forge: RepositoryAddress | None = next((address for address in addresses if address and address.is_forge), None)
    if forge:
        return PackageFacts(name, version, forge.repo, forge.url)
    return PackageFacts(name, version, name, next(filter(None, map(public_url, urls)), None))


def package_license(metadata: PackageMetadata, license_texts: Mapping[str, str]) -> LicenseClaim:
    """Return what is known about the license of a package as a whole.

    Args:
        metadata: The package's.
        license_texts: Text of each license file at the top of its metadata, by name.
    """
    detected = claim_from_license_files(license_texts)
    classifiers = metadata.get_all("Classifier") or []
    expression, is_contradictory = _recorded_expression(metadata, classifiers)
    if expression and detected.licenses:
        is_contradictory = all(text_contradicts(found, expression) for found in detected.licenses)
    if is_contradictory:
        return LicenseClaim()
    if expression:
        return recorded(expression)
    field = _field(metadata, "License")
    if not detected.licenses and "\n" in field and (found := spdx_from_license_text(field)):
        detected = LicenseClaim((found,), LicenseSource.DETECTED)
    contradicted = not all(classifiers_allow(found, classifiers) for found in detected.licenses)
    return LicenseClaim() if contradicted else detected


def _recorded_expression(metadata: PackageMetadata, classifiers: list[str]) -> tuple[str | None, bool]:
    """Return the SPDX expression that the metadata records, and whether it contradicts itself."""
    stated = _field(metadata, "License-Expression")
    if stated and (expression := spdx_from_expression(stated)):
        return expression, False
    by_classifiers = spdx_from_classifiers(classifiers)
    stated = _field(metadata, "License").strip()
    field = spdx_from_expression(stated) or spdx_from_spelling(stated)
    if field and not classifiers_allow(field, classifiers):
        return None, True
    # The field says how several licenses go together, a classifier says "only" or "or later".
    if field and (by_classifiers is None or len(spdx_keys(field)) > 1):
        return field, False
    return by_classifiers, False


def _project_urls(metadata: PackageMetadata) -> list[str]:
    """Return the addresses of a package, those of its code first."""
    pairs = [entry.partition(",")[::2] for entry in metadata.get_all("Project-URL") or []]
    labeled = [("".join(filter(str.isalnum, label.lower())), url.strip()) for label, url in pairs]
    labeled.append(("", _field(metadata, "Home-page")))
    return [url for _, url in sorted(labeled, key=lambda pair: _rank(pair[0])) if url]


def _rank(label: str) -> int:
    return _LABELS.index(label) if label in _LABELS else len(_LABELS)


def _field(metadata: PackageMetadata, name: str) -> str:
    """Return a field that stands once, empty where it is missing."""
    return next(iter(metadata.get_all(name) or []), "")
