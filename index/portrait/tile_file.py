"""``tiles.bin``, one a bucket: the tiles of its documents, so that filters are made and removals counted without text.

One row of six bytes for each document and tile that it holds, big-endian, sorted, without header: bytes compare as the
numbers do, so that a mapped file is searched as it stands. A tile that three documents of the bucket hold has three
rows.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codewhence.errors import FormatError
from codewhence.index.arrays import map_file
from codewhence.index.files import flush_to_disk
from codewhence.index.portrait.tiles import (
    TILE_BITS,
    TILE_CHARS,
    aligned_codes,
    hash_tiles,
    sorted_distinct,
)

FILE_NAME = "tiles.bin"
ROW_BYTES = TILE_BITS // 8
_ROW_TYPE: np.dtype[Any] = np.dtype((np.bytes_, ROW_BYTES))
_BATCH_CHARS = 1 << 20  # at which the arrays of a batch fit the caches of a core
# A document's number within a batch takes the bits that a tile leaves free.
_NUMBER_BITS = np.uint64(64 - TILE_BITS)
_MAX_BATCH_DOCUMENTS = 1 << int(_NUMBER_BITS)


class TileCollector:
    """Takes documents one after the other; writes the tiles of all."""

    def __init__(self) -> None:
        self._waiting: list[NDArray[np.uint8]] = []
        self._n_waiting_chars = 0
        self._tiles: list[NDArray[np.uint64]] = []

    def add(self, text: str) -> None:
        """Take the next document."""
        codes = aligned_codes(text)
        if not len(codes):
            return
        if codes.dtype != np.uint8:
            self._tiles.append(sorted_distinct(hash_tiles(codes)))
            return
        self._waiting.append(codes.astype(np.uint8, copy=False))
        self._n_waiting_chars += len(codes)
        if self._n_waiting_chars >= _BATCH_CHARS or len(self._waiting) == _MAX_BATCH_DOCUMENTS:
            self._flush()

    def write(self, path: Path) -> None:
        """Write the file and flush it to disk."""
        self._flush()
        tiles = np.sort(np.concatenate([np.zeros(0, dtype=np.uint64), *self._tiles]))
        with path.open("wb") as file:
            file.write(_to_rows(tiles).tobytes())
            file.flush()
            flush_to_disk(file.fileno())

    def _flush(self) -> None:
        if not self._waiting:
            return
        hashes = hash_tiles(np.concatenate(self._waiting))
        n_tiles = [len(codes) // TILE_CHARS for codes in self._waiting]
        numbers = np.repeat(np.arange(len(n_tiles), dtype=np.uint64), n_tiles)
        self._tiles.append(sorted_distinct((hashes << _NUMBER_BITS) | numbers) >> _NUMBER_BITS)
        self._waiting, self._n_waiting_chars = [], 0


class TileRows:
    """A mapped ``tiles.bin``."""

    def __init__(self, folder: Path) -> None:
        """Map the file of a bucket's folder.

        Raises:
            FormatError: It cannot be read, or holds no whole number of rows.
        """
        path = folder / FILE_NAME
        mapped = map_file(path)
        if len(mapped) % ROW_BYTES:
            raise FormatError(f"{path} is damaged: {len(mapped)} bytes are no rows of {ROW_BYTES}. Rebuild the index.")
        self._rows = np.frombuffer(mapped, dtype=_ROW_TYPE)

    def __len__(self) -> int:
        return len(self._rows)

    def count_holders(self, tiles: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return how many documents hold each of some tiles. Shape as ``tiles``."""
        wanted = _to_rows(tiles)
        return np.searchsorted(self._rows, wanted, side="right") - np.searchsorted(self._rows, wanted)

    def between(self, first: int, last: int) -> NDArray[np.uint64]:
        """Return the tiles from ``first`` to ``last``, both included, sorted, each as often as it stands here."""
        ends = _to_rows(np.array([first, last], dtype=np.uint64))
        low = int(np.searchsorted(self._rows, ends[0]))
        high = int(np.searchsorted(self._rows, ends[1], side="right"))
        return _to_tiles(self._rows[low:high])

    def at(self, numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Return the tiles of some rows."""
        return _to_tiles(self._rows[numbers])


def count_holders(folder: Path, tiles: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return how many documents of a bucket hold each of some tiles.

    Args:
        folder: Folder of the bucket.
        tiles: Any tiles. Shape ``(n,)``.

    Returns:
        Shape ``(n,)``.

    Raises:
        FormatError: The bucket's tiles cannot be read.
    """
    return TileRows(folder).count_holders(tiles)


def n_distinct(rows: Sequence[TileRows], *, n_parts: int) -> int:
    """Return how many different tiles buckets hold together, looking at one of ``n_parts`` ranges at a time."""
    return sum(len(distinct_between(rows, *part_range(part, n_parts))) for part in range(n_parts))


def distinct_between(rows: Sequence[TileRows], first: int, last: int) -> NDArray[np.uint64]:
    """Return the tiles from ``first`` to ``last`` that any bucket holds, sorted, each once."""
    found = [bucket.between(first, last) for bucket in rows]
    return sorted_distinct(np.concatenate([np.zeros(0, dtype=np.uint64), *found]))


def part_range(part: int, n_parts: int) -> tuple[int, int]:
    """Return the first and the last tile of one of ``n_parts`` equal ranges; a power of two of them."""
    width = (1 << TILE_BITS) // n_parts
    return part * width, (part + 1) * width - 1


def _to_rows(tiles: NDArray[np.uint64]) -> NDArray[np.bytes_]:
    wide = np.ascontiguousarray(tiles, dtype=">u8").view(np.uint8).reshape(-1, 8)
    return np.ascontiguousarray(wide[:, 8 - ROW_BYTES :]).view(_ROW_TYPE).reshape(-1)


def _to_tiles(rows: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    wide = np.zeros((len(rows), 8), dtype=np.uint8)
    wide[:, 8 - ROW_BYTES :] = np.ascontiguousarray(rows).view(np.uint8).reshape(-1, ROW_BYTES)
    return wide.view(">u8").reshape(-1).astype(np.uint64)
