"""The routed documents of a build, on disk: one file for each of 256 prefixes of the document id, append-only.

A record is the length of the row and of the frame (two little-endian uint32), the documents-table row, the zstd
frame. Spills live in the build's working folder and go with it.
"""

import mmap
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from codewhence.index.bucket import bucket_number
from codewhence.index.documents import Entry, merge

_LENGTHS = struct.Struct("<II")
_BEFORE_ID = b'{"doc_id":"'  # canonical JSON: the id is the first key of a row
_ID_CHARS = len("swh:1:cnt:") + 40
N_PREFIXES = 256
_MAX_WAITING_BYTES = 8_000_000


class SpillWriter:
    """Appends documents to the spill files of one worker, some megabytes at a time and one open file at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._waiting: dict[int, list[bytes]] = {}
        self._n_waiting_bytes = 0

    def __enter__(self) -> "SpillWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._flush()

    def add(self, entry: Entry, frame: bytes) -> None:
        """Append one document."""
        row = entry.to_line()
        record = _LENGTHS.pack(len(row), len(frame)) + row + frame
        self._waiting.setdefault(bucket_number(entry.doc_id, N_PREFIXES), []).append(record)
        self._n_waiting_bytes += len(record)
        if self._n_waiting_bytes > _MAX_WAITING_BYTES:
            self._flush()

    def _flush(self) -> None:
        for prefix, records in self._waiting.items():
            with (self._folder / f"{prefix:02x}").open("ab") as file:
                file.writelines(records)
        self._waiting.clear()
        self._n_waiting_bytes = 0


def spilled(folders: list[Path], number: int, n_buckets: int) -> Iterator[tuple[Entry, bytes]]:
    """Yield the documents of bucket ``number``, by id, each once with all its origins.

    Prefix by prefix, since ids begin with them: a table of ids and places of one prefix is held in memory, and one
    document; the texts stay mapped.
    """
    for prefix in _prefixes(number, n_buckets):
        yield from merged(_spilled_prefix(folders, prefix, number, n_buckets))


def _spilled_prefix(folders: list[Path], prefix: int, number: int, n_buckets: int) -> Iterator[tuple[Entry, bytes]]:
    with ExitStack() as stack:
        places: list[tuple[str, int, int]] = []
        maps: list[mmap.mmap] = []
        for path in (folder / f"{prefix:02x}" for folder in folders):
            if not path.exists():
                continue
            with path.open("rb") as file:
                mapped = stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            places.extend((doc_id, len(maps), at) for doc_id, at in _scan(mapped, number, n_buckets))
            maps.append(mapped)
        places.sort()
        for _, map_number, at in places:
            yield _read(maps[map_number], at)


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


def _prefixes(number: int, n_buckets: int) -> range:
    """Return the prefixes whose documents may lie in a bucket."""
    if n_buckets >= N_PREFIXES:
        prefix = number * N_PREFIXES // n_buckets
        return range(prefix, prefix + 1)
    width = N_PREFIXES // n_buckets
    return range(number * width, (number + 1) * width)


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
