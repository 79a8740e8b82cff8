r"""The records that travel between rooms: Origin, Document, Span, Source, Match, Report.

Spans are half-open and count code points of the text that was given; anything else says so in its name.
Lines count from 1 and end at ``\\n``, at ``\\r\\n`` or at a lone ``\\r``.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class LicenseSource(StrEnum):
    """How the licenses of an origin are known."""

    RECORDED = "recorded"  # the training set or the package metadata says so
    DETECTED = "detected"  # read off a license file or an SPDX tag beside or in the file
    NOT_RECORDED = "not_recorded"  # nothing says: never to be taken for permissive


class DocumentKind(StrEnum):
    """What a document is."""

    CODE = "code"
    ISSUE = "issue"
    NOTEBOOK = "notebook"
    COMMIT = "commit"


class MatchKind(StrEnum):
    """How a span of the query is related to its sources."""

    EXACT = "exact"  # the same words and operators in the same order; ``Match.verbatim`` says if layout is too
    RENAMED = "renamed"  # the same shape under other names
    POSSIBLE = "possible"  # membership alone, no source


class Verdict(StrEnum):
    """What to do with matched text, mildest first."""

    KEEP = "keep"
    KEEP_WITH_NOTICE = "keep with notice"
    UNKNOWN_LICENSE = "unknown license"
    REWRITE = "rewrite"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document was found. One document has one origin for each place that holds the same bytes.

    Attributes:
        repo: Repository as people name it: ``owner/name`` on a forge, the project of a package, a folder.
        path: Path inside ``repo``, with forward slashes.
        revision: Commit id or package version; ``None`` where the training set records none.
        branch: Branch name, where recorded.
        licenses: SPDX expressions, all of which apply; empty where not recorded.
        license_source: How ``licenses`` is known.
        license_files: Document ids of the license texts that came with the file, for notices.
        stars: Stars of the repository, where recorded.
        is_fork: Whether the repository is a fork, where recorded.
        forked_from: The repository that it was forked from, where recorded.
        origin_url: Address of the repository or the project.
    """

    repo: str
    path: str
    revision: str | None = None
    branch: str | None = None
    licenses: tuple[str, ...] = ()
    license_source: LicenseSource = LicenseSource.NOT_RECORDED
    license_files: tuple[str, ...] = ()
    stars: int | None = None
    is_fork: bool | None = None
    forked_from: str | None = None
    origin_url: str | None = None

    def __post_init__(self) -> None:
        if bool(self.licenses) == (self.license_source is LicenseSource.NOT_RECORDED):
            raise ValueError(f"licenses {self.licenses!r} contradict license_source {self.license_source.value!r}")


