"""The standard library of the running Python, its test suite included: real code that is on every machine.

Left out: packages installed beside it, and what the build of this Python wrote (``config-…``, ``_sysconfigdata…``),
which stands in no repository and holds paths of the machine that built it.
"""

import os
import platform
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codewhence.digests import swhid
from codewhence.index.sources.base import Shard, SkippedError
from codewhence.index.sources.folder import SKIPPED_NAMES, walk
from codewhence.index.sources.tree import DiskShard, cut, read_file
from codewhence.records import LicenseSource, Origin

_REPO = "python/cpython"
_LICENSE = "PSF-2.0"
_FOLDER_IN_REPO = "Lib/"
_SKIPPED_NAMES = SKIPPED_NAMES | {"site-packages", "dist-packages"}
_BUILD_PRODUCTS = ("config-", "_sysconfigdata")


class StdlibSource:
    """The standard library, under the license of Python."""

    def __init__(self, spec: str = "stdlib") -> None:
        self._spec = spec
        self._root = os.path.realpath(sysconfig.get_path("stdlib"))

    @property
    def spec(self) -> str:
        """The argument, as given."""
        return self._spec

    def shards(self) -> Iterator[Shard]:
        """Split into shards of a few MB, in sorted order."""
        origin = Origin(
            repo=_REPO,
            path="",
            revision=platform.python_version(),
            licenses=(_LICENSE,),
            license_source=LicenseSource.RECORDED,
            license_files=self._license_files(),
            origin_url=f"https://github.com/{_REPO}",
        )
        files = walk(self._root, skipped_names=_SKIPPED_NAMES, prefix=_FOLDER_IN_REPO)
        for part in cut(origin, (file for file in files if not file.address.startswith(_BUILD_PRODUCTS))):
            yield DiskShard(((self._root, part),))

    def describe(self) -> dict[str, Any]:
        """Return kind, repository and version."""
        return {"kind": "stdlib", "name": _REPO, "revision": platform.python_version()}

    def _license_files(self) -> tuple[str, ...]:
        try:
            return (swhid(read_file(Path(self._root, "LICENSE.txt"))),)
        except SkippedError:  # some distributions of Python come without it
            return ()
