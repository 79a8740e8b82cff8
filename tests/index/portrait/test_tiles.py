"""Tiles do not depend on layout, on position, on neighbors or on the machine, and offsets lead back to the text."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.portrait.tiles import (
    TILE_CHARS,
    distinct_tiles,
    hash_tiles,
    hash_windows,
    normalize,
    tile_hashes,
)

texts = st.text(st.sampled_from("ab \n\r\t\x0b\x00é中\U0001f600\udc80\xa0"), max_size=300)
WHITE = re.compile("[\x00-\x20]+")
LONG = "def pour(kettle, cup):\n    return cup.filled(by=kettle.volume)  # steam rises from it\n" * 2


def in_plain_python(text: str) -> str:
    return WHITE.sub(" ", text).strip(" ")


@given(text=texts)
def test_normalizing_is_what_a_regex_says(text: str) -> None:
    found = normalize(text)
    assert "".join(map(chr, found.codes.tolist())) == in_plain_python(text)


@given(text=texts)
def test_each_offset_leads_to_its_character(text: str) -> None:
    found = normalize(text)
    assert (np.diff(found.offsets) > 0).all()
    for code, offset in zip(found.codes.tolist(), found.offsets.tolist(), strict=True):
        assert max(ord(text[offset]), 32) == code
        assert code != 32 or ord(text[offset - 1]) > 32


@given(text=st.text(max_size=400))
def test_aligned_tiles_are_windows(text: str) -> None:
    windows = hash_windows(normalize(text).codes)
    assert tile_hashes(text).tolist() == windows[::TILE_CHARS].tolist()


@given(before=st.text(max_size=60), inside=st.text(min_size=TILE_CHARS, max_size=120), after=st.text(max_size=60))
def test_a_window_depends_on_its_own_characters_alone(before: str, inside: str, after: str) -> None:
    alone = normalize(inside)
    within = hash_windows(normalize(before + inside + after).codes)
    assert set(hash_windows(alone.codes).tolist()) <= set(within.tolist())


@given(words=st.lists(st.text(st.characters(min_codepoint=33), min_size=1), max_size=40), data=st.data())
def test_layout_changes_no_tile(words: list[str], data: st.DataObject) -> None:
    blanks = data.draw(st.lists(st.text(st.sampled_from(" \t\r\n"), min_size=1), min_size=len(words)))
    laid_out = "".join(word + blank for word, blank in zip(words, blanks, strict=False))
    assert tile_hashes(laid_out).tolist() == tile_hashes(" ".join(words)).tolist()


@given(
    text=st.text(st.characters(min_codepoint=33), min_size=TILE_CHARS, max_size=TILE_CHARS),
    at=st.integers(0, TILE_CHARS - 1),
    other=st.characters(min_codepoint=33),
)
def test_one_other_character_is_another_tile(text: str, at: int, other: str) -> None:
    changed = text[:at] + other + text[at + 1 :]
    assert (tile_hashes(text).tolist() == tile_hashes(changed).tolist()) == (text == changed)


def test_tiles_that_differ_in_the_last_byte_of_two_words_do_not_meet() -> None:
    made = [f"{'a' * 7}{chr(33 + i)}{'b' * 7}{chr(33 + j)}{'c' * 34}" for i in range(90) for j in range(90)]
    assert len({int(tile_hashes(text)[0]) for text in made}) == 8100


@pytest.mark.parametrize("places", [(7, 11, 15), (15, 19, 23), (7, 11, 15, 19), (41, 45, 49)], ids=str)
def test_number_tables_that_differ_in_a_few_digits_do_not_meet(places: tuple[int, ...]) -> None:
    rows = np.full((10 ** len(places), TILE_CHARS), ord("a"), dtype=np.uint8)
    digits = np.indices((10,) * len(places)).reshape(len(places), -1)
    for place, column in zip(places, digits, strict=True):
        rows[:, place] = ord("0") + column
    assert len(np.unique(hash_tiles(rows.reshape(-1)))) == len(rows)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("x" * 49, []),
        (" \n" * 100, []),
        (LONG, [181565149802918, 99507716219855, 180507591142109]),
        ("ключ = замок.открыть(дверь, быстро=True) or другой.замок", [34805606714177]),
        ("\U0001f600\udc80" * 25, [255081015572251]),
    ],
    ids=["empty", "too short", "blanks", "ascii", "cyrillic", "astral and lone surrogate"],
)
def test_golden_vectors(text: str, expected: list[int]) -> None:
    assert tile_hashes(text).tolist() == expected


def test_tiles_are_48_bits_and_distinct_ones_sorted() -> None:
    tiles = tile_hashes(LONG + LONG[:50] + LONG)
    assert int(tiles.max()) < 1 << 48
    assert distinct_tiles(LONG * 50).tolist() == sorted(set(tile_hashes(LONG * 50).tolist()))
