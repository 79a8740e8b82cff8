"""The law that chance scores follow in one tier: how many spans of a score are expected in a text of a length.

Let M be the strongest score that chance gives in a text of L tokens. Then

    P(M >= s) = 1 - exp(-E(s, L)),    E(s, L) = rate(s) * (L / 1000) ** length_exponent

(Karlin & Altschul 1990 for alignments, with exponent 1; Coles 2001, section 7.3, for any process of rare events).
Above a threshold rate(s) falls like a generalized Pareto tail, of which the exponential is the case of shape 0; below
it the observed rates stand as knots. The scale of the tail grows with the text as well, by scale_exponent: a short text
has no room for a strong chance span (the edge effect of Altschul & Gish 1996; here mean excesses over 40 bits are 16 in
texts of 50 tokens and 28 in texts of 1,500). E is fitted to the strongest span of each text, so that spans which come
in clusters (a table of look-alike lines) are not taken for independent ones.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

TOKENS_PER_UNIT = 1000  # texts are measured in thousands of T2 tokens
_NO_SHAPE = 1e-9  # below, the powers of the general form lose all digits
KINDS = ("generalized-pareto", "empirical")


@dataclass(frozen=True, slots=True)
class Tail:
    """The null law of one tier.

    Attributes:
        kind: ``generalized-pareto``; or ``empirical`` where no fit held: upper bounds of the observed rates, and a
            heavy tail beyond.
        threshold: Score from which the fitted tail holds.
        log_rate: Natural logarithm of the expected number of texts' strongest spans at or over ``threshold``, a
            thousand tokens.
        scale: Of the generalized Pareto tail, in units of the score, positive.
        shape: Of the tail, at least 0: no score is called impossible.
        length_exponent: How the expectation grows with the length of the text.
        scale_exponent: How the scale grows with it; ``scale`` is that of a thousand tokens.
        knots: Scores below ``threshold``, increasing, each with its logarithmic rate.
        upper: Scores in a text of a thousand tokens, increasing, each with what to add to the logarithmic rate for its
            upper confidence bound.
        languages: Logarithmic factor of the rate by language; 0 for one that is not there.
    """

    kind: str
    threshold: float
    log_rate: float
    scale: float
    shape: float
    length_exponent: float
    scale_exponent: float = 0.0
    knots: tuple[tuple[float, float], ...] = ()
    upper: tuple[tuple[float, float], ...] = ()
    languages: tuple[tuple[str, float], ...] = ()

    @property
    def lowest_score(self) -> float:
        """The least score that was observed: what the tier finds at all."""
        return self.knots[0][0] if self.knots else self.threshold

    def log_rates(self, scores: NDArray[np.float64], units: NDArray[np.float64] | float = 1.0) -> NDArray[np.float64]:
        """Return the logarithm of the rate at each score, in texts of ``units`` thousand tokens. Same shape."""
        excesses = self._standard_excesses(scores, units)
        beyond = self.log_rate + log_survival(np.maximum(excesses, 0), self.scale, self.shape)
        if not self.knots:
            return beyond
        at = np.array([*self.knots, (self.threshold, self.log_rate)])
        return np.where(scores >= self.threshold, beyond, np.interp(scores, at[:, 0], at[:, 1]))

    def expected(
        self, scores: NDArray[np.float64], n_tokens: NDArray[np.int64] | int, language: str | None = None
    ) -> NDArray[np.float64]:
        """Return E: how many spans of at least each score chance gives in a text of ``n_tokens``. Same shape."""
        units = np.maximum(n_tokens, 1) / TOKENS_PER_UNIT
        factor = dict(self.languages).get(language, 0.0) if language is not None else 0.0
        return np.exp(self.log_rates(scores, units) + self.length_exponent * np.log(units) + factor)

    def upper_factors(self, scores: NDArray[np.float64], n_tokens: int) -> NDArray[np.float64]:
        """Return what E is multiplied by for its upper confidence bound, at least 1. Same shape."""
        if not self.upper:
            return np.ones_like(scores)
        at = np.array(self.upper)
        excesses = self._standard_excesses(scores, max(n_tokens, 1) / TOKENS_PER_UNIT)
        standard = np.where(excesses > 0, self.threshold + excesses, scores)
        factors = np.interp(standard, at[:, 0], at[:, 1])
        if len(at) > 1:  # the bound of an extrapolation widens as it did over the last knots
            slope = max(0.0, (at[-1, 1] - at[-2, 1]) / (at[-1, 0] - at[-2, 0]))
            factors = factors + slope * np.maximum(standard - at[-1, 0], 0)
        return np.exp(factors)

    def _standard_excesses(
        self, scores: NDArray[np.float64], units: NDArray[np.float64] | float
    ) -> NDArray[np.float64]:
        """Return what the excesses over the threshold would be in a text of a thousand tokens."""
        return (scores - self.threshold) * np.power(units, -self.scale_exponent)

    def scaled(self, *, score_factor: float, rate_factor: float) -> "Tail":
        """Return the law for another corpus, in which every chance score is ``score_factor`` times as high."""
        log_factor = math.log(rate_factor)
        return replace(
            self,
            threshold=self.threshold * score_factor,
            scale=self.scale * score_factor,
            log_rate=self.log_rate + log_factor,
            knots=tuple((score * score_factor, rate + log_factor) for score, rate in self.knots),
            upper=tuple((score * score_factor, factor) for score, factor in self.upper),
        )


def log_survival(excesses: NDArray[np.float64], scale: float, shape: float) -> NDArray[np.float64]:
    """Return the logarithm of the generalized Pareto survival function (Pickands 1975) at excesses >= 0.

    >>> log_survival(np.array([0.0, 2.0]), 2.0, 0.0).tolist()
    [-0.0, -1.0]
    """
    if shape < _NO_SHAPE:
        return -excesses / scale
    return -np.log1p(shape * excesses / scale) / shape


def inverse_log_survival(log_values: NDArray[np.float64], scale: float, shape: float) -> NDArray[np.float64]:
    """Return the excesses whose logarithmic survival is ``log_values`` <= 0."""
    if shape < _NO_SHAPE:
        return -log_values * scale
    return np.expm1(-shape * log_values) * scale / shape
