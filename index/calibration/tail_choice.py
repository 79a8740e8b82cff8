"""From the strongest scores of null texts to the law of a tier: threshold, fit, fit test, confidence, languages."""

from dataclasses import astuple, dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codewhence.index.calibration.fitting import Fit, Maxima, fit, rate_at
from codewhence.index.calibration.goodness import are_whole, measure_fit, spread
from codewhence.index.calibration.tail import TOKENS_PER_UNIT, Tail

# How many of the scores may lie over the threshold, tried from the largest: a low threshold has more scores to fit, a
# high one fits better (Coles 2001, section 4.3.1). The first that is not refused is taken. Over three tenths of the
# texts are never: there the strongest score of a text is no rare event.
_SHARES = (1.0, 0.8, 0.6, 0.45, 0.33, 0.25, 0.18, 0.13)
_MOST_TEXTS = 0.3
MIN_SCORES = 40  # over the threshold
REFUSED_UNDER = 0.05
_N_KNOTS = 24
# Beyond the observed scores of a null that no fit describes: survival falls as the inverse square, slower than any
# tail measured on code (shape 0 to 0.2).
_EMPIRICAL_SHAPE = 0.5
_CONFIDENCE_QUANTILE = 0.9
_UPPER_SPREAD = 1.2816  # of the normal distribution at 0.9
N_RESAMPLES = 200
_UPPER_REACH = 3.0  # the bound is worked out to this many times the range of the observed scores
_N_UPPER = 12
# A language's own rate counts like this many scores over the threshold against the rate of all languages.
_LANGUAGE_PRIOR = 20.0


@dataclass(frozen=True, slots=True)
class TierNull:
    """What one tier found in the null texts.

    Attributes:
        scores: Strongest score of each text, ``-inf`` for none. Shape ``(n_texts,)``.
        n_tokens: Length of each text. Shape ``(n_texts,)``.
        repositories: Number of each text's repository. Shape ``(n_texts,)``.
        languages: Language of each text.
    """

    scores: NDArray[np.float64]
    n_tokens: NDArray[np.int64]
    repositories: NDArray[np.int64]
    languages: tuple[str | None, ...]

    @property
    def n_found(self) -> int:
        """Texts in which the tier found something."""
        return int(np.isfinite(self.scores).sum())


@dataclass(frozen=True, slots=True)
class ChosenTail:
    """A law and how it came about.

    Attributes:
        tail: The law.
        evidence: Thresholds tried with their fit tests, counts, standard errors: what calibration.json records.
    """

    tail: Tail
    evidence: dict[str, Any]


def choose_tail(null: TierNull, rng: np.random.Generator) -> ChosenTail:
    """Fit the law of a tier.

    Args:
        null: At least ``MIN_SCORES`` texts with a score.
        rng: For the fit test and the confidence bound.
    """
    maxima = _maxima(null)
    tests: list[dict[str, Any]] = []
    for threshold in _thresholds(null.scores):
        fitted = fit(maxima, threshold)
        statistic, p_value = measure_fit(maxima, threshold, fitted, rng)
        n_over = int((maxima.scores >= threshold).sum())
        tests.append({"threshold": threshold, "n_scores": n_over, "anderson_darling": statistic, "p_value": p_value})
        if p_value >= REFUSED_UNDER:
            tail = _with_knots(_tail("generalized-pareto", threshold, fitted), maxima)
            break
    else:
        tail = _empirical(maxima, fitted.length_exponent)
    errors, upper = _confidence(tail, maxima, null.repositories, rng)
    tail = replace(tail, upper=upper, languages=_language_factors(tail, maxima, null.languages))
    evidence = {"fit_tests": tests, "n_texts_found": null.n_found, "standard_errors": errors}
    return ChosenTail(tail, evidence)


def _maxima(null: TierNull) -> Maxima:
    scores = null.scores.astype(np.float64)
    found = np.isfinite(scores)
    if are_whole(scores[found]):
        scores = scores.copy()
        scores[found] = spread(scores[found])
    return Maxima(scores, np.log(np.maximum(null.n_tokens, 1) / TOKENS_PER_UNIT), np.ones(len(scores)))


def _thresholds(scores: NDArray[np.float64]) -> list[float]:
    """Return candidate thresholds, increasing: each an observed score with enough others at or over it."""
    ordered = np.sort(scores[np.isfinite(scores)])[::-1]
    most = min(len(ordered), round(_MOST_TEXTS * len(scores)))
    ranks = {min(max(round(share * most), MIN_SCORES), len(ordered)) for share in _SHARES}
    return sorted({float(ordered[rank - 1]) for rank in ranks})


def _tail(kind: str, threshold: float, fitted: Fit) -> Tail:
    return Tail(
        kind,
        threshold,
        fitted.log_rate,
        fitted.scale,
        fitted.shape,
        fitted.length_exponent,
        fitted.scale_exponent,
    )


