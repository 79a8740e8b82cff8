"""A portrait to publish: one file that answers membership alone, hashes in and no text.

One line of canonical JSON, then the partitions end to end, then nothing:

    format        "codewhence.portrait-export/1"; another number is refused, never guessed at
    version       names this export; replaces: the version that it takes the place of, or null
    created       day in UTC; expires: last day in UTC on which it answers
    parameters    as in portrait.json: tile, stride, normalizer, hash, promised rate, capacity class, …
    n_tiles       different tiles in the filter
    training_set  version of the training set, or null; root: of the manifest it was made from
    partitions    [{bytes, sha256}], by the top bits of a tile
    sha256        of the header without it, then everything after the header
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from codewhence.digests import canonical_json, sha256_hex
from codewhence.errors import FormatError
from codewhence.index.portrait.filter import TileFilter
from codewhence.index.portrait.folder import capacity_of, parameters

FORMAT = "codewhence.portrait-export/1"
_FAMILY = "codewhence.portrait-export/"
_MAX_HEADER_BYTES = 1 << 24  # 65,536 partitions with their digests
_SHA256 = re.compile(r"[0-9a-f]{64}")
_AGAIN = "Fetch it again, or ask its publisher."


@dataclass(frozen=True, slots=True)
class ExportHeader:
    """What an export says about itself.

    Attributes:
        version: Names it.
        replaces: Version that it takes the place of.
        created: Day in UTC.
        expires: Last day in UTC on which it answers.
        capacity: Capacity class of the filter.
        n_tiles: Tiles in it.
        training_set: Version of the training set.
        root: Merkle root of the manifest that it was made from.
    """

    version: str
    replaces: str | None
    created: date
    expires: date
    capacity: int
    n_tiles: int
    training_set: str | None
    root: str


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """An export, read and checked against its digest."""

    header: ExportHeader
    tile_filter: TileFilter


def to_bytes(header: ExportHeader, partitions: Sequence[bytes]) -> bytes:
    """Return the file's bytes."""
    value: dict[str, Any] = {
        "created": header.created.isoformat(),
        "expires": header.expires.isoformat(),
        "format": FORMAT,
        "n_tiles": header.n_tiles,
        "parameters": parameters(header.capacity),
        "partitions": [{"bytes": len(data), "sha256": sha256_hex(data)} for data in partitions],
        "replaces": header.replaces,
        "root": header.root,
        "training_set": header.training_set,
        "version": header.version,
    }
    body = b"".join(partitions)
    return canonical_json({**value, "sha256": sha256_hex(canonical_json(value) + body)}) + body


def read_export(path: Path) -> Export:
    """Read an export and check it to the last bit. Whether it has expired is for ``refuse_expired``.

    Raises:
        FormatError: It cannot be read, is no export, is of another version, truncated or changed.
    """
    try:
        with path.open("rb") as file:
            line = file.readline(_MAX_HEADER_BYTES)
            value = _header_value(line, path)  # before the rest is read: what is no portrait may have no end
            data = line + file.read()
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror}. Check the name.") from error
    header, partitions = _checked(value, data, len(line), path)
    loaded = TileFilter.from_bytes(partitions, capacity=header.capacity, n_tiles=header.n_tiles, name=str(path))
    return Export(header, loaded)


def refuse_expired(header: ExportHeader, path: Path, *, today: date) -> None:
    """Refuse an export that may not answer any more.

    Args:
        header: Of the export.
        path: Its file, for the error.
        today: The day in UTC.

    Raises:
        FormatError: Its last day is over.
    """
    if today > header.expires:
        raise FormatError(
            f"{path}: version {header.version} expired on {header.expires.isoformat()}; code may have been taken out "
            "of the training set since. Fetch the version that replaces it."
        )


def _header_value(line: bytes, path: Path) -> dict[str, Any]:
    try:
        value = json.loads(line)
        found = value["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FormatError(
            f"{path} is not a portrait: it does not begin with the header of one. "
            "Make one with: codewhence portrait export"
        ) from None
    if found != FORMAT:
        if isinstance(found, str) and found.startswith(_FAMILY):
            raise FormatError(
                f"{path}: format is {found!r:.60}, this release reads {FORMAT!r}. Use the release that wrote it."
            )
        raise FormatError(f"{path} is not a portrait: format is {found!r:.60}. Make one: codewhence portrait export")
    return value


def _checked(value: dict[str, Any], data: bytes, end: int, path: Path) -> tuple[ExportHeader, list[bytes]]:
    try:
        header = _header(value)
        sizes = [each["bytes"] for each in value["partitions"]]
        if not all(type(size) is int and size >= 0 for size in sizes):
            raise ValueError("partitions")
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise FormatError(
            f"{path} is damaged: a value of its header is missing, out of range, or of another release. {_AGAIN}"
        ) from None
    if len(data) - end < sum(sizes):
        raise FormatError(
            f"{path} is truncated: {len(data):,} bytes, its header asks for {end + sum(sizes):,}. {_AGAIN}"
        )
    partitions, at = [], end
    for size in sizes:
        partitions.append(data[at : at + size])
        at += size
    if to_bytes(header, partitions) != data:
        raise FormatError(f"{path} is damaged: its bytes do not agree with its sha256. {_AGAIN}")
    return header, partitions


def _header(value: dict[str, Any]) -> ExportHeader:
    capacity = capacity_of(value["parameters"])
    n_tiles, texts = value["n_tiles"], (value["replaces"], value["training_set"])
    if capacity is None or type(n_tiles) is not int or not 0 <= n_tiles <= capacity:
        raise ValueError("parameters or n_tiles")
    if not isinstance(value["version"], str) or not all(isinstance(text, str | None) for text in texts):
        raise ValueError("version, replaces or training_set")
    if _SHA256.fullmatch(value["root"]) is None:
        raise ValueError("root")
    return ExportHeader(
        version=value["version"],
        replaces=value["replaces"],
        created=date.fromisoformat(value["created"]),
        expires=date.fromisoformat(value["expires"]),
        capacity=capacity,
        n_tiles=n_tiles,
        training_set=value["training_set"],
        root=value["root"],
    )
