"""The score of an exact copy: bits of its tokens, each sequence of three once, in plain Python beside it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.exact_score import exact_score, token_worths
from codewhence.index.tokens import tokenize
from tests.index.made_corpus import made_code

tokens = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 10)), max_size=60)


def score(pairs: list[tuple[int, int]]) -> float:
    hashes = np.array([(each + 1) * 0x9E3779B97F4A7C15 % 2**64 for each, _ in pairs], dtype=np.uint64)
    return exact_score(hashes, np.array([worth for _, worth in pairs], dtype=np.float64))


def slow_score(pairs: list[tuple[int, int]]) -> float:
    total, seen = 0.0, set()
    for at, (_, worth) in enumerate(pairs):
        sequence = tuple(each for each, _ in pairs[at - 2 : at + 1]) if at >= 2 else None
        total += worth * (0.1 if sequence in seen else 1.0)
        if sequence is not None:
            seen.add(sequence)
    return total


@given(pairs=tokens)
def test_score_is_that_of_the_definition(pairs: list[tuple[int, int]]) -> None:
    assert score(pairs) == pytest.approx(slow_score(pairs))


@given(pairs=tokens)
def test_arguments_are_left_as_they_were(pairs: list[tuple[int, int]]) -> None:
    hashes = np.arange(len(pairs), dtype=np.uint64) % np.uint64(3)
    worths = np.array([worth for _, worth in pairs], dtype=np.float64)
    exact_score(hashes, worths)
    assert worths.tolist() == [worth for _, worth in pairs]


def test_a_line_a_hundred_times_says_a_tenth_each() -> None:
    line = [(each, 5) for each in (1, 2, 3, 4)]
    # The second time round, two sequences over the seam are new: 4 5 1 and 5 1 2.
    assert score(line) == pytest.approx(20)
    assert score(line * 2) == pytest.approx(20 + 2 * 5 + 2 * 0.5)
    assert score(line * 101) - score(line) < 10 + 100 * 2.01


@pytest.mark.parametrize("n_tokens", [0, 1, 2])
def test_fewer_than_three_tokens_count_in_full(n_tokens: int) -> None:
    assert score([(1, 4)] * n_tokens) == 4 * n_tokens


@given(text=st.builds(made_code, st.integers(0, 1_000), st.integers(0, 8)) | st.text(st.characters(codec=None)))
def test_worths_are_bounded_one_a_token(text: str) -> None:
    worths = token_worths(text, tokenize(text))
    assert len(worths) == len(tokenize(text))
    assert ((worths >= 0.2) & (worths <= 10.0)).all()


def test_rare_words_are_worth_more_than_common_ones() -> None:
    text = "return self glacierLanternOyster = if"
    common, _, rare, sign, keyword = token_worths(text, tokenize(text)).tolist()
    assert rare > 2 * max(common, sign, keyword)
