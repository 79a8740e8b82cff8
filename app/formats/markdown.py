"""A report as GitHub-flavored Markdown, for a comment on a pull request or the summary of a job."""

from codewhence.app.formats.markup import referenced
from codewhence.app.formats.wording import (
    best_source,
    calibration_note,
    chance_label,
    counted,
    kind_label,
    license_label,
    n_files_of,
    needs_chance,
    range_label,
    share_label,
    size_label,
    source_label,
    verdict_label,
)
from codewhence.app.shown import for_people, n_chance_matches
from codewhence.records import AttributedMatch, FileReport, Report

# A comment is to be read: beyond this, the JSON or SARIF report is the place to look.
MAX_ROWS = 100
MAX_FILES = 50
# GitHub refuses a comment over 65,536 characters.
MAX_CHARACTERS = 60_000


def render(report: Report) -> str:
    """Return the report as Markdown, ending in a newline. Long reports are cut, and say where."""
    n_chance = n_chance_matches(report)
    report = for_people(report)
    blocks = [f"**codewhence: {referenced(verdict_label(report))}**"]
    matched = [file for file in report.files if file.matches]
    for file in matched[:MAX_FILES]:
        blocks += [_heading(file), _table(file)]
    if len(matched) > MAX_FILES:
        blocks.append(f"{counted(len(matched) - MAX_FILES, 'more file')} with matches left out.")
    n_clean = len(report.files) - len(matched)
    if n_clean:
        blocks.append(f"No matches in {counted(n_clean, 'other file' if matched else 'file')}.")
    if n_chance:
        blocks.append(f"{counted(n_chance, 'match', 'matches')} left out that chance explains.")
    if report.unread:
        blocks.append(_unread(report))
    return _cut("\n\n".join(blocks)) + f"\n\n{_index(report)}\n"


def _cut(text: str) -> str:
    """Keep the whole lines that fit, and say so where not all do."""
    if len(text) <= MAX_CHARACTERS:
        return text
    kept = text[: text.rindex("\n", 0, MAX_CHARACTERS)]
    return f"{kept}\n\nCut here: the rest is in the JSON and SARIF reports."


def _heading(file: FileReport) -> str:
    n_matches = counted(len(file.matches), "match", "matches")
    size = counted(file.n_characters, "character")
    return f"{_code(file.path)}: {n_matches}, {share_label(file)} of {size}"


def _table(file: FileReport) -> str:
    lines = ["| Lines | Match | Source | License | Verdict |", "| --- | --- | --- | --- | --- |"]
    lines += [_row(attributed) for attributed in file.matches[:MAX_ROWS]]
    n_left_out = len(file.matches) - MAX_ROWS
    if n_left_out > 0:
        lines.append(f"| | {counted(n_left_out, 'more match', 'more matches')} left out | | | |")
    return "\n".join(lines)


def _row(attributed: AttributedMatch) -> str:
    match = attributed.match
    source = best_source(attributed)
    if attributed.ignored == "idiom" or source is None:
        where = f"in {counted(n_files_of(match), 'file')}"
        license_name = "common idiom" if attributed.ignored == "idiom" else "no source"
    else:
        n_more = len(match.sources) - 1
        where = _code(source_label(source)) + (f" (+{n_more:,})" if n_more else "")
        license_name = referenced(license_label(source.origin.licenses))
    verdict = f"**{attributed.verdict.value}**"
    if attributed.ignored is not None:
        verdict = f"ignored ({referenced(attributed.ignored)})"
    kind = f"{kind_label(match)}, {size_label(match)}"
    if attributed.ignored is None and needs_chance(match):
        kind += f", {chance_label(match)}"
    return f"| {referenced(range_label(attributed))} | {kind} | {where} | {license_name} | {verdict} |"


def _unread(report: Report) -> str:
    lines = [f"- {_code(unread.path)}: {referenced(unread.reason)}" for unread in report.unread[:MAX_ROWS]]
    if len(report.unread) > MAX_ROWS:
        lines.append(f"- {counted(len(report.unread) - MAX_ROWS, 'more file')}")
    return "Not read:\n\n" + "\n".join(lines)


def _index(report: Report) -> str:
    index = report.index
    optouts = f", opt-outs to {referenced(index.optouts_to)}" if index.optouts_to is not None else ""
    name = _code(f"{index.name}@{index.root[:12]}")
    note = calibration_note(index)
    calibration = f" Calibration: {referenced(note)}." if note else ""
    return f"Index {name}, {counted(index.n_files, 'file')}{optouts}.{calibration} Absence of a match is not proof."


def _code(text: str) -> str:
    """Return ``text`` in the code font. No backticks: a table cell cannot hold every text in those."""
    return f"<code>{referenced(text)}</code>"
