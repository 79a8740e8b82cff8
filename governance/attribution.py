"""Matches in, an attributed file report out: what each match may be used for, and why.

The rules:

- **Every place counts, and a permissive original counts most.** The text may be taken from any place that holds it,
  so one allowed license is enough: ``keep`` where it asks for nothing, else ``keep with notice``. The reason says
  when other places contradict it.
- **Not recorded is never permissive.** Places without a license, with one that cannot be read or that the table does
  not know give ``unknown license``, unless another place is known to stand under an allowed one.
- **Denied is ``rewrite``**, also beside places of unknown license: that the text stands under a denied license is
  known, that it stands under a better one is not.
- **Review is ``rewrite`` too**, with a reason that starts with "Needs review": a license that waits for a person's
  consent gives no right to the text yet, and ``unknown license`` would be false, for it is known. A person who
  accepts it writes it into the policy's ``allow`` list, which turns the verdict.
- **The first source decides.** Sources are ordered so that the verdict, the obligations and the notice are those of
  the first one.
- **One copy counts once**: of two readings of it, which differ by a few words at the edges, the milder one.
- **What does not count stays in the report** with the verdict ``keep`` and the reason why it does not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from codewhence.digests import text_sha256
from codewhence.governance.ignores import Ignores, is_marked, mark_offsets
from codewhence.governance.licenses.policy import Outcome, Policy
from codewhence.governance.nesting import settle_readings
from codewhence.governance.own_code import OwnCode
from codewhence.governance.reasons import reason_for, reason_ignored
from codewhence.governance.sources import RankedSources, rank_sources
from codewhence.lines import Position, locate
from codewhence.records import (
    AttributedMatch,
    FileReport,
    IndexSummary,
    Match,
    MatchKind,
    Report,
    Unread,
    Verdict,
    gravest,
)

NO_IGNORES = Ignores()


class FailOn(StrEnum):
    """From where on a report has findings. Matches that do not count are never findings.

    The middle two follow the verdict, so a policy that allows a license silences it at both.
    """

    EXACT = "exact"  # an exact match, whatever its license
    COPYLEFT = "copyleft"  # ``rewrite``: copyleft or another license that the policy denies or wants reviewed
    UNKNOWN = "unknown"  # as ``copyleft``, or ``unknown license``
    ANY = "any"  # any match


@dataclass(frozen=True, slots=True)
class _Checks:
    """What is the same for every match of a file."""

    text: str
    positions: dict[int, Position]
    mark_lines: list[int]
    policy: Policy
    own: OwnCode
    ignores: Ignores
    is_path_ignored: bool


def attribute(
    text: str,
    matches: Sequence[Match],
    *,
    path: str,
    policy: Policy,
    own: OwnCode | None = None,
    ignores: Ignores = NO_IGNORES,
) -> FileReport:
    """Say what may be done with each matched span of a text.

    Args:
        text: The text that was checked.
        matches: Its matches, in any order; spans in code points of ``text``.
        path: As the user named it; ``-`` for standard input.
        policy: What is allowed.
        own: Repositories that are the user's; the policy's where ``None``.
        ignores: The content of the ignore file.

    Returns:
        The same report for the same input, whatever the order of ``matches`` and of their sources.

    Raises:
        ValueError: A match ends after the text.
    """
    checks = _prepare(
        text,
        matches,
        policy=policy,
        own=OwnCode(policy.own_repos, policy.upstreams) if own is None else own,
        ignores=ignores,
        is_path_ignored=ignores.covers_path(path),
    )
    ordered = sorted((_attribute_match(match, checks) for match in matches), key=_report_order)
    attributed = tuple(settle_readings(ordered))
    counted = [item for item in attributed if counts(item)]
    return FileReport(
        path=path,
        n_characters=len(text),
        n_matched_characters=_n_covered(counted),
        matches=attributed,
        verdict=gravest([item.verdict for item in counted]),
    )


def make_report(
    index: IndexSummary,
    files: Iterable[FileReport],
    *,
    unread: Iterable[Unread] = (),
    timings: Mapping[str, Any] | None = None,
) -> Report:
    """Put the reports of files together.

    Args:
        index: The index that was asked.
        files: In the order in which the user named them.
        unread: Files that could not be checked.
        timings: Seconds by step.
    """
    reports = tuple(files)
    return Report(
        index=index,
        files=reports,
        verdict=gravest([report.verdict for report in reports]),
        unread=tuple(unread),
        timings=dict(timings or {}),
    )


def counts(match: AttributedMatch) -> bool:
    """Say whether a match counts towards the verdict."""
    return match.ignored is None


def is_finding(report: Report, level: FailOn) -> bool:
    """Say whether a report has findings at or over a level, so that ``check`` exits with 1."""
    return any(_reaches(match, level) for file in report.files for match in file.matches if counts(match))


def fingerprint(matched_text: str) -> str:
    r"""Return the stable id of a matched text, 64 hex digits.

    It is the sha256 of the text without its white space, so re-indenting, re-wrapping and moving it leave it as it
    is. Neither the path nor the position counts: equal texts have equal fingerprints, and one line of an ignore
    file silences all of them. A format that needs one id for each place adds the number of the occurrence.

    >>> fingerprint("if a:\n    b()") == fingerprint("if a:  b()\n")
    True
    """
    return text_sha256("".join(matched_text.split()))


def _prepare(
    text: str, matches: Sequence[Match], *, policy: Policy, own: OwnCode, ignores: Ignores, is_path_ignored: bool
) -> _Checks:
    for match in matches:
        if match.span.end > len(text):
            raise ValueError(f"{match.span} of a match ends after its text of {len(text)} characters")
    marks = mark_offsets(text) if matches else []
    edges = [offset for match in matches for offset in (match.span.start, match.span.end - 1)]
    positions = locate(text, [*edges, *marks]) if matches else {}
    return _Checks(
        text=text,
        positions=positions,
        mark_lines=[positions[offset].line for offset in marks],
        policy=policy,
        own=own,
        ignores=ignores,
        is_path_ignored=is_path_ignored,
    )


def _attribute_match(match: Match, checks: _Checks) -> AttributedMatch:
    span = match.span
    start = checks.positions[span.start]
    last = checks.positions[span.end - 1]
    ranked = rank_sources(match.sources, policy=checks.policy)
    text_id = fingerprint(checks.text[span.start : span.end])
    ignored = _ignored(match, checks, start_line=start.line, end_line=last.line, text_id=text_id)
    obligations = ranked.ranks[0].standing.obligations if ranked.ranks and not ignored else ()
    return AttributedMatch(
        match=match if ranked.sources == match.sources else replace(match, sources=ranked.sources),
        start_line=start.line,
        end_line=last.line,
        start_column=start.column,
        end_column=last.column + 1,
        fingerprint=text_id,
        verdict=Verdict.KEEP if ignored else _verdict(ranked),
        reason=reason_ignored(match, ignored=ignored) if ignored else reason_for(ranked),
        licenses=tuple(rank.standing.expression for rank in ranked.ranks if rank.standing.expression),
        obligations=tuple(obligation.value for obligation in obligations),
        ignored=ignored,
    )


def _ignored(match: Match, checks: _Checks, *, start_line: int, end_line: int, text_id: str) -> str | None:
    """Say why a match does not count; the reason that needs the fewest decisions by a person comes first."""
    if match.idiom:
        return "idiom"
    if checks.own and any(checks.own.covers(source.origin) for source in match.sources):
        return "own code"
    if is_marked(checks.mark_lines, start_line=start_line, end_line=end_line):
        return "inline ignore"
    if checks.is_path_ignored or text_id in checks.ignores.fingerprints:
        return "ignore file"
    return "chance" if match.is_chance else None


def _verdict(ranked: RankedSources) -> Verdict:
    if not ranked.ranks:
        return Verdict.UNKNOWN_LICENSE
    standing = ranked.ranks[0].standing
    if standing.outcome is Outcome.ALLOWED:
        return Verdict.KEEP_WITH_NOTICE if standing.obligations else Verdict.KEEP
    return Verdict.UNKNOWN_LICENSE if standing.outcome is Outcome.UNKNOWN else Verdict.REWRITE


def _reaches(match: AttributedMatch, level: FailOn) -> bool:
    if level is FailOn.EXACT:
        return match.match.kind is MatchKind.EXACT
    if level is FailOn.COPYLEFT:
        return match.verdict is Verdict.REWRITE
    if level is FailOn.UNKNOWN:
        return match.verdict in (Verdict.UNKNOWN_LICENSE, Verdict.REWRITE)
    return True


_KIND_ORDER = {kind: rank for rank, kind in enumerate(MatchKind)}


def _report_order(item: AttributedMatch) -> tuple[int, int, int, int, int, str]:
    """Order by start, then longest first; the rest makes the order independent of the one given."""
    match = item.match
    first = match.sources[0].doc_id if match.sources else ""
    return match.span.start, -len(match.span), _KIND_ORDER[match.kind], match.n_tokens, match.n_documents, first


def _n_covered(ordered: Sequence[AttributedMatch]) -> int:
    """Count the code points under at least one of the matches, which are ordered by start."""
    n_covered = 0
    cursor = 0
    for item in ordered:
        span = item.match.span
        n_covered += max(0, span.end - max(cursor, span.start))
        cursor = max(cursor, span.end)
    return n_covered
