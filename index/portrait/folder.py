"""``portrait/`` beside the buckets: the filter of an index, derived from their tiles, stamped with the manifest's root.

    portrait.json               canonical JSON, what follows
    filter-<number>-<digest>    partitions, as rbloom saves them, with their content in their name

    format      "codewhence.portrait/1"; another number is refused, never guessed at
    parameters  tile, stride, normalizer, hash, filter, rates, hash functions, capacity class, number of partitions
    n_tiles     different tiles that the filter holds, those of suppressed documents among them
    root        Merkle root of the manifest whose buckets it was made from
    partitions  [{name, bytes, sha256}], by the top bits of a tile

It is no part of the manifest (docs/decisions/0006): replacing portrait.json is the commit, and one that is missing or
made for another root answers nothing until it is made again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codewhence.digests import canonical_json, sha256_hex
from codewhence.errors import FormatError
from codewhence.index.portrait.filter import (
    N_HASH_FUNCTIONS,
    PROMISED_RATE,
    SIZING_RATE,
    TileFilter,
    is_capacity_class,
    n_partitions,
)
from codewhence.index.portrait.tiles import HASH, NORMALIZER, TILE_BITS, TILE_CHARS

FOLDER_NAME = "portrait"
FILE_NAME = "portrait.json"
FORMAT = "codewhence.portrait/1"
_FAMILY = "codewhence.portrait/"
_ADVICE = "Delete the folder; the next index build, add or compact makes it again."


@dataclass(frozen=True, slots=True)
class PortraitFile:
    """The content of portrait.json.

    Attributes:
        capacity: Capacity class of the filter.
        n_tiles: Tiles in it.
        root: Merkle root of the manifest.
        partitions: Name, bytes and sha256 of each.
    """

    capacity: int
    n_tiles: int
    root: str
    partitions: tuple[dict[str, Any], ...]

    def to_bytes(self) -> bytes:
        """Return the file's bytes."""
        value = {
            "format": FORMAT,
            "n_tiles": self.n_tiles,
            "parameters": parameters(self.capacity),
            "partitions": list(self.partitions),
            "root": self.root,
        }
        return canonical_json({**value, "digest": sha256_hex(canonical_json(value))})


def parameters(capacity: int) -> dict[str, Any]:
    """Return everything that a filter and its answers depend on, its tiles apart; rates as texts."""
    return {
        "capacity": capacity,
        "filter": "rbloom/1",
        "hash": HASH,
        "hash_functions": N_HASH_FUNCTIONS,
        "n_partitions": n_partitions(capacity),
        "normalizer": NORMALIZER,
        "promised_rate": repr(PROMISED_RATE),
        "sizing_rate": repr(SIZING_RATE),
        "stride_chars": TILE_CHARS,
        "tile_bits": TILE_BITS,
        "tile_chars": TILE_CHARS,
    }


def capacity_of(value: Mapping[str, Any]) -> int | None:
    """Return the capacity class that parameters name; ``None`` where they are not those of this release."""
    capacity = value.get("capacity")
    if type(capacity) is not int or not is_capacity_class(capacity) or value != parameters(capacity):
        return None
    return capacity


def partition_name(number: int, data: bytes) -> str:
    """Return the name of the file of partition ``number``."""
    return f"filter-{number:04x}-{sha256_hex(data)[:12]}"


def is_partition_name(name: str) -> bool:
    """Say whether a file is named as partitions are; one that portrait.json does not name is left over."""
    return name.startswith("filter-")


def read_portrait_file(index_path: Path) -> PortraitFile:
    """Read and check portrait.json.

    Raises:
        FileNotFoundError: There is none.
        FormatError: It is damaged, or of a version that this release does not read.
    """
    path = index_path / FOLDER_NAME / FILE_NAME
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(str(path)) from error
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror}. {_ADVICE}") from error
    try:
        value = json.loads(data)
        found = value["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FormatError(f"{path} is damaged: it is not the JSON of a portrait. {_ADVICE}") from None
    if found != FORMAT:
        what = "of another release" if str(found).startswith(_FAMILY) else "not a portrait"
        raise FormatError(f"{path} is {what}: format is {found!r:.60}, this release reads {FORMAT!r}. {_ADVICE}")
    try:
        file = PortraitFile(
            capacity=capacity_of(value["parameters"]) or 0,
            n_tiles=value["n_tiles"],
            root=value["root"],
            partitions=tuple(value["partitions"]),
        )
        intact = file.capacity > 0 and file.to_bytes() == data
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        intact = False
    if not intact:
        raise FormatError(f"{path} is damaged: its bytes do not agree with its digest. {_ADVICE}")
    return file


def read_filter(index_path: Path, file: PortraitFile) -> TileFilter:
    """Read the partitions that a portrait.json names.

    Raises:
        FileNotFoundError: One is missing; a writer may have replaced it since.
        FormatError: One is damaged.
    """
    folder = index_path / FOLDER_NAME
    partitions = []
    for named in file.partitions:
        path = folder / named["name"]
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise FormatError(f"{path}: cannot be read: {error.strerror}. {_ADVICE}") from error
        if sha256_hex(data) != named["sha256"]:
            raise FormatError(f"{path} is damaged: sha256 is not the one that {FILE_NAME} records. {_ADVICE}")
        partitions.append(data)
    return TileFilter.from_bytes(partitions, capacity=file.capacity, n_tiles=file.n_tiles, name=str(folder))


def damaged_files(index_path: Path) -> list[tuple[str, str]]:
    """Return each file of the portrait of an index that is not as it was written, and why. One of another root is."""
    try:
        file = read_portrait_file(index_path)
    except FileNotFoundError:
        return []
    except FormatError as error:
        return [(f"{FOLDER_NAME}/{FILE_NAME}", str(error))]
    try:
        read_filter(index_path, file)
    except FileNotFoundError as error:
        return [(f"{FOLDER_NAME}/{Path(str(error.filename)).name}", "missing")]
    except FormatError as error:
        return [(f"{FOLDER_NAME}/{FILE_NAME}", str(error))]
    return []
