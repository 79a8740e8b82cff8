"""The packages installed beside the running Python: real, licensed code on every machine, without a download.

The files are those of ``RECORD``: code and license texts. Left out, and not counted: the rest of the metadata folder,
``.pth`` files, and what lies outside site-packages (scripts). An editable install records none of its code, and a
package without ``RECORD`` (installed by the operating system) does not say which files are its own: neither is read.
Point at their folders instead.
"""

import csv
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import Distribution, distributions
from pathlib import PurePosixPath
from typing import Any

from codewhence.digests import swhid
from codewhence.index.decoding import Undecodable, decode
from codewhence.index.licensing import is_license_filename
from codewhence.index.sources.base import SHARD_BYTES, Shard, SkippedError
from codewhence.index.sources.license_tree import LicenseGroup, LicenseTree
from codewhence.index.sources.package_metadata import PackageFacts, package_license, read_facts
from codewhence.index.sources.tree import DiskShard, TreeFile, TreeSlice, cut, read_file
from codewhence.records import Origin

_METADATA_FOLDERS = (".dist-info", ".egg-info")
_LICENSES_FOLDER = "licenses"  # PEP 639


class InstalledSource:
    """Every installed distribution once, by name; of two with one name the one that Python would import."""

    def __init__(self, spec: str = "installed", *, search_path: list[str] | None = None) -> None:
        self._spec = spec
        self._search_path = search_path

    @property
    def spec(self) -> str:
        """The argument, as given."""
        return self._spec

    def shards(self) -> Iterator[Shard]:
        """Group the files of all packages into shards of a few MB, in order of name."""
        slices: list[tuple[str, TreeSlice]] = []
        n_bytes = 0
        for package in self._packages:
            for part in cut(package.origin(), package.tree_files()):
                if slices and n_bytes + part.n_bytes > SHARD_BYTES:
                    yield DiskShard(tuple(slices))
                    slices, n_bytes = [], 0
                slices.append((package.root, part))
                n_bytes += part.n_bytes
        if slices:
            yield DiskShard(tuple(slices))

    def describe(self) -> dict[str, Any]:
        """Return kind, Python version and the packages with their versions."""
        packages = [f"{package.facts.name} {package.facts.version}" for package in self._packages]
        return {"kind": "installed", "name": f"Python {platform.python_version()}", "packages": packages}

    @cached_property
    def _packages(self) -> list["_Package"]:
        found = distributions(path=self._search_path) if self._search_path is not None else distributions()
        by_name: dict[str, _Package] = {}
        for distribution in found:
            if not (distribution.metadata and distribution.metadata.get_all("Name")):
                continue  # what an interrupted installation leaves
            package = _Package(distribution, read_facts(distribution.metadata))
            by_name.setdefault(package.facts.name.lower().replace("_", "-"), package)
        return [by_name[name] for name in sorted(by_name)]


@dataclass(frozen=True, slots=True)
class _Package:
    """One distribution."""

    distribution: Distribution
    facts: PackageFacts

    @property
    def root(self) -> str:
        """Real path of its site-packages."""
        return os.path.realpath(str(self.distribution.locate_file("")))

    def origin(self) -> Origin:
        """Return what all its files have in common."""
        texts: dict[str, str] = {}
        license_files: list[str] = []
        for path in (path for path, _ in self._recorded() if _is_license_text(path)):
            try:
                data = read_file(f"{self.root}/{path}")
            except SkippedError:
                continue
            # Texts in deeper folders are those of vendored code, which has its own copy of them in the tree.
            if PurePosixPath(path).parent.name in (_LICENSES_FOLDER, path.partition("/")[0]):
                license_files.append(swhid(data))
                texts[PurePosixPath(path).name] = _text(data)
        claim = package_license(self.distribution.metadata, texts)
        return Origin(
            repo=self.facts.repo,
            path="",
            revision=self.facts.version,
            licenses=claim.licenses,
            license_source=claim.source,
            license_files=tuple(dict.fromkeys(license_files)),
            origin_url=self.facts.url,
        )

    def tree_files(self) -> Iterator[TreeFile]:
        """Yield its files by path."""
        files = [(path, size) for path, size in self._recorded() if not _is_bookkeeping(path)]
        licenses = LicenseTree.of_files((path, path) for path, _ in files if not _is_license_text(path))
        for path, size in files:
            group = LicenseGroup() if _is_license_text(path) else licenses.group_of(path.rpartition("/")[0])
            yield TreeFile(path, path, size, group)

    def _recorded(self) -> list[tuple[str, int]]:
        """Return path below site-packages and size of each file of ``RECORD``; none without it."""
        rows = csv.reader((self.distribution.read_text("RECORD") or "").splitlines())
        sizes: dict[str, int] = {}
        for row in rows:
            path = row[0].replace("\\", "/") if row else ""
            if path and not path.startswith("/") and ".." not in path.split("/") and ":" not in path:
                sizes[path] = int(row[2]) if len(row) > 2 and row[2].isdecimal() else 0
        return sorted(sizes.items())


def _is_license_text(path: str) -> bool:
    """Say whether a file of a package is one of the license texts of its metadata."""
    folder, _, below = path.partition("/")
    if not folder.endswith(_METADATA_FOLDERS) or not below:
        return False
    return below.startswith(f"{_LICENSES_FOLDER}/") or ("/" not in below and is_license_filename(below))


def _is_bookkeeping(path: str) -> bool:
    """Say whether a file is no part of the package's code: its metadata, or a ``.pth`` file with a local path."""
    folder, _, below = path.partition("/")
    if not below:
        return path.endswith(".pth") or path.startswith("__editable__")
    return folder.endswith(_METADATA_FOLDERS) and not _is_license_text(path)


def _text(data: bytes) -> str:
    try:
        return decode(data).text
    except Undecodable:
        return ""
