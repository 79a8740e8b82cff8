"""Alignments against Smith and Waterman's recurrence, cell by cell."""

import functools
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.index.touched import alignment as module
from codewhence.index.touched.alignment import HALF_BAND, MARGIN, MAX_TOKENS, Alignment, align
from codewhence.index.touched.candidates import Candidate
from codewhence.index.touched.streams import Stream
from codewhence.index.touched.token_model import shipped
from codewhence.index.touched.windows import Window
from tests.index.touched.made_functions import LANGUAGES, RENAMED, Function
from tests.index.touched.reading import made_stream, stream_of

TUNED = vars(module)  # measured choices: what is tested is what they are for
GAP = TUNED["_GAP"]
NOWHERE: Any = SimpleNamespace(folder=Path("bucket-00"))  # alignments do not read the bucket


def reward(stream: Stream, stored: Stream, at: int, other: int, bits: float) -> float:
    """Return what it is worth to align two tokens."""
    are_identifiers = bool(stream.identifiers[at]), bool(stored.identifiers[other])
    if stream.names[at] and stream.names[at] == stored.names[other] and are_identifiers[0] == are_identifiers[1]:
        return min(max(bits, TUNED["_LEAST"]), TUNED["_MOST"])
    if all(are_identifiers) and stream.shape[at] == stored.shape[other]:
        if stream.repeats[at] != stored.repeats[other]:
            return TUNED["_SAME_ROLE"]
        return TUNED["_REPEATED_PARAMETER"] if stream.repeats[at] else TUNED["_NEW_PARAMETER"]
    return TUNED["_MISMATCH"]


def best_score(stream: Stream, stored: Stream, bits: list[float], shift: int) -> float:
    """Return the score of the best local alignment within the band, by recursion."""

    @functools.cache
    def ending_at(at: int, other: int) -> float:
        if at < 0 or other < 0 or abs(other - at - shift) > HALF_BAND:
            return 0.0
        return max(
            0.0,
            ending_at(at - 1, other - 1) + reward(stream, stored, at, other, bits[at]),
            ending_at(at - 1, other) - GAP,
            ending_at(at, other - 1) - GAP,
        )

    return max((ending_at(at, other) for at in range(len(stream)) for other in range(len(stored))), default=0.0)


def score_of(alignment: Alignment, stream: Stream, stored: Stream, bits: list[float]) -> float:
    pairs = list(zip(alignment.query, alignment.stored, strict=True))
    total = sum(reward(stream, stored, at, other, bits[at]) for at, other in pairs)
    for (at, other), (next_at, next_other) in pairwise(pairs):
        total -= GAP * (next_at - at - 1 + next_other - other - 1)
    return total


def aligned(stream: Stream, stored: Stream, bits: list[float], shift: int = 0, *, first: int = 0) -> Alignment:
    candidate = Candidate(NOWHERE, 0, 0, len(stream), shift, 99.0)
    (alignment,) = align(stream, np.array(bits), [candidate], [Window(stored, first, 0)])
    return alignment


@st.composite
def streams(draw: st.DrawFn, *, max_size: int = 14) -> Stream:
    drawn = draw(st.lists(st.tuples(st.sampled_from("ppco"), st.integers(1, 3)), min_size=1, max_size=max_size))
    return made_stream(
        [{"p": 0, "c": 50 + which, "o": 90 + which}[kind] for kind, which in drawn],
        [which if kind in "pc" else 0 for kind, which in drawn],
    )


bit_values = st.sampled_from([0.0, 0.25, 1.0, 2.5, 7.0, 30.0])


def check_pairs(alignment: Alignment, stream: Stream, stored: Stream) -> None:
    for numbers, whole in ((alignment.query, stream), (alignment.stored, stored)):
        assert numbers == sorted(set(numbers))
        assert set(numbers) <= set(range(len(whole)))
    assert len(alignment.query) == len(alignment.stored)


@settings(max_examples=300)
@given(data=st.data())
def test_the_alignment_has_the_best_score_there_is(data: st.DataObject) -> None:
    stream, stored = data.draw(streams()), data.draw(streams())
    bits = data.draw(st.lists(bit_values, min_size=len(stream), max_size=len(stream)))
    shift = data.draw(st.integers(-4, 4) | st.sampled_from([-HALF_BAND - 3, -HALF_BAND, HALF_BAND, HALF_BAND + 3]))
    alignment = aligned(stream, stored, bits, shift)
    check_pairs(alignment, stream, stored)
    best = best_score(stream, stored, bits, shift)
    assert score_of(alignment, stream, stored, bits) == pytest.approx(best, abs=1e-3)
    assert bool(alignment.query) == (best > 0)


