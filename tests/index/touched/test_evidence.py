"""The weight of an alignment, pair by pair in plain Python, and every stretch of it tried."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.index.touched import evidence as module
from codewhence.index.touched.alignment import Alignment
from codewhence.index.touched.evidence import Evidence, weigh
from codewhence.index.touched.streams import Stream
from tests.index.touched.reading import made_stream

TUNED = vars(module)  # measured choices: what is tested is what they are for
# p: a parameter; c: a called name, kept; o: an operator or keyword; s: a string.
kinds = st.sampled_from("pppcos")


def pair_worths(
    stream: Stream, stored: Stream, pairs: list[tuple[int, int]], bits: list[float]
) -> list[tuple[float, bool]]:
    """Return what each pair adds, and whether it reads the same, as the docstring of the module tells it."""
    ours_to_theirs: dict[int, int] = {}
    sequences, literals, worths = set(), set(), []
    for number, (at, other) in enumerate(pairs):
        our, their = int(stream.identifiers[at]), int(stored.identifiers[other])
        equal = True
        if stream.names[at] and stream.names[at] == stored.names[other]:
            worth = min(bits[at], TUNED["_MOST_NAME"] if our else TUNED["_MOST_OTHER"])
        elif our and their and ours_to_theirs.get(our) == their:
            worth = math.log2(len(ours_to_theirs) + 1) + 0.5
        elif our and their and our not in ours_to_theirs and their not in ours_to_theirs.values():
            ours_to_theirs[our] = their
            worth = TUNED["_SURE_NEW_PAIR"] if bits[at] > TUNED["_SURE_NEW_PAIR"] else TUNED["_NEW_PAIR"]
        else:
            worth, equal = TUNED["_CONTRADICTION"], False
        sequence = tuple(symbol(stream, each) for each in range(max(0, at - 2), at + 1))
        factor = TUNED["_AGAIN"] if sequence in sequences else 1.0
        sequences.add(sequence)
        total = worth * factor if worth > 0 else worth
        literal = int(stream.literals[at])
        if literal and literal not in literals and literal == int(stored.literals[other]):
            total += min(TUNED["_LITERAL_WORD"] * int(stream.literal_words[at]), TUNED["_MOST_LITERAL"])
        literals.add(literal)
        if number:
            skipped = max(at - pairs[number - 1][0], other - pairs[number - 1][1]) - 1
            total -= TUNED["_GAP"] * min(skipped, TUNED["_LONGEST_GAP"])
        worths.append((total, equal))
    return worths


def symbol(stream: Stream, at: int) -> int:
    return int(stream.names[at]) or 1


def best_stretch(worths: list[tuple[float, bool]]) -> float:
    return max(
        (
            sum(worth for worth, _ in worths[first:last])
            for first in range(len(worths))
            for last in range(first + 1, len(worths) + 1)
        ),
        default=0.0,
    )


@st.composite
def streams(draw: st.DrawFn, n_tokens: int) -> Stream:
    drawn = draw(st.lists(st.tuples(kinds, st.integers(1, 3)), min_size=n_tokens, max_size=n_tokens))
    return made_stream(
        [{"p": 0, "c": 50 + which, "o": 90 + which, "s": 99}[kind] for kind, which in drawn],
        [which if kind in "pc" else 0 for kind, which in drawn],
        literals=[which if kind == "s" else 0 for kind, which in drawn],
        literal_words=[which * 11 if kind == "s" else 0 for kind, which in drawn],
    )


@settings(max_examples=300)
@given(data=st.data())
def test_evidence_is_that_of_the_definition(data: st.DataObject) -> None:
    n_tokens = data.draw(st.integers(1, 18))
    stream, stored = data.draw(streams(n_tokens)), data.draw(streams(n_tokens))
    if data.draw(st.booleans()):
        stored = stream
    query_at = data.draw(st.lists(st.integers(0, n_tokens - 1), unique=True).map(sorted))
    if data.draw(st.booleans()):
        query_at = list(range(n_tokens))
    stored_at = sorted(data.draw(st.permutations(range(n_tokens)))[: len(query_at)])
    bits = data.draw(st.lists(st.sampled_from([0.125, 0.5, 1.0, 3.0, 8.0, 20.0]), min_size=n_tokens, max_size=n_tokens))
    evidence = weigh(stream, stored, Alignment(query_at, stored_at), np.array(bits))
    worths = pair_worths(stream, stored, list(zip(query_at, stored_at, strict=True)), bits)
    assert evidence.bits == pytest.approx(max(0.0, best_stretch(worths)), abs=1e-9)
    if evidence.bits:
        stretch = worths[evidence.first : evidence.last + 1]
        assert sum(worth for worth, _ in stretch) == pytest.approx(evidence.bits)
        assert evidence.n_equal == sum(equal for _, equal in stretch)


def weighed(query: tuple[list[int], list[int]], stored: tuple[list[int], list[int]], *, bits: float = 4.0) -> Evidence:
    """Weigh two streams, given by their names and identifiers, token by token."""
    n_tokens = len(query[0])
    everything = list(range(n_tokens))
    return weigh(made_stream(*query), made_stream(*stored), Alignment(everything, everything), np.full(n_tokens, bits))


def test_no_pair_is_no_evidence() -> None:
    stream = made_stream([1], [0])
    assert weigh(stream, stream, Alignment([], []), np.ones(1)) == Evidence(0.0, 0, 0, 0)


def test_a_consistent_renaming_says_more_the_more_names_there_are() -> None:
    def renamed(n_names: int) -> float:
        ours = [1 + at % n_names for at in range(24)]
        # Other tokens between, all different, so that no sequence is met again.
        names = [each for at in range(24) for each in (0, 1000 + at)]
        return weighed(
            (names, [each for our in ours for each in (our, 0)]),
            (names, [each for our in ours for each in (our + 50, 0)]),
        ).bits

    assert renamed(1) < renamed(2) < renamed(4)


def test_a_contradiction_counts_against_the_mapping() -> None:
    names = [each for at in range(12) for each in (0, 1000 + at)]

    def told(theirs: str) -> float:
        return weighed(
            (names, [each for our in "abcabcabcabc" for each in (ord(our), 0)]),
            (names, [each for their in theirs for each in (ord(their), 0)]),
        ).bits

    consistent = told("xyzxyzxyzxyz")
    assert told("xyzxyzxyzxyx") < consistent
    assert told("xyzxyzyxzxyz") < told("xyzxyzxyzxyx")
    assert told("xyxxyxxyxxyx") < told("xyzxyzxyzxyx")  # two names for one


def test_a_line_repeated_counts_a_tenth() -> None:
    line = [101, 102, 103, 104, 105]
    once, ten_times = (weighed((line * n, [0] * 5 * n), (line * n, [0] * 5 * n)).bits for n in (1, 11))
    assert ten_times < 3 * once


@pytest.mark.parametrize(
    ("words", "bits"), [pytest.param(3, 12.0, id="four bits a word"), pytest.param(1000, 120.0, id="a long text")]
)
def test_an_equal_string_counts_its_words_once(words: int, bits: float) -> None:
    def told(theirs: int, n_times: int) -> float:
        n_tokens = 2 * n_times
        names = [each for at in range(n_times) for each in (99, 100 + at)]
        ours, others = ([each for _ in range(n_times) for each in (literal, 0)] for literal in (5, theirs))
        stream, stored = (
            made_stream(names, [0] * n_tokens, literals=literals, literal_words=[words] * n_tokens)
            for literals in (ours, others)
        )
        everything = list(range(n_tokens))
        return weigh(stream, stored, Alignment(everything, everything), np.full(n_tokens, 1.0)).bits

    assert told(5, 1) - told(6, 1) == pytest.approx(bits)
    assert told(5, 9) - told(6, 9) == pytest.approx(bits)


def test_a_stretch_ends_where_nothing_agrees_any_more() -> None:
    names = [*range(100, 110), *range(200, 210), *range(300, 303)]
    other = [*range(100, 110), *range(400, 410), *range(300, 303)]
    evidence = weighed((names, [0] * 23), (other, [0] * 23))
    assert (evidence.first, evidence.last, evidence.n_equal) == (0, 9, 10)


def test_a_stretch_begins_anew_where_it_pays() -> None:
    names = [*range(300, 303), *range(200, 210), *range(100, 110)]
    other = [*range(300, 303), *range(400, 410), *range(100, 110)]
    evidence = weighed((names, [0] * 23), (other, [0] * 23))
    assert (evidence.first, evidence.last, evidence.n_equal) == (13, 22, 10)
