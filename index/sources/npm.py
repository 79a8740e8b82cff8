"""Packages of npm on disk: a ``node_modules`` tree, or one package with what is installed below it.

A file belongs to the nearest package around it, and its path starts there. Left out, and not counted: what package
managers keep for themselves directly below ``node_modules`` (``.bin``, ``.cache``, ``.package-lock.json`` and the
like). pnpm's ``.pnpm`` folder is where its packages are, so it is read; the links that lead there are not followed.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from codewhence.digests import swhid
from codewhence.index.decoding import Undecodable, decode
from codewhence.index.licensing import is_license_filename
from codewhence.index.sources.base import Shard, SkippedError
from codewhence.index.sources.folder import walk
from codewhence.index.sources.npm_metadata import NpmFacts, npm_license, read_npm_facts
from codewhence.index.sources.tree import TreeFile, TreeSlice, cut, pack, read_file, readable_path
from codewhence.records import Origin

MANIFEST = "package.json"

_MODULES = "node_modules"
_PNPM = ".pnpm"


class NpmSource:
    """A folder with packages of npm in it."""

    def __init__(self, spec: str) -> None:
        self._spec = spec
        self._root = os.path.realpath(spec)
        self._name = readable_path(Path(self._root).name) or "root"

    @property
    def spec(self) -> str:
        """The folder, as given."""
        return self._spec

    def shards(self) -> Iterator[Shard]:
        """Group the files of all packages into shards of a few MB, in sorted order."""
        yield from pack((self._root, part) for part in self._slices())

    def describe(self) -> dict[str, Any]:
        """Return kind, name and version of the package at the root; of a bare tree its folder's name."""
        described: dict[str, Any] = {"kind": "npm", "name": self._name}
        if Path(self._root, MANIFEST).is_file():
            facts = self._facts("")
            described |= {"name": facts.name} | ({"revision": facts.version} if facts.version else {})
        return described

    def _slices(self) -> Iterator[TreeSlice]:
        inside = partial(package_of, is_modules=Path(self._root).name == _MODULES)
        files = walk(self._root, is_project=lambda folder: self._has_manifest(folder) and inside(folder) == folder)
        kept = (file for file in files if not _is_bookkeeping(file.address, is_modules=inside("a") == "a"))
        for package, group in groupby(kept, key=lambda file: inside(file.address.rpartition("/")[0])):
            yield from cut(self._origin(package), _below(package, group))

    def _has_manifest(self, folder: str) -> bool:
        return Path(self._root, folder, MANIFEST).is_file()

    def _facts(self, package: str) -> NpmFacts:
        name = readable_path(package.rpartition(f"{_MODULES}/")[2]) or self._name
        try:
            return read_npm_facts(read_file(f"{self._root}/{package}/{MANIFEST}"), name=name)
        except SkippedError:
            return NpmFacts(name, None, name, None)

    def _origin(self, package: str) -> Origin:
        """Return what the files of a package have in common."""
        if not self._has_manifest(package):
            return Origin(repo=readable_path(package.rpartition(f"{_MODULES}/")[2]) or self._name, path="")
        texts: dict[str, bytes] = {}
        folder = Path(self._root, package)
        for path in sorted(folder.iterdir()):
            if is_license_filename(path.name) and not path.is_symlink():
                try:
                    texts[path.name] = read_file(path)
                except SkippedError:
                    continue
        return package_origin(self._facts(package), texts)


def package_origin(facts: NpmFacts, license_files: dict[str, bytes]) -> Origin:
    """Return what the files of a package have in common.

    Args:
        facts: The package's.
        license_files: The license files beside its ``package.json``, by name.
    """
    claim = npm_license(facts, {name: _decoded(data) for name, data in license_files.items()})
    return Origin(
        repo=facts.repo,
        path="",
        revision=facts.version,
        licenses=claim.licenses,
        license_source=claim.source,
        license_files=tuple(dict.fromkeys(map(swhid, license_files.values()))),
        origin_url=facts.url,
    )


def package_of(folder: str, *, is_modules: bool) -> str:
    """Return the folder of the package that a folder belongs to; ``""`` is the root.

    Args:
        folder: Below the root, with forward slashes.
        is_modules: The root itself is called ``node_modules``.

    >>> package_of("lib/node_modules/@example/engine/src", is_modules=False)
    'lib/node_modules/@example/engine'
    >>> package_of("engine/src", is_modules=True), package_of("src", is_modules=False)
    ('engine', '')
    """
    parts = folder.split("/") if folder else []
    starts = [i + 1 for i, part in enumerate(parts) if part == _MODULES]
    for start in reversed([0, *starts] if is_modules else starts):
        name = parts[start : start + 1]
        if name and name[0].startswith("@"):
            name = parts[start : start + 2] if len(parts) > start + 1 else []
        if name and not name[0].startswith("."):
            return "/".join([*parts[:start], *name])
    return ""


def is_npm_tree(path: str) -> bool:
    """Say whether a folder is a package of npm, a ``node_modules`` folder, or holds one."""
    folder = Path(path)
    if not folder.is_dir():
        return False
    is_modules = folder.resolve().name == _MODULES
    return is_modules or (folder / MANIFEST).is_file() or (folder / _MODULES).is_dir()


def _is_bookkeeping(address: str, *, is_modules: bool) -> bool:
    """Say whether a file is a package manager's own: hidden, directly below ``node_modules``."""
    parts = [_MODULES, *address.split("/")] if is_modules else address.split("/")
    below = (parts[i + 1] for i, part in enumerate(parts[:-1]) if part == _MODULES)
    return any(name.startswith(".") and name != _PNPM for name in below)


def _below(package: str, files: Iterable[TreeFile]) -> Iterator[TreeFile]:
    """Yield files with their path in the package; the license files that speak for them keep their addresses."""
    start = len(readable_path(package)) + 1 if package else 0
    for file in files:
        yield replace(file, path=file.path[start:])


def _decoded(data: bytes) -> str:
    try:
        return decode(data).text
    except Undecodable:
        return ""
