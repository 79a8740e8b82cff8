"""Which license files speak for a file of a tree, and what they say.

The license files of the nearest folder above a file speak for it. The search stops where other people's code starts
(``vendor``, ``node_modules``, a nested repository): the license of a project does not reach into what it carries along,
and to say so would be a wrong license.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from codewhence.digests import swhid
from codewhence.index.decoding import Undecodable, decode
from codewhence.index.licensing import LicenseClaim, claim_from_license_files, is_license_filename
from codewhence.index.sources.base import SkippedError

LICENSES_FOLDER = "LICENSES"  # REUSE 3.3: one text a license, named <SPDX id>.txt

_FOREIGN_FOLDERS = frozenset(
    {
        "3rdparty", "_vendor", "_vendored", "bower_components", "dist-packages", "extern", "external", "externals",
        "node_modules", "site-packages", "third-party", "third_party", "thirdparty", "vendor", "vendored", "vendors",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LicenseGroup:
    """The license files that speak for some files.

    Attributes:
        files: Path and address of each (what to fetch it by), sorted; none where there is no license file.
        is_foreign: The files are other people's code: what is recorded for the tree does not hold for them.
    """

    files: tuple[tuple[str, str], ...] = ()
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class LicenseStatement:
    """What is known about the license of some files, and the documents that hold the texts."""

    claim: LicenseClaim = field(default_factory=LicenseClaim)
    license_files: tuple[str, ...] = ()


class LicenseTree:
    """The license files of a tree by folder. Folders are relative, with forward slashes; the root is ``""``."""

    def __init__(self) -> None:
        self._own: dict[str, tuple[tuple[str, str], ...]] = {}
        self._foreign: set[str] = set()
        self._projects: set[str] = set()
        self._groups: dict[str, LicenseGroup] = {}

    @classmethod
    def of_files(cls, files: Iterable[tuple[str, str]]) -> "LicenseTree":
        """Build the tree from path and address of every file."""
        tree = cls()
        by_folder: dict[str, list[tuple[str, str]]] = {}
        for path, address in files:
            folder, _, name = path.rpartition("/")
            if is_license_filename(name) or folder.rpartition("/")[2] == LICENSES_FOLDER:
                by_folder.setdefault(folder, []).append((path, address))
        for folder, found in by_folder.items():
            parent, _, name = folder.rpartition("/")
            if name != LICENSES_FOLDER:
                tree.add(folder, found)
            elif parent not in by_folder:
                tree.add(parent, found)
        return tree

    def add(self, folder: str, license_files: Iterable[tuple[str, str]]) -> None:
        """Record the license files of a folder: path and address of each."""
        self._own[folder] = tuple(sorted(license_files))

    def add_foreign(self, folder: str) -> None:
        """Record that a folder holds another project."""
        self._foreign.add(folder)

    def add_project(self, folder: str) -> None:
        """Record that a folder is a project whose license is known as a whole: no license file above or in it speaks.

        Unlike other people's code, its own files are under what is recorded for it, wherever the folder stands.
        """
        self._projects.add(folder)

    def group_of(self, folder: str) -> LicenseGroup:
        """Return what speaks for the files in ``folder``."""
        chain: list[str] = []
        while folder not in self._groups:
            chain.append(folder)
            if not folder:
                break
            folder = folder.rpartition("/")[0]
        group = self._groups.get(folder, LicenseGroup())
        for each in reversed(chain):
            if each in self._projects:
                self._groups[each] = group = LicenseGroup()
                continue
            is_border = each in self._foreign or each.rpartition("/")[2] in _FOREIGN_FOLDERS
            inherited = () if is_border else group.files
            group = LicenseGroup(self._own.get(each, ()) or inherited, group.is_foreign or is_border)
            self._groups[each] = group
        return group


def state_license(group: LicenseGroup, fetch: Callable[[str], bytes], *, whole: LicenseStatement) -> LicenseStatement:
    """Read the license files of a group and say what holds for its files.

    Args:
        group: The license files.
        fetch: Returns the bytes at an address, or raises ``SkippedError``.
        whole: What is known about the tree as a whole, which holds where nothing nearer is recognized.
    """
    texts: dict[str, str] = {}
    license_files: list[str] = []
    for path, address in group.files:
        name = PurePosixPath(path).name
        try:
            data = fetch(address)
            license_files.append(swhid(data))
            texts[_as_license_name(path, name)] = decode(data).text
        except (SkippedError, Undecodable):
            texts[_as_license_name(path, name)] = ""  # nothing recognized
    claim = claim_from_license_files(texts)
    if claim.licenses or group.is_foreign:
        return LicenseStatement(claim, tuple(license_files))
    return LicenseStatement(whole.claim, tuple(dict.fromkeys([*license_files, *whole.license_files])))


def _as_license_name(path: str, name: str) -> str:
    """Return a name that says "license": the texts of a ``LICENSES`` folder are called by their id alone."""
    in_licenses_folder = PurePosixPath(path).parent.name == LICENSES_FOLDER
    return f"LICENSE-{name}" if in_licenses_folder else name