@settings(max_examples=60)
@given(data=st.data())
def test_candidates_aligned_together_are_aligned_as_each_alone(data: st.DataObject) -> None:
    stream = data.draw(streams(max_size=30))
    bits = data.draw(st.lists(bit_values, min_size=len(stream), max_size=len(stream)))
    cases = data.draw(st.lists(st.tuples(streams(), st.integers(-20, 20), st.integers(0, 40)), min_size=1, max_size=4))
    start = st.integers(0, len(stream) - 1)
    candidates, windows = [], []
    for stored, shift, first in cases:
        begin = data.draw(start)
        end = data.draw(st.integers(begin + 1, len(stream)))
        candidates.append(Candidate(NOWHERE, 0, begin, end, shift + first, 9.0))
        windows.append(Window(stored, first, 0))
    together = align(stream, np.array(bits), candidates, windows)
    for candidate, window, alignment in zip(candidates, windows, together, strict=True):
        (alone,) = align(stream, np.array(bits), [candidate], [window])
        assert alignment == alone
        check_pairs(alignment, stream, window.stream)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("n_statements", [3, 12, 70])
def test_a_renamed_function_is_aligned_token_by_token(language: str, n_statements: int) -> None:
    made = Function(n_statements, n_statements=n_statements)
    stored = stream_of(made.write(language), language)
    stream = stream_of(made.write(language, RENAMED), language)
    n_tokens = min(len(stream), MAX_TOKENS)
    alignment = aligned(part(stream, 0, n_tokens), part(stored, 0, n_tokens), shipped().bits(stream).tolist())
    assert alignment.query == alignment.stored == list(range(n_tokens))


def test_the_longest_piece_is_traced_to_its_start_whatever_it_weighs() -> None:
    n_tokens = MAX_TOKENS
    stream = made_stream([1000 + at for at in range(n_tokens)], [0] * n_tokens)
    for bits in (np.full(n_tokens, 8.0), np.random.default_rng(1).uniform(0.3, 8.0, n_tokens)):
        alignment = aligned(stream, stream, bits.tolist())
        assert alignment.query == alignment.stored == list(range(n_tokens))


def part(stream: Stream, first: int, last: int) -> Stream:
    return replace(
        stream,
        **{
            name: getattr(stream, name)[first:last]
            for name in (
                "starts",
                "ends",
                "names",
                "shape",
                "identifiers",
                "repeats",
                "literals",
                "literal_words",
            )
        },
    )


@pytest.mark.parametrize("n_more", [1, 5, 15, 30, HALF_BAND - 1])
@pytest.mark.parametrize("grown", ["query", "stored"])
def test_tokens_put_in_the_middle_are_left_out(n_more: int, grown: str) -> None:
    n_half = 60
    names = [1000 + at for at in range(2 * n_half)]
    longer = [*names[:n_half], *range(5000, 5000 + n_more), *names[n_half:]]
    short, long = made_stream(names, [0] * len(names)), made_stream(longer, [0] * len(longer))
    query, stored = (long, short) if grown == "query" else (short, long)
    alignment = aligned(query, stored, [8.0] * len(query))
    left = [*range(n_half), *range(n_half + n_more, 2 * n_half + n_more)]
    right = list(range(2 * n_half))
    assert (alignment.query, alignment.stored) == ((left, right) if grown == "query" else (right, left))


def test_a_window_from_the_middle_of_a_document_is_numbered_from_its_own_start() -> None:
    stored = made_stream([1000 + at for at in range(300)], [0] * 300)
    stream = part(stored, 150, 200)
    alignment = aligned(stream, part(stored, 64, 300), [4.0] * 50, shift=150, first=64)
    assert alignment.query == list(range(50))
    assert alignment.stored == list(range(86, 136))


def test_an_alignment_reaches_over_the_ends_of_its_candidate_so_far() -> None:
    n_tokens = 400
    stream = made_stream([1000 + at for at in range(n_tokens)], [0] * n_tokens)
    candidate = Candidate(NOWHERE, 0, 180, 200, 0, 9.0)
    (alignment,) = align(stream, np.full(n_tokens, 4.0), [candidate], [Window(stream, 0, 0)])
    assert alignment.query == alignment.stored == list(range(180 - MARGIN, 200 + MARGIN))


def test_nothing_in_common_is_no_alignment() -> None:
    one, other = made_stream([1, 2, 3], [0] * 3), made_stream([4, 5, 6], [0] * 3)
    assert aligned(one, other, [4.0] * 3) == Alignment([], [])


def test_a_name_is_not_aligned_with_an_operator_of_the_same_value() -> None:
    assert aligned(made_stream([7], [3]), made_stream([7], [0]), [4.0]) == Alignment([], [])
