"""The line viewer: the checked text with its matches marked, whole or, where it is long, around its matches."""

import json
from collections.abc import Iterator, Sequence

from codewhence.app.ui import inert
from codewhence.app.ui.code_view import CodeView, Mark
from codewhence.app.ui.wording import KIND_LABELS, Kind, kind_label, line_range, look_of, plural, strength
from codewhence.governance.attribution import counts
from codewhence.records import AttributedMatch, FileReport

# Measured choice: from click to last row 0.7 to 0.9 s for 5,000 lines, 1.7 s for 20,000 (Chromium 156, two busy
# cores, 2026-11). What people read is around the matches anyway.
MAX_LINES = 5_000
CONTEXT_LINES = 20  # around each match of a longer text

_KEYS = (
    "<kbd>n</kbd> next match · <kbd>p</kbd> previous · <kbd>Enter</kbd> select, again for the one beneath · "
    "<kbd>w</kbd> wrap lines"
)


def viewer(text: str, report: FileReport) -> str:
    """Return the viewer's HTML for a text that was checked.

    Args:
        text: The text, as it was given to the checker.
        report: What the checker said; its spans are code points of ``text``.
    """
    marks = [
        Mark(match.match.span, look_of(match), match_label(report.matches, index))
        for index, match in enumerate(report.matches)
    ]
    view = CodeView(text, marks, strongest_first=strongest_first(report.matches))
    numbers, note = _shown(view)
    labels = inert.attribute(json.dumps([mark.label for mark in marks]))
    name = inert.attribute(f"Checked text, {plural(len(marks), 'match', 'matches')}. Keys n and p go through them.")
    return (
        f"{note}"
        f'<div class="cw-code" role="region" tabindex="0" aria-label="{name}" data-labels="{labels}" '
        f'data-selected="{first_match(report.matches)}" style="--cw-digits: {len(str(view.n_lines))}">'
        f'<div class="cw-rows">{"".join(_rows(view, numbers))}</div></div>'
        f'<div class="cw-legend">{_legend(report.matches)}<p class="cw-keys">{_KEYS}</p></div>'
    )


def strongest_first(matches: Sequence[AttributedMatch]) -> list[int]:
    """Return the indices of ``matches`` by falling strength."""
    return sorted(range(len(matches)), key=lambda index: strength(matches[index]), reverse=True)


def first_match(matches: Sequence[AttributedMatch]) -> int:
    """Return the match to show first: the earliest that counts, else the earliest."""
    return next((index for index, match in enumerate(matches) if counts(match)), 0)


def match_label(matches: Sequence[AttributedMatch], index: int) -> str:
    """Return one match in words, for a tooltip and for a screen reader."""
    match = matches[index]
    verdict = f", {match.verdict.value}" if counts(match) else ""
    lines = line_range(match.start_line, match.end_line)
    return f"Match {index + 1} of {len(matches)}: {kind_label(match)}, {lines}{verdict}"


def _shown(view: CodeView) -> tuple[Sequence[int], str]:
    """Choose the lines to show, and say so where they are not all."""
    if view.n_lines <= MAX_LINES:
        return range(view.n_lines), ""
    wanted: list[int] = []
    for number in view.marked_lines():
        first = max(number - CONTEXT_LINES, wanted[-1] + 1 if wanted else 0)
        wanted.extend(range(first, min(number + CONTEXT_LINES + 1, view.n_lines)))
    shown = wanted[:MAX_LINES]
    what = f"{plural(CONTEXT_LINES, 'line')} around each match"
    if len(shown) < len(wanted):
        what += (
            f", up to {plural(MAX_LINES, 'line')} in all; for the rest run <code>codewhence check</code> on the file"
        )
    return shown, f'<p class="cw-note">{plural(view.n_lines, "line")}, too long to show whole: {what}.</p>'


def _rows(view: CodeView, numbers: Sequence[int]) -> Iterator[str]:
    expected = 0
    for number in numbers:
        if number > expected:
            yield _skipped(expected, number)
        yield view.row_with_badge(number)
        expected = number + 1
    if expected < view.n_lines:
        yield _skipped(expected, view.n_lines)


def _skipped(first: int, end: int) -> str:
    return f'<div class="cw-skipped">{line_range(first + 1, end).capitalize()} not shown</div>'


def _legend(matches: Sequence[AttributedMatch]) -> str:
    """Explain the lines under the marks, those that occur only."""
    kinds = {look_of(match).kind for match in matches}
    items = [
        f'<li><span class="cw-sample cw-is-{kind}">{KIND_LABELS[kind]}</span></li>' for kind in Kind if kind in kinds
    ]
    return f'<ul aria-label="Legend">{"".join(items)}</ul>' if items else ""
