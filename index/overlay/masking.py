"""What a list of removals hides in given buckets, and the buckets as readers may see them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from codewhence.index.bucket import Bucket
from codewhence.index.documents import Entry
from codewhence.index.overlay.removals import ID_TYPE, Removals, blob_id, bucket_numbers, packed, rows_within
from codewhence.index.overlay.suppressed_file import Masked
from codewhence.index.overlay.tiles import tiles_of_these_alone


def work_out(buckets: Mapping[int, Bucket], removals: Removals, *, root: str, folders: Sequence[Path]) -> Masked:
    """Work out what a list of removals hides in one version of an index.

    Args:
        buckets: As held, by number: those that the list concerns, or all.
        removals: The list.
        root: Merkle root of the version.
        folders: Folders of all its buckets.
    """
    hidden: list[tuple[Bucket, int]] = []
    ids: list[bytes] = []
    n_files = n_text_bytes = 0
    for number in concerned(removals, n_buckets=len(folders)):
        bucket = buckets[number]
        for row, before, after in touched(bucket, removals.within(number, len(folders))):
            n_files += len(before.origins) - (len(after.origins) if after else 0)
            if after is None:
                hidden.append((bucket, row))
                ids.append(blob_id(before.doc_id))
                n_text_bytes += before.n_bytes
    return Masked(root, n_files, n_text_bytes, packed(ids, ID_TYPE), tiles_of_these_alone(hidden, folders))


def concerned(removals: Removals, *, n_buckets: int) -> list[int]:
    """Return the numbers of the buckets that may hold a document of the list."""
    return np.unique(bucket_numbers(removals.ids, n_buckets)).tolist()


def touched(bucket: Bucket, removals: Removals) -> Iterator[tuple[int, Entry, Entry | None]]:
    """Yield each row of a bucket that the list changes: its number, the row as held, and what is left of it."""
    for row in bucket.rows_of(removals.ids).tolist():
        before = bucket.entry(row)
        after = removals.kept(before)
        if after is not before and (after is None or after.origins != before.origins):
            yield row, before, after


def masked_buckets(buckets: Sequence[Bucket], removals: Removals, masked: Masked) -> tuple[Bucket, ...]:
    """Return the buckets as readers may see them; those that the list does not concern are the same objects.

    Args:
        buckets: All buckets of an index, as held.
        removals: The list.
        masked: What it hides in them.
    """
    seen = list(buckets)
    for number in concerned(removals, n_buckets=len(buckets)):
        bucket = buckets[number]
        part = removals.within(number, len(buckets))
        hidden = np.zeros(bucket.n_documents, dtype=np.bool_)
        hidden[bucket.rows_of(rows_within(masked.hidden, number, len(buckets)))] = True
        trimmed = frozenset(bucket.rows_of(np.unique(part.origin_ids)).tolist())
        if hidden.any() or trimmed:
            seen[number] = bucket.masked(hidden, lambda entry, part=part: part.kept(entry), trimmed)
    return tuple(seen)
