"""The null: what chance gives in texts that were not copied, and which texts had to be left out because they were."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from codewhence.index.calibration.null_scoring import OnScored, ScoreAll, Spans, unheard
from codewhence.index.calibration.null_texts import NullText, Survey, null_texts
from codewhence.index.calibration.scored import TIERS, ScoredSpan
from codewhence.index.calibration.tail_choice import TierNull
from codewhence.index.idioms import is_license_text
from codewhence.index.store import Index
from codewhence.index.tokens import Tokens, tokenize
from codewhence.index.winnow import gram_hashes, selected

# A run of equal tokens as long as this is a copy, whoever took it from whom: among unseen code one text in a thousand
# has one of 27 by chance (facts/attribution.md 2b).
COPIED_RUN_TOKENS = 50
# So is a text of which a single span of equal tokens covers this share.
COPIED_SHARE = 0.5
# A text more of whose fingerprints were met before in the null says nothing new.
_REPEATED_SHARE = 0.5
# Of the strongest scores of a null, so many of one repository held by one other make the two related.
_STRONGEST_SHARE, _RELATED_TEXTS, _MOST_ROUNDS = 0.02, 2, 5
MIN_TOKENS = 40
# Bounds the time: at 6 ms for 500 tokens a minute or less.
MAX_TOKENS = 2_000_000


@dataclass(frozen=True, slots=True)
class _FitText:
    piece: NullText
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Null:
    """The scores of the null texts.

    Attributes:
        repositories: Names, by number.
        numbers: Number of each text's repository. Shape ``(n_texts,)``.
        n_tokens: Length of each text. Shape ``(n_texts,)``.
        languages: Of each text.
        spans: Scored spans of each text.
        removed: Texts left out, by reason.
    """

    repositories: tuple[str, ...]
    numbers: NDArray[np.int64]
    n_tokens: NDArray[np.int64]
    languages: tuple[str, ...]
    spans: tuple[tuple[ScoredSpan, ...], ...]
    removed: dict[str, int]

    def __len__(self) -> int:
        return len(self.spans)

    def tier(self, tier: str) -> TierNull:
        """Return the strongest score of each text in one tier."""
        strongest = [max((span.score for span in found if span.tier == tier), default=-np.inf) for found in self.spans]
        return TierNull(np.array(strongest, dtype=np.float64), self.n_tokens, self.numbers, self.languages)


def draw_null(
    index: Index,
    score_all: ScoreAll,
    found: Survey,
    *,
    seed: int,
    n_texts: int,
    on_scored: OnScored = unheard,
) -> Null:
    """Score pieces of the index, each with its own repository left out, until ``n_texts`` stay in the null.

    Args:
        index: The index.
        score_all: Finds scored spans over it.
        found: Where the documents of each repository stand.
        seed: Chooses the pieces.
        n_texts: Wanted; fewer where the index has no more or ``MAX_TOKENS`` are reached.
        on_scored: Called with how many more texts are scored.
    """
    removed: Counter[str] = Counter()
    if found.shared:
        removed["document of several repositories"] = found.shared
    fit = _fit_texts(null_texts(index, found, seed=seed, n_texts=n_texts), removed)
    kept: list[tuple[_FitText, Spans]] = []
    while len(kept) < n_texts:
        lot = list(islice(fit, n_texts - len(kept)))
        if not lot:
            break
        for text, spans in zip(lot, score_all([each.piece for each in lot], on_scored), strict=True):
            of_code = of_chance(spans, text.piece.text)
            reason = copied(of_code, text.tokens)
            if reason is None:
                kept.append((text, of_code))
            else:
                removed[reason] += 1
    n_before = len(kept)
    kept = _without_related(kept)
    if n_before > len(kept):
        removed["of a repository whose strongest matches stand in one other"] = n_before - len(kept)
    names = tuple(sorted({text.piece.repository for text, _ in kept}))
    number_of = {name: number for number, name in enumerate(names)}
    return Null(
        repositories=names,
        numbers=np.array([number_of[text.piece.repository] for text, _ in kept], dtype=np.int64),
        n_tokens=np.array([len(text.tokens) for text, _ in kept], dtype=np.int64),
        languages=tuple(text.piece.language for text, _ in kept),
        spans=tuple(spans for _, spans in kept),
        removed=dict(sorted(removed.items())),
    )


def _without_related(kept: list[tuple[_FitText, Spans]]) -> list[tuple[_FitText, Spans]]:
    """Drop what shows two repositories to be related: several of the strongest scores of one, all held by the other.

    Chance spreads over repositories; touched copies of a vendored project do not, and equal tokens do not tell of them.
    Looked at is which repository, never how strong beyond being among the strongest, so that the tail keeps its form.
    """
    for _ in range(_MOST_ROUNDS):
        suspects: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for tier in TIERS:
            strongest = [_strongest(spans, tier) for _, spans in kept]
            scores = sorted((each.score for each in strongest if each is not None), reverse=True)
            least = scores[min(len(scores), max(1, round(_STRONGEST_SHARE * len(kept)))) - 1] if scores else 0.0
            for number, each in enumerate(strongest):
                if each is not None and each.score >= least:
                    for other in each.repositories:
                        suspects[kept[number][0].piece.repository, other].add(number)
        dropped = {number for some in suspects.values() if len(some) >= _RELATED_TEXTS for number in some}
        if not dropped:
            break
        kept = [pair for number, pair in enumerate(kept) if number not in dropped]
    return kept


def _strongest(spans: Spans, tier: str) -> ScoredSpan | None:
    return max((span for span in spans if span.tier == tier), key=lambda span: span.score, default=None)


def _fit_texts(pieces: Iterator[NullText], removed: Counter[str]) -> Iterator[_FitText]:
    """Yield the pieces that can be null texts before they are scored, until ``MAX_TOKENS`` are reached."""
    seen: set[int] = set()
    n_tokens = 0
    for piece in pieces:
        tokens = tokenize(piece.text)
        reason = _unfit(tokens, seen)
        if reason is not None:
            removed[reason] += 1
            continue
        yield _FitText(piece, tokens)
        n_tokens += len(tokens)
        if n_tokens >= MAX_TOKENS:
            return


def _unfit(tokens: Tokens, seen: set[int]) -> str | None:
    """Say why a text cannot be a null text, before it is scored; note its fingerprints."""
    if len(tokens) < MIN_TOKENS:
        return "too short"
    grams = gram_hashes(tokens.hashes)
    fingerprints = set(grams[selected(grams)].tolist())
    n_met = len(fingerprints & seen)
    if n_met > _REPEATED_SHARE * len(fingerprints):
        return "like another text of the null"
    seen |= fingerprints
    return None


def of_chance(spans: Sequence[ScoredSpan], text: str) -> Spans:
    """Leave out the spans of license texts: they are idioms, never counted, and would stand for most of the tail."""
    return tuple(span for span in spans if not is_license_text(text[span.start : span.end]))


def copied(spans: Sequence[ScoredSpan], tokens: Tokens) -> str | None:
    """Say why a text is a copy of what the index holds elsewhere, by runs of equal tokens alone.

    The touched tier is not asked: whoever leaves out its strongest scores finds that it has none.
    """
    for span in spans:
        if span.tier != TIERS[0]:
            continue
        first, last = tokens.within(span.start, span.end)
        if last - first >= COPIED_RUN_TOKENS:
            return "a run of equal tokens stands in another repository"
        if last - first > COPIED_SHARE * len(tokens):
            return "more than half stands in another repository"
    return None
