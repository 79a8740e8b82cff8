"""Exporting a portrait of an index: without what suppressed documents alone hold, with a version and an end."""

from datetime import date, timedelta
from pathlib import Path

from codewhence.digests import canonical_json, sha256_hex
from codewhence.errors import UsageError
from codewhence.index.files import disk_errors_named, write_whole
from codewhence.index.portrait.export_file import ExportHeader, to_bytes
from codewhence.index.portrait.writing import bucket_folders, kept_capacity, make_filter
from codewhence.index.store import Index

# An export cannot be masked once it is out, so each has an end: a quarter, in which removals come to those who use it.
DEFAULT_DAYS = 90
MAX_DAYS = 3650
MAX_NAME_CHARS = 100


def export_portrait(
    index: Index,
    output: Path,
    *,
    created: date,
    expires: date | None = None,
    version: str | None = None,
    replaces: str | None = None,
    n_workers: int = 1,
) -> ExportHeader:
    """Write the portrait of an index as one file to publish, whole or not at all.

    It is made from the buckets' tiles, not from ``portrait/``: a stale one cannot get out. The same index, overlay and
    arguments give the same bytes.

    Args:
        index: The index, its overlay refreshed.
        output: The file, replaced if it is there.
        created: Today, in UTC.
        expires: Last day on which it answers; by default ``DEFAULT_DAYS`` after ``created``.
        version: Its name; by default the day and the first digits of a digest of what it holds.
        replaces: Version that it takes the place of.
        n_workers: Processes.

    Raises:
        UsageError: A date or a name is out of range, or ``output`` lies inside the index or cannot be written.
        FormatError: The index is damaged.
        ResourceError: The disk is full. What stood at ``output`` is untouched.
    """
    expires = created + timedelta(days=DEFAULT_DAYS) if expires is None else expires
    _check(created, expires, version, replaces)
    if output.resolve().is_relative_to(index.path.resolve()):
        raise UsageError(f"--output {output} lies inside the index '{index.path}'. Choose a file outside it.")
    made = make_filter(
        bucket_folders(index.path, index.manifest),
        least_capacity=kept_capacity(index.path),
        without=index.masked.tiles,
        n_workers=n_workers,
    )
    digest = sha256_hex(canonical_json([made.capacity, *map(sha256_hex, made.partitions)]))
    header = ExportHeader(
        version=version or f"{created.isoformat()}-{digest[:12]}",
        replaces=replaces,
        created=created,
        expires=expires,
        capacity=made.capacity,
        n_tiles=made.n_tiles,
        training_set=index.manifest.training_set["version"],
        root=index.manifest.root,
    )
    if header.replaces == header.version:
        raise UsageError(f"--replaces {header.replaces!r} is this version itself. Name the version before it.")
    data = to_bytes(header, made.partitions)
    try:
        with disk_errors_named(output):
            write_whole(output.resolve(), data)
    except OSError as error:
        raise UsageError(f"--output {output} cannot be written: {error.strerror}. Choose another file.") from error
    return header


def _check(created: date, expires: date, version: str | None, replaces: str | None) -> None:
    if not created <= expires <= created + timedelta(days=MAX_DAYS):
        raise UsageError(
            f"an export of {created.isoformat()} must expire on that day or up to {MAX_DAYS} days later, "
            f"got {expires.isoformat()}. Try --days {DEFAULT_DAYS}."
        )
    for option, name in (("--version", version), ("--replaces", replaces)):
        if name is not None and not (name.isprintable() and 0 < len(name) <= MAX_NAME_CHARS):
            raise UsageError(f"{option} takes 1 to {MAX_NAME_CHARS} printable characters, got {name!r:.40}.")
