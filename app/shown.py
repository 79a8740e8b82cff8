"""What of a report people are shown: each copy once, and matches that chance explains as a number.

Programs get everything (JSON). SARIF is read by people in the end: it keeps other readings, and leaves chance out too.
"""

from dataclasses import replace

from codewhence.governance.nesting import without_other_readings
from codewhence.records import AttributedMatch, FileReport, Report

CHANCE = "chance"


def for_people(report: Report) -> Report:
    """Return a report in which each copy stands once and no match is one that chance explains."""
    return replace(report, files=tuple(map(file_for_people, report.files)))


def file_for_people(file: FileReport) -> FileReport:
    """Return what ``for_people`` returns, of one file."""
    return without_chance(without_other_readings(file))


def without_chance(file: FileReport) -> FileReport:
    """Leave out the matches of a file that chance explains."""
    kept = tuple(match for match in file.matches if not is_chance(match))
    return file if len(kept) == len(file.matches) else replace(file, matches=kept)


def n_chance_matches(report: Report) -> int:
    """Count the matches that chance explains."""
    return sum(is_chance(match) for file in report.files for match in file.matches)


def is_chance(attributed: AttributedMatch) -> bool:
    """Say whether a match does not count because unrelated texts hold such ones too, and for no other reason."""
    return attributed.ignored == CHANCE
