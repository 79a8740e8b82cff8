"""Parameterized grams against Baker's definition, one gram after the other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.touched.grams import names_grams, parameterized_grams, shape_grams
from codewhence.index.touched.streams import Stream
from codewhence.index.winnow import GRAM_TOKENS
from tests.index.touched.reading import made_stream

MASK = (1 << 64) - 1
BASE = 0xD6E8FEB86659FD93


@st.composite
def streams(draw: st.DrawFn, *, max_size: int = 60) -> Stream:
    """Few identifiers and few other tokens, so that they repeat: parameters, called names, operators."""
    kinds = draw(st.lists(st.sampled_from("pppco"), max_size=max_size))
    which = draw(st.lists(st.integers(1, 4), min_size=len(kinds), max_size=len(kinds)))
    names = [{"p": 0, "c": 50 + value, "o": 90 + value}[kind] for kind, value in zip(kinds, which, strict=True)]
    identifiers = [0 if kind == "o" else value for kind, value in zip(kinds, which, strict=True)]
    return made_stream(names, identifiers)


def mixed(value: int) -> int:
    """Return splitmix64 of a value."""
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & MASK
    return value ^ value >> 31


def distance_value(distance: int) -> int:
    return mixed((distance + 1) * 0x9E3779B97F4A7C15 & MASK)


def slow_grams(values: list[int], identifiers: list[int], parameters: list[bool]) -> list[int]:
    grams = []
    for start in range(len(values) - GRAM_TOKENS + 1):
        total = 0
        for offset in range(GRAM_TOKENS):
            at = start + offset
            value = values[at]
            if parameters[at]:
                before = [back for back in range(1, offset + 1) if identifiers[at - back] == identifiers[at]]
                value += distance_value(min(before, default=0))
            total += value * pow(BASE, offset, 1 << 64)
        grams.append(mixed(total & MASK))
    return grams


def read_slowly(stream: Stream, *, keeps_names: bool) -> list[int]:
    identifiers, names = stream.identifiers.tolist(), stream.names.tolist()
    parameters = [bool(each) and not (keeps_names and name) for each, name in zip(identifiers, names, strict=True)]
    return slow_grams(names if keeps_names else stream.shape.tolist(), identifiers, parameters)


@given(stream=streams())
def test_names_grams_are_those_of_the_definition(stream: Stream) -> None:
    assert names_grams(stream).tolist() == read_slowly(stream, keeps_names=True)


@given(stream=streams())
def test_shape_grams_are_those_of_the_definition(stream: Stream) -> None:
    assert shape_grams(stream).tolist() == read_slowly(stream, keeps_names=False)


@given(stream=streams(), names=st.permutations(range(101, 105)))
def test_grams_are_equal_under_any_one_to_one_renaming(stream: Stream, names: list[int]) -> None:
    identifiers = [names[each - 1] if each else 0 for each in stream.identifiers.tolist()]
    renamed = made_stream(stream.names.tolist(), identifiers)
    assert names_grams(renamed).tolist() == names_grams(stream).tolist()
    assert shape_grams(renamed).tolist() == shape_grams(stream).tolist()


@given(stream=streams())
def test_shape_sees_no_name(stream: Stream) -> None:
    names, identifiers = stream.names.tolist(), stream.identifiers.tolist()
    other = made_stream(
        [name + 1000 if name and each else name for name, each in zip(names, identifiers, strict=True)], identifiers
    )
    assert shape_grams(other).tolist() == shape_grams(stream).tolist()


def gram_of(letters: str) -> int:
    """Return the shape gram of twelve identifiers, one a letter."""
    (gram,) = shape_grams(made_stream([0] * GRAM_TOKENS, [ord(letter) for letter in letters])).tolist()
    return gram


def test_two_names_joined_into_one_change_the_gram() -> None:
    assert gram_of("abcabcabcabc") == gram_of("xyzxyzxyzxyz")
    assert gram_of("abcabcabcabc") != gram_of("abaabaabaaba")
    assert gram_of("abcdefghijkl") == gram_of("lkjihgfedcba")
    assert gram_of("abcdefghijkl") != gram_of("abcdefghijka")


def test_every_distance_within_a_gram_counts_on_its_own() -> None:
    ones = [
        "".join("a" if at in (0, distance) else chr(98 + at) for at in range(GRAM_TOKENS)) for distance in range(12)
    ]
    assert len({gram_of(letters) for letters in ones}) == len(ones)


def test_a_gram_does_not_know_what_stands_before_it() -> None:
    inside = "abcdefghijkl"
    alone = gram_of(inside)
    for before in "abcdefghijkl":
        stream = made_stream([0] * 13, [ord(letter) for letter in before + inside])
        assert shape_grams(stream).tolist()[1] == alone, before


@pytest.mark.parametrize("n_tokens", [0, 1, GRAM_TOKENS - 1])
def test_too_few_tokens_have_no_gram(n_tokens: int) -> None:
    stream = made_stream([5] * n_tokens, [0] * n_tokens)
    assert len(names_grams(stream)) == len(shape_grams(stream)) == 0


def test_blocks_change_nothing() -> None:
    rng = np.random.default_rng(3)
    n_tokens = 2**16 + 5_000
    values = rng.integers(0, MASK, n_tokens, dtype=np.uint64)
    parameters = rng.random(n_tokens) < 0.7
    # Distances as they come of tokens; how many identifiers there are does not matter here.
    repeats = np.where(parameters, rng.integers(0, GRAM_TOKENS, n_tokens), 0).astype(np.uint8)
    repeats[:GRAM_TOKENS] = 0
    grams = parameterized_grams(values, repeats, parameters)
    assert len(grams) == n_tokens - GRAM_TOKENS + 1
    for first in range(2**15 - 40, 2**16 + 4_000, 2**14):  # stretches over the ends of blocks, and away from them
        part = slice(first, first + 200)
        alone = parameterized_grams(values[part], repeats[part], parameters[part])
        assert alone.tolist() == grams[first : first + len(alone)].tolist()


def test_arguments_are_left_as_they_were() -> None:
    values = np.arange(40, dtype=np.uint64)
    repeats = np.array([0] * 20 + [3] * 20, dtype=np.uint8)
    parameters = np.ones(40, dtype=np.bool_)
    parameterized_grams(values, repeats, parameters)
    assert values.tolist() == list(range(40))
    assert repeats.tolist() == [0] * 20 + [3] * 20
    assert parameters.all()
