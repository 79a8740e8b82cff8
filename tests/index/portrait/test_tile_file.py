"""``tiles.bin`` holds one row a document and tile, and counts the documents that hold a tile."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.errors import FormatError
from codewhence.index.portrait.tile_file import (
    FILE_NAME,
    TileCollector,
    TileRows,
    count_holders,
    distinct_between,
    part_range,
)
from codewhence.index.portrait.tiles import tile_hashes

LINES = [f"{name} = measure({name}_of_all, by=rule_{name})  # {name * 4}\n" for name in ("oak", "elm", "ash", "søjle")]
corpora = st.lists(st.lists(st.sampled_from(LINES), max_size=12).map("".join), max_size=8)


def written(folder: Path, texts: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    collector = TileCollector()
    for text in texts:
        collector.add(text)
    collector.write(folder / FILE_NAME)
    return folder


@given(texts=corpora)
def test_holders_are_counted_as_by_hand(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = written(tmp_path_factory.mktemp("bucket"), texts)
    expected = Counter(tile for text in texts for tile in set(tile_hashes(text).tolist()))
    asked = np.array([*expected, 0, (1 << 48) - 1], dtype=np.uint64)
    assert count_holders(folder, asked).tolist() == [expected[tile] for tile in asked.tolist()]
    assert len(TileRows(folder)) == sum(expected.values())


@given(texts=corpora, n_parts=st.sampled_from([1, 2, 8]))
def test_ranges_share_out_every_tile_once(
    texts: list[str], n_parts: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("buckets")
    rows = [TileRows(written(folder / str(n), texts[n::2])) for n in range(2)]
    found = [distinct_between(rows, *part_range(part, n_parts)).tolist() for part in range(n_parts)]
    assert [tile for part in found for tile in part] == sorted(
        {tile for text in texts for tile in tile_hashes(text).tolist()}
    )


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, [LINES[0] * 5]) / FILE_NAME
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(FormatError, match="no rows of 6"):
        TileRows(tmp_path)
