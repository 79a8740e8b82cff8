"""What was taken out of an index, erased from it or let back in: as text and as JSON."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codewhence.app.formats.wording import counted, visible

if TYPE_CHECKING:
    from codewhence.index.overlay.compaction import Compacted
    from codewhence.index.overlay.resolving import Change, Plan
    from codewhence.index.overlay.restoring import Restored
    from codewhence.records import Origin

_MAX_LISTED = 10


def removal_to_json(plan: "Plan", directory: Path, *, dry_run: bool) -> dict[str, Any]:
    """Return what a removal took out, or would take out in a dry run."""
    return {
        "schema": "codewhence.removal/1",
        "directory": str(directory),
        "dry_run": dry_run,
        "n_documents": len(plan.masked),
        "n_files": plan.n_files,
        "n_text_bytes": plan.n_text_bytes,
        "n_kept_elsewhere": len(plan.kept_elsewhere),
        "n_already_out": plan.n_already,
        "missing": list(plan.missing),
        "documents": [_change_to_json(change) for change in plan.changes],
    }


def _change_to_json(change: "Change") -> dict[str, Any]:
    return {"doc_id": change.doc_id, "files": _places(change.lost), "kept_in": _places(change.left)}


def _places(origins: "Sequence[Origin]") -> list[dict[str, Any]]:
    return [{"repo": each.repo, "path": each.path, "revision": each.revision} for each in origins]


def removal_text(value: Mapping[str, Any]) -> str:
    """Return what ``removal_to_json`` gives, for people."""
    goes = [change for change in value["documents"] if not change["kept_in"]]
    stays = [change for change in value["documents"] if change["kept_in"]]
    taken = "would be taken out" if value["dry_run"] else "taken out"
    sums = f"{counted(value['n_documents'], 'document')}, {counted(value['n_files'], 'file')}"
    lines = [f"{visible(value['directory'])}: {taken}: {sums}, {value['n_text_bytes']:,} bytes of text"]
    lines += _listed(f"  {change['doc_id']}  {_place(change['files'])}" for change in goes)
    if stays:
        lines.append(f"{counted(len(stays), 'document')} more lost files and stay for others")
        lines += _listed(
            f"  {change['doc_id']}  {_place(change['files'])}, stays as {_place(change['kept_in'])}" for change in stays
        )
    if value["n_already_out"]:
        lines.append(f"{counted(value['n_already_out'], 'document')} had been taken out before")
    if value["missing"]:
        lines.append(f"not in the index: {counted(len(value['missing']), 'name')}")
        lines += _listed(f"  {visible(name)}" for name in value["missing"])
    if not value["dry_run"] and value["n_files"]:
        lines.append(f"no answer shows them now; to erase them: codewhence index compact {visible(value['directory'])}")
    return _joined(lines)


def compaction_to_json(result: "Compacted", directory: Path) -> dict[str, Any]:
    """Return what a compaction erased."""
    return {
        "schema": "codewhence.compaction/1",
        "directory": str(directory),
        "root": result.manifest.root,
        "content_root": result.manifest.content_root,
        "n_rebuilt_buckets": result.n_rebuilt_buckets,
        "n_buckets": result.manifest.n_buckets,
        "n_documents": result.erased.n_documents,
        "n_files": result.erased.n_files,
        "n_text_bytes": result.erased.n_text_bytes,
        "n_listed": result.n_removals,
    }


def compaction_text(value: Mapping[str, Any]) -> str:
    """Return what ``compaction_to_json`` gives, for people."""
    directory = visible(value["directory"])
    if not value["n_rebuilt_buckets"]:
        return f"{directory}: nothing to erase\n"
    erased = f"{counted(value['n_documents'], 'document')}, {counted(value['n_files'], 'file')}"
    rebuilt = f"{value['n_rebuilt_buckets']:,} of {counted(value['n_buckets'], 'bucket')} written again"
    listed = counted(value["n_listed"], "entry", "entries")
    return _joined(
        [
            f"{directory}@{value['root'][:4]}…: erased: {erased}, {value['n_text_bytes']:,} bytes of text",
            f"{rebuilt}; still on the list of what does not come back: {listed}",
        ]
    )


def restoration_to_json(result: "Restored", directory: Path) -> dict[str, Any]:
    """Return what was let back in."""
    return {
        "schema": "codewhence.restoration/1",
        "directory": str(directory),
        "n_entries": result.n_entries,
        "n_documents": result.n_documents,
        "n_files": result.n_files,
        "n_gone": result.n_gone,
    }


def restoration_text(value: Mapping[str, Any]) -> str:
    """Return what ``restoration_to_json`` gives, for people."""
    shown = f"{counted(value['n_documents'], 'document')}, {counted(value['n_files'], 'file')}"
    lines = [f"{visible(value['directory'])}: let back in: {shown} shown again"]
    if value["n_gone"]:
        lines.append(
            f"{counted(value['n_gone'], 'document')} let in that the index does not hold: "
            f"codewhence index add {visible(value['directory'])} SOURCE"
        )
    return _joined(lines)


def _place(places: Sequence[Mapping[str, Any]]) -> str:
    first = f"{places[0]['repo']}, {places[0]['path']}"
    more = f" (+{len(places) - 1:,})" if len(places) > 1 else ""
    return f"{visible(first)}{more}"


def _listed(lines: Any) -> list[str]:
    every = list(lines)
    n_more = len(every) - _MAX_LISTED
    return [*every[:_MAX_LISTED], *([f"  and {n_more:,} more; --json lists all"] if n_more > 0 else [])]


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
