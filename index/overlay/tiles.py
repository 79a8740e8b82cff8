"""The tiles that masked documents hold and no other document, so that membership does not answer for them."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codewhence.errors import FormatError
from codewhence.index.bucket import Bucket
from codewhence.index.portrait.tile_file import count_holders
from codewhence.index.portrait.tiles import distinct_tiles

Tiles = NDArray[np.uint64]


def tiles_of_these_alone(documents: Sequence[tuple[Bucket, int]], folders: Sequence[Path]) -> Tiles:
    """Return the hashes of the tiles that these documents hold and no other document of the index, sorted.

    Where a writer has removed buckets that a reader still holds open, who else holds a tile cannot be told, and all
    tiles of these documents are returned: rather too much is hidden than too little.

    Args:
        documents: Bucket and row of each.
        folders: Folders of all buckets of the index.
    """
    if not documents:
        return np.zeros(0, dtype=np.uint64)
    held = [distinct_tiles(bucket.text(row)) for bucket, row in documents]
    try:
        return alone(held, (partial(count_holders, folder) for folder in folders))
    except FormatError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        return np.unique(np.concatenate(held))


def alone(held: Iterable[Tiles], counters: Iterable[Callable[[Tiles], NDArray[np.int64]]]) -> Tiles:
    """Return the tiles that some documents hold and no other document does, sorted.

    Args:
        held: Tiles of each of the documents, each tile once.
        counters: For each bucket, what counts the documents in it that hold each of some tiles.
    """
    every = [np.zeros(0, dtype=np.uint64), *held]
    tiles, n_here = np.unique(np.concatenate(every), return_counts=True)
    n_elsewhere = -n_here
    for count in counters:
        n_elsewhere += count(tiles)
    return tiles[n_elsewhere == 0]
