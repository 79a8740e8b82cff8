"""One check: everything the user points at, to one Report."""

from collections.abc import Iterable

from codewhence.app.inputs import Input
from codewhence.app.wiring import Checker
from codewhence.governance.attribution import make_report
from codewhence.records import FileReport, Report, Unread


def check_all(inputs: Iterable[Input | Unread], checker: Checker) -> Report:
    """Check each text in turn, one in memory at a time, and put the answers together.

    Raises:
        FormatError: The index is damaged where it was read.
        UsageError: What the inputs raise.
    """
    started = checker.clock()
    files: list[FileReport] = []
    unread: list[Unread] = []
    for item in inputs:
        if isinstance(item, Unread):
            unread.append(item)
        else:
            files.append(checker.check_text(item.text, path=item.path, added=item.added))
    timings = {**checker.timings, "total_seconds": checker.clock() - started}
    rounded = {step: round(seconds, 6) for step, seconds in sorted(timings.items())}
    return make_report(checker.index_summary, files, unread=unread, timings=rounded)
