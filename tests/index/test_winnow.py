"""Fingerprints: what winnowing promises, also where hashes tie and repeat."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from codewhence.index.winnow import GRAM_TOKENS, GUARANTEE, WINDOW, gram_hashes, selected

MASK = (1 << 64) - 1

# One to three different hashes: ties everywhere, and runs longer than a window.
tied = st.integers(1, 3).flatmap(lambda n: st.lists(st.integers(0, n - 1), max_size=80))
runs = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 30)), max_size=8).map(
    lambda pairs: [value for value, n_times in pairs for _ in range(n_times)]
)
spread = st.lists(st.integers(0, MASK), max_size=80)


def array(values: list[int]) -> NDArray[np.uint64]:
    return np.array(values, dtype=np.uint64)


def windows(n_grams: int) -> list[range]:
    """Every window of grams; fewer grams than a window are one."""
    width = min(WINDOW, n_grams)
    return [range(first, first + width) for first in range(n_grams - width + 1)] if n_grams else []


@given(grams=tied | runs | spread)
def test_every_window_keeps_one_of_its_smallest_grams(grams: list[int]) -> None:
    kept = set(selected(array(grams)).tolist())
    for window in windows(len(grams)):
        smallest = min(grams[at] for at in window)
        assert any(at in kept and grams[at] == smallest for at in window), (window, sorted(kept))


@given(grams=tied | runs | spread)
def test_nothing_is_kept_that_is_smallest_nowhere(grams: list[int]) -> None:
    kept = selected(array(grams)).tolist()
    assert kept == sorted(set(kept))
    for at in kept:
        assert any(at in window and grams[at] == min(grams[i] for i in window) for window in windows(len(grams)))


@given(grams=st.lists(st.integers(0, MASK), max_size=80, unique=True))
def test_without_ties_the_kept_grams_are_those_of_the_paper(grams: list[int]) -> None:
    expected = {min(window, key=lambda at: grams[at]) for window in windows(len(grams))}
    assert selected(array(grams)).tolist() == sorted(expected)


def test_density_on_random_grams_is_near_two_in_nine() -> None:
    grams = np.random.default_rng(1).integers(0, MASK, 200_000, dtype=np.uint64)
    # Schleimer, Wilkerson & Aiken 2003, section 4.2: 2 / (w + 1); its standard error here is 0.0006.
    assert len(selected(grams)) / len(grams) == pytest.approx(2 / (WINDOW + 1), abs=0.003)


@pytest.mark.parametrize("n_grams", [1, 7, 8, 9, 100, 10_000])
def test_a_run_of_equal_grams_keeps_one_in_a_window_and_both_ends(n_grams: int) -> None:
    kept = selected(np.zeros(n_grams, dtype=np.uint64)).tolist()
    assert kept == sorted({*range(0, n_grams, WINDOW), n_grams - 1})


@given(tokens=st.lists(st.integers(0, MASK), max_size=3 * GRAM_TOKENS))
def test_gram_hashes_are_the_polynomial_of_their_tokens(tokens: list[int]) -> None:
    def slow(gram: list[int]) -> int:
        value = sum(token * pow(0xD6E8FEB86659FD93, at, 1 << 64) for at, token in enumerate(gram)) & MASK
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & MASK
        value = (value ^ value >> 27) * 0x94D049BB133111EB & MASK
        return value ^ value >> 31

    grams = [tokens[at : at + GRAM_TOKENS] for at in range(len(tokens) - GRAM_TOKENS + 1)]
    assert gram_hashes(array(tokens)).tolist() == [slow(gram) for gram in grams]


def test_a_gram_has_the_same_hash_wherever_it_stands() -> None:
    period = np.random.default_rng(2).integers(0, MASK, 997, dtype=np.uint64)
    grams = gram_hashes(np.resize(period, 70_000))  # over two blocks
    assert (grams[997:] == grams[:-997]).all()


def test_gram_hashes_leave_their_argument_as_it_was() -> None:
    tokens = array(list(range(40)))
    gram_hashes(tokens)
    assert tokens.tolist() == list(range(40))


few_tokens = st.lists(st.integers(0, 2), max_size=40)


@given(
    before=few_tokens,
    after=few_tokens,
    query_before=few_tokens,
    query_after=few_tokens,
    shared=st.lists(st.integers(0, 2), min_size=GUARANTEE, max_size=GUARANTEE + 10),
)
def test_a_shared_run_of_the_guaranteed_length_is_hit_on_its_diagonal(
    before: list[int], after: list[int], query_before: list[int], query_after: list[int], shared: list[int]
) -> None:
    stored = gram_hashes(array(before + shared + after))
    query = gram_hashes(array(query_before + shared + query_after))
    n_inside = len(shared) - GRAM_TOKENS + 1
    kept = [at - len(before) for at in selected(stored).tolist() if 0 <= at - len(before) < n_inside]
    assert kept
    for at in kept:
        assert query[len(query_before) + at] == stored[len(before) + at]
    # Hits of one run stand so near that the chain does not break.
    edges = [-1, *kept, n_inside]
    assert max(right - left for left, right in pairwise(edges)) <= WINDOW
