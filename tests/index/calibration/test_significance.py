"""The p-values are uniform on texts drawn from the null, files are flagged at the promised rate, copies are found."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.calibration.calibration import Calibration, CorpusSize, SizeLaw
from codewhence.index.calibration.scored import ScoredSpan
from codewhence.index.calibration.significance import Joint, measure_joint, significances
from codewhence.index.calibration.tail import Tail, inverse_log_survival

TAIL = Tail("generalized-pareto", 50.0, np.log(0.3), 30.0, 0.1, 0.9, knots=((20.0, np.log(0.9)),))
SIZE = CorpusSize(10_000, 20_000_000)


def calibration(joint: Joint | None = None) -> Calibration:
    return Calibration(
        source="own",
        reason=None,
        root="0" * 64,
        seed=1,
        size=SIZE,
        tails={"exact": TAIL, "touched": TAIL},
        joint=joint or Joint(),
        size_laws=dict.fromkeys(("exact", "touched"), SizeLaw(1.0, 0.5)),
    )


def span(score: float, tier: str = "touched", start: int = 0) -> ScoredSpan:
    return ScoredSpan(start, start + 10, score, tier)


def chance_scores(rng: np.random.Generator, n_tokens: int) -> list[float]:
    """The scores over the threshold that the law gives in one text: a Poisson number of them."""
    expected = 0.3 * (n_tokens / 1000) ** 0.9
    survivals = rng.uniform(size=rng.poisson(expected))
    return (50 + inverse_log_survival(np.log(survivals), 30.0, 0.1)).tolist()


EXPECTED = st.lists(st.floats(1e-9, 20), min_size=1, max_size=20)


@given(expected=EXPECTED, cluster=st.floats(1, 5), widening=st.floats(1, 3))
def test_values_lie_in_their_range_and_keep_the_order(expected: list[float], cluster: float, widening: float) -> None:
    values = np.array(expected)
    found = significances(values, values * widening, cluster)
    assert all(0 < each.p_value <= 1 and 0 < each.q_value <= 1 for each in found)
    ordered = [found[number] for number in np.argsort(values)]
    assert [each.p_value for each in ordered] == sorted(each.p_value for each in ordered)
    assert [each.q_value for each in ordered] == sorted(each.q_value for each in ordered)


@given(expected=EXPECTED, cluster=st.floats(1, 5))
def test_no_span_is_a_discovery_where_the_strongest_is_none(expected: list[float], cluster: float) -> None:
    values = np.array(expected)
    found = significances(values, values, cluster)
    assert min(each.q_value for each in found) == pytest.approx(min(each.p_value for each in found))


@given(expected=EXPECTED)
def test_q_values_are_those_of_benjamini_and_hochberg_where_nothing_clusters(expected: list[float]) -> None:
    ordered = np.sort(np.array(expected))
    p_values = -np.expm1(-ordered)
    ranks = np.searchsorted(ordered, ordered, side="right")
    textbook = np.minimum.accumulate(np.minimum(ordered / ranks, p_values)[::-1])[::-1]
    found = [each.q_value for each in significances(ordered, ordered, 1.0)]
    assert found == pytest.approx(np.maximum(textbook, p_values[0]).tolist())


def test_the_strongest_p_value_of_a_chance_text_is_uniform() -> None:
    rng = np.random.default_rng(3)
    n_texts, strongest = 4000, []
    for _ in range(n_texts):
        n_tokens = int(np.exp(rng.uniform(np.log(100), np.log(8000))))
        spans = [span(score, tier) for tier in ("exact", "touched") for score in chance_scores(rng, n_tokens)]
        found = calibration().significances(spans, n_tokens=n_tokens)
        strongest.append(min((each.p_value for each in found), default=1.0))
    for at_most in (0.005, 0.02, 0.05):
        wanted = n_texts * at_most
        assert abs(sum(value <= at_most for value in strongest) - wanted) < 4 * wanted**0.5


def test_false_ones_among_the_found_stay_under_the_promise() -> None:
    rng = np.random.default_rng(5)
    alpha, shares, n_found = 0.1, [], 0
    for _ in range(1500):
        chance = chance_scores(rng, 4000)
        copies = rng.uniform(150, 400, size=3).tolist()
        spans = [span(score) for score in (*chance, *copies)]
        counts = calibration().significant(spans, n_tokens=4000, alpha=alpha)
        n_false, n_true = sum(counts[: len(chance)]), sum(counts[len(chance) :])
        shares.append(n_false / max(1, n_false + n_true))
        n_found += n_true
    assert np.mean(shares) <= alpha + 2 * np.std(shares) / len(shares) ** 0.5
    assert n_found > 0.9 * 3 * 1500


def test_tiers_that_find_the_same_cost_less_than_independent_ones() -> None:
    rng = np.random.default_rng(7)
    n_tokens = np.full(8000, 2000)
    apart, same = [], []
    for length in n_tokens.tolist():
        scores = chance_scores(rng, length)
        others = chance_scores(rng, length)
        apart.append([span(score) for score in scores] + [span(score, "exact") for score in others])
        same.append([span(score, tier) for score in scores for tier in ("exact", "touched")])
    languages = ("python",) * len(n_tokens)
    independent = measure_joint(calibration().tails, apart, n_tokens, languages)
    alike = measure_joint(calibration().tails, same, n_tokens, languages)
    assert 0.8 < independent.factor < 1.2
    assert alike.factor < 0.95 * independent.factor
    assert independent.cluster < 1.1
    assert alike.cluster > 1.1


def test_a_text_without_spans_has_no_values() -> None:
    assert calibration().significances([], n_tokens=0) == []


def test_a_text_shorter_than_a_gram_is_no_error() -> None:
    assert 0 < calibration().p_value("exact", 10.0, 3) <= 1
    assert 0 < calibration().p_value("exact", 10.0, 0) <= 1


def test_longer_texts_and_both_tiers_make_a_match_less_sure() -> None:
    assert calibration().p_value("touched", 150, 500) < calibration().p_value("touched", 150, 5000)
    alone = TAIL.expected(np.array([300.0]), 500)[0]
    assert calibration().p_value("touched", 300, 500) == pytest.approx(1.25 * alone, rel=0.01)
    assert calibration().p_value("exact", 300, 500) == pytest.approx(5 * alone, rel=0.01)


def test_the_default_asks_more_in_a_larger_corpus() -> None:
    larger = calibration().scaled_to(CorpusSize(1_000_000, 2_000_000_000), root="1" * 64, reason="test")
    smaller = calibration().scaled_to(CorpusSize(100, 200_000), root="1" * 64, reason="test")
    p_values = [each.p_value("touched", 150, 1000) for each in (smaller, calibration(), larger)]
    assert p_values == sorted(p_values)
    assert larger.source == "default"
    assert larger.reason == "test"


def test_the_default_asks_more_of_a_language_that_is_more_of_the_corpus() -> None:
    shipped = replace(calibration(), size=replace(SIZE, languages=(("go", 100), ("python", 9_900))))
    gophers = shipped.scaled_to(replace(SIZE, languages=(("go", 9_900), ("kotlin", 100))), root="1" * 64, reason="test")
    assert gophers.p_value("touched", 150, 1000, "go") > 5 * shipped.p_value("touched", 150, 1000, "go")
    assert gophers.p_value("touched", 150, 1000, "python") < shipped.p_value("touched", 150, 1000, "python") / 5
    same = shipped.scaled_to(shipped.size, root="1" * 64, reason="test")
    assert same.p_value("touched", 150, 1000, "go") == pytest.approx(shipped.p_value("touched", 150, 1000, "go"))


@pytest.mark.parametrize("size", [CorpusSize(0, 0), CorpusSize(1, 1), CorpusSize(2, 30)])
def test_the_default_has_an_answer_for_the_smallest_corpora(size: CorpusSize) -> None:
    smallest = calibration().scaled_to(size, root="1" * 64, reason="test")
    assert 0 <= smallest.p_value("touched", 20, 100) <= 1


@pytest.mark.parametrize(
    ("start", "end", "score", "tier"),
    [
        pytest.param(3, 3, 1.0, "exact", id="empty"),
        pytest.param(-1, 3, 1.0, "exact", id="before the text"),
        pytest.param(0, 3, float("nan"), "exact", id="no number"),
        pytest.param(0, 3, float("inf"), "exact", id="infinite"),
        pytest.param(0, 3, 1.0, "t3", id="unknown tier"),
    ],
)
def test_a_scored_span_refuses_nonsense(start: int, end: int, score: float, tier: str) -> None:
    with pytest.raises(ValueError, match="not a scored span"):
        ScoredSpan(start, end, score, tier)
