"""Two readings of one copy, and the one that counts.

The index reports a copy as its longest span and, where more documents hold slightly less of it, as that span too
(docs/decisions/0005). The few words in which they differ agree by chance, and must not turn the verdict: text that
stands under MIT in forty places is not copyleft because one copyleft copy of it goes on alike for four characters.
"""

from collections.abc import Sequence
from dataclasses import replace

from codewhence.records import AttributedMatch, FileReport, Verdict

OTHER_READING = "other reading"
_IDIOM = "idiom"
# Fewer tokens than one gram of the index: less than anything that it could find by itself.
_CHANCE_TOKENS = 12
# What goes beyond an idiom may be longer, up to the shortest run that is certain to be found and reported by itself.
_BESIDE_IDIOM_TOKENS = 19
_MILDEST_FIRST = list(Verdict)


def settle_readings(matches: Sequence[AttributedMatch]) -> list[AttributedMatch]:
    """Let one reading of each copy count: the one with the milder verdict, the longer one where they agree.

    Where one of the two is an idiom the other is that idiom with a few words more, and neither counts; of two idioms
    the longer one stands for both.

    Args:
        matches: The matches of one file, by start, the longer first.

    Returns:
        The same matches in the same order; the other readings do not count, and say why.
    """
    settled = list(matches)
    for place, match in enumerate(matches):
        for inner_place in range(place + 1, len(settled)):
            outer, inner = settled[place], settled[inner_place]
            if inner.match.span.start >= match.match.span.end:
                break
            if not _are_readings(outer, inner):
                continue
            outer_loses = not outer.match.idiom and (inner.match.idiom or _is_milder(inner, outer))
            loser, winner = (place, inner) if outer_loses else (inner_place, outer)
            settled[loser] = _set_aside(settled[loser], winner)
    return settled


def without_other_readings(report: FileReport) -> FileReport:
    """Leave out the readings that were set aside: people want each copy once, programs want them all."""
    matches = tuple(match for match in report.matches if match.ignored != OTHER_READING)
    return report if len(matches) == len(report.matches) else replace(report, matches=matches)


def _is_milder(one: AttributedMatch, other: AttributedMatch) -> bool:
    return _MILDEST_FIRST.index(one.verdict) < _MILDEST_FIRST.index(other.verdict)


def _are_readings(outer: AttributedMatch, inner: AttributedMatch) -> bool:
    n_tokens_more = outer.match.n_tokens - inner.match.n_tokens
    return (
        (outer.ignored is None or (outer.ignored == _IDIOM and inner.match.idiom))
        and (inner.ignored is None or inner.ignored == _IDIOM)
        and inner.match.kind is outer.match.kind
        and outer.match.span.contains(inner.match.span)
        and n_tokens_more < (_BESIDE_IDIOM_TOKENS if inner.match.idiom else _CHANCE_TOKENS)
    )


def _set_aside(loser: AttributedMatch, winner: AttributedMatch) -> AttributedMatch:
    n_characters = len(winner.match.span)
    return replace(
        loser,
        verdict=Verdict.KEEP,
        reason=f"Does not count: the same copy, read as {n_characters:,} characters, is judged for itself.",
        obligations=(),
        ignored=OTHER_READING,
    )
