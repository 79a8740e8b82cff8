"""A filter forgets nothing, errs as often as it says and no more than it promises, and is a function of its tiles."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from codewhence.errors import FormatError, UsageError
from codewhence.index.portrait.filter import (
    MAX_CAPACITY,
    PARTITION_CAPACITY,
    PROMISED_RATE,
    TileFilter,
    capacity_class,
    fill_partition,
    is_capacity_class,
    n_partitions,
)
from codewhence.index.portrait.tile_file import part_range
from codewhence.index.portrait.verifying import wilson

SEED = 20261125
tile_sets = st.lists(st.integers(0, (1 << 48) - 1), max_size=200)


def tiles(values: list[int]) -> NDArray[np.uint64]:
    return np.array(values, dtype=np.uint64)


def partitions(held: NDArray[np.uint64], capacity: int) -> list[bytes]:
    n_parts = n_partitions(capacity)
    ranges = [part_range(part, n_parts) for part in range(n_parts)]
    return [fill_partition(capacity, held[(held >= first) & (held <= last)]) for first, last in ranges]


@given(values=tile_sets, seed=st.integers(0, 99))
def test_the_bytes_do_not_depend_on_the_order(values: list[int], seed: int) -> None:
    shuffled = np.random.default_rng(seed).permutation(tiles(values))
    assert fill_partition(8192, shuffled) == fill_partition(8192, tiles(sorted(set(values))))


@given(values=tile_sets)
def test_what_was_put_in_is_held(values: list[int]) -> None:
    loaded = TileFilter.from_bytes(partitions(tiles(values), 8192), capacity=8192, n_tiles=len(values), name="f")
    assert loaded.holds(tiles(values)).all()


@given(n_tiles=st.integers(0, MAX_CAPACITY))
def test_a_capacity_class_is_at_most_an_eighth_larger(n_tiles: int) -> None:
    capacity = capacity_class(n_tiles)
    assert n_tiles <= capacity <= max(8192, n_tiles * 9 / 8 + 1)
    assert is_capacity_class(capacity)
    assert n_partitions(capacity) * PARTITION_CAPACITY >= capacity


@pytest.mark.parametrize("n_tiles", [PARTITION_CAPACITY // 4, 2 * PARTITION_CAPACITY], ids=["one", "two partitions"])
def test_a_full_filter_keeps_its_promise(n_tiles: int) -> None:
    rng = np.random.default_rng(SEED)
    held = rng.integers(0, 1 << 48, n_tiles, np.uint64)
    assert capacity_class(n_tiles) == n_tiles
    loaded = TileFilter.from_bytes(partitions(held, n_tiles), capacity=n_tiles, n_tiles=n_tiles, name="f")
    assert loaded.holds(held[::7]).all()
    n_false = int(loaded.holds(rng.integers(0, 1 << 48, 500_000, np.uint64)).sum())
    low, high = wilson(n_false, 500_000)
    assert high < PROMISED_RATE * 1.05
    assert low < loaded.rate < PROMISED_RATE


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda parts: [], "0 partitions"),
        (lambda parts: [parts[0][:-1]], "partition 0 is not the"),
        (lambda parts: [b"\xff" + parts[0][1:]], "partition 0 is not the"),
        (lambda parts: parts * 2, "2 partitions"),
    ],
    ids=["none", "cut", "other number of hash functions", "too many"],
)
def test_partitions_of_another_shape_are_refused(damage: Callable[[list[bytes]], list[bytes]], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        TileFilter.from_bytes(damage(partitions(tiles([1, 2]), 8192)), capacity=8192, n_tiles=2, name="f")


def test_too_many_tiles_are_refused() -> None:
    with pytest.raises(UsageError, match="at most"):
        capacity_class(MAX_CAPACITY + 1)
