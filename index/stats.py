"""What an index holds, in numbers."""

from collections import Counter
from pathlib import Path
from typing import Any

from codewhence.index.calibration.calibrate import calibration_at
from codewhence.index.documents import Entry, license_label
from codewhence.index.manifest import Manifest, read_manifest
from codewhence.index.overlay.masking import concerned, touched
from codewhence.index.overlay.suppressed_file import current_stamp
from codewhence.index.store import open_index

_TOTALS = ("n_documents", "n_files", "n_text_bytes", "n_text_chars", "n_tokens", "n_postings")
_MASKED = ("n_documents", "n_files", "n_text_bytes", "n_text_chars")
_TALLIES = ("languages", "licenses")


def index_stats(path: Path) -> dict[str, Any]:
    """Return the counts, licenses, languages, sizes and parameters of the index at ``path``, ready for JSON.

    What was taken out is not counted, but for tokens, postings and sizes: those are of what stands on the disk.

    Raises:
        IndexMissingError, FormatError, ResourceError: As ``open_index``.
    """
    manifest = read_manifest(path)
    if not manifest.has_removals and current_stamp(path) is None:
        return _stats(manifest, {}, {}, n_listed=0) | {"calibration": _calibration(path, manifest)}
    with open_index(path) as index:
        counts = dict.fromkeys(_MASKED, 0)
        tallies: dict[str, Counter[str]] = {key: Counter() for key in _TALLIES}
        for number in concerned(index.removals, n_buckets=len(index.held_buckets)):
            part = index.removals.within(number, len(index.held_buckets))
            for _, before, after in touched(index.held_buckets[number], part):
                _count(before, after, counts, tallies)
        stats = _stats(index.manifest, counts, tallies, n_listed=len(index.removals))
        return stats | {"calibration": _calibration(path, index.manifest)}


def _calibration(path: Path, manifest: Manifest) -> dict[str, Any]:
    """Return what p-values rest on, and how much was measured for it."""
    calibration = calibration_at(path, manifest)
    repositories = calibration.evidence.get("repositories", ())
    return {
        "source": calibration.source,
        "reason": calibration.reason,
        "stale": calibration.is_stale,
        "n_texts": calibration.evidence.get("n_texts", 0),
        "n_repositories": len(repositories),
    }


def _count(before: Entry, after: Entry | None, counts: dict[str, int], tallies: dict[str, Counter[str]]) -> None:
    """Add what the list takes from a document."""
    counts["n_files"] += len(before.origins) - (len(after.origins) if after else 0)
    tallies["languages"][before.language or "unknown"] += 1
    tallies["licenses"].update(map(license_label, before.origins))
    if after is not None:
        tallies["languages"][after.language or "unknown"] -= 1
        tallies["licenses"].subtract(map(license_label, after.origins))
        return
    counts["n_documents"] += 1
    counts["n_text_bytes"] += before.n_bytes
    counts["n_text_chars"] += before.n_chars


def _stats(
    manifest: Manifest, masked: dict[str, int], tallies: dict[str, Counter[str]], *, n_listed: int
) -> dict[str, Any]:
    n_index_bytes = sum(file["bytes"] for bucket in manifest.buckets for file in bucket["files"].values())
    shown = {}
    for key in _TALLIES:
        held = manifest.tally(key)
        held.subtract(tallies.get(key, {}))
        shown[key] = dict((+held).most_common())
    return {
        **{key: manifest.total(key) - masked.get(key, 0) for key in _TOTALS},
        "n_buckets": manifest.n_buckets,
        "n_index_bytes": n_index_bytes,
        **shown,
        "masked": {**dict.fromkeys(_MASKED, 0), **masked, "n_listed": n_listed},
        "parameters": manifest.head["parameters"],
        "root": manifest.root,
        "training_set": manifest.training_set,
    }
