"""``suppressed``: the file beside MANIFEST.json that holds the list of removals, and what the list hides as it stands.

One line of canonical JSON, then four arrays end to end, then nothing:

    header      {"format": "codewhence.suppressed/1", "masked": {…}, "n_documents", "n_origins", "sha256"}
    documents   (n_documents, 20)         git blob ids, sorted
    origins     (n_origins, 36)           git blob id and key, sorted
    hidden      (masked.n_documents, 20)  ids of documents that the index of ``masked.root`` holds and must not show
    tiles       (masked.n_tiles,) uint64  tile hashes that only those documents hold, little-endian, sorted

``sha256`` is of the header without it, then everything after the header. ``masked`` follows from the list and the
manifest with that root: a reader that has another manifest works it out again, so that the file is right whatever is
written first and whoever is killed between.

The file is replaced whole, under the writer's lock. Nothing but a missing file, of an index from which nothing was
ever taken, means that nothing is suppressed; the manifest says from which (``has_removals``).
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codewhence.digests import canonical_json, sha256_hex
from codewhence.errors import FormatError
from codewhence.index.files import write_whole
from codewhence.index.overlay.removals import ID_TYPE, PAIR_TYPE, Removals, no_rows

FILE_NAME = "suppressed"
FORMAT_VERSION = 1
FORMAT = f"codewhence.suppressed/{FORMAT_VERSION}"
_FAMILY = "codewhence.suppressed/"
_TILE_TYPE = np.dtype("<u8")
_MAX_HEADER_BYTES = 4096
_ADVICE = (
    "Nothing is answered until the list is back: restore the file from a backup, or build the index anew in "
    "another folder and take the documents out again."
)
_COUNTS = ("n_documents", "n_files", "n_text_bytes", "n_tiles")

# Modification time in nanoseconds, size, inode: what a replaced file cannot have in common with the one before.
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Masked:
    """What a list of removals hides in one version of an index.

    Attributes:
        root: Merkle root of that version's manifest.
        n_files: Origins hidden, those of documents that stay included.
        n_text_bytes: Text of the hidden documents, as UTF-8.
        hidden: Git blob ids of the hidden documents, sorted.
        tiles: Hashes of the tiles that the hidden documents hold and no other, sorted. Shape ``(n_tiles,)``, uint64.
    """

    root: str
    n_files: int = 0
    n_text_bytes: int = 0
    hidden: NDArray[np.bytes_] = field(default_factory=lambda: no_rows(ID_TYPE))
    tiles: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))

    @property
    def n_documents(self) -> int:
        """Documents hidden."""
        return len(self.hidden)


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """The content of ``suppressed``.

    Attributes:
        removals: The list.
        masked: What it hides in the index as it stood when the file was written.
        stamp: Tells this file from another one; ``None`` where there is no file.
    """

    removals: Removals = field(default_factory=Removals)
    masked: Masked | None = None
    stamp: Stamp | None = None


def current_stamp(index_path: Path) -> Stamp | None:
    """Return the stamp of the file as it is now; ``None`` where there is none. Costs one system call."""
    try:
        return _stamp((index_path / FILE_NAME).stat())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise FormatError(f"{index_path / FILE_NAME} cannot be read: {error.strerror}. {_ADVICE}") from error


def read_overlay(index_path: Path, *, required: bool) -> Overlay:
    """Read what has been taken out of an index.

    Args:
        index_path: Folder of the index.
        required: Something was taken out once, so that a missing file is damage.

    Raises:
        FormatError: The file is damaged, of another version, or missing although it is required.
    """
    path = index_path / FILE_NAME
    try:
        with path.open("rb") as file:
            stamp = _stamp(os.fstat(file.fileno()))
            data = file.read()
    except (FileNotFoundError, NotADirectoryError):
        if required:
            raise FormatError(
                f"{path} is missing, so what was taken out of the index is not known. {_ADVICE}"
            ) from None
        return Overlay()
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}. {_ADVICE}") from error
    removals, masked = _parse(data, path)
    return Overlay(removals, masked, stamp)


def write_overlay(index_path: Path, removals: Removals, masked: Masked) -> None:
    """Replace the file atomically. The caller holds the writer's lock."""
    write_whole(index_path / FILE_NAME, to_bytes(removals, masked))


def to_bytes(removals: Removals, masked: Masked) -> bytes:
    """Return the file's bytes."""
    body = b"".join(
        (
            removals.documents.tobytes(),
            removals.origins.tobytes(),
            masked.hidden.tobytes(),
            masked.tiles.astype(_TILE_TYPE).tobytes(),
        )
    )
    header: dict[str, Any] = {
        "format": FORMAT,
        "masked": {
            "n_documents": masked.n_documents,
            "n_files": masked.n_files,
            "n_text_bytes": masked.n_text_bytes,
            "n_tiles": len(masked.tiles),
            "root": masked.root,
        },
        "n_documents": len(removals.documents),
        "n_origins": len(removals.origins),
    }
    header["sha256"] = sha256_hex(canonical_json(header) + body)
    return canonical_json(header) + body


def _parse(data: bytes, path: Path) -> tuple[Removals, Masked]:
    end = data.find(b"\n", 0, _MAX_HEADER_BYTES) + 1
    try:
        header = json.loads(data[:end])
        named = header["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FormatError(f"{path} is damaged: it does not begin as a list of removals. {_ADVICE}") from None
    if named != FORMAT:
        other = "Use the release that wrote it." if str(named).startswith(_FAMILY) else _ADVICE
        raise FormatError(f"{path}: format is {named!r:.60}, this release reads {FORMAT!r}. {other}")
    try:
        removals, masked = _arrays(header, data[end:])
        intact = to_bytes(removals, masked) == data
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        intact = False
    if not intact:
        raise FormatError(f"{path} is damaged: its bytes do not agree with its sha256. {_ADVICE}")
    return removals, masked


def _arrays(header: dict[str, Any], body: bytes) -> tuple[Removals, Masked]:
    hides = header["masked"]
    counts = [header["n_documents"], header["n_origins"], *(hides[name] for name in _COUNTS)]
    if not all(type(count) is int and 0 <= count < 1 << 48 for count in counts) or not isinstance(hides["root"], str):
        raise ValueError("a count is missing or out of range")
    types = (ID_TYPE, PAIR_TYPE, ID_TYPE, _TILE_TYPE)
    sizes = (header["n_documents"], header["n_origins"], hides["n_documents"], hides["n_tiles"])
    if len(body) != sum(dtype.itemsize * size for dtype, size in zip(types, sizes, strict=True)):
        raise ValueError("the arrays are not as long as the header says")
    arrays, offset = [], 0
    for dtype, size in zip(types, sizes, strict=True):
        arrays.append(np.frombuffer(body, dtype=dtype, count=size, offset=offset))
        offset += dtype.itemsize * size
    documents, origins, hidden, tiles = arrays
    masked = Masked(hides["root"], hides["n_files"], hides["n_text_bytes"], hidden, tiles.astype(np.uint64))
    return Removals(documents, origins), masked


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_size, status.st_ino
