"""The tail law: fitted to texts drawn from a known one it comes back; where none fits, the bound is conservative."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.index.calibration.tail import Tail, inverse_log_survival, log_survival
from codewhence.index.calibration.tail_choice import MIN_SCORES, REFUSED_UNDER, TierNull, choose_tail

TAILS = st.builds(
    Tail,
    kind=st.just("generalized-pareto"),
    threshold=st.floats(5, 200),
    log_rate=st.floats(-6, 0),
    scale=st.floats(1, 80),
    shape=st.floats(0, 0.6),
    length_exponent=st.floats(0, 1.5),
    scale_exponent=st.floats(0, 0.5),
    knots=st.just(()),
    upper=st.lists(st.floats(0, 2), min_size=2, max_size=5).map(
        lambda values: tuple((40.0 * number, value) for number, value in enumerate(sorted(values)))
    ),
)


def drawn(
    seed: int, *, n_texts: int = 3000, n_repositories: int = 100, scale: float = 30.0, shape: float = 0.1,
    exponent: float = 0.9, growth: float = 0.0, rate: float = 0.3, heterogeneity: float = 0.0,
) -> TierNull:  # fmt: skip
    """Texts whose strongest scores follow the law with threshold 50; those under 20 are not found at all."""
    rng = np.random.default_rng(seed)
    n_tokens = np.exp(rng.uniform(np.log(60), np.log(8000), n_texts)).astype(np.int64)
    repositories = rng.integers(0, n_repositories, n_texts)
    own = rng.lognormal(-(heterogeneity**2) / 2, heterogeneity, n_repositories)[repositories]
    survivals = rng.exponential(size=n_texts) / (rate * own * (n_tokens / 1000) ** exponent)
    scores = 50 + inverse_log_survival(np.log(survivals), scale, shape) * (n_tokens / 1000) ** growth
    return TierNull(np.where(scores < 20, -np.inf, scores), n_tokens, repositories, ("python",) * n_texts)


@given(tail=TAILS, scores=st.lists(st.floats(-10, 2000), min_size=2, max_size=20), n_tokens=st.integers(0, 10**7))
def test_a_higher_score_is_never_likelier(tail: Tail, scores: list[float], n_tokens: int) -> None:
    ordered = np.sort(np.array(scores))
    expected = tail.expected(ordered, n_tokens)
    assert (np.diff(expected) <= 1e-12 * expected[:-1]).all()
    bound = expected * tail.upper_factors(ordered, n_tokens)
    assert (bound >= expected).all()


@given(tail=TAILS, score=st.floats(0, 2000), n_tokens=st.integers(1, 10**6))
def test_a_longer_text_never_expects_less(tail: Tail, score: float, n_tokens: int) -> None:
    at = np.array([score])
    assert tail.expected(at, 2 * n_tokens)[0] >= tail.expected(at, n_tokens)[0]


@given(scale=st.floats(0.1, 100), shape=st.floats(0, 1), log_value=st.floats(-30, 0))
def test_the_inverse_survival_inverts(scale: float, shape: float, log_value: float) -> None:
    excess = inverse_log_survival(np.array([log_value]), scale, shape)
    assert log_survival(excess, scale, shape)[0] == pytest.approx(log_value, rel=1e-6, abs=1e-6)


@given(factor=st.floats(0.1, 3), tail=TAILS, score=st.floats(0, 500))
def test_scaling_moves_scores_and_rates_alone(factor: float, tail: Tail, score: float) -> None:
    scaled = tail.scaled(score_factor=factor, rate_factor=2.0)
    at = np.array([score])
    assert scaled.expected(at * factor, 1000)[0] == pytest.approx(2 * tail.expected(at, 1000)[0], rel=1e-6)


@settings(max_examples=5, deadline=None)
@given(
    seed=st.integers(0, 1000),
    scale=st.floats(10, 60),
    shape=st.floats(0, 0.3),
    exponent=st.floats(0.6, 1.1),
    growth=st.floats(0, 0.3),
    rate=st.floats(0.15, 0.5),
)
def test_a_law_comes_back_from_texts_drawn_from_it(
    seed: int, scale: float, shape: float, exponent: float, growth: float, rate: float
) -> None:
    null = drawn(seed, scale=scale, shape=shape, exponent=exponent, growth=growth, rate=rate)
    tail = choose_tail(null, np.random.default_rng(seed)).tail
    truth = Tail("generalized-pareto", 50, np.log(rate), scale, shape, exponent, growth)
    excesses = inverse_log_survival(np.log(np.array([0.5, 0.1, 0.02])), scale, shape)
    for n_tokens in (200, 1000, 4000):
        levels = 50 + excesses * (n_tokens / 1000) ** growth
        ratio = np.log(tail.expected(levels, n_tokens) / truth.expected(levels, n_tokens))
        assert np.abs(ratio).max() < 0.8, (n_tokens, ratio)


def test_the_fit_test_accepts_its_own_law_and_refuses_another() -> None:
    accepted = [choose_tail(drawn(seed), np.random.default_rng(seed)) for seed in range(6)]
    first_tests = [each.evidence["fit_tests"][0]["p_value"] for each in accepted]
    assert sum(p_value >= REFUSED_UNDER for p_value in first_tests) >= 5
    null = drawn(1)
    two_values = np.where(np.isfinite(null.scores), np.where(null.scores > 80, 90.5, 60.25), -np.inf)
    refused = choose_tail(
        TierNull(two_values, null.n_tokens, null.repositories, null.languages), np.random.default_rng(1)
    )
    assert refused.tail.kind == "empirical"
    assert all(test["p_value"] < REFUSED_UNDER for test in refused.evidence["fit_tests"])


def test_where_no_law_fits_the_observed_rates_are_exceeded() -> None:
    null = drawn(3)
    lumps = np.where(np.isfinite(null.scores), np.round(null.scores / 40) * 40 + 0.5, -np.inf)
    tail = choose_tail(TierNull(lumps, null.n_tokens, null.repositories, null.languages), np.random.default_rng(3)).tail
    assert tail.kind == "empirical"
    for score in (40.5, 80.5, 120.5, 200.5):
        foretold = -np.expm1(-tail.expected(np.full(len(lumps), score), null.n_tokens)).sum()
        assert foretold >= 0.95 * (lumps >= score).sum()


def test_lengths_in_tokens_are_fitted_although_they_are_whole() -> None:
    null = drawn(5, scale=6.0, shape=0.05)
    whole = TierNull(np.floor(null.scores), null.n_tokens, null.repositories, null.languages)
    tail = choose_tail(whole, np.random.default_rng(5)).tail
    assert tail.kind == "generalized-pareto"
    assert tail.threshold == int(tail.threshold)


def test_repositories_that_differ_widen_the_bound() -> None:
    alike = choose_tail(drawn(7, n_repositories=40), np.random.default_rng(7)).tail
    unlike = choose_tail(drawn(7, n_repositories=40, heterogeneity=1.2), np.random.default_rng(7)).tail
    at = np.array([60.0])
    assert np.log(unlike.upper_factors(at, 1000)[0]) > 1.5 * np.log(alike.upper_factors(at, 1000)[0])


def test_a_language_with_more_chance_matches_is_held_to_more() -> None:
    null = drawn(9)
    languages = tuple("go" if number % 3 == 0 else "python" for number in range(len(null.scores)))
    is_go = np.array([language == "go" for language in languages])
    stronger = np.where(is_go, null.scores + 40, null.scores)
    tail = choose_tail(TierNull(stronger, null.n_tokens, null.repositories, languages), np.random.default_rng(9)).tail
    at = np.array([tail.threshold + 20])
    assert tail.expected(at, 500, "go")[0] > 1.5 * tail.expected(at, 500, "python")[0]
    assert tail.expected(at, 500, "cobol")[0] == tail.expected(at, 500)[0]


def test_the_least_number_of_scores_is_enough() -> None:
    null = drawn(11, rate=0.02)
    order = np.argsort(null.scores)[::-1]
    few = np.full(len(null.scores), -np.inf)
    few[order[:MIN_SCORES]] = null.scores[order[:MIN_SCORES]]
    tail = choose_tail(TierNull(few, null.n_tokens, null.repositories, null.languages), np.random.default_rng(11)).tail
    assert np.isfinite([tail.log_rate, tail.scale, tail.shape]).all()
