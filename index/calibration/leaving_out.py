"""An index as it would answer had some repositories never been indexed: their own documents hidden."""

from collections import defaultdict

import numpy as np

from codewhence.index.bucket import Bucket
from codewhence.index.documents import Entry
from codewhence.index.store import Index


class LeavingOut:
    """Gives the buckets of an index with the documents hidden that stand in given repositories alone.

    It reads the documents table once, at the start. What it hides it hides from whoever asks the bucket for its
    ``hidden_rows``; postings and frequencies still count it.
    """

    def __init__(self, index: Index) -> None:
        self._buckets = index.buckets
        rows: dict[frozenset[str], list[list[int]]] = {}
        for number, bucket in enumerate(self._buckets):
            for row in range(bucket.n_documents):
                if bucket.hidden_rows is None or not bucket.hidden_rows[row]:
                    holders = frozenset(origin.repo for origin in bucket.entry(row).origins)
                    rows.setdefault(holders, [[] for _ in self._buckets])[number].append(row)
        self._rows_of = {
            holders: [np.array(of_bucket, dtype=np.int64) for of_bucket in held] for holders, held in rows.items()
        }
        self._holders_with: dict[str, list[frozenset[str]]] = defaultdict(list)
        for holders in self._rows_of:
            for repository in holders:
                self._holders_with[repository].append(holders)

    def buckets(self, left_out: frozenset[str]) -> tuple[Bucket, ...]:
        """Return the buckets without the documents that stand in repositories of ``left_out`` alone."""
        hidden = [
            np.zeros(bucket.n_documents, dtype=np.bool_) if bucket.hidden_rows is None else bucket.hidden_rows.copy()
            for bucket in self._buckets
        ]
        concerned = {holders for repository in left_out for holders in self._holders_with.get(repository, ())}
        for holders in concerned:
            if holders <= left_out:
                for of_bucket, rows in zip(hidden, self._rows_of[holders], strict=True):
                    of_bucket[rows] = True
        return tuple(
            bucket.masked(of_bucket, _as_held, frozenset())
            for bucket, of_bucket in zip(self._buckets, hidden, strict=True)
        )


def _as_held(entry: Entry) -> Entry:
    return entry
