"""What the page says when there is no match to show: each state in words, with what to do next."""

from codewhence.app.ui import inert
from codewhence.app.ui.summary import index_line, left_out
from codewhence.app.ui.wording import plural
from codewhence.errors import CodewhenceError
from codewhence.index.winnow import GUARANTEE
from codewhence.records import IndexSummary

# Documented limit of the page. The Stack keeps no file over 1 MB, and a browser is no place for larger ones.
MAX_TEXT_CHARS = 1_000_000

PRIVACY = "Nothing you paste is stored or leaves this machine."
NO_SELECTION = (
    '<p class="cw-hint">The match that you select is shown here: where it comes from, under which license, and '
    "what keeping it asks for.</p>"
)
FORGOTTEN = '<p class="cw-hint">This result is no longer kept here. Check the text again.</p>'


def empty(index: IndexSummary, *, has_samples: bool) -> str:
    """Return what stands on the page before the first check."""
    sample = ", or pick a sample that matches" if has_samples else ""
    return _state(
        "Where does this code come from?", f"Paste code, then choose <b>Check</b>{sample}.", PRIVACY
    ) + index_line(index)


def blank() -> str:
    """Return the answer to a text without a character to look for."""
    return _state("There is nothing to check yet", "Paste some code first.", PRIVACY)


def too_short(n_tokens: int) -> str:
    """Return the answer to a text that is shorter than what the index is certain to find."""
    return _state(
        "Too short to tell",
        f"This is {plural(n_tokens, 'token')}; a copy is found for certain from {GUARANTEE} tokens on (words and "
        "operators; brackets, quotes and punctuation do not count).",
        "Paste a few more lines.",
    )


def too_long(n_characters: int) -> str:
    """Return the answer to a text over the limit; it was not checked at all."""
    return _state(
        "Too long for the page",
        f"This is {n_characters:,} characters or more; the page takes up to {MAX_TEXT_CHARS:,}. Nothing was checked.",
        "For a file of any size run <code>codewhence check FILE</code>.",
    )


def no_match(index: IndexSummary, *, seconds: float, n_chance: int) -> str:
    """Return the answer to a text of which nothing was found that chance does not explain."""
    weak = f" {left_out(n_chance)}" if n_chance else ""
    return _state(
        "No match",
        f"No copy was found in the index: not to the letter, not in another layout, not under other names.{weak}",
        "Absence is not proof: the index holds what it was built from, and copies of a few lines or rewritten ones can "
        "be missed.",
    ) + index_line(index, seconds=seconds)


def refused(error: CodewhenceError) -> str:
    """Return an error that we raised on purpose: its message says what is wrong and what to do."""
    return _state("This could not be checked", inert.name(str(error)), PRIVACY, is_alert=True)


def failed(error_id: str) -> str:
    """Return an error that nobody foresaw, by the id under which the server's terminal names it."""
    return _state(
        "Something went wrong on our side",
        f"The check stopped at an error that nobody foresaw: <code>{inert.code(error_id)}</code>.",
        "The terminal that runs <code>codewhence serve</code> names the place under this id. Your text is not in it.",
        is_alert=True,
    )


def _state(title: str, *paragraphs: str, is_alert: bool = False) -> str:
    role = ' role="alert"' if is_alert else ""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f'<div class="cw-state"{role}><h2>{title}</h2>{body}</div>'
