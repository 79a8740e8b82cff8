"""From an argument of the command line to a training-set reader: the table of everything that can be indexed."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from codewhence.errors import UsageError
from codewhence.index.sources.base import Source
from codewhence.index.sources.dataset_folder import DatasetFolderSource, is_dataset_folder
from codewhence.index.sources.debian import DebianSource, is_debian_source
from codewhence.index.sources.folder import FolderSource
from codewhence.index.sources.git import GitSource, is_git_clone
from codewhence.index.sources.installed import InstalledSource
from codewhence.index.sources.jsonl import ENDINGS as JSONL_ENDINGS
from codewhence.index.sources.jsonl import JsonlSource
from codewhence.index.sources.npm import NpmSource, is_npm_tree
from codewhence.index.sources.npm_archive import ENDING as NPM_ENDING
from codewhence.index.sources.npm_archive import NpmArchiveSource
from codewhence.index.sources.parquet import ENDING as PARQUET_ENDING
from codewhence.index.sources.parquet import ParquetSource
from codewhence.index.sources.stdlib import StdlibSource


@dataclass(frozen=True, slots=True)
class Reader:
    """One kind of training set.

    Attributes:
        name: How the error for an unknown argument calls it.
        accepts: Says whether it reads an argument.
        open: Makes the source.
    """

    name: str
    accepts: Callable[[str], bool]
    open: Callable[[str], Source]


# The first that accepts an argument reads it. A folder called "installed" is given as ./installed. A data set that was
# cloned is a data set: what git itself keeps of it are pointers to large files. Any other clone stays a clone, whatever
# stands in it: its commit says more than a package's version. Debian's record of licenses is about each file, npm's
# about a package, so a folder with both is Debian's.
READERS = (
    Reader("installed (the packages of this Python)", lambda spec: spec == "installed", InstalledSource),
    Reader("stdlib (the standard library of this Python)", lambda spec: spec == "stdlib", StdlibSource),
    Reader("a .jsonl, .jsonl.gz or .jsonl.zst file", lambda spec: _is_file(spec, JSONL_ENDINGS), JsonlSource),
    Reader("a .parquet file", lambda spec: _is_file(spec, (PARQUET_ENDING,)), ParquetSource),
    Reader("a .tgz package of npm", lambda spec: _is_file(spec, (NPM_ENDING,)), NpmArchiveSource),
    Reader("a folder of .jsonl and .parquet files", is_dataset_folder, DatasetFolderSource),
    Reader("a git clone", is_git_clone, GitSource),
    Reader("a Debian source package (debian/control and debian/changelog)", is_debian_source, DebianSource),
    Reader("packages of npm (package.json or node_modules)", is_npm_tree, NpmSource),
    Reader("a folder of source code", lambda spec: Path(spec).is_dir(), FolderSource),
)


def open_source(spec: str) -> Source:
    """Return the reader of a training set.

    Args:
        spec: ``installed``, ``stdlib``, or the path of a file or folder.

    Raises:
        UsageError: There is no such file or folder, or nothing here reads it.
        FormatError: The file is damaged or has unknown columns.
        MissingExtraError: An optional package or the ``git`` program is missing.
    """
    is_path = bool(spec) and "\0" not in spec
    reader = next((reader for reader in READERS if reader.accepts(spec)), None) if is_path else None
    if reader:
        return reader.open(spec)
    accepted = "; ".join(each.name for each in READERS)
    if not is_path or not Path(spec).exists():
        raise UsageError(f"no such file or folder: '{spec}'.{_suggestion(spec)} Accepted: {accepted}.")
    raise UsageError(f"'{spec}' is no training set that can be read. Accepted: {accepted}.")


def _is_file(spec: str, endings: tuple[str, ...]) -> bool:
    return spec.endswith(endings) and Path(spec).is_file()


def _suggestion(spec: str) -> str:
    """Return a question that names what may have been meant."""
    path = Path(spec)
    try:
        siblings = {each.name: str(path.with_name(each.name)) for each in path.parent.iterdir()} if path.name else {}
    except OSError:
        siblings = {}
    words = {} if "/" in spec else {"installed": "installed", "stdlib": "stdlib"}
    meant = {**siblings, **words}
    close = get_close_matches(path.name, meant, n=1, cutoff=0.7)
    return f" Did you mean '{meant[close[0]]}'?" if close else ""
