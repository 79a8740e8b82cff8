"""Writing a bucket: documents in, four files and a manifest entry out (the format stands in index/bucket.py)."""

import contextlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from codewhence.digests import canonical_json, sha256_hex
from codewhence.index.arrays import write_arrays
from codewhence.index.bucket import array_layout, decompress
from codewhence.index.documents import Entry, license_label
from codewhence.index.files import file_sha256, flush_directory, flush_to_disk
from codewhence.index.manifest import BUCKET_FILES
from codewhence.index.portrait import tile_file
from codewhence.index.print_collector import PrintCollector


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
        self._prints = PrintCollector(folder.name)
        self._tiles = tile_file.TileCollector()
        self._counts: dict[str, int] = {}
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
        text = decompress(frame).decode("utf-8")
        self._prints.add(text, entry.language)
        self._tiles.add(text)
        self._n_files += len(entry.origins)
        self._n_text_bytes += entry.n_bytes
        self._n_text_chars += entry.n_chars
        self._languages[entry.language or "unknown"] += 1
        self._licenses.update(license_label(origin) for origin in entry.origins)

    def finish(self) -> dict[str, Any]:
        """Write the arrays, flush everything to disk, and return the bucket's manifest entry."""
        for file in (self._text, self._table):
            file.flush()
            flush_to_disk(file.fileno())
        self._stack.close()
        arrays, postings = self._prints.arrays()
        self._counts = {
            "n_documents": len(self._ids),
            "n_tokens": len(arrays["token_bytes"]),
            "n_checkpoints": len(arrays["checkpoints"]),
            **{f"n_{name}": len(some) for name, some in postings.items()},
        }
        arrays |= {
            "text_offsets": np.array(self._text_offsets, dtype=np.uint64),
            "row_offsets": np.array(self._table_offsets, dtype=np.uint64),
            "ids": np.frombuffer(b"".join(self._ids), dtype=np.uint8).reshape(-1, 20),
        }
        for name, some in postings.items():
            arrays |= some.arrays(name)
        write_arrays(self._folder / "arrays.bin", array_layout(self._counts), arrays)
        self._tiles.write(self._folder / tile_file.FILE_NAME)
        flush_directory(self._folder)
        return self._manifest_entry()

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
            "n_files": self._n_files,
            "n_text_bytes": self._n_text_bytes,
            "n_postings": sum(self._counts[name] for name in ("n_words", "n_names", "n_shape")),
            "n_text_chars": self._n_text_chars,
            **self._counts,
        }


def write_bucket(folder: Path, documents: Iterable[tuple[Entry, bytes]]) -> dict[str, Any]:
    """Write the bucket ``folder`` from documents in the order of their ids; return its manifest entry."""
    with BucketWriter(folder) as writer:
        for entry, frame in documents:
            writer.add(entry, frame)
        return writer.finish()
