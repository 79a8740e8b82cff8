"""What is calibrated: the scored spans that the tiers find in a text, and who gives them."""

import math
from dataclasses import dataclass
from typing import Protocol

# The tiers, in the order in which calibration.json lists them.
TIERS = ("exact", "touched")


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span of a text that a tier takes for copied, and how strongly.

    Attributes:
        start: First code point of the text.
        end: One past the last.
        score: In bits; the larger, the less likely by chance. Scores of two tiers need not be comparable.
        tier: One of ``TIERS``.
        repositories: Where it stands, some of them; empty where that is not asked.
    """

    start: int
    end: int
    score: float
    tier: str
    repositories: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.tier not in TIERS or not math.isfinite(self.score) or not 0 <= self.start < self.end:
            raise ValueError(f"not a scored span: {self.tier!r} [{self.start}, {self.end}) {self.score!r}")


class Scorer(Protocol):
    """Finds the scored spans of a text over one index."""

    def __call__(self, text: str, language: str | None, left_out: frozenset[str], /) -> list[ScoredSpan]:
        """Return the spans of ``text`` in every tier, in any order.

        A text of the index itself is scored as if its repository had never been indexed: no span is given for a
        document that stands in repositories of ``left_out`` alone, and the frequency of a gram does not count
        such documents. (Else a gram of the text's own would seem twice as frequent as in a text from outside.)

        Args:
            text: Any text.
            language: Lower-case name, ``None`` where unknown.
            left_out: Names of repositories (``Origin.repo``).
        """
        ...
