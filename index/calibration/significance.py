"""The p-values and q-values of the spans that were found in one text, all tiers under one false-alarm rate.

E of a span is how many chance spans as strong, in any tier, a text as long has, clusters counted once. A span of which
its own tier expects e is as strong as one of another tier that expects e of it, in proportion to the shares of the
tiers; and no tier has more than it finds at all:

    E = factor * (sum over tiers of min(share * x, all of the tier)),    x = e / share of the span's own tier

A text without copies holds one with probability p = 1 - exp(-E). Of the R spans of a file that are as strong,
cluster * E are chance ones on average (Benjamini & Hochberg 1995), and there is any at all with probability p: the
false share is at most the smaller of cluster * E / R and p. Where the strongest span is no discovery, none is: so at
most alpha of the files without copies are flagged, however their chance spans hang together (docs/decisions/0008).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codewhence.index.calibration.scored import ScoredSpan
from codewhence.index.calibration.tail import Tail

# At most 1 % of unseen texts may be flagged. Functions have p-values that are too large by two or three (0008), and the
# shipped law is strict: on 1,302 functions of forty packages that no benchmark reports on, 0.015 flags 0.6 %.
DEFAULT_ALPHA = 0.015
# How the false alarms are shared out. Measured choice: whole exact copies are far over any threshold and are found by
# the touched tier too; a fourth for the exact one costs short exact runs, which count by their length alone from 150
# characters on (index/match.py).
SHARES = {"exact": 0.25, "touched": 1.0}
_AT_MOST = 0.02
_MOST_FACTOR = 1.5  # more than 1 mends laws that all lie a little too low


@dataclass(frozen=True, slots=True)
class Joint:
    """How the tiers hang together under the null.

    Attributes:
        factor: Texts with a chance span of a strength in any tier, against the sum over the tiers: 1 where they have
            nothing to do with each other, one by the number of tiers where they find the same.
        cluster: Chance spans that a text has where it has one, on average; at least 1.
    """

    factor: float = 1.0
    cluster: float = 1.0


@dataclass(frozen=True, slots=True)
class Significance:
    """How sure a span is.

    Attributes:
        p_value: Probability that a text of this length without copies holds so strong a span.
        q_value: Share of false ones among the spans of this text that are at least as strong, at most.
    """

    p_value: float
    q_value: float


def expected_spans(
    tails: Mapping[str, Tail],
    joint: Joint,
    spans: Sequence[ScoredSpan],
    *,
    n_tokens: int,
    language: str | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return E of each span, and its upper confidence bound. Shapes ``(n_spans,)``.

    Raises:
        KeyError: A tier has no law.
    """
    expected, upper = np.empty(len(spans)), np.empty(len(spans))
    ceilings = {
        tier: float(tail.expected(np.array([tail.lowest_score]), n_tokens, language)[0]) for tier, tail in tails.items()
    }
    for tier in {span.tier for span in spans}:
        own = np.array([number for number, span in enumerate(spans) if span.tier == tier])
        scores = np.array([spans[number].score for number in own], dtype=np.float64)
        in_tier = tails[tier].expected(scores, n_tokens, language)
        as_strong = in_tier / SHARES[tier]
        in_any = joint.factor * sum(np.minimum(SHARES[each] * as_strong, ceiling) for each, ceiling in ceilings.items())
        expected[own] = np.maximum(in_tier, in_any)
        upper[own] = expected[own] * tails[tier].upper_factors(scores, n_tokens)
    return expected, upper


def significances(expected: NDArray[np.float64], upper: NDArray[np.float64], cluster: float) -> list[Significance]:
    """Return p- and q-value of each span of one text.

    Args:
        expected: E of each span. Shape ``(n_spans,)``.
        upper: Its upper confidence bound, from which q-values are made. Shape ``(n_spans,)``.
        cluster: ``Joint.cluster``.
    """
    if not len(expected):
        return []
    p_values = -np.expm1(-expected)
    bounds = -np.expm1(-upper)
    order = np.argsort(bounds, kind="stable")
    n_as_strong = np.searchsorted(bounds[order], bounds[order], side="right")
    shares = np.minimum(bounds[order], cluster * upper[order] / n_as_strong)
    at_least = np.minimum.accumulate(shares[::-1])[::-1]
    q_values = np.empty(len(bounds))
    q_values[order] = np.maximum(at_least, bounds.min())
    return [Significance(float(p), float(q)) for p, q in zip(p_values, q_values, strict=True)]


def measure_joint(
    tails: Mapping[str, Tail],
    spans_of_texts: Sequence[Sequence[ScoredSpan]],
    n_tokens: NDArray[np.int64],
    languages: Sequence[str | None],
) -> Joint:
    """Measure on the null how much the tiers find beside each other, and how spans cluster.

    Counted are texts with a span of which ``_AT_MOST`` are expected in any tier if the tiers are independent: rare
    enough to be near the decision, frequent enough to count.
    """
    n_texts = n_spans = 0
    wanted = 0.0
    for spans, length, language in zip(spans_of_texts, n_tokens.tolist(), languages, strict=True):
        expected, _ = expected_spans(tails, Joint(), spans, n_tokens=length, language=language)
        n_strong = int((expected <= _AT_MOST).sum())
        n_texts += n_strong > 0
        n_spans += n_strong
        wanted += -float(np.expm1(-_AT_MOST))
    if not n_texts:
        return Joint()
    return Joint(factor=float(np.clip(n_texts / wanted, 1 / len(tails), _MOST_FACTOR)), cluster=n_spans / n_texts)
