"""A bucket: an immutable folder of documents with their fingerprints, written as a pure function of the documents.

Documents stand in the order of their SWHIDs, numbered from 0. Three files:

    text.zst          one zstd frame (level 3, with checksum) of UTF-8 a document
    documents.jsonl   the documents table (index/documents.py)
    arrays.bin        the arrays below (index/arrays.py says how), n documents, t tokens, p postings

    text_offsets   (n + 1,) uint64   where each frame begins
    row_offsets    (n + 1,) uint64   where each row of the documents table begins
    ids            (n, 20) uint8     git blob sha1, sorted: finds a document by its SWHID
    token_starts   (n + 1,) uint32   position of each document's first token in the bucket's token stream
    directory      (65537,) uint32   first posting of each value of a gram's top 16 bits
    keys           (p,) uint32       the 32 bits of the gram's hash that follow, sorted
    positions      (p,) uint32       token position of the gram, increasing within a key
    token_bytes    (t,) uint8        low byte of each token's hash: how far a run may reach, text unread
"""

import mmap
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

from codewhence.errors import FormatError
from codewhence.index.arrays import ArraySpec, map_file, read_arrays
from codewhence.index.documents import Entry
from codewhence.index.manifest import BUCKET_FILES
from codewhence.index.sources.base import MAX_FILE_BYTES

MAX_BUCKETS = 1 << 16
DIRECTORY_BITS = 16
KEY_BITS = 32
# UTF-8 takes at most three bytes for one of a legacy encoding; the rest is room.
MAX_TEXT_BYTES = 4 * MAX_FILE_BYTES
_COMPRESSION_LEVEL = 3  # 0.25x of source code at over 100 MB/s; level 19 saves a tenth and costs fifty times as much

_CACHED_ROWS = 4096  # of the documents table, a bucket: some 4 MB; the rows of popular passages are asked for often

# A decompressor costs as much to make as a small document to unpack, and must not be shared by threads.
_OF_THREAD = threading.local()


def array_layout(*, n_documents: int, n_tokens: int, n_postings: int) -> dict[str, ArraySpec]:
    """Return type and shape of each array of a bucket, in the order in which they stand in ``arrays.bin``."""
    return {
        "text_offsets": ArraySpec(np.uint64, (n_documents + 1,)),
        "row_offsets": ArraySpec(np.uint64, (n_documents + 1,)),
        "ids": ArraySpec(np.uint8, (n_documents, 20)),
        "token_starts": ArraySpec(np.uint32, (n_documents + 1,)),
        "directory": ArraySpec(np.uint32, ((1 << DIRECTORY_BITS) + 1,)),
        "keys": ArraySpec(np.uint32, (n_postings,)),
        "positions": ArraySpec(np.uint32, (n_postings,)),
        "token_bytes": ArraySpec(np.uint8, (n_tokens,)),
    }


def compress(text_bytes: bytes) -> bytes:
    """Return the zstd frame of a document's text."""
    return zstandard.ZstdCompressor(level=_COMPRESSION_LEVEL, write_checksum=True).compress(text_bytes)


def decompress(frame: bytes | memoryview) -> bytes:
    """Return the bytes of a frame.

    Raises:
        zstandard.ZstdError: The frame is damaged.
    """
    if zstandard.frame_content_size(frame) > MAX_TEXT_BYTES:
        raise zstandard.ZstdError(f"the frame claims over {MAX_TEXT_BYTES} bytes")
    decompressor = getattr(_OF_THREAD, "decompressor", None)
    if decompressor is None:
        decompressor = _OF_THREAD.decompressor = zstandard.ZstdDecompressor()
    return decompressor.decompress(frame)


def bucket_number(doc_id: str, n_buckets: int) -> int:
    """Return the bucket of a document: the first ``log2(n_buckets)`` bits of its git blob sha1."""
    return int(doc_id[10:18], 16) * n_buckets >> 32


