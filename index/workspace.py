"""The folder that a build works in, and the commit that makes its result the index.

It is ``.building-<random>`` inside the index folder, under a lock. Leaving it, for whatever reason, removes it; what a
killed process left behind is removed by the next writer, who holds the lock and so knows that nobody works there.
"""

import errno
import fcntl
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codewhence.errors import FormatError, UsageError
from codewhence.index.calibration import calibration_file
from codewhence.index.files import file_sha256, flush_directory
from codewhence.index.manifest import (
    BUCKET_FILES,
    FILE_NAME,
    Manifest,
    bucket_folder,
    is_bucket_name,
    is_index,
    read_manifest,
)
from codewhence.index.overlay import suppressed_file

LOCK_NAME = ".lock"
PREFIX = ".building-"
# What `write_whole` leaves of a file when it is killed.
LEFTOVERS = (f".{FILE_NAME}.", f".{suppressed_file.FILE_NAME}.", f".{calibration_file.FILE_NAME}.", ".unigrams-")


@dataclass(frozen=True, slots=True)
class Workspace:
    """A working folder inside an index folder.

    Attributes:
        output: The index folder.
        folder: The working folder.
    """

    output: Path
    folder: Path

    @classmethod
    @contextmanager
    def open(cls, output: Path) -> Generator["Workspace"]:
        """Lock ``output``, making it if need be, and give a working folder inside it.

        Raises:
            UsageError: It holds something that is not an index, cannot be written, or another process writes to it.
        """
        created = _make_folder(output)
        committed = False
        try:
            with _locked(output):
                _sweep(output)
                folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=output))
                try:
                    yield cls(output, folder)
                    committed = is_index(output)
                finally:
                    shutil.rmtree(folder, ignore_errors=True)
        finally:
            if created and not committed:
                (output / LOCK_NAME).unlink(missing_ok=True)
                if not any(output.iterdir()):
                    output.rmdir()

    def commit(self, manifest: Manifest, built: dict[str, Path]) -> None:
        """Make ``manifest`` the index: move new buckets in, replace the manifest, drop buckets it does not name.

        Args:
            manifest: Names every bucket of the new index.
            built: Folder of each bucket that was built in this workspace, by bucket id.
        """
        moved: list[tuple[Path, Path]] = []
        try:
            for bucket in manifest.buckets:
                if bucket["id"] in built:
                    self._move_in(bucket, built[bucket["id"]], moved)
            flush_directory(self.output)
            manifest.write(self.output)  # the commit point: from here on readers see the new index
        except BaseException:
            if not _is_committed(self.output, manifest):
                for source, target in reversed(moved):
                    target.rename(source)
            raise
        _drop_unnamed_buckets(self.output, manifest)

    def _move_in(self, bucket: dict[str, Any], built: Path, moved: list[tuple[Path, Path]]) -> None:
        target = bucket_folder(self.output, bucket)
        if target.exists():
            if _is_sound(target, bucket):
                return  # the same content stands there already
            _move(target, self.folder / f"damaged-{target.name}", moved)
        _move(built, target, moved)


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    source.rename(target)
    moved.append((source, target))


def _is_committed(output: Path, manifest: Manifest) -> bool:
    try:
        return (output / FILE_NAME).read_bytes() == manifest.to_bytes()
    except OSError:
        return False


def _drop_unnamed_buckets(output: Path, manifest: Manifest) -> None:
    named = {bucket_folder(output, bucket) for bucket in manifest.buckets}
    for folder in output.glob("bucket-*"):
        if folder not in named and _is_bucket(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_bucket(folder: Path) -> bool:
    """Say whether a folder is a bucket of ours by its name and by what is in it: nobody else's is ever removed."""
    return (
        is_bucket_name(folder.name)
        and folder.is_dir()
        and not folder.is_symlink()
        and all(entry.name in BUCKET_FILES for entry in folder.iterdir())
    )


def _make_folder(output: Path) -> bool:
    """Make ``output`` unless it is there; say whether it was made."""
    try:
        output.mkdir(parents=True)
    except FileExistsError:
        _refuse_strangers(output)
        return False
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        raise UsageError(f"cannot make the folder '{output}': {error.strerror}. Choose another --output.") from error
    return True


def _refuse_strangers(output: Path) -> None:
    if not output.is_dir():
        raise UsageError(f"'{output}' is a file; --output takes a folder that is new, empty or an index.")
    strangers = sorted(entry.name for entry in output.iterdir() if not _is_ours(entry))
    if strangers and not is_index(output):
        raise UsageError(
            f"'{output}' holds other things ({strangers[0]}{', …' if len(strangers) > 1 else ''}); --output takes a "
            "folder that is new, empty or an index."
        )


def _is_ours(entry: Path) -> bool:
    # Buckets: a first build that was killed after moving them in and before its manifest was written.
    files = (LOCK_NAME, suppressed_file.FILE_NAME)
    return entry.name in files or entry.name.startswith((PREFIX, *LEFTOVERS)) or _is_bucket(entry)


@contextmanager
def _locked(output: Path) -> Generator[None]:
    try:
        file = (output / LOCK_NAME).open("ab")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        raise UsageError(f"cannot write to '{output}': {error.strerror}.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(
                f"another process is writing to '{output}'. Wait for it to end, then try again."
            ) from error
        yield


def _sweep(output: Path) -> None:
    """Remove what killed writers left: we hold the lock, so nobody works there."""
    for leftover in (each for prefix in (PREFIX, *LEFTOVERS) for each in output.glob(f"{prefix}*")):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)
    with suppress(FormatError):  # of a damaged index nobody can tell which buckets it names
        # A writer killed right after its commit leaves the old buckets: with a compaction, what was to be erased.
        _drop_unnamed_buckets(output, read_manifest(output))


def _is_sound(folder: Path, bucket: dict[str, Any]) -> bool:
    files = bucket["files"]
    return all(
        (folder / name).is_file() and file_sha256(folder / name) == expected["sha256"]
        for name, expected in files.items()
    )
