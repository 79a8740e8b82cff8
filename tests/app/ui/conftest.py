"""A checker that finds what it is told to find, and HTML read back as a browser reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from codewhence.governance.attribution import attribute
from codewhence.governance.licenses.policy import DEFAULT_POLICY
from codewhence.records import (
    Document,
    FileReport,
    IndexSummary,
    LicenseSource,
    Match,
    MatchKind,
    Origin,
    Source,
    Span,
)

INDEX = IndexSummary("invented", "0123456789abcdef" * 4, n_documents=3, n_files=4_211, optouts_to="2026-11-20")


def make_document(
    content: str,
    *,
    doc_id: str = "swh:1:cnt:" + "a" * 40,
    repo: str = "invented/queue",
    path: str = "src/queue.py",
    licenses: tuple[str, ...] = ("MIT",),
    url: str | None = "https://example.com/invented/queue",
) -> Document:
    known = LicenseSource.RECORDED if licenses else LicenseSource.NOT_RECORDED
    origin = Origin(repo, path, revision="1.0", licenses=licenses, license_source=known, origin_url=url)
    return Document(doc_id, content, "0" * 64, (origin,), language="python")


def make_match(
    document: Document,
    *,
    at: int,
    length: int,
    source_start: int = 0,
    verbatim: bool = True,
    idiom: bool = False,
    n_sources: int = 1,
    kind: MatchKind = MatchKind.EXACT,
    p_value: float | None = None,
    is_chance: bool = False,
) -> Match:
    start_line = document.content.count("\n", 0, source_start) + 1
    end_line = document.content.count("\n", 0, source_start + length - 1) + 1
    span = Span(source_start, source_start + length)
    source = Source(document.doc_id, span, start_line, end_line, document.origins[0])
    return Match(
        Span(at, at + length),
        kind,
        verbatim and kind is MatchKind.EXACT,
        length,
        (source,) * n_sources,
        n_sources,
        idiom=idiom,
        p_value=p_value,
        q_value=p_value,
        is_chance=is_chance,
    )


@dataclass
class ScriptedChecker:
    """Says of every text what ``script`` says; the reports are made by the real ``attribute``."""

    script: Callable[[str], Sequence[Match]]
    documents: dict[str, Document] = field(default_factory=dict)
    index_summary: IndexSummary = INDEX

    def check_text(self, text: str, *, path: str) -> FileReport:
        return attribute(text, self.script(text), path=path, policy=DEFAULT_POLICY)

    def document(self, doc_id: str) -> Document | None:
        return self.documents.get(doc_id)


class ReadBack(HTMLParser):
    """The text of a page, of each line, and of each match's marks, as a browser would hold them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.lines: list[str] = []
        self.marks: dict[int, str] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._covering: list[int] = []
        self._in_code = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "code":
            self._in_code += 1
            self.lines.append("")
        if tag == "mark":
            self._covering = [int(index) for index in (dict(attrs)["data-matches"] or "").split()]

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._covering = []
        if tag == "code":
            self._in_code -= 1

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_code:
            self.lines[-1] += data
        for index in self._covering:
            self.marks[index] = self.marks.get(index, "") + data


@dataclass(frozen=True)
class Kit:
    """What tests of the page are made from; a fixture, because test modules cannot import one another."""

    index: IndexSummary = INDEX
    document: Callable[..., Document] = make_document
    match: Callable[..., Match] = make_match
    checker: Callable[..., ScriptedChecker] = ScriptedChecker
    read_back: Callable[[str], ReadBack] = ReadBack


@pytest.fixture(scope="session")
def kit() -> Kit:
    return Kit()
