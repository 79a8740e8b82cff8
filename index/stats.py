"""What an index holds, in numbers."""

from pathlib import Path
from typing import Any

from codewhence.index.manifest import read_manifest

_TOTALS = ("n_documents", "n_files", "n_text_bytes", "n_text_chars", "n_tokens", "n_postings")


def index_stats(path: Path) -> dict[str, Any]:
    """Return the counts, licenses, languages, sizes and parameters of the index at ``path``, ready for JSON.

    Raises:
        IndexMissingError, FormatError: As ``read_manifest``.
    """
    manifest = read_manifest(path)
    n_index_bytes = sum(file["bytes"] for bucket in manifest.buckets for file in bucket["files"].values())
    return {
        **{key: manifest.total(key) for key in _TOTALS},
        "n_buckets": manifest.n_buckets,
        "n_index_bytes": n_index_bytes,
        "languages": dict(manifest.tally("languages").most_common()),
        "licenses": dict(manifest.tally("licenses").most_common()),
        "parameters": manifest.head["parameters"],
        "root": manifest.root,
        "training_set": manifest.training_set,
    }
