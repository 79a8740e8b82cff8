"""Taking documents out of an index, at once: under the writer's lock, by one rename."""

from dataclasses import replace
from pathlib import Path

from codewhence.errors import ResourceError, UsageError
from codewhence.index.files import disk_errors_named
from codewhence.index.manifest import Manifest, read_manifest
from codewhence.index.overlay.removals import Removals
from codewhence.index.overlay.resolving import Plan, Request, resolve
from codewhence.index.overlay.suppressed_file import write_overlay
from codewhence.index.overlay.versions import masked_in
from codewhence.index.store import Index, open_index
from codewhence.index.workspace import Workspace

_MAX_LISTED = 5


def plan_removal(path: Path, request: Request, *, ignore_missing: bool = False) -> Plan:
    """Say what ``remove_from_index`` would take out. Nothing is changed.

    Raises:
        IndexMissingError, FormatError: There is no sound index.
        UsageError: As ``remove_from_index``, but for a second writer.
    """
    with open_index(path) as index:
        plan = resolve(index, request)
        _check(plan, index, ignore_missing=ignore_missing)
    return plan


def remove_from_index(path: Path, request: Request, *, ignore_missing: bool = False) -> Plan:
    """Take documents and origins out: when this returns, no reader that asks shows them any more.

    The bytes go with ``compact_index``, or with the next change of their bucket. The list stays for the index's life:
    what it names does not come back with ``add_to_index`` or another build, until ``restore_to_index`` lets it.

    Args:
        path: Folder of the index.
        request: What to take out.
        ignore_missing: Take out what is there; ids that the index does not hold are put on the list all the same.

    Raises:
        IndexMissingError, FormatError: There is no sound index.
        UsageError: Something asked for is not there, no document would be left, or another process writes.
        ResourceError: The disk is full. Nothing is changed, or, as it says, all is done but for a mark in the manifest.
    """
    read_manifest(path)
    with disk_errors_named(path), Workspace.open(path):
        with open_index(path) as index:
            plan = resolve(index, request)
            _check(plan, index, ignore_missing=ignore_missing)
            manifest, before = index.manifest, index.removals
        if len(plan.added) or (len(before) and not manifest.has_removals):
            _write(path, manifest, before.joined(plan.added))
    return plan


def _write(path: Path, manifest: Manifest, removals: Removals) -> None:
    """Write the list, then have the manifest say that there is one: a crash between them hides too."""
    write_overlay(path, removals, masked_in(path, manifest, removals))
    if not manifest.has_removals:
        try:
            replace(manifest, has_removals=True).write(path)
        except OSError as error:
            raise ResourceError(
                f"what was asked for is taken out of '{path}', but its manifest could not be marked: {error.strerror}. "
                "Until then a lost list would go unnoticed. Free some space and run the same command again."
            ) from error


def _check(plan: Plan, index: Index, *, ignore_missing: bool) -> None:
    if plan.missing and not ignore_missing:
        listed = ", ".join(plan.missing[:_MAX_LISTED])
        more = f" and {len(plan.missing) - _MAX_LISTED} more" if len(plan.missing) > _MAX_LISTED else ""
        raise UsageError(
            f"{len(plan.missing)} of {plan.n_asked} asked for are not in '{index.path}': {listed}{more}. "
            "Nothing was taken out. To take out the others, pass --ignore-missing."
        )
    if plan.masked and len(plan.masked) == index.summary.n_documents:
        raise UsageError(
            f"no document would be left in '{index.path}', and an index without one cannot be. Nothing was taken out. "
            "To be rid of them all, delete the folder."
        )
