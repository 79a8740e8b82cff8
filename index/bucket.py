"""A bucket: an immutable folder of documents with their fingerprints, written as a pure function of the documents.

Documents stand in the order of their SWHIDs. Files, little-endian, arrays in NumPy's format:

    text.zst              one zstd frame (level 3, with checksum) of UTF-8 a document
    text.offsets.npy      (n + 1,) uint64   where each frame begins
    documents.jsonl       the documents table (index/documents.py)
    documents.offsets.npy (n + 1,) uint64   where each row begins
    documents.ids.npy     (n, 20) uint8     git blob sha1, sorted: finds a document by its SWHID
    t2.starts.npy         (n + 1,) uint32   position of each document's first token in the bucket's token stream
    t2.tokens.npy         (n_tokens,) uint8 low byte of each token's hash: how far a run may reach, text unread
    t2.directory.npy      (65537,) uint32   first posting of each value of a gram's top 16 bits
    t2.keys.npy           (n_postings,) uint32  the 32 bits of the gram's hash that follow, sorted
    t2.positions.npy      (n_postings,) uint32  token position of the gram, increasing within a key
"""

import contextlib
import mmap
import threading
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import zstandard
from numpy.typing import NDArray

from codewhence.digests import canonical_json, sha256_hex
from codewhence.errors import FormatError, UsageError
from codewhence.index.documents import Entry, license_label
from codewhence.index.files import file_sha256, flush_directory, flush_to_disk
from codewhence.index.tokens import tokenize
from codewhence.index.winnow import gram_hashes, selected

MAX_BUCKETS = 1 << 16
DIRECTORY_BITS = 16
KEY_BITS = 32
_MAX_TOKENS = 2**32 - 1
_COMPRESSION_LEVEL = 3  # 0.25x of source code at over 100 MB/s; level 19 saves a tenth and costs fifty times as much

_CACHED_ROWS = 4096  # of the documents table, a bucket: some 4 MB; the rows of popular passages are asked for often

# A decompressor costs as much to make as a small document to unpack, and must not be shared by threads.
_OF_THREAD = threading.local()

FILE_NAMES = (
    "text.zst",
    "text.offsets.npy",
    "documents.jsonl",
    "documents.offsets.npy",
    "documents.ids.npy",
    "t2.starts.npy",
    "t2.tokens.npy",
    "t2.directory.npy",
    "t2.keys.npy",
    "t2.positions.npy",
)


def compress(text_bytes: bytes) -> bytes:
    """Return the zstd frame of a document's text."""
    return zstandard.ZstdCompressor(level=_COMPRESSION_LEVEL, write_checksum=True).compress(text_bytes)


def decompress(frame: bytes | memoryview) -> bytes:
    """Return the bytes of a frame.

    Raises:
        zstandard.ZstdError: The frame is damaged.
    """
    decompressor = getattr(_OF_THREAD, "decompressor", None)
    if decompressor is None:
        decompressor = _OF_THREAD.decompressor = zstandard.ZstdDecompressor()
    return decompressor.decompress(frame)


def bucket_number(doc_id: str, n_buckets: int) -> int:
    """Return the bucket of a document: the first ``log2(n_buckets)`` bits of its git blob sha1."""
    return int(doc_id[10:18], 16) * n_buckets >> 32


