"""An unpacked Debian source package: name and version from ``debian/``, the license of each file from its copyright.

Where ``debian/copyright`` is not machine-readable, license files speak as in any folder. Left out, and not counted:
``.pc``, where ``dpkg-source`` keeps the files as they were before Debian's patches.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from codewhence.digests import swhid
from codewhence.index.decoding import Undecodable, decode
from codewhence.index.licensing import LicenseClaim
from codewhence.index.sources.base import Shard, SkippedError
from codewhence.index.sources.debian_copyright import paragraphs_of, read_copyright
from codewhence.index.sources.folder import SKIPPED_NAMES, walk
from codewhence.index.sources.forge import public_url, repository_address
from codewhence.index.sources.license_tree import LicenseGroup
from codewhence.index.sources.tree import TreeSlice, cut, pack, read_file, readable_path
from codewhence.records import Origin

_CONTROL = "debian/control"
_CHANGELOG = "debian/changelog"
_COPYRIGHT = "debian/copyright"
_SKIPPED_NAMES = SKIPPED_NAMES | {".pc"}
_FIRST_ENTRY = re.compile(r"(?P<name>[a-z0-9][a-z0-9+.-]+) \((?P<version>[A-Za-z0-9.+:~-]+)\)")  # Debian Policy 4.4


class DebianSource:
    """A folder with ``debian/control`` and ``debian/changelog``."""

    def __init__(self, spec: str) -> None:
        self._spec = spec
        self._root = os.path.realpath(spec)
        self._facts = _read_facts(self._root)

    @property
    def spec(self) -> str:
        """The folder, as given."""
        return self._spec

    def shards(self) -> Iterator[Shard]:
        """Split into shards of a few MB, in sorted order."""
        yield from pack((self._root, part) for part in self._slices())

    def describe(self) -> dict[str, Any]:
        """Return kind, name and version of the source package."""
        version = {"revision": self._facts.version} if self._facts.version else {}
        return {"kind": "debian", "name": self._facts.name} | version

    def _slices(self) -> Iterator[TreeSlice]:
        data = _bytes_of(self._root, _COPYRIGHT)
        copyright_file = read_copyright(_decoded(data))
        origin = Origin(
            repo=self._facts.repo,
            path="",
            revision=self._facts.version,
            license_files=(swhid(data),) if data else (),
            origin_url=self._facts.url,
        )
        files = walk(self._root, skipped_names=_SKIPPED_NAMES)
        if copyright_file is None:
            yield from cut(origin, files)
            return
        # Debian's record is about each file: a license file beside it adds nothing and may be about other files.
        alone = (replace(file, group=LicenseGroup()) for file in files)
        for claim, group in groupby(alone, key=lambda file: copyright_file.claim_for(file.path)):
            yield from cut(_under(origin, claim), group)


@dataclass(frozen=True, slots=True)
class _Facts:
    """Name, version, and where the project is."""

    name: str
    version: str | None
    repo: str
    url: str | None


def is_debian_source(path: str) -> bool:
    """Say whether a folder is an unpacked Debian source package."""
    return Path(path, _CONTROL).is_file() and Path(path, _CHANGELOG).is_file()


def _read_facts(root: str) -> _Facts:
    first = _FIRST_ENTRY.match(_decoded(_bytes_of(root, _CHANGELOG)).lstrip())
    control = next(iter(paragraphs_of(_decoded(_bytes_of(root, _CONTROL)))), {})
    name = (first["name"] if first else control.get("source")) or readable_path(Path(root).name)
    homepage = control.get("homepage", "")
    vcs = control.get("vcs-git", "").split(" ")[0]  # "<address> -b <branch>"
    address = repository_address(homepage)
    forge = address if address and address.is_forge else None
    packaging = repository_address(vcs)
    url = forge.url if forge else public_url(homepage) or (packaging.url if packaging else None)
    return _Facts(name, first["version"] if first else None, forge.repo if forge else name, url)


def _under(origin: Origin, claim: LicenseClaim) -> Origin:
    return replace(origin, licenses=claim.licenses, license_source=claim.source)


def _bytes_of(root: str, address: str) -> bytes:
    path = Path(root, address)
    try:
        return b"" if path.is_symlink() else read_file(path)
    except SkippedError:
        return b""


def _decoded(data: bytes) -> str:
    try:
        return decode(data).text if data else ""
    except Undecodable:
        return ""
