"""Writing a bucket: documents in, three files and a manifest entry out (the format stands in index/bucket.py)."""

import contextlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from codewhence.digests import canonical_json, sha256_hex
from codewhence.errors import UsageError
from codewhence.index.arrays import write_arrays
from codewhence.index.bucket import DIRECTORY_BITS, KEY_BITS, array_layout, decompress
from codewhence.index.documents import Entry, license_label
from codewhence.index.files import file_sha256, flush_directory, flush_to_disk
from codewhence.index.manifest import BUCKET_FILES
from codewhence.index.tokens import tokenize
from codewhence.index.winnow import gram_hashes, selected

_MAX_TOKENS = 2**32 - 1


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
        layout = array_layout(
            n_documents=len(self._ids), n_tokens=self._token_starts[-1], n_postings=sum(map(len, self._grams))
        )
        write_arrays(self._folder / "arrays.bin", layout, self._arrays())
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
            "text_offsets": np.array(self._text_offsets, dtype=np.uint64),
            "row_offsets": np.array(self._table_offsets, dtype=np.uint64),
            "ids": np.frombuffer(b"".join(self._ids), dtype=np.uint8).reshape(-1, 20),
            "token_starts": np.array(self._token_starts, dtype=np.uint32),
            "token_bytes": _join(self._token_bytes, np.uint8),
            "directory": directory.astype(np.uint32),
            "keys": grams.astype(np.uint32),
            "positions": positions[order],
        }

    def _manifest_entry(self) -> dict[str, Any]:
        files = {
            name: {"bytes": (self._folder / name).stat().st_size, "sha256": file_sha256(self._folder / name)}
            for name in BUCKET_FILES
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


def write_bucket(folder: Path, documents: Iterable[tuple[Entry, bytes]]) -> dict[str, Any]:
    """Write the bucket ``folder`` from documents in the order of their ids; return its manifest entry."""
    with BucketWriter(folder) as writer:
        for entry, frame in documents:
            writer.add(entry, frame)
        return writer.finish()