class BucketWriter:
    """Writes one bucket; ``add`` takes documents in the order of their ids."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True)
        self._stack = contextlib.ExitStack()
        self._text: BinaryIO = self._stack.enter_context((folder / "text.zst").open("wb"))
        self._table: BinaryIO = self._stack.enter_context((folder / "documents.jsonl").open("wb"))
        self._text_offsets = [0]
        self._table_offsets = [0]
        self._ids: list[bytes] = []
        self._token_starts = [0]
        self._token_bytes: list[NDArray[np.uint8]] = []
        self._grams: list[NDArray[np.uint64]] = []
        self._positions: list[NDArray[np.uint32]] = []
        self._n_files = 0
        self._n_text_bytes = 0
        self._n_text_chars = 0
        self._languages: Counter[str] = Counter()
        self._licenses: Counter[str] = Counter()

    def __enter__(self) -> "BucketWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, entry: Entry, frame: bytes) -> None:
        """Append a document: its row and the zstd frame of its text."""
        line = entry.to_line()
        self._text.write(frame)
        self._table.write(line)
        self._text_offsets.append(self._text_offsets[-1] + len(frame))
        self._table_offsets.append(self._table_offsets[-1] + len(line))
        self._ids.append(bytes.fromhex(entry.doc_id[10:]))
        self._add_fingerprints(decompress(frame).decode("utf-8"))
        self._n_files += len(entry.origins)
        self._n_text_bytes += entry.n_bytes
        self._n_text_chars += entry.n_chars
        self._languages[entry.language or "unknown"] += 1
        self._licenses.update(license_label(origin) for origin in entry.origins)

    def _add_fingerprints(self, text: str) -> None:
        hashes = tokenize(text).hashes
        first = self._token_starts[-1]
        if first + len(hashes) > _MAX_TOKENS:
            raise UsageError(
                f"{self._folder.name} would hold over {_MAX_TOKENS} tokens. Build with more buckets (--buckets)."
            )
        grams = gram_hashes(hashes)
        kept = selected(grams)
        self._token_bytes.append(hashes.astype(np.uint8))
        self._grams.append(grams[kept])
        self._positions.append((kept + first).astype(np.uint32))
        self._token_starts.append(first + len(hashes))

    def finish(self) -> dict[str, Any]:
        """Write the arrays, flush everything to disk, and return the bucket's manifest entry."""
        for file in (self._text, self._table):
            file.flush()
            flush_to_disk(file.fileno())
        self._stack.close()
        for name, array in self._arrays().items():
            with (self._folder / name).open("wb") as file:
                np.save(file, array, allow_pickle=False)
                file.flush()
                flush_to_disk(file.fileno())
        flush_directory(self._folder)
        return self._manifest_entry()

    def _arrays(self) -> dict[str, NDArray]:
        grams = _join(self._grams, np.uint64)
        positions = _join(self._positions, np.uint32)
        grams >>= np.uint64(64 - DIRECTORY_BITS - KEY_BITS)
        order = np.argsort(grams, kind="stable")  # positions already increase: stable keeps them so
        grams = grams[order]
        directory = np.searchsorted(grams >> np.uint64(KEY_BITS), np.arange((1 << DIRECTORY_BITS) + 1))
        return {
            "text.offsets.npy": np.array(self._text_offsets, dtype=np.uint64),
            "documents.offsets.npy": np.array(self._table_offsets, dtype=np.uint64),
            "documents.ids.npy": np.frombuffer(b"".join(self._ids), dtype=np.uint8).reshape(-1, 20),
            "t2.starts.npy": np.array(self._token_starts, dtype=np.uint32),
            "t2.tokens.npy": _join(self._token_bytes, np.uint8),
            "t2.directory.npy": directory.astype(np.uint32),
            "t2.keys.npy": grams.astype(np.uint32),
            "t2.positions.npy": positions[order],
        }

    def _manifest_entry(self) -> dict[str, Any]:
        files = {
            name: {"bytes": (self._folder / name).stat().st_size, "sha256": file_sha256(self._folder / name)}
            for name in FILE_NAMES
        }
        number = self._folder.name.removeprefix("bucket-")
        return {
            "files": files,
            "id": f"{number}-{sha256_hex(canonical_json(files))[:12]}",
            "languages": dict(sorted(self._languages.items())),
            "licenses": dict(sorted(self._licenses.items())),
            "n_documents": len(self._ids),
            "n_files": self._n_files,
            "n_postings": sum(map(len, self._grams)),
            "n_text_bytes": self._n_text_bytes,
            "n_text_chars": self._n_text_chars,
            "n_tokens": self._token_starts[-1],
        }