class Bucket:
    """A bucket opened for reading: every file mapped, nothing read until asked for."""

    def __init__(self, folder: Path, entry: dict[str, Any]) -> None:
        """Map the files of ``folder`` after checking their sizes against the manifest's ``entry``.

        Raises:
            FormatError: A file is missing, of another size than recorded, or not what its name says.
        """
        self.folder = folder
        self.n_documents: int = entry["n_documents"]
        for name in BUCKET_FILES:
            _check_size(folder / name, entry["files"][name]["bytes"])
        layout = array_layout(n_documents=self.n_documents, n_tokens=entry["n_tokens"], n_postings=entry["n_postings"])
        arrays = read_arrays(folder / "arrays.bin", layout)
        self.token_starts: NDArray[np.uint32] = arrays["token_starts"]
        self.token_bytes: NDArray[np.uint8] = arrays["token_bytes"]
        self.directory: NDArray[np.uint32] = arrays["directory"]
        self.keys: NDArray[np.uint32] = arrays["keys"]
        self.positions: NDArray[np.uint32] = arrays["positions"]
        self._text_offsets, self._row_offsets, self._ids = arrays["text_offsets"], arrays["row_offsets"], arrays["ids"]
        self.entry = lru_cache(_CACHED_ROWS)(self._entry)
        self._text = map_file(folder / "text.zst")
        self._table = map_file(folder / "documents.jsonl")
        self._check_increasing("text_offsets", self._text_offsets, last=len(self._text))
        self._check_increasing("row_offsets", self._row_offsets, last=len(self._table))
        self._check_increasing("token_starts", self.token_starts, last=len(self.token_bytes))
        self._check_increasing("directory", self.directory, last=len(self.keys))

    def _entry(self, row: int) -> Entry:
        """Return the documents-table row of document number ``row``."""
        line = self._table[int(self._row_offsets[row]) : int(self._row_offsets[row + 1])]
        try:
            entry = Entry.from_line(line)
            if entry.doc_id != self.doc_id(row):
                raise ValueError(entry.doc_id)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._damaged("documents.jsonl", f"row {row} is not its document") from error
        return entry

    def frame(self, row: int) -> bytes:
        """Return the compressed text of document number ``row``."""
        return self._text[int(self._text_offsets[row]) : int(self._text_offsets[row + 1])]

    def text(self, row: int) -> str:
        """Return the text of document number ``row``."""
        try:
            return decompress(self.frame(row)).decode("utf-8")
        except (zstandard.ZstdError, UnicodeDecodeError, MemoryError) as error:
            raise self._damaged("text.zst", f"the text of document {row} does not unpack") from error

    def find(self, doc_id: str) -> int | None:
        """Return the number of a document by its SWHID, or ``None``."""
        wanted = np.frombuffer(bytes.fromhex(doc_id[10:]), dtype=np.uint8)
        low, high = 0, self.n_documents
        while low < high:
            middle = (low + high) // 2
            if self._ids[middle].tobytes() < wanted.tobytes():
                low = middle + 1
            else:
                high = middle
        return low if low < self.n_documents and (self._ids[low] == wanted).all() else None

    def doc_id(self, row: int) -> str:
        """Return the SWHID of document number ``row``."""
        return f"swh:1:cnt:{self._ids[row].tobytes().hex()}"

    def close(self) -> None:
        """Unmap the text and the table; arrays go with their last reader."""
        self.entry.cache_clear()
        for mapped in (self._text, self._table):
            if isinstance(mapped, mmap.mmap):
                mapped.close()

    def _check_increasing(self, name: str, array: NDArray, *, last: int) -> None:
        if array[0] != 0 or array[-1] != last or (array[1:] < array[:-1]).any():
            raise self._damaged("arrays.bin", f"{name} does not count up from 0 to {last}")

    def _damaged(self, name: str, what: str) -> FormatError:
        return FormatError(
            f"{self.folder / name} is damaged: {what}. Run: codewhence index verify {self.folder.parent}"
        )


def _check_size(path: Path, n_bytes: int) -> None:
    try:
        found = path.stat().st_size
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}. Rebuild the index.") from error
    if found != n_bytes:
        raise FormatError(f"{path} is damaged: {found} bytes, the manifest records {n_bytes}. Rebuild the index.")
