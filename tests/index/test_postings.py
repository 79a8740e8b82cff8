"""Postings against a plain list: every place of every gram, also where grams tie in the bits that are kept."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.postings import Postings, find, from_arrays, layout, sort_postings

# The top 32 bits tell grams apart: the first sixteen find a slot, the others stand in it. The rest is not kept.
slots = st.sampled_from([0, 1, 2, 0x7FFF, 0xFFFE, 0xFFFF])
keys = st.sampled_from([0, 1, 2, 0x8000, 0xFFFF])
grams = st.builds(lambda slot, key, rest: slot << 48 | key << 32 | rest, slots, keys, st.integers(0, 2**32 - 1))
places = st.integers(0, 2**32 - 1)


def built(pairs: Sequence[tuple[int, int]]) -> Postings:
    return sort_postings(
        np.array([gram for gram, _ in pairs], dtype=np.uint64), np.array([place for _, place in pairs], dtype=np.uint32)
    )


def found(postings: Postings, wanted: Sequence[int]) -> list[list[int]]:
    low, counts = find(postings, np.array(wanted, dtype=np.uint64))
    return [postings.positions[a : a + n].tolist() for a, n in zip(low.tolist(), counts.tolist(), strict=True)]


@given(pairs=st.lists(st.tuples(grams, places), max_size=60), others=st.lists(grams, max_size=20))
def test_find_gives_all_places_of_each_gram_and_no_other(pairs: list[tuple[int, int]], others: list[int]) -> None:
    wanted = [gram for gram, _ in pairs] + others
    expected = [sorted(place for gram, place in pairs if gram >> 32 == each >> 32) for each in wanted]
    assert found(built(pairs), wanted) == expected


def test_find_gives_all_places_among_many() -> None:
    rng = np.random.default_rng(1)
    some = rng.integers(0, 2**63, 3_000, dtype=np.uint64) * np.uint64(2)
    stored = rng.choice(some[:2_000], 20_000)  # ten places each; the last thousand grams are not there
    postings = sort_postings(stored, np.arange(20_000, dtype=np.uint32))
    expected: dict[int, list[int]] = {}
    for place, gram in enumerate(stored.tolist()):
        expected.setdefault(gram, []).append(place)
    assert found(postings, some.tolist()) == [expected.get(gram, []) for gram in some.tolist()]


def test_grams_that_agree_in_32_bits_are_not_told_apart() -> None:
    one, other = 0xABCD_1234_0000_0001, 0xABCD_1234_FFFF_FFFF
    assert found(built([(one, 7), (other, 3)]), [one, other]) == [[3, 7], [3, 7]]


@pytest.mark.parametrize("bit", [32, 47, 48, 63])
def test_grams_that_differ_in_one_kept_bit_are_told_apart(bit: int) -> None:
    gram = 0x1234_5678_9ABC_DEF0
    assert found(built([(gram, 1), (gram ^ 1 << bit, 2)]), [gram, gram ^ 1 << bit]) == [[1], [2]]


def test_nothing_is_found_in_an_empty_set() -> None:
    assert found(built([]), [0, 2**64 - 1, 5 << 40]) == [[], [], []]


def test_no_gram_finds_nothing() -> None:
    assert found(built([(1 << 40, 1)]), []) == []


@given(pairs=st.lists(st.tuples(grams, places), max_size=30))
def test_arrays_have_the_layout_and_give_the_set_back(pairs: list[tuple[int, int]]) -> None:
    postings = built(pairs)
    assert len(postings) == len(pairs)
    arrays, specs = postings.arrays("made"), layout("made", len(pairs))
    assert {name: (array.dtype.type, array.shape) for name, array in arrays.items()} == {
        name: (spec.dtype, spec.shape) for name, spec in specs.items()
    }
    wanted = [gram for gram, _ in pairs]
    assert found(from_arrays(arrays, "made"), wanted) == found(postings, wanted)


@given(pairs=st.lists(st.tuples(grams, places), max_size=30), data=st.data())
def test_the_order_of_the_fingerprints_does_not_matter(pairs: list[tuple[int, int]], data: st.DataObject) -> None:
    one, other = built(pairs).arrays("a"), built(data.draw(st.permutations(pairs))).arrays("a")
    assert {name: array.tolist() for name, array in one.items()} == {n: array.tolist() for n, array in other.items()}


def test_six_bytes_a_posting() -> None:
    specs = layout("made", 1_000)
    empty = layout("made", 0)
    assert sum(spec.n_bytes for spec in specs.values()) - sum(spec.n_bytes for spec in empty.values()) == 6_000