def _join(arrays: list[NDArray], dtype: type) -> NDArray:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=dtype)


class Bucket:
    """A bucket opened for reading: every file mapped, nothing read until asked for."""

    def __init__(self, folder: Path, entry: dict[str, Any]) -> None:
        """Map the files of ``folder`` after checking their sizes against the manifest's ``entry``.

        Raises:
            FormatError: A file is missing, of another size than recorded, or not what its name says.
        """
        self.folder = folder
        self.n_documents: int = entry["n_documents"]
        for name, expected in entry["files"].items():
            _check_size(folder / name, expected["bytes"])
        self.token_starts = self._array("t2.starts.npy", np.uint32, self.n_documents + 1)
        self.token_bytes = self._array("t2.tokens.npy", np.uint8, entry["n_tokens"])
        self.directory = self._array("t2.directory.npy", np.uint32, (1 << DIRECTORY_BITS) + 1)
        self.keys = self._array("t2.keys.npy", np.uint32, entry["n_postings"])
        self.positions = self._array("t2.positions.npy", np.uint32, entry["n_postings"])
        self._text_offsets = self._array("text.offsets.npy", np.uint64, self.n_documents + 1)
        self._table_offsets = self._array("documents.offsets.npy", np.uint64, self.n_documents + 1)
        self._ids = self._array("documents.ids.npy", np.uint8, self.n_documents, columns=20)
        self.entry = lru_cache(_CACHED_ROWS)(self._entry)
        self._text = _map(folder / "text.zst")
        self._table = _map(folder / "documents.jsonl")

    def _entry(self, row: int) -> Entry:
        """Return the documents-table row of document number ``row``."""
        line = self._table[int(self._table_offsets[row]) : int(self._table_offsets[row + 1])]
        try:
            return Entry.from_line(line)
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged("documents.jsonl", f"row {row} is not a document") from error

    def frame(self, row: int) -> bytes:
        """Return the compressed text of document number ``row``."""
        return self._text[int(self._text_offsets[row]) : int(self._text_offsets[row + 1])]

    def text(self, row: int) -> str:
        """Return the text of document number ``row``."""
        try:
            return decompress(self.frame(row)).decode("utf-8")
        except (zstandard.ZstdError, UnicodeDecodeError) as error:
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
        for mapped in (self._text, self._table):
            if isinstance(mapped, mmap.mmap):
                mapped.close()

    def _array(self, name: str, dtype: type, n_rows: int, *, columns: int | None = None) -> NDArray:
        path = self.folder / name
        shape = (n_rows,) if columns is None else (n_rows, columns)
        try:
            array = np.load(path, mmap_mode="r" if n_rows else None, allow_pickle=False)
        except (ValueError, OSError, EOFError, SyntaxError, TypeError) as error:
            raise self._damaged(name, "it is not an array") from error
        if array.dtype != np.dtype(dtype) or array.shape != shape:
            raise self._damaged(name, f"it holds {array.dtype}{array.shape}, expected {np.dtype(dtype)}{shape}")
        return np.asarray(array)

    def _damaged(self, name: str, what: str) -> FormatError:
        return FormatError(
            f"{self.folder / name} is damaged: {what}. Run: codewhence index verify {self.folder.parent}"
        )


def _check_size(path: Path, n_bytes: int) -> None:
    try:
        found = path.stat().st_size
    except FileNotFoundError:
        raise FormatError(f"{path} is missing. Rebuild the index.") from None
    if found != n_bytes:
        raise FormatError(f"{path} is damaged: {found} bytes, the manifest records {n_bytes}. Rebuild the index.")


def _map(path: Path) -> mmap.mmap | bytes:
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def write_bucket(folder: Path, documents: Iterable[tuple[Entry, bytes]]) -> dict[str, Any]:
    """Write the bucket ``folder`` from documents in the order of their ids; return its manifest entry."""
    with BucketWriter(folder) as writer:
        for entry, frame in documents:
            writer.add(entry, frame)
        return writer.finish()
