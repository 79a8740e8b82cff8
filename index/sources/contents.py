"""Texts that a user supplies for a data set of ids: a folder beside it, one file a text, named by its id.

The Stack v2 holds ids and no text; the text is fetched from Software Heritage, whose bucket keeps each file packed by
gzip under ``content/<id>``. So the folder is called ``content`` (or ``contents``, ``blobs``) and a file
``<id>``, ``<id>.gz`` or ``<id>.zst``, in the folder itself or below the first two digits of the id. The id decides
what a file holds: a file whose bytes, as they are or unpacked, do not have it is counted and never read as that text.
"""

import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import zstandard

from codewhence.digests import git_blob_sha1
from codewhence.index.sources.base import MAX_FILE_BYTES, SkippedError
from codewhence.index.sources.tree import read_file

FOLDERS = ("content", "contents", "blobs")

_ENDINGS = ("", ".gz", ".zst")
_ID = re.compile(r"(?:swh:1:cnt:)?([0-9a-f]{40})")
_FILE_NAME = re.compile(r"[0-9a-f]{40}(?:\.gz|\.zst)?")
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_GZIP_WINDOW_BITS = 31  # zlib: 15 bits and a gzip header


def contents_beside(folder: Path) -> str | None:
    """Return the folder of supplied texts in the folder of a data set, ``None`` where there is none."""
    return next((str(folder / name) for name in FOLDERS if (folder / name).is_dir()), None)


def is_contents_file(path: Path, root: Path) -> bool:
    """Say whether a file of a data set's folder is a supplied text."""
    folders = path.relative_to(root).parts[:-1]
    return bool(folders) and folders[0] in FOLDERS and _FILE_NAME.fullmatch(path.name) is not None


def content_ids(*values: object) -> tuple[str, ...]:
    """Return the hex digits of what is an id: a sha1, or the SWHID of a content.

    >>> content_ids("swh:1:cnt:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", None, "../secret")
    ('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',)
    """
    found = (_ID.fullmatch(value) for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(match[1] for match in found if match))


def has_id(data: bytes, ids: tuple[str, ...]) -> bool:
    """Say whether bytes have one of these ids.

    Two sha1 go by the name of id in these data sets: that of git (the SWHID), and that of the bare bytes, under which
    Software Heritage's bucket keeps them and which The Stack v3 gives. Either proves the bytes.
    """
    return git_blob_sha1(data) in ids or hashlib.sha1(data, usedforsecurity=False).hexdigest() in ids


def supplied_bytes(folder: str | None, ids: tuple[str, ...]) -> bytes:
    """Return the bytes that a user supplied for an id.

    Args:
        folder: Where supplied texts are, ``None`` where there is no such folder.
        ids: Ids of one text, 40 hex digits each.

    Raises:
        SkippedError: ``malformed`` without an id, ``no_text`` where nothing was supplied, ``other_bytes`` where the
            file does not have the id, ``too_large``.
    """
    if not ids:
        raise SkippedError("malformed")
    path = next(filter(Path.is_file, _places(folder, ids)), None) if folder else None
    if path is None:
        raise SkippedError("no_text")
    data = read_file(path)
    for candidate in _readings(data):
        if has_id(candidate, ids):
            return candidate
    raise SkippedError("other_bytes")


def _places(folder: str, ids: tuple[str, ...]) -> Iterator[Path]:
    for each in ids:
        for ending in _ENDINGS:
            yield Path(folder, each + ending)
            yield Path(folder, each[:2], each + ending)


def _readings(data: bytes) -> Iterator[bytes]:
    """Yield what a file may stand for: its bytes, and what they unpack to."""
    yield data
    try:
        if data.startswith(_GZIP_MAGIC):
            unpacked = zlib.decompressobj(_GZIP_WINDOW_BITS).decompress(data, MAX_FILE_BYTES + 1)
        elif data.startswith(_ZSTD_MAGIC):
            with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)) as stream:
                unpacked = stream.read(MAX_FILE_BYTES + 1)
        else:
            return
    except (zlib.error, zstandard.ZstdError):
        return
    if len(unpacked) > MAX_FILE_BYTES:
        raise SkippedError("too_large")
    yield unpacked