@dataclass(frozen=True, slots=True)
class Document:
    """A text of the training set, identified by its original bytes.

    Attributes:
        doc_id: ``swh:1:cnt:<git blob sha1>`` of the original bytes.
        content: The decoded text, as indexed.
        text_sha256: sha256 of ``content`` as UTF-8. It differs from the bytes behind ``doc_id`` when the text
            was transcoded or redacted.
        language: Lower-case name (``python``, ``c++``), or ``None`` where unknown.
        origins: Every place that holds it, sorted, at least one.
    """

    doc_id: str
    content: str
    text_sha256: str
    origins: tuple[Origin, ...]
    kind: DocumentKind = DocumentKind.CODE
    language: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open interval ``[start, end)`` in code points of the text that was given."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span must satisfy 0 <= start < end, got [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def contains(self, other: "Span") -> bool:
        """Say whether ``other`` lies within this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Source:
    """One place of the training set that holds a matched span.

    Attributes:
        doc_id: The document that holds it.
        span: Where, in code points of that document's text.
        start_line: First line of ``span``, from 1.
        end_line: Last line of ``span``, from 1.
        origin: The file that this line of the report names; a document with several origins gives several sources.
        verbatim: This source is equal to the character; otherwise its layout or punctuation differs.
    """

    doc_id: str
    span: Span
    start_line: int
    end_line: int
    origin: Origin
    verbatim: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """A span of the query that stands in the training set, with every place where it stands.

    Attributes:
        span: Where, in code points of the query.
        kind: How it is related to the sources.
        verbatim: The span is equal to at least one source to the character; otherwise layout or punctuation differs.
        n_tokens: Length in T2 tokens (words and operators).
        sources: Every place, one a document and origin.
        n_documents: Number of distinct documents that hold the span.
        idiom: The span is so frequent that it says nothing about its origin.
        p_value: Probability that a text of this length without copies holds so strong a match.
        q_value: Share of false ones among the matches of this text that are as strong, at most.
        is_chance: The match is no stronger than what unrelated texts show: it does not count.
        bits: How surprising the matched text is, under a table of how frequent each word is in the training set.
    """

    span: Span
    kind: MatchKind
    verbatim: bool
    n_tokens: int
    sources: tuple[Source, ...]
    n_documents: int
    idiom: bool = False
    p_value: float | None = None
    q_value: float | None = None
    is_chance: bool = False
    bits: float | None = None


@dataclass(frozen=True, slots=True)
class AttributedMatch:
    """A match with its license verdict.

    Attributes:
        match: The match.
        start_line: First line in the query, from 1.
        end_line: Last line in the query, from 1.
        start_column: First column, in code points from 1.
        end_column: One past the last column, in code points from 1.
        fingerprint: Stable id of the matched text: sha256 of it without white space; re-indenting keeps it.
        verdict: What to do; ``KEEP`` for a match that does not count.
        reason: Why, in one sentence.
        licenses: SPDX expressions of the sources, most permissive first, without repetition.
        obligations: What keeping it asks for, by id (``attribution``, ``license-text``, …).
        ignored: Why the match does not count (``idiom``, ``own code``, ``inline ignore``, ``ignore file``,
            ``chance``, ``other reading``), or ``None``.
    """

    match: Match
    start_line: int
    end_line: int
    start_column: int
    end_column: int
    fingerprint: str
    verdict: Verdict
    reason: str
    licenses: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    ignored: str | None = None


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found in one file.

    Attributes:
        path: As the user named it; ``-`` for standard input.
        n_characters: Length of the text in code points.
        n_matched_characters: Code points under at least one match that counts.
        matches: Ordered by start, then longest first.
        verdict: The gravest of the matches that count.
    """

    path: str
    n_characters: int
    n_matched_characters: int
    matches: tuple[AttributedMatch, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be checked, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class CalibrationSummary:
    """What a report says about the chances that it states.

    Attributes:
        source: ``own``, measured on the index itself; or ``default``, the shipped one, scaled to its size.
        reason: Why the default; ``None`` for an own one.
        is_stale: The index has changed since.
    """

    source: str
    reason: str | None = None
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """What a report says about the index that it was made with.

    Attributes:
        name: Folder or alias name.
        root: Merkle root of the manifest, 64 hex digits.
        n_documents: Distinct documents.
        n_files: Origins: files as people count them.
        training_set: Free text that names the training set's version, or ``None``.
        optouts_to: ISO date of the last opt-out applied, or ``None``.
        removals: Digest of the list of what was taken out of the index, 64 hex digits, or ``None`` for nothing.
        calibration: What the p- and q-values rest on, or ``None`` where nothing was asked for them.
    """

    name: str
    root: str
    n_documents: int
    n_files: int
    training_set: str | None = None
    optouts_to: str | None = None
    removals: str | None = None
    calibration: CalibrationSummary | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to ``codewhence check``.

    Attributes:
        index: The index that was asked.
        files: One for each file that was read, in the order given.
        verdict: The gravest of the files.
        unread: Files that could not be read; exit code 4 when there are any.
        timings: Seconds by step; the only part of a report that may differ between two runs.
    """

    index: IndexSummary
    files: tuple[FileReport, ...]
    verdict: Verdict
    unread: tuple[Unread, ...] = ()
    timings: dict[str, Any] = field(default_factory=dict)


def gravest(verdicts: "list[Verdict] | tuple[Verdict, ...]") -> Verdict:
    """Return the gravest verdict, ``KEEP`` for none.

    >>> gravest([Verdict.KEEP_WITH_NOTICE, Verdict.REWRITE]).value
    'rewrite'
    """
    order = list(Verdict)
    return max(verdicts, key=order.index, default=Verdict.KEEP)
