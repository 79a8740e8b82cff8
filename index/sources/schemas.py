"""Records of data sets, by their columns: The Stack v1, starcoderdata, plain names. One mapping for JSONL and Parquet.

A later data set is one more row of ``SCHEMAS``.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from codewhence.errors import FormatError
from codewhence.index.licensing import LicenseClaim, recorded, spdx_from_expression
from codewhence.index.sources.base import MAX_FILE_BYTES, RawFile, SkippedError
from codewhence.index.sources.forge import public_url, repository_address
from codewhence.records import LicenseSource, Origin

_GIT_ID = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of one data set.

    Attributes:
        name: As people call the data set.
        required: Columns that all must be there for this to be the schema.
        text: Columns that may hold the text; the first that is there does.
        fields: By field of ``Origin`` or ``RawFile``: columns that may hold it; the first that is there does.
        url: What stands before ``repo`` in its address, where the data set comes from one forge.
    """

    name: str
    required: frozenset[str]
    text: tuple[str, ...] = ("content",)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    url: str | None = None

    def matches(self, columns: Iterable[str]) -> bool:
        """Say whether these columns are of this schema."""
        found = set(columns)
        return self.required <= found and any(column in found for column in self.text)

    def needed(self, columns: Iterable[str]) -> list[str]:
        """Return the columns that are read, in the order of the data set."""
        wanted = {*self.text, *(column for names in self.fields.values() for column in names)}
        return [column for column in columns if column in wanted]


# The most specific first: every one of them also matches the plain names.
SCHEMAS = (
    Schema(
        name="The Stack v1",  # huggingface.co/datasets/bigcode/the-stack, "Data Fields"
        required=frozenset({"max_stars_repo_name", "max_stars_repo_path", "max_stars_repo_licenses"}),
        fields={
            "repo": ("max_stars_repo_name",),
            "path": ("max_stars_repo_path",),
            "revision": ("max_stars_repo_head_hexsha",),
            "licenses": ("max_stars_repo_licenses",),
            "stars": ("max_stars_count",),
            "language": ("lang",),
            "blob_sha1": ("hexsha",),
        },
        url="https://github.com/",
    ),
    Schema(
        # No column for license and commit. That the set was chosen among permissive files does not say which license a
        # file has, so it is not recorded. The text is redacted: its blob id is not that of the original.
        name="starcoderdata",
        required=frozenset({"max_stars_repo_name", "max_stars_repo_path"}),
        fields={
            "repo": ("max_stars_repo_name",),
            "path": ("max_stars_repo_path",),
            "stars": ("max_stars_count",),
        },
        url="https://github.com/",
    ),
    Schema(
        name="plain",
        required=frozenset(),
        text=("content", "text"),
        fields={
            "repo": ("repo", "repo_name", "repository", "repository_name"),
            "path": ("path", "file_path", "filepath", "file_name", "filename"),
            "revision": ("revision", "commit", "commit_id"),
            "branch": ("branch",),
            "licenses": ("licenses", "license"),
            "stars": ("stars",),
            "language": ("language", "lang"),
            "url": ("origin_url", "repo_url", "url"),
        },
    ),
)


def detect_schema(columns: Iterable[str], *, where: str) -> Schema:
    """Return the schema of a data set.

    Args:
        columns: Its columns.
        where: File, for the message.

    Raises:
        FormatError: No schema matches.
    """
    found = list(columns)
    for schema in SCHEMAS:
        if schema.matches(found):
            return schema
    accepted = "; ".join(
        f"{each.name}: {', '.join([*sorted(each.required), ' or '.join(each.text)])}" for each in SCHEMAS
    )
    raise FormatError(f"'{where}' has the columns {', '.join(found) or '(none)'}. Accepted: {accepted}.")


def read_record(record: Mapping[str, Any], schema: Schema, *, repo: str, path: str) -> RawFile:
    """Turn one record into a file.

    Args:
        record: Values by column.
        schema: The data set's.
        repo: Repository of a file whose record names none.
        path: Path of a file whose record names none.

    Raises:
        SkippedError: It is no document.
    """
    data = _text_bytes(record, schema)
    values = {name: _first(record, columns) for name, columns in schema.fields.items()}
    name, url = _repository(_string(values.get("repo")) or repo, _string(values.get("url")), schema)
    claim = _claim(values.get("licenses"))
    blob_sha1 = _string(values.get("blob_sha1"))
    language = _string(values.get("language"))
    origin = Origin(
        repo=name,
        path=_string(values.get("path")) or path,
        revision=_string(values.get("revision")),
        branch=_string(values.get("branch")),
        licenses=claim.licenses,
        license_source=claim.source,
        stars=_count(values.get("stars")),
        origin_url=url,
    )
    return RawFile(
        origin,
        data,
        language=language.lower() if language else None,
        blob_sha1=blob_sha1 if blob_sha1 and _GIT_ID.fullmatch(blob_sha1) else None,
    )


def _text_bytes(record: Mapping[str, Any], schema: Schema) -> bytes:
    text = _first(record, schema.text)
    if isinstance(text, str):
        try:
            text = text.encode()
        except UnicodeEncodeError:
            raise SkippedError("lone_surrogates") from None
    if not isinstance(text, bytes):
        raise SkippedError("malformed")
    if len(text) > MAX_FILE_BYTES:
        raise SkippedError("too_large")
    return text


def _first(record: Mapping[str, Any], columns: Iterable[str]) -> Any:
    """Return the first value that is there and not null."""
    return next((record[column] for column in columns if record.get(column) is not None), None)


def _string(value: Any) -> str | None:
    """Return a text field, ``None`` where it is missing or empty."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise SkippedError("malformed")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise SkippedError("lone_surrogates") from None
    return value


def _count(value: Any) -> int | None:
    """Return a count; pandas turns a column with gaps into floats, the gaps into NaN."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise SkippedError("malformed")
    return value


def _claim(value: Any) -> LicenseClaim:
    """Return what the license column says: all of a list apply; of nothing where one of them is no SPDX expression."""
    if value is None:
        return LicenseClaim()
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise SkippedError("malformed")
    expressions = [spdx_from_expression(name) for name in names]
    if not names or None in expressions:
        return LicenseClaim()
    if len(expressions) == 1:
        return recorded(expressions[0])
    return LicenseClaim(tuple(sorted({each for each in expressions if each})), LicenseSource.RECORDED)


def _repository(repo: str, url: str | None, schema: Schema) -> tuple[str, str | None]:
    """Return the name and the address of a repository; neither holds credentials."""
    if "://" in repo or repo.startswith("git@"):
        address = repository_address(repo)
        if address is None:
            raise SkippedError("malformed")
        return address.repo, address.url
    if schema.url:
        return repo, schema.url + repo
    address = repository_address(url) if url else None
    return repo, address.url if address else public_url(url) if url else None
