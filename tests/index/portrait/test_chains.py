"""Chains are what a search by hand finds, and spans lead back to the copied part of the given text."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.portrait.chains import (
    CERTAIN_CHARS,
    MIN_TILES,
    chain_error,
    chains,
    find_passages,
    membership,
    merged,
)
from codewhence.index.portrait.filter import TileFilter, fill_partition
from codewhence.index.portrait.tiles import TILE_CHARS, distinct_tiles, tile_hashes

WORDS = ["anvil", "barge", "cedar", "delta", "ember", "flint", "grove", "heron", "inlet", "jetty"]
SOURCE = "".join(f"{a}.{b}({n}, {a}_{b})\n" for n, (a, b) in enumerate((a, b) for a in WORDS for b in WORDS))
UNSEEN = "".join(f"{b}[{n}] -> {a}!{n * 7}\n" for n, (a, b) in enumerate((a, b) for a in WORDS for b in WORDS))


def filter_of(*texts: str) -> TileFilter:
    held = np.concatenate([distinct_tiles(text) for text in texts])
    return TileFilter.from_bytes([fill_partition(8192, held)], capacity=8192, n_tiles=len(held), name="f")


def by_hand(held: list[bool]) -> list[tuple[int, int]]:
    found = []
    for start in range(len(held)):
        if not held[start] or (start >= TILE_CHARS and held[start - TILE_CHARS]):
            continue
        count = 0
        while start + count * TILE_CHARS < len(held) and held[start + count * TILE_CHARS]:
            count += 1
        if count >= MIN_TILES:
            found.append((start, count))
    return found


@given(n=st.integers(0, 400), seed=st.integers(0, 10_000), density=st.floats(0, 1))
def test_chains_are_those_of_a_search_by_hand(n: int, seed: int, density: float) -> None:
    held = np.random.default_rng(seed).random(n) < density
    starts, n_tiles = chains(held)
    assert list(zip(starts.tolist(), n_tiles.tolist(), strict=True)) == by_hand(held.tolist())


@given(
    found=st.lists(st.tuples(st.integers(0, 900), st.integers(2, 6)), max_size=10).map(sorted),
)
def test_merged_chains_cover_the_same_characters_and_do_not_overlap(found: list[tuple[int, int]]) -> None:
    starts, counts = (np.array([each[at] for each in found], dtype=np.int64) for at in (0, 1))
    joined = merged(starts, counts, counts)
    covered = {at for start, count in found for at in range(start, start + count * TILE_CHARS)}
    assert {at for first, last, _ in joined for at in range(first, last)} == covered
    assert all(before[1] <= after[0] for before, after in pairwise(joined))


@given(start=st.integers(0, 800), length=st.integers(CERTAIN_CHARS, 900), indent=st.integers(0, 9))
def test_a_copy_of_the_certain_length_is_found_where_it_stands(start: int, length: int, indent: int) -> None:
    flat = " ".join(SOURCE.split())
    copied = flat[start : start + length].strip()
    if len(copied) < CERTAIN_CHARS:
        return
    head = UNSEEN[:200]
    text = head + "\n" + copied.replace(" ", "\n" + " " * indent) + "\n" + UNSEEN[200:400]
    (passage, *others) = find_passages(filter_of(SOURCE), text)
    first, last = len(head) + 1, len(text) - 200 - 1
    assert first <= passage.span.start < passage.span.end <= last
    within = " ".join(text[passage.span.start : passage.span.end].split())
    assert within in copied
    assert len(within) >= len(copied) - 2 * TILE_CHARS
    assert others == []


def test_a_gap_ends_a_chain() -> None:
    held = np.zeros(400, dtype=np.bool_)
    held[[0, 50, 150, 200, 250]] = True
    starts, n_tiles = chains(held)
    assert (starts.tolist(), n_tiles.tolist()) == ([0, 150], [2, 3])


def test_unseen_text_and_single_tiles_are_no_passage() -> None:
    assert find_passages(filter_of(SOURCE), UNSEEN) == []
    one = " ".join(SOURCE.split())[TILE_CHARS : 2 * TILE_CHARS]
    assert find_passages(filter_of(SOURCE), one) == []


def test_a_ruler_is_one_tile_however_long() -> None:
    ruler = "-" * 500
    assert filter_of(ruler).holds(tile_hashes(ruler)).all()
    assert find_passages(filter_of(ruler), ruler) == []


def test_suppressed_tiles_answer_no() -> None:
    found = filter_of(SOURCE, UNSEEN)
    assert len(find_passages(found, SOURCE)) == 1
    assert find_passages(found, SOURCE, without=distinct_tiles(SOURCE)) == []
    assert len(find_passages(found, UNSEEN, without=distinct_tiles(SOURCE))) == 1


def test_the_error_falls_with_the_chain_and_grows_with_the_text() -> None:
    found = membership(filter_of(SOURCE), SOURCE)
    assert found.passages[0].error == chain_error(found.n_windows, found.passages[0].n_tiles, found.rate)
    assert found.passages[0].error < 1e-30 < found.error < 0.01


@pytest.mark.parametrize("text", ["", "x", "x" * 49, "x" * 99, " \n" * 500], ids=["empty", "1", "49", "99", "blanks"])
def test_short_texts_have_no_passage_and_no_error(text: str) -> None:
    found = membership(filter_of(SOURCE), text)
    assert (found.passages, found.error) == ((), 0.0)


def test_chance_chains_are_as_frequent_as_computed() -> None:
    rng = np.random.default_rng(7)
    n_windows, rate, n_texts = 1500, 0.02, 2000
    n_with = sum(len(chains(rng.random(n_windows) < rate)[0]) > 0 for _ in range(n_texts))
    expected = 1 - np.exp(-chain_error(n_windows, 2, rate))
    assert abs(n_with / n_texts - expected) < 0.05


def test_an_error_is_never_rounded_to_none() -> None:
    assert 0 < chain_error(100_000, 1_400, 0.001) < 1e-300
