r"""Tiles: a text without its layout, cut into pieces of 50 characters, each a 48-bit hash.

Normalizing (``blank-runs/1``): every code point up to U+0020 is white space; each run of it, line ends among it,
becomes one blank; runs at the start and at the end of the text go. Nothing else changes: letters, case, quotes and
comments count, and so does every blank beyond ASCII. Re-indenting, re-wrapping and other line ends leave it alone.

A document gives its tiles at 0, 50, 100, … of the normalized text, a query one at every position (Data Portraits,
Marone & Van Durme 2023, arXiv 2303.03919). Both are hashed by the same function, seven words of eight bytes mixed one
after the other (``chained-words/2``), on every machine alike. A tile is its hash: 48 bits in uint64. Two that differ
meet with 2**-48, which at 10**10 tiles adds 4e-5 to the rate of false answers. Written to disk: a change here needs
another name below and a new FORMAT_VERSION (index/manifest.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.runs import first_of_runs
from codewhence.index.tokens import code_points, mix

TILE_CHARS = 50
TILE_BITS = 48
NORMALIZER = "blank-runs/1"
HASH = "chained-words/2"

BLANK = 32
_WORD_OFFSETS = (0, 8, 16, 24, 32, 40, 42)  # the last two overlap: 50 is no multiple of 8
_SEED = np.uint64(0x6A09E667F3BCC908)
_FACTOR = np.uint64(0xD1342543DE82EF95)  # odd; of a generator by Steele & Vigna 2021
_SECOND_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd; 2**64 over the golden ratio
_PLANE_FACTOR = np.uint64(0xA24BAED4963EE407)
_HALF = np.uint64(32)
_CUT = np.uint64(64 - TILE_BITS)

Codes = NDArray[np.uint8] | NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Normalized:
    """A text without its layout.

    Attributes:
        codes: Its code points. Shape ``(n,)``, uint8 where all are ASCII, else uint32.
        offsets: Where each stands in the given text, increasing; of a run of white space, its first.
            Shape ``(n,)``, int64.
    """

    codes: Codes
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)


def normalize(text: str) -> Normalized:
    r"""Normalize a text and keep where each character stood.

    >>> found = normalize("  if x:\r\n\t\tgo()  \n")
    >>> bytes(found.codes), found.offsets.tolist()
    (b'if x: go()', [2, 3, 4, 5, 6, 7, 11, 12, 13, 14])
    """
    codes = code_points(text)
    kept = _kept(codes)
    return Normalized(np.maximum(codes[kept], BLANK), np.flatnonzero(kept))


def tile_hashes(text: str) -> NDArray[np.uint64]:
    """Return the tiles of a document, in order: one for each 50 whole characters of the normalized text.

    Returns:
        Shape ``(n_tiles,)``, each under ``2**48``.
    """
    return hash_tiles(aligned_codes(text))


def distinct_tiles(text: str) -> NDArray[np.uint64]:
    """Return the tiles of a document, sorted, each once."""
    return sorted_distinct(tile_hashes(text))


def sorted_distinct(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return values sorted, each once: ``np.unique`` without its overhead on the few tiles of a document."""
    ordered = np.sort(values)
    return ordered[first_of_runs(ordered)]


def aligned_codes(text: str) -> Codes:
    """Return the normalized code points of a document that make up its tiles: a multiple of 50 of them."""
    codes = code_points(text)
    normalized = np.maximum(codes[_kept(codes)], BLANK)
    return normalized[: len(normalized) // TILE_CHARS * TILE_CHARS]


def hash_tiles(codes: Codes) -> NDArray[np.uint64]:
    """Hash normalized code points, 50 to a tile, of one document or of several end to end."""
    return _hashes(codes, n_tiles=len(codes) // TILE_CHARS, stride=TILE_CHARS)


def hash_windows(codes: Codes) -> NDArray[np.uint64]:
    """Hash every 50 normalized code points in a row. Shape ``(max(0, n - 49),)``."""
    return _hashes(codes, n_tiles=max(0, len(codes) - TILE_CHARS + 1), stride=1)


def _kept(codes: Codes) -> NDArray[np.bool_]:
    """Mark what is no white space, and the first of each run that follows such and is followed by such."""
    is_text = codes > BLANK
    kept = is_text.copy()
    kept[1:] |= is_text[:-1]
    if len(kept) and not is_text[-1]:
        n_trailing = int(np.argmax(is_text[::-1])) if is_text.any() else len(kept)
        kept[len(kept) - n_trailing :] = False
    return kept


def _hashes(codes: Codes, *, n_tiles: int, stride: int) -> NDArray[np.uint64]:
    """Hash the low bytes of each tile; where it holds higher ones, these too.

    So a tile of Latin characters has one hash, whether or not its text holds others elsewhere.
    """
    if n_tiles == 0:
        return np.zeros(0, dtype=np.uint64)
    hashes, _ = _hash_plane(codes.astype(np.uint8), n_tiles, stride)
    if codes.dtype != np.uint8:
        for shift in (8, 16):
            plane = (codes >> np.uint32(shift)).astype(np.uint8)
            if plane.any():
                higher, occupied = _hash_plane(plane, n_tiles, stride)
                hashes = np.where(occupied, mix(hashes ^ higher * _PLANE_FACTOR), hashes)
    return mix(hashes) >> _CUT


def _hash_plane(plane: NDArray[np.uint8], n_tiles: int, stride: int) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Hash one byte of each character, and say which tiles hold one that is not 0."""
    hashes = np.full(n_tiles, _SEED, dtype=np.uint64)
    occupied = np.zeros(n_tiles, dtype=np.uint64)
    shifted = np.empty(n_tiles, dtype=np.uint64)
    plane = np.ascontiguousarray(plane)
    for offset in _WORD_OFFSETS:
        words = np.ndarray((n_tiles,), "<u8", buffer=plane.data, offset=offset, strides=(stride,))
        occupied |= words
        hashes ^= words
        hashes *= _FACTOR
        np.right_shift(hashes, _HALF, out=shifted)
        hashes ^= shifted
        # Beware: without this factor a change in byte 7 reaches bytes 7 and 3 alone, and the next word undoes it.
        hashes *= _SECOND_FACTOR
    return hashes, occupied != 0
