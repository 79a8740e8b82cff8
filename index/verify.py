"""Check every byte of an index against its manifest, and name each file that differs."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codewhence.errors import FormatError, IndexMissingError
from codewhence.index.calibration import calibration_file
from codewhence.index.files import file_sha256
from codewhence.index.manifest import (
    BUCKET_FILES,
    FILE_NAME,
    Manifest,
    bucket_folder,
    is_bucket_name,
    read_manifest,
)
from codewhence.index.overlay import suppressed_file
from codewhence.index.portrait import folder as portrait_folder
from codewhence.index.workspace import LEFTOVERS, LOCK_NAME, PREFIX

# A writer may commit while we read, and then what the old manifest names is gone: damage is what stays while nothing
# is written. So many looks at an index that is written all the time.
_ATTEMPTS = 40
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not what the manifest says. ``file`` is relative to the index folder."""

    file: str
    reason: str


def verify_index(path: Path) -> list[Problem]:
    """Return every problem of the index at ``path``; an empty list means that each byte is as written.

    The manifest is checked against its own root, each file against the size and sha256 recorded there. Files that the
    manifest does not name are problems too, but for what a killed writer leaves and the next one removes. An attacker
    who rewrites the manifest with all digests is not found: for that, compare the root with one kept elsewhere.

    Raises:
        IndexMissingError: There is no index at ``path``.
    """
    problems: list[Problem] = []
    for _ in range(_ATTEMPTS):
        before = _written_at(path)
        problems = _problems(path)
        if not problems:
            return []
        time.sleep(_PAUSE_SECONDS)
        if _written_at(path) == before:
            break
    return problems


def _written_at(path: Path) -> tuple[int, ...]:
    """Return what changes when anything in the folder is written, renamed or removed."""
    places = (path, path / FILE_NAME, path / portrait_folder.FOLDER_NAME)
    return tuple(place.stat().st_mtime_ns for place in places if place.exists())


def _problems(path: Path) -> list[Problem]:
    try:
        manifest = read_manifest(path)
    except IndexMissingError:
        raise
    except FormatError as error:
        return [Problem(FILE_NAME, str(error))]
    found = [
        *_damaged(path, manifest),
        *_damaged_overlay(path, manifest),
        *_damaged_calibration(path),
        *(Problem(file, reason) for file, reason in portrait_folder.damaged_files(path)),
        *_strangers(path, manifest),
    ]
    return sorted(found, key=lambda problem: problem.file)


def _damaged(path: Path, manifest: Manifest) -> Iterator[Problem]:
    for bucket in manifest.buckets:
        folder = bucket_folder(path, bucket)
        for name, expected in bucket["files"].items():
            reason = _difference(folder / name, n_bytes=expected["bytes"], sha256=expected["sha256"])
            if reason:
                yield Problem(f"{folder.name}/{name}", reason)


def _damaged_overlay(path: Path, manifest: Manifest) -> Iterator[Problem]:
    try:
        suppressed_file.read_overlay(path, required=manifest.has_removals)
    except FormatError as error:
        yield Problem(suppressed_file.FILE_NAME, str(error))


def _damaged_calibration(path: Path) -> Iterator[Problem]:
    """Check what the manifest does not name: it can be made again, but a wrong one gives wrong answers."""
    try:
        calibration = calibration_file.read_calibration(path / calibration_file.FILE_NAME)
    except FileNotFoundError:
        return
    except FormatError as error:
        yield Problem(calibration_file.FILE_NAME, str(error))
        return
    if calibration.unigrams is not None:
        name, sha256 = calibration.unigrams
        try:
            found = file_sha256(path / name)
        except OSError as error:
            yield Problem(name, f"cannot be read: {error.strerror}")
            return
        if found != sha256:
            recorded = f"{calibration_file.FILE_NAME} records {sha256[:12]}…"
            yield Problem(name, f"sha256 is {found[:12]}…, {recorded}")


def _difference(path: Path, *, n_bytes: int, sha256: str) -> str | None:
    try:
        found_bytes = path.stat().st_size
        if found_bytes != n_bytes:
            return f"{found_bytes} bytes, the manifest records {n_bytes}"
        found = file_sha256(path)
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return None if found == sha256 else f"sha256 is {found[:12]}…, the manifest records {sha256[:12]}…"


def _strangers(path: Path, manifest: Manifest) -> Iterator[Problem]:
    named = {FILE_NAME, LOCK_NAME, suppressed_file.FILE_NAME, calibration_file.FILE_NAME}
    for bucket in manifest.buckets:
        folder = bucket_folder(path, bucket)
        named |= {f"{folder.name}/{name}" for name in bucket["files"]}
    for folder, _, files in os.walk(path):  # of a folder that a writer removes meanwhile it lists nothing
        for file in sorted(Path(folder, name) for name in files):
            name = file.relative_to(path).as_posix()
            if name not in named and not _is_derived(file, path) and not _is_leftover(file, path):
                yield Problem(name, "not named in the manifest")


def _is_derived(file: Path, path: Path) -> bool:
    """Say whether a file is, or was, of what follows from an index: those that stand are checked apart."""
    if file.parent == path / portrait_folder.FOLDER_NAME:
        return file.name == portrait_folder.FILE_NAME or portrait_folder.is_partition_name(file.name)
    return file.parent == path and calibration_file.is_unigrams_name(file.name)


def _is_leftover(file: Path, path: Path) -> bool:
    top = file.relative_to(path).parts[0]
    if top.startswith((PREFIX, *LEFTOVERS)):
        return True
    return is_bucket_name(top) and ((file.parent == path / top and file.name in BUCKET_FILES) or not file.exists())
