"""How chance scores grow with the corpus: the same texts asked of nested parts of it, one law for all parts."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from codewhence.index.calibration.calibration import Calibration, CorpusSize, SizeLaw
from codewhence.index.calibration.null import Null

# Where the laws are compared: scores that so many of the texts reach by chance over the whole corpus.
_SHARES = (0.1, 0.05, 0.02, 0.01, 0.005)
# Chance scores rise by a factor, and their rates do; rates apply to the share of a language too.
_SCORE_EXPONENTS = np.arange(0, 2.01, 0.25)
_RATE_EXPONENTS = np.arange(0, 1.21, 0.1)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the corpus and what the null texts find in it."""

    size: CorpusSize
    null: Null


@dataclass(frozen=True, slots=True)
class Agreement:
    """A law and how well it holds: texts over each score in each part, found and foretold."""

    law: SizeLaw
    deviance: float
    table: tuple[tuple[int, float, float], ...]  # tokens of the part, found, foretold


def fit_size_law(whole: Calibration, parts: list[Part], tier: str) -> Agreement:
    """Return the law that foretells best how many texts reach which scores in each part."""
    candidates = [
        _agreement(whole, parts, tier, SizeLaw(float(score), float(rate)))
        for score in _SCORE_EXPONENTS
        for rate in _RATE_EXPONENTS
    ]
    return min(candidates, key=lambda each: each.deviance)


def _agreement(whole: Calibration, parts: list[Part], tier: str, law: SizeLaw) -> Agreement:
    scores = _levels(whole, parts[0].null, tier)
    lawful = replace(whole, size_laws=dict.fromkeys(whole.tails, law))
    deviance, table = 0.0, []
    for part in parts:
        scaled = lawful.scaled_to(part.size, root="", reason="")
        factor = scaled.tails[tier].threshold / whole.tails[tier].threshold
        strongest = part.null.tier(tier).scores
        for score in (scores * factor).tolist():
            found = int((strongest >= score).sum())
            foretold = _foretold(scaled, part.null, tier, score)
            # Poisson deviance; scores nest, so that texts count several times, in every candidate alike.
            deviance += 2 * (foretold - found + (found * np.log(found / foretold) if found else 0.0))
            table.append((part.size.n_tokens, float(found), foretold))
    return Agreement(law, deviance, tuple(table))


def _foretold(scaled: Calibration, null: Null, tier: str, score: float) -> float:
    """Return how many of the texts are expected to reach a score."""
    languages = np.array(null.languages)
    total = 0.0
    for language in sorted(set(null.languages)):
        n_tokens = null.n_tokens[languages == language]
        expected = scaled.tails[tier].expected(np.full(len(n_tokens), score), n_tokens, language)
        total += float(-np.expm1(-expected).sum())
    return total


def _levels(whole: Calibration, null: Null, tier: str) -> NDArray[np.float64]:
    scores = np.sort(null.tier(tier).scores)[::-1]
    levels = [scores[round(share * len(scores))] for share in _SHARES]
    return np.array([level for level in levels if np.isfinite(level)])
