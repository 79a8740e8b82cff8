"""Truth by brute force, exact intervals, and what counts as found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import summary
from benchmarks.copies.truth import Haystack
from benchmarks.intervals import interval
from benchmarks.queries import NULL_FUNCTION, Query

TEXTS = st.lists(st.text("ab", max_size=8), min_size=1, max_size=6)


@given(TEXTS, st.text("ab", min_size=1, max_size=3))
def test_every_document_that_holds_a_text_is_named_and_no_other(documents: list[str], text: str) -> None:
    found = Haystack([document.encode() for document in documents]).holders(text)
    assert found == [number for number, document in enumerate(documents) if text in document]


def test_a_text_across_two_documents_is_in_neither() -> None:
    assert Haystack([b"one", b"two"]).holders("onetwo") == []
    assert Haystack([b"one", b"two"]).holders("etw") == []


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_the_share_and_is_symmetric(counts: tuple[int, int]) -> None:
    n_hits, n_trials = counts
    low, high = interval(n_hits, n_trials)
    assert 0 <= low <= n_hits / n_trials <= high <= 1
    mirrored = interval(n_trials - n_hits, n_trials)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


# Values of R: binom.test(x, n)$conf.int.
@pytest.mark.parametrize(
    ("n_hits", "n_trials", "expected"),
    [(0, 100, (0.0, 0.0362167)), (1, 20, (0.001265, 0.248733)), (495, 500, (0.976814, 0.996744))],
)
def test_intervals_are_those_of_clopper_and_pearson(n_hits: int, n_trials: int, expected: tuple[float, float]) -> None:
    assert interval(n_hits, n_trials) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(("n_hits", "n_trials"), [(1, 0), (0, 0), (-1, 5), (6, 5)])
def test_impossible_counts_are_refused(n_hits: int, n_trials: int) -> None:
    with pytest.raises(ValueError, match="a rate needs"):
        interval(n_hits, n_trials)


def _answer(kind: str, /, **hit: object) -> dict[str, object]:
    whole = {"strength": 1.0, "counts": True, "covered": 1.0, "named": True} | hit
    return {"kind": kind, "form": "alone", "language": "python", "project": "", "name": kind, "hits": [whole]}


@pytest.mark.parametrize(
    ("hit", "is_found", "is_named"),
    [
        ({}, True, True),
        ({"covered": 0.5}, True, True),
        ({"covered": 0.49}, False, True),
        ({"named": False}, False, False),
        ({"counts": False}, False, False),
    ],
)
def test_found_is_half_of_the_copy_and_the_true_source(hit: dict[str, object], is_found: bool, is_named: bool) -> None:
    answer = _answer("V3", **hit)
    assert summary.is_found(answer) is is_found
    assert summary.is_named(answer) is is_named


def test_the_sweep_trades_recall_for_false_alarms() -> None:
    null = [_answer(NULL_FUNCTION, strength=float(number), named=False) for number in range(100)]
    copies = [_answer("V3", strength=50.0 + number) for number in range(100)]
    curve = summary.sweep([*null, *copies])
    assert curve["false_alarms"] == sorted(curve["false_alarms"])
    assert curve["recall"]["V3"] == sorted(curve["recall"]["V3"])
    assert curve["false_alarms"][0] == 0
    # At one unseen function in a hundred the threshold is 99: copies of 99 and more are 51 of 100.
    assert summary.at_one_percent(curve) == {"V3": 0.51}


def test_a_match_without_p_value_is_certain_where_others_have_one() -> None:
    answers = [_answer("V3", strength=30.0), _answer(NULL_FUNCTION, strength=5.0, p=1e-5)]
    assert summary.sweep(answers)["recall"]["V3"][0] == 1.0


def test_a_query_without_copy_is_not_covered() -> None:
    query = Query("null function 1", NULL_FUNCTION, "alone", "python", "x", "text", 0, 0, ())
    measure = pytest.importorskip("benchmarks.peers.measure")
    protocol = pytest.importorskip("benchmarks.peers.protocol")
    judged = measure._judged(protocol.Hit(0, 4, 2.0, frozenset({1})), query)
    assert judged == {"strength": 2.0, "counts": True, "covered": 0.0, "named": False}


def test_true_p_values_come_out_at_their_level() -> None:
    answers = [_answer(NULL_FUNCTION, p=(number + 1) / 1000, kind="exact") for number in range(1000)]
    levels = summary.p_values_of_null(answers, NULL_FUNCTION)
    assert {row["level"]: row["rate"] for row in levels} == {
        0.0001: 0,
        0.001: 0.001,
        0.005: 0.005,
        0.01: 0.01,
        0.05: 0.05,
    }


def test_an_idiom_has_no_p_value_that_counts() -> None:
    levels = summary.p_values_of_null([_answer(NULL_FUNCTION, p=1e-9, kind="idiom")], NULL_FUNCTION)
    assert [row["hits"] for row in levels] == [0] * 5
