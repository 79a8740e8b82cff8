"""The membership filter: rbloom partitions by the top bits of a tile, laid out by a capacity class.

A filter is a pure function of its capacity class and of the set of its tiles: the same bytes in whatever order they
come, so that a filter without some tiles equals, to the bit, one that never held them.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rbloom import Bloom

from codewhence.errors import FormatError, UsageError
from codewhence.index.portrait.tiles import TILE_BITS

# What a filter promises of a tile that it does not hold (Data Portraits' own example says 0.001 too).
PROMISED_RATE = 0.001
# rbloom rounds the number of hash functions down: asked for 0.001 it takes 9 and gives 0.00102, over the promise.
# At this rate it takes 10 and gives 0.00094.
SIZING_RATE = 0.00094
N_HASH_FUNCTIONS = 10
MIN_CAPACITY = 8192  # smaller filters, when full, exceed their promise by luck: 9 of 100 of 1,024 tiles did
PARTITION_CAPACITY = 1 << 20  # tiles, about 70 MB of code: 1.9 MB of filter, which a worker fills in 0.2 s
MAX_CAPACITY = 1 << 36
_STEPS = 8  # capacity classes from one power of two to the next: at most an eighth of a filter is spare
_AT_ONCE = 1 << 16  # as Python integers, 36 bytes each
_HEADER_BYTES = 8  # of rbloom's file: the number of hash functions, little-endian


def capacity_class(n_tiles: int) -> int:
    """Return the smallest capacity class that holds ``n_tiles``.

    Raises:
        UsageError: None does.

    >>> [capacity_class(n) for n in (0, 8192, 8193, 1_000_000)]
    [8192, 8192, 9216, 1048576]
    """
    if n_tiles > MAX_CAPACITY:
        raise UsageError(f"a portrait holds at most {MAX_CAPACITY} tiles, got {n_tiles}. Make one for each half.")
    power = 1 << max(MIN_CAPACITY.bit_length() - 1, (max(n_tiles, 1) - 1).bit_length() - 1)
    step = power // _STEPS
    return max(MIN_CAPACITY, -(-n_tiles // step) * step)


def is_capacity_class(capacity: int) -> bool:
    """Say whether a number is a capacity class."""
    return MIN_CAPACITY <= capacity <= MAX_CAPACITY and capacity_class(capacity) == capacity


def n_partitions(capacity: int) -> int:
    """Return the number of partitions of a capacity class: a power of two, so that top bits tell them apart."""
    return 1 << max(0, -(-capacity // PARTITION_CAPACITY) - 1).bit_length()


def fill_partition(capacity: int, tiles: NDArray[np.uint64]) -> bytes:
    """Return the bytes of a partition that holds some tiles.

    Args:
        capacity: Capacity class of the whole filter.
        tiles: Those of this partition, in any order.
    """
    bloom = _empty_partition(capacity)
    for first in range(0, len(tiles), _AT_ONCE):
        bloom.update(tiles[first : first + _AT_ONCE].tolist())
    return bloom.save_bytes()


@dataclass(frozen=True, slots=True, eq=False)
class TileFilter:
    """A filter in memory.

    Attributes:
        capacity: Capacity class.
        n_tiles: Tiles that were put in.
        partitions: By the top bits of a tile.
        rate: Part of the tiles that it does not hold for which it answers yes, computed from how full it is, and from
            how many tiles share a hash with one that it holds.
    """

    capacity: int
    n_tiles: int
    partitions: tuple[Bloom, ...]
    rate: float

    @classmethod
    def from_bytes(cls, partitions: Sequence[bytes], *, capacity: int, n_tiles: int, name: str) -> "TileFilter":
        """Load the partitions of a filter.

        Args:
            partitions: As ``fill_partition`` gives them.
            capacity: Capacity class.
            n_tiles: Tiles that were put in, of which no more than ``capacity``.
            name: For the error.

        Raises:
            FormatError: They are not of the size or the kind that the capacity class says.
        """
        empty = _empty_partition(capacity)
        n_bytes = _HEADER_BYTES + empty.size_in_bits // 8
        header = N_HASH_FUNCTIONS.to_bytes(_HEADER_BYTES, "little")
        if len(partitions) != n_partitions(capacity):
            raise FormatError(
                f"{name} is damaged: {len(partitions)} partitions, a capacity of {capacity} has "
                f"{n_partitions(capacity)}. Make the portrait again."
            )
        for number, data in enumerate(partitions):
            if len(data) != n_bytes or not data.startswith(header):
                raise FormatError(
                    f"{name} is damaged: partition {number} is not the {n_bytes} bytes with {N_HASH_FUNCTIONS} hash "
                    f"functions that a capacity of {capacity} asks for. Make the portrait again."
                )
        blooms = tuple(Bloom.load_bytes(data, int) for data in partitions)
        return cls(capacity, n_tiles, blooms, _rate(blooms, n_tiles))

    def holds(self, tiles: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Say of each tile whether the filter holds it: no false no, and a false yes at ``rate``.

        Args:
            tiles: Each under ``2**48``, in any order. Shape ``(n,)``.
        """
        if len(self.partitions) == 1:
            return _looked_up(self.partitions[0], tiles)
        parts = tiles >> np.uint64(TILE_BITS - len(self.partitions).bit_length() + 1)
        order = np.argsort(parts, kind="stable")
        found = np.empty(len(tiles), dtype=np.bool_)
        ends = np.flatnonzero(np.diff(parts[order])) + 1
        for some in np.split(order, ends):
            if len(some):
                found[some] = _looked_up(self.partitions[int(parts[some[0]])], tiles[some])
        return found


def _looked_up(bloom: Bloom, tiles: NDArray[np.uint64]) -> NDArray[np.bool_]:
    found = np.empty(len(tiles), dtype=np.bool_)
    for first in range(0, len(tiles), _AT_ONCE):
        some = tiles[first : first + _AT_ONCE]
        found[first : first + _AT_ONCE] = np.fromiter(map(bloom.__contains__, some.tolist()), np.bool_, len(some))
    return found


def _empty_partition(capacity: int) -> Bloom:
    return Bloom(-(-capacity // n_partitions(capacity)), SIZING_RATE, int)


def _rate(blooms: Iterable[Bloom], n_tiles: int) -> float:
    rates = []
    for bloom in blooms:
        # rbloom gives its fill as the number of items that would explain it; this is the way back.
        fill = -math.expm1(-bloom.approx_items * N_HASH_FUNCTIONS / bloom.size_in_bits)
        rates.append(min(1.0, fill) ** N_HASH_FUNCTIONS)
    return min(1.0, sum(rates) / len(rates) + n_tiles / (1 << TILE_BITS))
