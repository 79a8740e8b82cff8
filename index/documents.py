"""The documents table: one line of canonical JSON for each document of a bucket."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from codewhence.digests import canonical_json, is_swhid
from codewhence.records import Document, DocumentKind, LicenseSource, Origin

NOT_RECORDED = "not recorded"  # how the statistics name files without a license

_ORIGIN_DEFAULTS = {field.name: field.default for field in fields(Origin)}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the documents table: a document without its text.

    Attributes:
        doc_id: SWHID of the original bytes.
        text_sha256: sha256 of the indexed text as UTF-8.
        n_chars: Length of the indexed text in code points.
        n_bytes: Length of the indexed text in bytes of UTF-8.
        origins: Sorted, without repetition.
        kind: What the document is.
        language: Lower-case name or ``None``.
    """

    doc_id: str
    text_sha256: str
    n_chars: int
    n_bytes: int
    origins: tuple[Origin, ...]
    kind: DocumentKind = DocumentKind.CODE
    language: str | None = None

    def to_line(self) -> bytes:
        """Return the row's bytes, newline included."""
        row: dict[str, Any] = {
            "doc_id": self.doc_id,
            "kind": self.kind.value,
            "language": self.language,
            "n_bytes": self.n_bytes,
            "n_chars": self.n_chars,
            "origins": [origin_to_json(origin) for origin in self.origins],
            "text_sha256": self.text_sha256,
        }
        return canonical_json(row)

    @classmethod
    def from_line(cls, line: bytes) -> "Entry":
        """Read a row.

        Raises:
            ValueError, KeyError, TypeError, AttributeError, RecursionError: It is not one.
        """
        row = json.loads(line.decode())  # given bytes, json guesses the encoding first
        if not is_swhid(row["doc_id"]) or not row["origins"]:
            raise ValueError("a row needs a SWHID and an origin")
        return cls(
            doc_id=row["doc_id"],
            text_sha256=row["text_sha256"],
            n_chars=row["n_chars"],
            n_bytes=row["n_bytes"],
            origins=tuple(origin_from_json(origin) for origin in row["origins"]),
            kind=DocumentKind(row["kind"]),
            language=row["language"],
        )

    def document(self, content: str) -> Document:
        """Join the row and its text."""
        return Document(
            doc_id=self.doc_id,
            content=content,
            text_sha256=self.text_sha256,
            origins=self.origins,
            kind=self.kind,
            language=self.language,
        )


def origin_to_json(origin: Origin) -> dict[str, Any]:
    """Return an origin as JSON, fields at their default left out."""
    values = {name: getattr(origin, name) for name in _ORIGIN_DEFAULTS}
    return {name: value for name, value in values.items() if value != _ORIGIN_DEFAULTS[name]}


def origin_from_json(value: dict[str, Any]) -> Origin:
    """Read an origin back."""
    known = dict(value)
    known["licenses"] = tuple(known.get("licenses", ()))
    known["license_files"] = tuple(known.get("license_files", ()))
    known["license_source"] = LicenseSource(known.get("license_source", LicenseSource.NOT_RECORDED))
    origin = Origin(**known)
    texts = (origin.repo, origin.path, *origin.licenses, *origin.license_files)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("repo, path and licenses are texts")
    return origin


def merge(first: Entry, second: Entry) -> Entry:
    """Join two rows of the same document: every origin once, in order.

    Where their texts differ (a redacted and a plain copy of one file) the smaller ``text_sha256`` wins, so that the
    outcome does not depend on the order of reading; the caller keeps the text that belongs to it.
    """
    winner = min(first, second, key=lambda entry: entry.text_sha256)
    languages = [entry.language for entry in (first, second) if entry.language is not None]
    return Entry(
        doc_id=first.doc_id,
        text_sha256=winner.text_sha256,
        n_chars=winner.n_chars,
        n_bytes=winner.n_bytes,
        origins=sorted_origins([*first.origins, *second.origins]),
        kind=min(first.kind, second.kind),
        language=min(languages, default=None),
    )


def sorted_origins(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    """Sort origins and drop repetitions."""
    return tuple(sorted(set(origins), key=_origin_key))


def license_label(origin: Origin) -> str:
    """Name the license of an origin for statistics: SPDX expressions that all apply, or "not recorded"."""
    return " AND ".join(origin.licenses) if origin.licenses else NOT_RECORDED


def _origin_key(origin: Origin) -> tuple[str, ...]:
    return (origin.repo, origin.path, origin.revision or "", canonical_json(origin_to_json(origin)).decode())
