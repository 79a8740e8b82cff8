"""What a calibration is, and what it says of the spans of a text."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from codewhence.index.calibration.scored import ScoredSpan
from codewhence.index.calibration.significance import (
    DEFAULT_ALPHA,
    Joint,
    Significance,
    expected_spans,
    significances,
)
from codewhence.index.calibration.tail import Tail
from codewhence.records import CalibrationSummary

OWN, DEFAULT = "own", "default"
_LEAST_SHARE = 0.01  # of a language: near ones (C and C++, JavaScript and TypeScript) match each other


@dataclass(frozen=True, slots=True)
class SizeLaw:
    """How the chance scores of a tier grow with the corpus, measured on nested parts of one (docs/decisions/0008).

    Attributes:
        score_exponent: Scores grow with this power of log2(tokens): the best of many chances (Karlin & Altschul 1990).
        rate_exponent: And their rate with this power of the number of tokens.
    """

    score_exponent: float
    rate_exponent: float


@dataclass(frozen=True, slots=True)
class CorpusSize:
    """Size of a corpus.

    Attributes:
        n_documents: Documents.
        n_tokens: T2 tokens in them.
        languages: Documents of each language, by name.
    """

    n_documents: int
    n_tokens: int
    languages: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Calibration:
    """The null laws of all tiers over one index.

    Attributes:
        source: ``own``, measured on the index itself; or ``default``, the shipped one, scaled to its size.
        reason: Why the default; ``None`` for an own one.
        root: Merkle root of the manifest that it was made for.
        seed: Chose repositories and pieces.
        size: Of the corpus that the laws are for.
        tails: Law of each tier.
        joint: How the tiers hang together.
        size_laws: Of each tier; of the shipped default only.
        evidence: Everything else that calibration.json records: repositories, what was removed, fit tests.
        unigrams: Name and sha256 of the table of bits that was made with it, or ``None``.
        is_stale: The index has changed since: answers are given, and reports say so.
    """

    source: str
    reason: str | None
    root: str
    seed: int
    size: CorpusSize
    tails: dict[str, Tail]
    joint: Joint
    size_laws: dict[str, SizeLaw] = field(default_factory=dict)
    evidence: dict[str, Any] = field(default_factory=dict)
    unigrams: tuple[str, str] | None = None
    is_stale: bool = False

    @property
    def summary(self) -> CalibrationSummary:
        """What reports say about it."""
        return CalibrationSummary(self.source, self.reason, self.is_stale)

    def p_value(self, tier: str, score: float, n_tokens: int, language: str | None = None) -> float:
        """Return the probability that a text of ``n_tokens`` without copies holds so strong a span, in any tier."""
        (found,) = self.significances([ScoredSpan(0, 1, score, tier)], n_tokens=n_tokens, language=language)
        return found.p_value

    def significances(
        self, spans: Sequence[ScoredSpan], *, n_tokens: int, language: str | None = None
    ) -> list[Significance]:
        """Return p- and q-value of each span of one text, in their order.

        Args:
            spans: All that were found in it.
            n_tokens: Its length in T2 tokens.
            language: Its language, which may have more chance matches than others.
        """
        expected, upper = expected_spans(self.tails, self.joint, spans, n_tokens=n_tokens, language=language)
        return significances(expected, upper, self.joint.cluster)

    def significant(
        self,
        spans: Sequence[ScoredSpan],
        *,
        n_tokens: int,
        language: str | None = None,
        alpha: float = DEFAULT_ALPHA,
    ) -> list[bool]:
        """Say of each span whether it counts: its q-value is at most ``alpha``."""
        return [each.q_value <= alpha for each in self.significances(spans, n_tokens=n_tokens, language=language)]

    def scaled_to(self, size: CorpusSize, *, root: str, reason: str) -> "Calibration":
        """Return this default as it applies to a corpus of another size."""
        tails = {}
        for tier, tail in self.tails.items():
            law = self.size_laws[tier]
            score_factor = (_log_tokens(size) / _log_tokens(self.size)) ** law.score_exponent
            rate_factor = (max(size.n_tokens, 1) / self.size.n_tokens) ** law.rate_exponent
            scaled = tail.scaled(score_factor=score_factor, rate_factor=rate_factor)
            tails[tier] = replace(scaled, languages=self._language_factors(tail, law, size))
        return replace(
            self, source=DEFAULT, reason=reason, root=root, size=size, tails=tails, evidence={}, unigrams=None
        )

    def _language_factors(self, tail: Tail, law: SizeLaw, size: CorpusSize) -> tuple[tuple[str, float], ...]:
        """Return the factor of each language: chance matches come from code of the same language.

        So it is its own share of the corpus that counts, not the whole: a language has more of them where it is much
        of the corpus than where it is little.
        """
        measured, ours, theirs = dict(tail.languages), _shares(self.size), _shares(size)
        factors = []
        for language in sorted({*ours, *theirs}):
            ratio = max(theirs.get(language, 0.0), _LEAST_SHARE) / max(ours.get(language, 0.0), _LEAST_SHARE)
            factors.append((language, measured.get(language, 0.0) + law.rate_exponent * math.log(ratio)))
        return tuple(factors)


def _shares(size: CorpusSize) -> dict[str, float]:
    return {language: n_documents / max(size.n_documents, 1) for language, n_documents in size.languages}


def _log_tokens(size: CorpusSize) -> float:
    return math.log2(max(size.n_tokens, 2))
