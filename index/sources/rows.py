"""Rows of data sets to files: one file a row, or one repository a row with a list of its files."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from codewhence.digests import git_blob_sha1
from codewhence.index.licensing import LicenseClaim, spdx_from_expression
from codewhence.index.sources.base import MAX_FILE_BYTES, RawFile, Skipped, SkippedError
from codewhence.index.sources.contents import content_ids, has_id, supplied_bytes
from codewhence.index.sources.forge import public_url, repository_address
from codewhence.index.sources.schemas import Schema
from codewhence.records import LicenseSource, Origin

_GIT_ID = re.compile(r"[0-9a-f]{40}")
_NO_LICENSE = "no_license"  # The Stack v2 and v3: license_type is "permissive", "non_permissive" or this


def read_row(
    row: Mapping[str, Any],
    schema: Schema,
    *,
    repo: str,
    path: str,
    place: Callable[[], str],
    contents: str | None = None,
) -> Iterator[RawFile | Skipped]:
    """Yield the files of one row.

    Args:
        row: Values by column. The list of files may be any iterable: it is read once, one file at a time.
        schema: The data set's.
        repo: Repository of a file whose row names none.
        path: Path of a file whose row names none.
        place: Says where the row is, as a person would look for it; asked where something is skipped.
        contents: Folder of supplied texts.
    """
    if schema.files is None:
        try:
            yield read_record(row, schema, repo=repo, path=path, contents=contents)
        except SkippedError as skipped:
            yield Skipped(place(), skipped.reason)
        return
    files = row.get(schema.files)
    if files is None or isinstance(files, str | bytes | Mapping) or not isinstance(files, Iterable):
        yield Skipped(place(), "malformed")
        return
    shared = _shared(row, schema)
    for number, file in enumerate(files, 1):
        record = {**shared, **file} if isinstance(file, Mapping) else {}
        try:
            yield read_record(record, schema, repo=repo, path=f"{path}/{number}", contents=contents)
        except SkippedError as skipped:
            yield Skipped(f"{place()}/{number}", skipped.reason)


def read_record(
    record: Mapping[str, Any], schema: Schema, *, repo: str, path: str, contents: str | None = None
) -> RawFile:
    """Turn one record into a file.

    Args:
        record: Values by column.
        schema: The data set's.
        repo: Repository of a file whose record names none.
        path: Path of a file whose record names none.
        contents: Folder of supplied texts.

    Raises:
        SkippedError: It is no document.
    """
    values = {name: _first(record, columns) for name, columns in schema.fields.items()}
    data, blob_sha1, encoding = _text(record, schema, contents)
    name, url = _repository(_string(values.get("repo")) or repo, _string(values.get("url")), schema)
    claim = _claim(values, schema.license_source)
    language = _string(values.get("language"))
    origin = Origin(
        repo=name,
        path=_string(values.get("path")) or path,
        revision=_string(values.get("revision")),
        branch=_branch(_string(values.get("branch"))),
        licenses=claim.licenses,
        license_source=claim.source,
        stars=_count(values.get("stars")),
        is_fork=_truth(values.get("is_fork")),
        forked_from=_string(values.get("forked_from")),
        origin_url=url,
    )
    return RawFile(
        origin,
        data,
        language=language.lower() if language else None,
        blob_sha1=blob_sha1,
        declared_encoding=encoding,
    )


def _shared(row: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Return what the files of a repository have in common."""
    shared = {name: value for name, value in row.items() if name != schema.files}
    facts = shared.pop(schema.repository_facts, None) if schema.repository_facts else None
    return {**shared, **facts} if isinstance(facts, Mapping) else shared


def _text(record: Mapping[str, Any], schema: Schema, contents: str | None) -> tuple[bytes, str | None, str | None]:
    """Return the text as bytes, the blob id of the original where they differ, and the encoding declared for them."""
    ids = content_ids(*(record.get(column) for column in schema.ids))
    encoding = _string(_first(record, schema.fields.get("encoding", ())))
    text = _first(record, schema.text)
    if text is None and schema.ids:
        return supplied_bytes(contents, ids), None, encoding
    data = _text_bytes(text)
    blob_sha1 = _string(_first(record, schema.fields.get("blob_sha1", ())))
    if blob_sha1 is not None:
        return data, blob_sha1 if _GIT_ID.fullmatch(blob_sha1) else None, None
    return data, _original_blob(data, ids, encoding), None


def _original_blob(data: bytes, ids: tuple[str, ...], encoding: str | None) -> str | None:
    """Return the blob id of the bytes that a text was decoded from, where its ids prove them.

    A text that was redacted or mended has another id than its original, whose id is then not claimed for it.
    """
    if not ids or not encoding or has_id(data, ids):
        return None
    try:
        original = data.decode().encode(encoding)
    except (LookupError, UnicodeError, ValueError):  # ValueError: a NUL in the name of the encoding
        return None
    return git_blob_sha1(original) if has_id(original, ids) else None


def _text_bytes(text: Any) -> bytes:
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


def _branch(value: str | None) -> str | None:
    """Return the name of a branch; Software Heritage keeps it as ``refs/heads/<name>``."""
    return value.removeprefix("refs/heads/") if value else None


def _count(value: Any) -> int | None:
    """Return a count; pandas turns a column with gaps into floats, the gaps into NaN."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise SkippedError("malformed")
    return value


def _truth(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise SkippedError("malformed")


def _claim(values: Mapping[str, Any], source: LicenseSource) -> LicenseClaim:
    """Return what the license column says: all of a list apply; of nothing where one of them is no SPDX expression.

    Nor of a file that the data set itself calls unlicensed, or vendored: the license that it lists was found for the
    repository around it, and does not reach other people's code.
    """
    value = values.get("licenses")
    if value is None:
        return LicenseClaim()
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise SkippedError("malformed")
    if _string(values.get("license_type")) == _NO_LICENSE or _truth(values.get("is_vendor")):
        return LicenseClaim()
    expressions = [spdx_from_expression(name) for name in names]
    if not names or None in expressions:
        return LicenseClaim()
    return LicenseClaim(tuple(sorted({each for each in expressions if each})), source)


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
