"""A report for people at a terminal: one line a match, the verdict last."""

import shlex
from dataclasses import dataclass

from codewhence.app.formats.columns import GAP, aligned, width_of, without_end, without_start
from codewhence.app.formats.wording import (
    best_source,
    calibration_note,
    chance_label,
    counted,
    counting_matches,
    kind_label,
    license_label,
    n_files_of,
    needs_chance,
    range_label,
    share_label,
    size_label,
    source_label,
    verdict_label,
    visible,
)
from codewhence.app.shown import for_people, n_chance_matches
from codewhence.records import AttributedMatch, FileReport, IndexSummary, Report, Verdict

_INDENT = "  "
_MAX_NAMED_PATHS = 3
# Wider terminals gain nothing from a longer way for the eye between a file's figures and its index.
_MAX_HEAD_CELLS = 120
_IDIOM = "idiom"

# Select graphic rendition (ECMA-48, 8.3.117). Color repeats what the words say; it never says more.
_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}
_VERDICT_STYLES = {
    Verdict.KEEP: "green",
    Verdict.KEEP_WITH_NOTICE: "yellow",
    Verdict.UNKNOWN_LICENSE: "yellow",
    Verdict.REWRITE: "red",
}


@dataclass(frozen=True, slots=True)
class _Screen:
    """Where the text goes: ``width_cells`` is ``None`` for a pipe, where nothing is shortened or broken."""

    width_cells: int | None
    color: bool

    def fits(self, line: str) -> bool:
        return self.width_cells is None or width_of(line) <= self.width_cells

    def styled(self, text: str, style: str | None) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.color and style is not None else text


@dataclass(frozen=True, slots=True)
class _Row:
    """One match as cells."""

    place: str
    kind: str
    chance: str
    source: str
    license: str
    verdict: str
    style: str | None


def render(report: Report, *, width_cells: int | None, color: bool) -> str:
    """Return the report as text, ending in a newline.

    Args:
        report: What was found.
        width_cells: Width of the terminal; ``None`` for a pipe, where nothing is shortened or broken.
        color: Whether to use bold, dim and color.
    """
    n_chance = n_chance_matches(report)
    report = for_people(report)
    screen = _Screen(width_cells, color)
    notes = _notes(report, n_chance=n_chance)
    lines = [
        *_files(report, screen),
        *_unread(report, screen),
        *(screen.styled(note, "dim") for note in notes),
        *_foot(report, screen),
    ]
    return "".join(f"{line}\n" for line in lines)


def _files(report: Report, screen: _Screen) -> list[str]:
    index = _index_label(report.index)
    if len(report.files) == 1:
        return [*_head_of_one(report.files[0], index, screen), *_rows(report.files[0], screen)]
    lines = [screen.styled(index, "dim")]
    matched = [file for file in report.files if file.matches]
    for file in matched:
        lines += [screen.styled(_title(file), "bold"), *_rows(file, screen)]
    n_others = len(report.files) - len(matched)
    if n_others:
        lines.append(f"no matches in {counted(n_others, 'other file' if matched else 'file')}")
    return lines


def _head_of_one(file: FileReport, index: str, screen: _Screen) -> list[str]:
    """Put the only file and the index on one line where they fit."""
    title = _title(file)
    width = min(screen.width_cells or _MAX_HEAD_CELLS, _MAX_HEAD_CELLS)
    n_blanks = width - width_of(title) - width_of(index)
    if n_blanks < len(GAP):
        return [screen.styled(index, "dim"), screen.styled(title, "bold")]
    return [screen.styled(title, "bold") + " " * n_blanks + screen.styled(index, "dim")]


def _index_label(index: IndexSummary) -> str:
    parts = [f"index {visible(index.name)}@{index.root[:4]}…", counted(index.n_files, "file")]
    if index.optouts_to is not None:
        parts.append(f"opt-outs to {visible(index.optouts_to)}")
    return GAP.join(parts)


def _title(file: FileReport) -> str:
    path = visible(file.path)
    if file.n_characters == 0:
        return f"{path}{GAP}empty"
    size = counted(file.n_characters, "character")
    if not file.matches:
        return f"{path}{GAP}no matches in {size}"
    return f"{path}{GAP}{counted(len(file.matches), 'match', 'matches')}, {share_label(file)} of {size}"


