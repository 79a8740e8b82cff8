"""The documents table: one line of canonical JSON for each document of a bucket."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
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
        languages: What each origin says of the language, where they disagree; empty where each says ``language``.
    """

    doc_id: str
    text_sha256: str
    n_chars: int
    n_bytes: int
    origins: tuple[Origin, ...]
    kind: DocumentKind = DocumentKind.CODE
    language: str | None = None
    languages: tuple[str | None, ...] = ()

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
        if self.languages:
            row["languages"] = list(self.languages)
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
        languages = tuple(row.get("languages", ()))
        if languages and len(languages) != len(row["origins"]):
            raise ValueError("a row names the language of each origin or of none")
        return cls(
            doc_id=row["doc_id"],
            text_sha256=row["text_sha256"],
            n_chars=row["n_chars"],
            n_bytes=row["n_bytes"],
            origins=tuple(origin_from_json(origin) for origin in row["origins"]),
            kind=DocumentKind(row["kind"]),
            language=row["language"],
            languages=languages,
        )

    def with_origins(self, origins: Collection[Origin]) -> "Entry":
        """Return the row as it would be had it only ever had these of its origins."""
        said = {origin: language for origin, language in self._said() if origin in origins}
        return _with_languages(self, said)

    def _said(self) -> Iterable[tuple[Origin, str | None]]:
        """Return each origin with what it says of the language."""
        return zip(self.origins, self.languages or (self.language,) * len(self.origins), strict=True)

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
    said: dict[Origin, str | None] = {}
    for entry in (first, second):
        for origin, language in entry._said():
            said[origin] = _least([said.get(origin), language])
    return _with_languages(replace(winner, kind=min(first.kind, second.kind)), said)


def _with_languages(entry: Entry, said: Mapping[Origin, str | None]) -> Entry:
    """Return a row with these origins, its languages those that they name."""
    origins = sorted_origins(said)
    languages = tuple(said[origin] for origin in origins)
    language = _least(languages)
    agree = all(each == language for each in languages)
    return replace(entry, origins=origins, language=language, languages=() if agree else languages)


def _least(languages: Iterable[str | None]) -> str | None:
    return min((language for language in languages if language is not None), default=None)


def sorted_origins(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    """Sort origins and drop repetitions."""
    return tuple(sorted(set(origins), key=_origin_key))


def license_label(origin: Origin) -> str:
    """Name the license of an origin for statistics: SPDX expressions that all apply, or "not recorded"."""
    return " AND ".join(origin.licenses) if origin.licenses else NOT_RECORDED


def _origin_key(origin: Origin) -> tuple[str, ...]:
    return (origin.repo, origin.path, origin.revision or "", canonical_json(origin_to_json(origin)).decode())
