"""What the page's tabs are given: a checker, samples to try it on, a clock, and a place to name errors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from codewhence.records import Document, FileReport, IndexSummary


class Checker(Protocol):
    """The question that a tab asks of an index; ``codewhence.app.wiring.Checker`` answers it."""

    @property
    def index_summary(self) -> IndexSummary:
        """What the page says about the index."""
        ...

    def check_text(self, text: str, *, path: str) -> FileReport:
        """Say where ``text`` comes from; ``path`` is how the report names it.

        Raises:
            CodewhenceError: The index is damaged or gone, or the text cannot be checked.
        """
        ...

    def document(self, doc_id: str) -> Document | None:
        """Return a document of the index, ``None`` where it is not there or has been taken out."""
        ...


class Sample(Protocol):
    """A text that matches the index, made from the index's own documents."""

    @property
    def title(self) -> str:
        """A few words for a button."""
        ...

    @property
    def text(self) -> str:
        """What is put into the editor, to the character."""
        ...

    @property
    def description(self) -> str:
        """What the check of it shows, in one sentence."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a tab may use.

    Attributes:
        checker: Answers checks; called from several threads at once.
        samples: Offered in this order; may be empty.
        clock: Seconds on a clock that never goes back.
        name_error: Takes one line about an error that nobody foresaw.
    """

    checker: Checker
    samples: Sequence[Sample]
    clock: Callable[[], float]
    name_error: Callable[[str], None]