def _with_knots(tail: Tail, maxima: Maxima) -> Tail:
    """Add the observed rates of scores under the threshold."""
    below = np.unique(maxima.scores[np.isfinite(maxima.scores) & (maxima.scores < tail.threshold)])
    if not len(below):
        return tail
    at = np.unique(below[np.linspace(0, len(below) - 1, min(_N_KNOTS, len(below))).round().astype(int)])
    rates = [max(rate_at(maxima, score, tail.length_exponent), tail.log_rate) for score in at.tolist()]
    falling = np.maximum.accumulate(np.array(rates)[::-1])[::-1]
    return replace(tail, knots=tuple(zip(at.tolist(), falling.tolist(), strict=True)))


def _empirical(maxima: Maxima, length_exponent: float) -> Tail:
    """Return upper bounds of the observed rates, and a heavy tail beyond the tenth largest score."""
    ordered = np.sort(maxima.scores[np.isfinite(maxima.scores)])[::-1]
    n_beyond = min(10, len(ordered))
    threshold = float(ordered[n_beyond - 1])
    excess = max(float((ordered[:n_beyond] - threshold).mean()), 1e-6)
    bound = rate_at(maxima, threshold, length_exponent) + _UPPER_SPREAD / np.sqrt(n_beyond)
    bare = Tail("empirical", threshold, float(bound), excess, _EMPIRICAL_SHAPE, length_exponent)
    tail = _with_knots(bare, maxima)
    raised = []
    for score, rate in tail.knots:
        n_over = int((maxima.scores >= score).sum())
        raised.append((score, max(rate + _UPPER_SPREAD / n_over**0.5, bare.log_rate)))
    return replace(tail, knots=tuple(raised))


def _confidence(
    tail: Tail, maxima: Maxima, repositories: NDArray[np.int64], rng: np.random.Generator
) -> tuple[dict[str, float], tuple[tuple[float, float], ...]]:
    """Resample repositories; return standard errors of the parameters and the upper bound of the rate over scores."""
    finite = maxima.scores[np.isfinite(maxima.scores)]
    reach = _UPPER_REACH * max(float(finite.max()) - tail.threshold, tail.scale)
    low = tail.knots[0][0] if tail.knots else tail.threshold
    at = np.unique(
        np.concatenate((np.linspace(low, tail.threshold, 4), tail.threshold + np.linspace(0, reach, _N_UPPER)))
    )
    start = Fit(tail.log_rate, tail.scale, tail.shape, tail.length_exponent, tail.scale_exponent)
    n_repositories = int(repositories.max()) + 1
    fits, rates = [], []
    for _ in range(N_RESAMPLES):
        drawn = np.bincount(rng.integers(0, n_repositories, n_repositories), minlength=n_repositories)
        resample = Maxima(maxima.scores, maxima.log_units, drawn[repositories].astype(np.float64))
        if not ((maxima.scores >= tail.threshold) & (resample.weights > 0)).any():
            continue
        refitted = fit(resample, tail.threshold, start)
        fits.append(astuple(refitted))
        below = [rate_at(resample, score, refitted.length_exponent) for score in at[at < tail.threshold].tolist()]
        beyond = _tail(tail.kind, tail.threshold, refitted).log_rates(at[at >= tail.threshold])
        rates.append(np.concatenate((below, beyond)))
    names = [field.name for field in fields(Fit)]
    errors = dict(zip(names, np.std(np.array(fits), axis=0).tolist(), strict=True))
    bounds = np.quantile(np.array(rates), _CONFIDENCE_QUANTILE, axis=0) - tail.log_rates(at)
    # Wider and wider with the score, never under the estimate itself.
    widening = np.maximum.accumulate(np.maximum(bounds, 0))
    return errors, tuple(zip(at.tolist(), widening.tolist(), strict=True))


def _language_factors(tail: Tail, maxima: Maxima, languages: tuple[str | None, ...]) -> tuple[tuple[str, float], ...]:
    """Return the logarithmic factor of each language: its scores over the threshold against those expected of it."""
    over = maxima.scores >= tail.threshold
    scores = np.maximum(maxima.scores, tail.threshold)
    exposed = np.exp(tail.log_rates(scores, np.exp(maxima.log_units)) + tail.length_exponent * maxima.log_units)
    named = np.array([language or "" for language in languages])
    factors = []
    for language in sorted(set(named.tolist()) - {""}):
        own = named == language
        observed, expected = float(over[own].sum()), float(exposed[own].sum())
        factors.append((language, float(np.log((observed + _LANGUAGE_PRIOR) / (expected + _LANGUAGE_PRIOR)))))
    return tuple(factors)
