"""One check, from a pasted text to the pieces of HTML that the page shows: every outcome has its words."""

from dataclasses import dataclass

from codewhence.app.shown import file_for_people, is_chance
from codewhence.app.ui import panel, reporting, states, summary, viewer
from codewhence.app.ui.services import Services
from codewhence.errors import CodewhenceError
from codewhence.index.tokens import tokenize
from codewhence.index.winnow import GUARANTEE
from codewhence.records import FileReport

PASTED = "-"  # how reports name text that is no file


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page shows after a check.

    Attributes:
        summary: HTML of the block above the code: the verdict, or why there is none.
        code: HTML of the line viewer.
        panel: HTML of the selected match.
        report: Kept for the next selection; it holds spans and sources, and nothing of the text.
    """

    summary: str
    code: str = ""
    panel: str = ""
    report: FileReport | None = None


def answer(services: Services, text: object) -> Answer:
    """Check ``text`` and say what was found, or why nothing was.

    Args:
        services: Of the page.
        text: As it came over the wire: anything but text is answered as no text.
    """
    if not isinstance(text, str) or not text.strip():
        return Answer(states.blank())
    if len(text) > states.MAX_TEXT_CHARS:
        return Answer(states.too_long(len(text)))
    try:
        return _checked(services, text)
    except CodewhenceError as error:
        return Answer(states.refused(error))
    except Exception as error:  # the boundary to the browser, as cli/root.py is to the terminal
        return Answer(_named(services, error))


def selected(services: Services, report: FileReport | None, index: object) -> str:
    """Return the panel for match ``index`` of ``report``; a hint where there is no such match or no report any more."""
    if report is None:
        return states.FORGOTTEN
    if not isinstance(index, int) or not 0 <= index < len(report.matches):
        return states.NO_SELECTION
    try:
        return panel.panel(report, index, services.checker.document)
    except CodewhenceError as error:
        return states.refused(error)
    except Exception as error:  # as above
        return _named(services, error)


def _checked(services: Services, text: str) -> Answer:
    started = services.clock()
    found = services.checker.check_text(text, path=PASTED)
    report = file_for_people(found)
    n_chance = sum(map(is_chance, found.matches))
    seconds = services.clock() - started
    index = services.checker.index_summary
    if not report.matches:
        n_tokens = len(tokenize(text).hashes)
        if n_tokens < GUARANTEE:
            return Answer(states.too_short(n_tokens))
        return Answer(states.no_match(index, seconds=seconds, n_chance=n_chance))
    first = viewer.first_match(report.matches)
    return Answer(
        summary.summary(report, index, seconds=seconds, n_chance=n_chance),
        viewer.viewer(text, report),
        panel.panel(report, first, services.checker.document),
        report,
    )


def _named(services: Services, error: Exception) -> str:
    error_id = reporting.new_error_id()
    services.name_error(reporting.describe(error, error_id))
    return states.failed(error_id)
