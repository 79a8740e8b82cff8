"""Why a match has its verdict, in one sentence that a person can act on."""

from codewhence.governance.licenses.policy import Outcome
from codewhence.governance.licenses.standing import Standing
from codewhence.governance.sources import RankedSources
from codewhence.records import LicenseSource, Match

# A report line stays readable: what does not fit is counted.
_MAX_LISTED = 3


def reason_for(ranked: RankedSources) -> str:
    """Explain the verdict of a match that counts.

    The sentence names the license that decides and in how many places the text stands under it, then everything
    that contradicts it: a copy recorded as permissive may itself have been taken from the copyleft one.
    """
    if not ranked.ranks:
        return "The text is known to the membership filter, but no file was found, so its license is not known."
    first = ranked.ranks[0]
    n_places = len(ranked.sources)
    lead = _lead(first.standing, share=_share(first.n_places, n_places), is_detected=_is_detected(ranked))
    rest = [(rank.standing, rank.n_places) for rank in ranked.ranks[1:]]
    if not rest:
        return f"{lead}."
    listed = [_place(standing, n) for standing, n in rest[:_MAX_LISTED]]
    n_unlisted = len(rest) - _MAX_LISTED
    if n_unlisted > 0:
        listed.append(f"under {n_unlisted} more {_plural(n_unlisted, 'license')}")
    also = f"{lead}; it also stands {_join(listed)}"
    is_contested = first.standing.outcome is Outcome.ALLOWED and any(
        standing.outcome is not Outcome.ALLOWED for standing, _ in rest
    )
    return f"{also}, so check that the allowed copy is the original." if is_contested else f"{also}."


def reason_ignored(match: Match, *, ignored: str) -> str:
    """Explain why a match does not count."""
    n = match.n_documents
    details = {
        "idiom": f"a common idiom, in {n:,} {_plural(n, 'file')}, says nothing about where the text is from",
        "own code": "the text stands in a repository that the policy lists as own or upstream",
        "inline ignore": "a mark in the text says so",
        "ignore file": "the ignore file lists its path or its fingerprint",
        "chance": "text as plain as this agrees by chance: unrelated files hold such matches too",
    }
    return f"Does not count: {details[ignored]}."


def _lead(standing: Standing, *, share: str, is_detected: bool) -> str:
    detected = ", as detected," if is_detected else ""
    blockers = _join(list(standing.blockers[:_MAX_LISTED]))
    if standing.outcome is Outcome.ALLOWED:
        offered = "" if standing.arm == standing.expression else f" (chosen from {standing.expression})"
        demand = "with a notice" if standing.obligations else "and asks for nothing"
        return f"{standing.arm}{offered}{detected} allows keeping it {demand}, {share}"
    if standing.outcome is Outcome.REVIEW:
        return (
            f"Needs review: under {blockers}{detected}, {share}, it may be kept only once a person accepts that license"
        )
    if standing.outcome is Outcome.UNKNOWN and standing.expression is None:
        return f"No license is recorded, {share}"
    if standing.outcome is Outcome.UNKNOWN:
        names = _join([f"'{text}'" for text in standing.blockers[:_MAX_LISTED]])
        return f"The license table does not know {names}{detected}, {share}"
    if standing.expression is None:
        return f"No license is recorded and the policy denies unknown licenses, {share}"
    return f"The policy denies {blockers}{detected}, {share}, and no place offers an allowed license"


def _is_detected(ranked: RankedSources) -> bool:
    """Say whether the best license is known only by detection; sources recorded come first among equals."""
    return ranked.sources[0].origin.license_source is LicenseSource.DETECTED


def _share(n: int, n_all: int) -> str:
    if n == n_all:
        return "in the only place found" if n == 1 else f"in all {n:,} places"
    return f"in {n:,} of {n_all:,} places"


def _place(standing: Standing, n: int) -> str:
    where = f"in {n:,} {_plural(n, 'place')}"
    return (
        f"without a recorded license {where}" if standing.expression is None else f"under {standing.expression} {where}"
    )


def _join(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def _plural(n: int, word: str) -> str:
    return word if n == 1 else f"{word}s"