def _row(attributed: AttributedMatch) -> _Row:
    match = attributed.match
    kind = f"{kind_label(match)}, {size_label(match)}"
    place = range_label(attributed)
    source = best_source(attributed)
    if attributed.ignored == _IDIOM or source is None:
        where = f"in {counted(n_files_of(match), 'file')}" if match.n_documents else "in the training set"
        license_name = "common idiom" if attributed.ignored == _IDIOM else "no source"
    else:
        n_more = len(match.sources) - 1
        where = source_label(source) + (f" (+{n_more:,})" if n_more else "")
        license_name = license_label(source.origin.licenses)
    if attributed.ignored is None:
        verdict, style = attributed.verdict.value, _VERDICT_STYLES[attributed.verdict]
    else:
        verdict, style = "ignored", "dim"
        if attributed.ignored != _IDIOM:
            verdict = f"ignored: {visible(attributed.ignored)}"
    chance = chance_label(match) if attributed.ignored is None and needs_chance(match) else None
    return _Row(place, kind, chance or "", where, license_name, verdict, style)


def _rows(file: FileReport, screen: _Screen) -> list[str]:
    rows = [_row(attributed) for attributed in file.matches]
    kinds = [f"{row.kind}, {row.chance}" if row.chance else row.kind for row in rows]
    wide = aligned(
        [[row.place, kind, row.source, row.license, row.verdict] for row, kind in zip(rows, kinds, strict=True)]
    )
    wide = [_INDENT + line for line in wide]
    if all(screen.fits(line) for line in wide):
        return [_painted(line, row, screen) for line, row in zip(wide, rows, strict=True)]
    lines = []
    for first, row in zip(aligned([[row.place, row.kind, row.verdict] for row in rows]), rows, strict=True):
        lines.append(_painted(_INDENT + first, row, screen))
        lines.append(screen.styled(_second_line(row, screen), "dim" if row.style == "dim" else None))
    return lines


def _second_line(row: _Row, screen: _Screen) -> str:
    """Give source and license a line of their own, shortened only where the terminal is narrower still."""
    end = f"{GAP}{row.chance}" if row.chance else ""
    line = f"{_INDENT * 2}{row.source}{GAP}{row.license}{end}"
    if screen.width_cells is None or screen.fits(line):
        return line
    room = max(screen.width_cells - len(_INDENT * 2) - len(GAP) - len(end), 2)
    license_name = without_end(row.license, width_cells=max(room // 2, room - width_of(row.source)))
    source = without_start(row.source, width_cells=max(room - width_of(license_name), 1))
    return f"{_INDENT * 2}{source}{GAP}{license_name}{end}"


def _painted(line: str, row: _Row, screen: _Screen) -> str:
    """Dim an ignored row; of the others, color the verdict at its end."""
    if row.style == "dim":
        return screen.styled(line, "dim")
    return line[: -len(row.verdict)] + screen.styled(row.verdict, row.style)


def _unread(report: Report, screen: _Screen) -> list[str]:
    return [
        f"{visible(unread.path)}{GAP}{screen.styled('not read', 'yellow')}: {visible(unread.reason)}"
        for unread in report.unread
    ]


def _notes(report: Report, *, n_chance: int) -> list[str]:
    """Say once what is to be known about chance: what it explains is not listed, and how well it is known."""
    notes = []
    if n_chance:
        them = "it" if n_chance == 1 else "them"
        notes.append(f"{counted(n_chance, 'match', 'matches')} left out that chance explains; --json lists {them}")
    calibration = calibration_note(report.index)
    if calibration and (n_chance or any(file.matches for file in report.files)):
        notes.append(f"calibration: {calibration}")
    return notes


def _foot(report: Report, screen: _Screen) -> list[str]:
    if not report.files:
        why = "no file could be read" if report.unread else "there was nothing to check"
        return [f"verdict: none, {why}"]
    style = _VERDICT_STYLES[report.verdict]
    verdict = f"verdict: {verdict_label(report)}"
    hint = _hint(report)
    if hint is None:
        return [screen.styled(verdict, style)]
    if screen.fits(f"{verdict}   {hint}"):
        return [f"{screen.styled(verdict, style)}   {hint}"]
    return [screen.styled(verdict, style), hint]


def _hint(report: Report) -> str | None:
    """Say what to do next: write the notices that are owed, or what silence is worth."""
    owing = {
        file.path: None
        for file, attributed in counting_matches(report)
        if attributed.verdict is Verdict.KEEP_WITH_NOTICE and file.path != "-"
    }
    if owing:
        paths = [shlex.quote(visible(path)) for path in owing]
        named = " ".join(paths) if len(paths) <= _MAX_NAMED_PATHS else "PATH..."
        return f"codewhence notice {named} > THIRD-PARTY-NOTICES"
    if not any(True for _ in counting_matches(report)):
        return "no match is no proof: copies of a few lines and rewritten ones can be missed"
    return None
