"""Keeping the overlay's account of what it hides up to date with the version of the index that was just committed."""

from contextlib import suppress
from pathlib import Path

from codewhence.errors import FormatError
from codewhence.index.manifest import Manifest, bucket_folder, read_manifest
from codewhence.index.overlay.masking import concerned, work_out
from codewhence.index.overlay.removals import Removals
from codewhence.index.overlay.suppressed_file import Masked, Overlay, read_overlay, write_overlay
from codewhence.index.store import opened_buckets


def note_version(index_path: Path, manifest: Manifest, removals: Removals) -> None:
    """Write the overlay anew for ``manifest``, already committed; the caller holds the writer's lock.

    Readers do not depend on it: with an account of another version they work it out themselves, each time they open.
    """
    account = masked_in(index_path, manifest, removals)
    with suppress(OSError):  # a full disk, say: the change itself is committed, and no answer depends on this
        write_overlay(index_path, removals, account)


def masked_in(index_path: Path, manifest: Manifest, removals: Removals) -> Masked:
    """Work out what a list hides in the version of a manifest, opening only the buckets that it concerns."""
    folders = [bucket_folder(index_path, bucket) for bucket in manifest.buckets]
    with opened_buckets(index_path, manifest, concerned(removals, n_buckets=manifest.n_buckets)) as buckets:
        return work_out(buckets, removals, root=manifest.root, folders=folders)


def overlay_of(output: Path) -> Overlay:
    """Read the overlay of a folder that is about to be built over, whose index may be missing or damaged.

    Raises:
        FormatError: The overlay is damaged, or missing although the index there says that there is one.
    """
    try:
        required = read_manifest(output).has_removals
    except FormatError:
        required = False
    return read_overlay(output, required=required)
