"""One raw file to one row of the documents table and its compressed text, or the reason why it is no document."""

from codewhence.digests import git_blob_sha1, sha256_hex
from codewhence.index.bucket import MAX_TEXT_BYTES, compress
from codewhence.index.decoding import Undecodable, decode
from codewhence.index.documents import Entry
from codewhence.index.languages import language_of
from codewhence.index.sources.base import RawFile, Skipped


def ingest(raw: RawFile) -> tuple[Entry, bytes] | Skipped:
    """Decode, identify and compress one file.

    Returns:
        The row with one origin and the zstd frame of the text as UTF-8; or ``Skipped``.
    """
    try:
        content = decode(raw.data, declared=raw.declared_encoding).text
        text_bytes = content.encode("utf-8")
    except Undecodable as error:
        return Skipped(raw.origin.path, error.reason)
    except UnicodeEncodeError:
        return Skipped(raw.origin.path, "lone_surrogates")
    if len(text_bytes) > MAX_TEXT_BYTES:
        return Skipped(raw.origin.path, "too_large")
    entry = Entry(
        doc_id=f"swh:1:cnt:{raw.blob_sha1 or git_blob_sha1(raw.data)}",
        text_sha256=sha256_hex(text_bytes),
        n_chars=len(content),
        n_bytes=len(text_bytes),
        origins=(raw.origin,),
        kind=raw.kind,
        language=raw.language or language_of(raw.origin.path),
    )
    return entry, compress(text_bytes)
