"""The tiles that go with masked documents are those that no other document holds."""

from functools import partial

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from codewhence.index.overlay.tiles import alone

documents = st.lists(st.tuples(st.frozensets(st.integers(0, 12)), st.integers(0, 1), st.booleans()), max_size=8)


def _count(bucket: list[frozenset[int]], tiles: NDArray[np.uint64]) -> NDArray[np.int64]:
    return np.array([sum(tile in held for held in bucket) for tile in tiles.tolist()], dtype=np.int64)


@given(corpus=documents)
def test_tiles_held_elsewhere_stay(corpus: list[tuple[frozenset[int], int, bool]]) -> None:
    masked = [held for held, _, is_masked in corpus if is_masked]
    shown = frozenset[int]().union(*(held for held, _, is_masked in corpus if not is_masked))
    buckets = [[held for held, bucket, _ in corpus if bucket == number] for number in range(2)]
    found = alone(
        (np.array(sorted(held), dtype=np.uint64) for held in masked), (partial(_count, bucket) for bucket in buckets)
    )
    assert found.tolist() == sorted(frozenset[int]().union(*masked) - shown)
