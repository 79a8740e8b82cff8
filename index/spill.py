"""The routed documents of a build, on disk: one file for each of 256 prefixes of the document id, append-only.

A record is the length of the row and of the frame (two little-endian uint32), the documents-table row, the zstd
frame. Spills live in the build's working folder and go with it.
"""

import mmap
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from codewhence.index.bucket import bucket_number
from codewhence.index.documents import Entry, merge

_LENGTHS = struct.Struct("<II")
_BEFORE_ID = b'{"doc_id":"'  # canonical JSON: the id is the first key of a row
_ID_CHARS = len("swh:1:cnt:") + 40
N_PREFIXES = 256


class SpillWriter:
    """Appends documents to the spill files of one worker."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._files: dict[int, BinaryIO] = {}
        self._stack = ExitStack()

    def __enter__(self) -> "SpillWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, entry: Entry, frame: bytes) -> None:
        """Append one document."""
        row = entry.to_line()
        prefix = bucket_number(entry.doc_id, N_PREFIXES)
        if prefix not in self._files:
            file = (self._folder / f"{prefix:02x}").open("ab")
            self._files[prefix] = self._stack.enter_context(file)
        self._files[prefix].write(_LENGTHS.pack(len(row), len(frame)) + row + frame)


def spilled(folders: list[Path], number: int, n_buckets: int) -> Iterator[tuple[Entry, bytes]]:
    """Yield the documents of bucket ``number``, by id, each once with all its origins.

    One table of ids and places is held in memory, and one document at a time; the texts stay mapped.
    """
    with ExitStack() as stack:
        places: list[tuple[str, int, int]] = []
        maps: list[mmap.mmap] = []
        for path in _spill_files(folders, number, n_buckets):
            file = stack.enter_context(path.open("rb"))
            mapped = stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            places.extend((key, len(maps), at) for key, at in _scan(mapped, number, n_buckets))
            maps.append(mapped)
        places.sort()
        yield from merged(_read(maps[number_of_map], at) for _, number_of_map, at in places)


def merged(documents: Iterator[tuple[Entry, bytes]]) -> Iterator[tuple[Entry, bytes]]:
    """Join neighbours with the same id: every origin once, the text that the joined row names."""
    pending: tuple[Entry, bytes] | None = None
    for entry, frame in documents:
        if pending is None:
            pending = (entry, frame)
        elif pending[0].doc_id == entry.doc_id:
            joined = merge(pending[0], entry)
            pending = (joined, frame if joined.text_sha256 != pending[0].text_sha256 else pending[1])
        else:
            yield pending
            pending = (entry, frame)
    if pending is not None:
        yield pending


def _spill_files(folders: list[Path], number: int, n_buckets: int) -> list[Path]:
    if n_buckets >= N_PREFIXES:
        prefixes = [number * N_PREFIXES // n_buckets]
    else:
        width = N_PREFIXES // n_buckets
        prefixes = list(range(number * width, (number + 1) * width))
    paths = [folder / f"{prefix:02x}" for folder in folders for prefix in prefixes]
    return [path for path in paths if path.exists() and path.stat().st_size]


def _scan(mapped: mmap.mmap, number: int, n_buckets: int) -> Iterator[tuple[str, int]]:
    """Yield the document id and the place of each record that belongs to bucket ``number``."""
    at = 0
    while at < len(mapped):
        row_length, frame_length = _LENGTHS.unpack_from(mapped, at)
        id_at = at + _LENGTHS.size + len(_BEFORE_ID)
        doc_id = mapped[id_at : id_at + _ID_CHARS].decode("ascii")
        if bucket_number(doc_id, n_buckets) == number:
            yield doc_id, at
        at += _LENGTHS.size + row_length + frame_length


def _read(mapped: mmap.mmap, at: int) -> tuple[Entry, bytes]:
    row_length, frame_length = _LENGTHS.unpack_from(mapped, at)
    row_at = at + _LENGTHS.size
    row = mapped[row_at : row_at + row_length]
    return Entry.from_line(row), mapped[row_at + row_length : row_at + row_length + frame_length]
