"""A folder of Parquet or JSON Lines files, as data sets are handed out: every file is a part of one data set.

Beside them may stand what such folders carry: hidden files, a card (``README.md``), a license, ``dataset_infos.json``,
and a folder ``content`` with the texts of a data set that holds only ids (see ``contents.py``).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codewhence.index.licensing import is_license_filename
from codewhence.index.sources import jsonl, parquet
from codewhence.index.sources.base import Shard, Source
from codewhence.index.sources.contents import contents_beside, is_contents_file
from codewhence.index.sources.tree import readable_path

_COMPANIONS = frozenset({"README.md", "dataset_infos.json", "dataset_dict.json"})
_ENDINGS = (*jsonl.ENDINGS, parquet.ENDING)


class DatasetFolderSource:
    """A folder of data set files, in sorted order.

    Raises:
        FormatError: One of the files is of no schema that we know, or damaged.
        MissingExtraError: There is a Parquet file and pyarrow is not installed.
        UsageError: A file holds ids and no text.
    """

    def __init__(self, spec: str) -> None:
        self._spec = spec
        root = Path(spec).resolve()
        self._name = readable_path(root.name)
        contents = contents_beside(root)
        self._parts = [_open_part(path, path.relative_to(root).as_posix(), contents) for path in _parts(root)]

    @property
    def spec(self) -> str:
        """The folder, as given."""
        return self._spec

    def shards(self) -> Iterator[Shard]:
        """Yield the shards of every file."""
        for part in self._parts:
            yield from part.shards()

    def describe(self) -> dict[str, Any]:
        """Return kind, name, number of files and their schemas."""
        schemas = sorted({part.describe()["schema"] for part in self._parts})
        return {"kind": "dataset", "name": self._name, "n_files": len(self._parts), "schemas": schemas}


def is_dataset_folder(path: str) -> bool:
    """Say whether every file of a folder is a part of a data set, and there is at least one."""
    found = False
    for file in _files(Path(path)):
        if file.name.endswith(_ENDINGS):
            found = True
        elif not (file.name in _COMPANIONS or is_license_filename(file.name) or is_contents_file(file, Path(path))):
            return False
    return found


def _open_part(path: Path, name: str, contents: str | None) -> Source:
    if path.name.endswith(parquet.ENDING):
        return parquet.ParquetSource(str(path), name=readable_path(name), contents=contents)
    return jsonl.JsonlSource(str(path), name=readable_path(name), contents=contents)


def _parts(root: Path) -> list[Path]:
    return sorted(file for file in _files(root) if file.name.endswith(_ENDINGS))


def _files(root: Path) -> Iterator[Path]:
    """Yield the files below a folder, hidden files and folders left out, links to folders not followed."""
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith("."):
                yield Path(folder, name)
