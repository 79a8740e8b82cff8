"""A bucket: an immutable folder of documents with their fingerprints, written as a pure function of the documents.

Documents stand in the order of their SWHIDs, numbered from 0. Four files:

    text.zst          one zstd frame (level 3, with checksum) of UTF-8 a document
    documents.jsonl   the documents table (index/documents.py)
    tiles.bin         hashes for membership (index/portrait/tile_file.py), not opened here
    arrays.bin        the arrays below (index/arrays.py says how), n documents, t tokens, p postings

    text_offsets     (n + 1,) uint64   where each frame begins
    row_offsets      (n + 1,) uint64   where each row of the documents table begins
    ids              (n, 20) uint8     git blob sha1, sorted: finds a document by its SWHID
    token_starts     (n + 1,) uint32   position of each document's first T2 token in the bucket's token stream
    token_bytes      (t,) uint8        low byte of each T2 token's hash: how far a run may reach, text unread
    touched_starts   (n + 1,) uint32   position of each document's first T3 token in the bucket's T3 stream
    checkpoints      (c,) uint32       first code point of each 64th T3 token of a document (index/fingerprints.py)
    words_*, names_*, shape_*          three sets of fingerprints: of T2 tokens, of T3 tokens with the names of called
                                       functions and members, of T3 tokens without (index/postings.py)
"""

import copy
import itertools
import mmap
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

from codewhence.errors import FormatError
from codewhence.index.arrays import ArraySpec, map_file, read_arrays
from codewhence.index.documents import Entry
from codewhence.index.fingerprints import CHECKPOINT_TOKENS
from codewhence.index.manifest import BUCKET_FILES
from codewhence.index.postings import from_arrays, layout
from codewhence.index.sources.base import MAX_FILE_BYTES
from codewhence.index.text_cache import TextCache

MAX_BUCKETS = 1 << 16
# UTF-8 takes at most three bytes for one of a legacy encoding; the rest is room.
MAX_TEXT_BYTES = 4 * MAX_FILE_BYTES
_COMPRESSION_LEVEL = 3  # 0.25x of source code at over 100 MB/s; level 19 saves a tenth and costs fifty times as much

_CACHED_ROWS = 4096  # of the documents table, a bucket: some 4 MB; the rows of popular passages are asked for often

# A decompressor costs as much to make as a small document to unpack, and must not be shared by threads.
_OF_THREAD = threading.local()
_TEXTS = TextCache()
_NUMBERS = itertools.count()  # of open buckets


ARRAY_COUNTS = ("n_documents", "n_tokens", "n_checkpoints", "n_words", "n_names", "n_shape")


