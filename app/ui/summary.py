"""What a check found, in one block above the code: verdict, share, counts, licenses, and the index that was asked."""

from collections import Counter

from codewhence.app.formats.wording import calibration_note
from codewhence.app.ui import inert
from codewhence.app.ui.chips import license_chip
from codewhence.app.ui.wording import (
    KIND_LABELS,
    VERDICT_ADVICE,
    VERDICT_TONES,
    Kind,
    look_of,
    plural,
)
from codewhence.governance.attribution import counts
from codewhence.records import AttributedMatch, FileReport, IndexSummary, Verdict

ROOT_DIGITS = 8


def summary(report: FileReport, index: IndexSummary, *, seconds: float, n_chance: int) -> str:
    """Return the summary's HTML for a report with at least one match.

    Args:
        report: What the checker said.
        index: The index that was asked.
        seconds: How long the check took.
        n_chance: Matches that ``report`` leaves out because chance explains them.
    """
    counted = [match for match in report.matches if counts(match)]
    headline, advice, tone = report.verdict.value, VERDICT_ADVICE[report.verdict], VERDICT_TONES[report.verdict]
    if not counted:
        headline, advice = Verdict.KEEP.value, "Everything that matched is a common idiom or was set aside."
    return (
        f'<div class="cw-verdict cw-tone-{tone}"><strong>{headline.capitalize()}</strong><span>{advice}</span></div>'
        f'<ul class="cw-counts"><li><b>{share(report)}</b> of {plural(report.n_characters, "character")} matched</li>'
        f"{_kind_counts(report.matches)}</ul>{_licenses(counted)}{_note(n_chance)}{index_line(index, seconds=seconds)}"
    )


def left_out(n_chance: int) -> str:
    """Say that matches are not shown, which say nothing.

    >>> left_out(1)
    '1 match is left out: chance explains it.'
    """
    verb, them = ("is", "it") if n_chance == 1 else ("are", "them")
    return f"{plural(n_chance, 'match', 'matches')} {verb} left out: chance explains {them}."


def _note(n_chance: int) -> str:
    return f'<p class="cw-note">{left_out(n_chance)}</p>' if n_chance else ""


def share(report: FileReport) -> str:
    """Return the matched share in percent; a small one is not rounded away.

    >>> from codewhence.records import FileReport, Verdict
    >>> share(FileReport("-", 1000, 1, (), Verdict.KEEP)), share(FileReport("-", 1000, 414, (), Verdict.KEEP))
    ('under 1 %', '41 %')
    """
    percent = 100 * report.n_matched_characters / max(report.n_characters, 1)
    if 0 < percent < 1:
        return "under 1 %"
    return f"{percent:.0f} %" if percent < 99 or percent == 100 else "over 99 %"


def index_line(index: IndexSummary, *, seconds: float | None = None) -> str:
    """Return which index was asked, how old it is, and how long it took, where it was asked."""
    title = inert.attribute(f"Merkle root {index.root}")
    optouts = f"opt-outs to {index.optouts_to}" if index.optouts_to else "no opt-outs applied"
    parts = [
        f'index {inert.name(index.name)}<code title="{title}">@{inert.code(index.root[:ROOT_DIGITS])}</code>',
        plural(index.n_files, "file"),
        inert.name(optouts),
    ]
    if index.training_set:
        parts.insert(1, inert.name(index.training_set))
    if seconds is not None:
        parts.append(_duration(seconds))
    note = calibration_note(index)
    if note:
        parts.append(f"calibration: {inert.name(note)}")
    return f'<p class="cw-index">{" · ".join(parts)}</p>'


def _duration(seconds: float) -> str:
    if seconds < 0.001:
        return "under 1 ms"
    return f"{1000 * seconds:,.0f} ms" if seconds < 10 else f"{seconds:,.0f} s"


def _kind_counts(matches: tuple[AttributedMatch, ...]) -> str:
    by_kind = Counter(look_of(match).kind for match in matches)
    items = []
    for kind in Kind:
        if not (n := by_kind[kind]):
            continue
        words = (KIND_LABELS[kind], KIND_LABELS[kind].replace("copy", "copies"))
        text = f"{n:,} ignored" if kind is Kind.IGNORED else plural(n, *words)
        items.append(f'<li><span class="cw-sample cw-is-{kind}">{text}</span></li>')
    return "".join(items)


def _licenses(counted: list[AttributedMatch]) -> str:
    """List the licenses of the matches that count, each with the number of matches it stands under."""
    by_license: Counter[str | None] = Counter()
    for match in counted:
        by_license.update(match.licenses or (None,))
    chips = [
        f"<li>{license_chip(expression)} {plural(n, 'match', 'matches')}</li>"
        for expression, n in sorted(by_license.items(), key=lambda item: (-item[1], item[0] or ""))
    ]
    return f'<ul class="cw-licenses" aria-label="Licenses">{"".join(chips)}</ul>' if chips else ""
