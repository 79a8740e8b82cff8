"""Content identifiers and canonical bytes: git blob ids, SWHIDs, sha256, canonical JSON."""

import hashlib
import json
import re
from typing import Any

_SWHID = re.compile(r"swh:1:cnt:[0-9a-f]{40}")


def git_blob_sha1(data: bytes) -> str:
    r"""Return the git blob id of ``data``: sha1 over the header ``blob <size>\\0``, then the bytes, in hex.

    >>> git_blob_sha1(b"")
    'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    # Git's object format names sha1; nothing here relies on it against an attacker.
    digest = hashlib.sha1(b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


def swhid(data: bytes) -> str:
    """Return the core SWHID of a content object (ISO/IEC 18670, section "contents").

    >>> swhid(b"")
    'swh:1:cnt:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    return f"swh:1:cnt:{git_blob_sha1(data)}"


def is_swhid(value: str) -> bool:
    """Say whether ``value`` is the core SWHID of a content object."""
    return _SWHID.fullmatch(value) is not None


def sha256_hex(data: bytes) -> str:
    """Return the sha256 of ``data`` in hex."""
    return hashlib.sha256(data).hexdigest()


def text_sha256(text: str) -> str:
    """Return the sha256, in hex, of ``text`` as UTF-8. Lone surrogates are hashed as their three bytes."""
    return sha256_hex(text.encode("utf-8", "surrogatepass"))


def canonical_json(value: Any) -> bytes:
    """Return the one byte form of a JSON value: keys sorted, no blanks, UTF-8, one newline at the end.

    This is RFC 8785 for values without floats, whose formatting Python does not share: floats are refused.
    Object keys are sorted by code point (RFC 8785 sorts by UTF-16 unit; our keys are ASCII, where both agree).

    Raises:
        TypeError: ``value`` holds a float or something that is not JSON.
    """
    _refuse_floats(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(f"canonical JSON holds no floats, got {value!r}; use a string or a scaled integer.")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