def array_layout(counts: Mapping[str, int]) -> dict[str, ArraySpec]:
    """Return type and shape of each array of a bucket, in the order in which they stand in ``arrays.bin``.

    Args:
        counts: As the manifest's entry of the bucket has them.
    """
    n_documents, n_tokens, n_checkpoints, n_words, n_names, n_shape = (counts[name] for name in ARRAY_COUNTS)
    return {
        "text_offsets": ArraySpec(np.uint64, (n_documents + 1,)),
        "row_offsets": ArraySpec(np.uint64, (n_documents + 1,)),
        "ids": ArraySpec(np.uint8, (n_documents, 20)),
        "token_starts": ArraySpec(np.uint32, (n_documents + 1,)),
        "touched_starts": ArraySpec(np.uint32, (n_documents + 1,)),
        "checkpoints": ArraySpec(np.uint32, (n_checkpoints,)),
        **layout("words", n_words),
        **layout("names", n_names),
        **layout("shape", n_shape),
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
        self._number = next(_NUMBERS)
        self.n_documents: int = entry["n_documents"]
        for name in BUCKET_FILES:
            _check_size(folder / name, entry["files"][name]["bytes"])
        arrays = read_arrays(folder / "arrays.bin", array_layout(entry))
        self.token_starts: NDArray[np.uint32] = arrays["token_starts"]
        self.token_bytes: NDArray[np.uint8] = arrays["token_bytes"]
        self.touched_starts: NDArray[np.uint32] = arrays["touched_starts"]
        self.checkpoints: NDArray[np.uint32] = arrays["checkpoints"]
        self.words, self.names, self.shape = (from_arrays(arrays, name) for name in ("words", "names", "shape"))
        self._text_offsets, self._row_offsets, self._ids = arrays["text_offsets"], arrays["row_offsets"], arrays["ids"]
        self._cached_entry = lru_cache(_CACHED_ROWS)(self._entry)
        self.entry: Callable[[int], Entry] = self._cached_entry
        self.hidden_rows: NDArray[np.bool_] | None = None  # rows that no answer may show; None for none
        self._text = map_file(folder / "text.zst")
        self._table = map_file(folder / "documents.jsonl")
        self._check_increasing("text_offsets", self._text_offsets, last=len(self._text))
        self._check_increasing("row_offsets", self._row_offsets, last=len(self._table))
        self._check_increasing("token_starts", self.token_starts, last=len(self.token_bytes))
        for name, postings in (("words", self.words), ("names", self.names), ("shape", self.shape)):
            self._check_increasing(f"{name}_directory", postings.directory, last=len(postings))
        self._check_increasing("touched_starts", self.touched_starts, last=int(self.touched_starts[-1]))
        n_touched = np.diff(self.touched_starts.astype(np.int64))
        self.checkpoint_starts = np.concatenate(([0], np.cumsum(-(-n_touched // CHECKPOINT_TOKENS))))
        self._check_increasing("checkpoint_starts", self.checkpoint_starts, last=len(self.checkpoints))

    def masked(
        self, hidden_rows: NDArray[np.bool_], trim: Callable[[Entry], Entry | None], trimmed_rows: frozenset[int]
    ) -> "Bucket":
        """Return this bucket as readers may see it: some rows hidden, others with fewer origins.

        It shares its files with this one, which alone is to be closed. Asking it for a hidden row is a bug.

        Args:
            hidden_rows: Shape ``(n_documents,)``.
            trim: Takes a row as held, and gives what may be shown of it.
            trimmed_rows: Rows to give to ``trim``.
        """

        @lru_cache(_CACHED_ROWS)
        def entry(row: int) -> Entry:
            held = self.entry(row)
            shown = trim(held) if row in trimmed_rows else held
            if shown is None or seen.is_hidden(row):
                raise LookupError(f"row {row} of {self.folder.name} is hidden")
            return shown

        seen = copy.copy(self)
        seen.entry, seen.hidden_rows = entry, hidden_rows
        return seen

    def is_hidden(self, row: int) -> bool:
        """Say whether no answer may show document number ``row``."""
        return self.hidden_rows is not None and bool(self.hidden_rows[row])

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
        return _TEXTS.get((self._number, row), lambda: self._unpacked(row))

    def _unpacked(self, row: int) -> str:
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

    def rows_of(self, ids: NDArray[np.bytes_]) -> NDArray[np.int64]:
        """Return the number of each document held whose git blob id (20 bytes) is given, in their order."""
        held = self._ids.view(f"S{self._ids.shape[1]}").ravel()
        at = np.searchsorted(held, ids)
        ids, at = ids[at < len(held)], at[at < len(held)]
        return at[held[at] == ids]

    def rows_with(self, text: bytes) -> Iterator[int]:
        """Yield the number of each document whose row of the documents table holds ``text``, increasing."""
        at = self._table.find(text)
        while at >= 0:
            row = int(np.searchsorted(self._row_offsets, at, side="right")) - 1
            yield row
            at = self._table.find(text, int(self._row_offsets[row + 1]))

    def doc_id(self, row: int) -> str:
        """Return the SWHID of document number ``row``."""
        return f"swh:1:cnt:{self._ids[row].tobytes().hex()}"

    def close(self) -> None:
        """Unmap the text and the table; arrays go with their last reader."""
        self._cached_entry.cache_clear()
        _TEXTS.drop(self._number)
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
