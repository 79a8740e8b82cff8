"""Letting documents back into an index from which they were taken out."""

from dataclasses import dataclass
from pathlib import Path

from codewhence.errors import UsageError
from codewhence.index.bucket import bucket_number
from codewhence.index.files import disk_errors_named
from codewhence.index.manifest import read_manifest
from codewhence.index.overlay.removals import Removals, origin_keys, repository_key
from codewhence.index.overlay.resolving import Request
from codewhence.index.overlay.suppressed_file import write_overlay
from codewhence.index.overlay.versions import masked_in
from codewhence.index.store import Index, open_index
from codewhence.index.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Restored:
    """What was let back in.

    Attributes:
        n_entries: Entries that the list of removals lost.
        n_documents: Documents that are shown again, at once.
        n_files: Origins that are shown again, at once.
        n_gone: Documents let in that the index does not hold any more: a source has to bring them again.
    """

    n_entries: int
    n_documents: int
    n_files: int
    n_gone: int


def restore_to_index(path: Path, request: Request) -> Restored:
    """Let documents back in: those still held are shown again, the others may come back with a source.

    A document named by its id comes back with all its origins; of a repository, what was taken out with it.

    Raises:
        IndexMissingError, FormatError: There is no sound index.
        UsageError: Nothing of the request was taken out, it names paths, or another process writes.
        ResourceError: The disk is full. Nothing is changed.
    """
    if request.globs:
        raise UsageError("--path cannot be let back in: the list holds no paths. Pass --doc, or --repo alone.")
    read_manifest(path)
    with disk_errors_named(path), Workspace.open(path):
        with open_index(path) as index:
            dropped = _listed(index, request)
            if not len(dropped):
                raise UsageError(
                    f"nothing of this was taken out of '{path}'. Nothing was changed. What was taken out by path and "
                    "erased since is let back in by its id: --doc."
                )
            n_held = sum(len(bucket.rows_of(dropped.ids)) for bucket in index.held_buckets)
            manifest, before, after = index.manifest, index.masked, index.removals.without(dropped)
        masked = masked_in(path, manifest, after)
        write_overlay(path, after, masked)
    return Restored(
        n_entries=len(dropped),
        n_documents=before.n_documents - masked.n_documents,
        n_files=before.n_files - masked.n_files,
        n_gone=len(dropped.ids) - n_held,
    )


def _listed(index: Index, request: Request) -> Removals:
    """Return the entries of the list that a request names."""
    listed = index.removals
    doc_ids = [doc_id for doc_id in dict.fromkeys(request.doc_ids) if listed.names(doc_id)]
    origins = {(doc_id, key) for doc_id in request.doc_ids for key in listed.keys_of(doc_id)}
    if request.repos:
        for blob in listed.origin_ids.tolist():
            doc_id = f"swh:1:cnt:{blob.ljust(20, bytes(1)).hex()}"  # tolist drops zeros at the end
            origins |= {(doc_id, key) for key in _keys_in(index, doc_id, request.repos) & listed.keys_of(doc_id)}
    return Removals.of(doc_ids, origins=origins)


def _keys_in(index: Index, doc_id: str, repos: tuple[str, ...]) -> set[bytes]:
    """Return the keys that a document's origins in some repositories can be listed under."""
    keys = {repository_key(doc_id, repo) for repo in repos}
    bucket = index.held_buckets[bucket_number(doc_id, len(index.held_buckets))]
    row = bucket.find(doc_id)
    if row is not None:  # a path is known only as long as the document is held
        keys |= {key for each in bucket.entry(row).origins if each.repo in repos for key in origin_keys(doc_id, each)}
    return keys
