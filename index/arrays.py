"""Arrays side by side in one file, whose layout follows from their sizes alone: no header to parse, one file to map.

Each array is little-endian, in C order, and begins at a multiple of eight bytes; zeros fill the gaps.
"""

import errno
import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codewhence.errors import FormatError, ResourceError
from codewhence.index.files import flush_to_disk

_ALIGNMENT_BYTES = 8


@dataclass(frozen=True, slots=True)
class ArraySpec:
    """Type and shape of an array."""

    dtype: type[np.generic]
    shape: tuple[int, ...]

    @property
    def stored_dtype(self) -> np.dtype:
        """The little-endian type of the bytes on disk."""
        return np.dtype(self.dtype).newbyteorder("<")

    @property
    def n_bytes(self) -> int:
        """Size on disk, without the gap that follows."""
        return self.stored_dtype.itemsize * prod(self.shape)


def write_arrays(path: Path, layout: Mapping[str, ArraySpec], arrays: Mapping[str, NDArray]) -> None:
    """Write arrays in the order of ``layout`` and flush them to disk.

    Raises:
        ValueError: An array is not of the shape that ``layout`` says.
    """
    with path.open("wb") as file:
        for name, spec in layout.items():
            if arrays[name].shape != spec.shape:
                raise ValueError(f"{name} has shape {arrays[name].shape}, the layout says {spec.shape}")
            file.write(np.ascontiguousarray(arrays[name], dtype=spec.stored_dtype).data)
            file.write(bytes(-spec.n_bytes % _ALIGNMENT_BYTES))
        file.flush()
        flush_to_disk(file.fileno())


def read_arrays(path: Path, layout: Mapping[str, ArraySpec]) -> dict[str, NDArray]:
    """Map the arrays of a file; nothing is read until it is asked for.

    Raises:
        FormatError: The file cannot be read, or its size is not that of ``layout``.
    """
    mapped = map_file(path)
    n_expected = sum(spec.n_bytes + -spec.n_bytes % _ALIGNMENT_BYTES for spec in layout.values())
    if len(mapped) != n_expected:
        raise FormatError(
            f"{path} is damaged: {len(mapped)} bytes, its counts ask for {n_expected}. Rebuild the index."
        )
    arrays, offset = {}, 0
    for name, spec in layout.items():
        flat = np.frombuffer(mapped, dtype=spec.stored_dtype, count=prod(spec.shape), offset=offset)
        arrays[name] = flat.reshape(spec.shape)
        offset += spec.n_bytes + -spec.n_bytes % _ALIGNMENT_BYTES
    return arrays


def map_file(path: Path) -> mmap.mmap | bytes:
    """Map a file for reading.

    Raises:
        FormatError: It cannot be read.
        ResourceError: This process has too many open files.
    """
    try:
        with path.open("rb") as file:
            if path.stat().st_size == 0:
                return b""
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            raise ResourceError(
                f"too many open files while opening {path}: an index needs three a bucket. "
                "Raise the limit, for example: ulimit -n 4096"
            ) from error
        raise FormatError(f"{path} cannot be read: {error.strerror}. Rebuild the index.") from error
