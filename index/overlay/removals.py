"""The list of what has been taken out of an index: documents, and single origins of documents that stay.

It holds resolved ids, never rules and never a name in clear: a document as its git blob id, an origin as a digest over
the document and its repository, or over the document, its repository and its path. Whoever has the index and knows the
name can tell that it is listed; nobody reads names out of the list once the index has forgotten them.

The list is a promise about ids, not about one index version: it holds for whatever is built or added later.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codewhence.digests import canonical_json
from codewhence.index.documents import Entry
from codewhence.records import Origin

ID_BYTES = 20
KEY_BYTES = 16  # 128 bits of sha256: nobody meets two origins of one document with one key
_PAIR_BYTES = ID_BYTES + KEY_BYTES
# Equal and ordered as the bytes are, since all values are of one length.
ID_TYPE: np.dtype[Any] = np.dtype((np.bytes_, ID_BYTES))
PAIR_TYPE: np.dtype[Any] = np.dtype((np.bytes_, _PAIR_BYTES))


def no_rows(dtype: np.dtype[Any]) -> NDArray[np.bytes_]:
    """Return an empty array of rows."""
    return np.zeros(0, dtype=dtype)


@dataclass(frozen=True, slots=True, eq=False)
class Removals:
    """A list of removals, sorted, each once.

    Attributes:
        documents: Git blob ids of documents that are out, whatever their origins. Shape ``(n,)``, 20 bytes each.
        origins: Git blob id and key of each origin that is out. Shape ``(n,)``, 36 bytes each.
    """

    documents: NDArray[np.bytes_] = field(default_factory=lambda: no_rows(ID_TYPE))
    origins: NDArray[np.bytes_] = field(default_factory=lambda: no_rows(PAIR_TYPE))

    @classmethod
    def of(cls, doc_ids: Iterable[str] = (), *, origins: Iterable[tuple[str, bytes]] = ()) -> "Removals":
        """Make a list of document ids (SWHIDs) and of origins as (SWHID, key) pairs."""
        pairs = {blob_id(doc_id) + key for doc_id, key in origins}
        return cls(packed(map(blob_id, doc_ids), ID_TYPE), packed(pairs, PAIR_TYPE))

    def __len__(self) -> int:
        return len(self.documents) + len(self.origins)

    @property
    def ids(self) -> NDArray[np.bytes_]:
        """Git blob ids of all documents that the list names, each once, sorted."""
        return np.union1d(self.documents, self.origin_ids)

    @property
    def origin_ids(self) -> NDArray[np.bytes_]:
        """Git blob id of each row of ``origins``. Shape as that."""
        rows = np.frombuffer(self.origins.tobytes(), dtype=np.uint8).reshape(-1, _PAIR_BYTES)
        return np.frombuffer(rows[:, :ID_BYTES].tobytes(), dtype=ID_TYPE)

    @property
    def digest(self) -> str:
        """Sha256 of the list in hex: the same for the same removals, whatever the index."""
        counts = canonical_json([len(self.documents), len(self.origins)])
        return hashlib.sha256(counts + self.documents.tobytes() + self.origins.tobytes()).hexdigest()

    def joined(self, other: "Removals") -> "Removals":
        """Return the list that names what either names."""
        return Removals(np.union1d(self.documents, other.documents), np.union1d(self.origins, other.origins))

    def without(self, other: "Removals") -> "Removals":
        """Return the list that names what this one names and ``other`` does not."""
        return Removals(np.setdiff1d(self.documents, other.documents), np.setdiff1d(self.origins, other.origins))

    def within(self, number: int, n_buckets: int) -> "Removals":
        """Return the part of the list that concerns one bucket."""
        return Removals(rows_within(self.documents, number, n_buckets), rows_within(self.origins, number, n_buckets))

    def names(self, doc_id: str) -> bool:
        """Say whether a document is out as a whole, whatever its origins."""
        wanted = np.array(blob_id(doc_id), dtype=ID_TYPE)
        at = int(np.searchsorted(self.documents, wanted))
        return at < len(self.documents) and bool(self.documents[at] == wanted)

    def kept(self, entry: Entry) -> Entry | None:
        """Return what is left of a row of the documents table: all, fewer origins, or ``None`` for nothing."""
        if not len(self):
            return entry
        if self.names(entry.doc_id):
            return None
        keys = self.keys_of(entry.doc_id)
        if not keys:
            return entry
        origins = frozenset(each for each in entry.origins if keys.isdisjoint(origin_keys(entry.doc_id, each)))
        return entry.with_origins(origins) if origins else None

    def keys_of(self, doc_id: str) -> frozenset[bytes]:
        """Return the keys of a document's origins that are out."""
        start = blob_id(doc_id)
        low = np.searchsorted(self.origins, np.array(start, dtype=PAIR_TYPE))
        high = np.searchsorted(self.origins, np.array(start + b"\xff" * KEY_BYTES, dtype=PAIR_TYPE), side="right")
        rows = self.origins[low:high].tobytes()
        return frozenset(rows[at + ID_BYTES : at + _PAIR_BYTES] for at in range(0, len(rows), _PAIR_BYTES))


def blob_id(doc_id: str) -> bytes:
    """Return the 20 bytes of a SWHID's git blob id."""
    return bytes.fromhex(doc_id[10:])


def packed(values: Iterable[bytes], dtype: np.dtype[Any]) -> NDArray[np.bytes_]:
    """Return values of one length as an array, sorted, each once."""
    return np.unique(np.frombuffer(b"".join(values), dtype=dtype))


def repository_key(doc_id: str, repo: str) -> bytes:
    """Return the key of every origin of a document in one repository, at whatever path it may turn up."""
    return _key([doc_id, repo])


def path_key(doc_id: str, repo: str, path: str) -> bytes:
    """Return the key of a document's origins at one path of one repository, at whatever revision."""
    return _key([doc_id, repo, path])


def origin_keys(doc_id: str, origin: Origin) -> tuple[bytes, bytes]:
    """Return both keys by which an origin can be out."""
    return repository_key(doc_id, origin.repo), path_key(doc_id, origin.repo, origin.path)


def _key(parts: list[str]) -> bytes:
    return hashlib.sha256(canonical_json(parts)).digest()[:KEY_BYTES]


def rows_within(rows: NDArray[np.bytes_], number: int, n_buckets: int) -> NDArray[np.bytes_]:
    """Return those of sorted rows, each beginning with a git blob id, that concern bucket ``number``."""
    edges = [(each << 32) // n_buckets for each in (number, number + 1)]
    heads = [edge.to_bytes(4, "big") for edge in edges if edge < 1 << 32]
    cuts = np.searchsorted(rows, np.array(heads, dtype=rows.dtype)).tolist()
    return rows[cuts[0] : cuts[1] if len(cuts) > 1 else None]


def bucket_numbers(rows: NDArray[np.bytes_], n_buckets: int) -> NDArray[np.int64]:
    """Return the bucket of each row that begins with a git blob id (``codewhence.index.bucket.bucket_number``)."""
    heads = np.frombuffer(rows.tobytes(), dtype=np.uint8).reshape(-1, rows.itemsize)[:, :4]
    first_bits = np.ascontiguousarray(heads).view(">u4").ravel().astype(np.int64)
    return first_bits * n_buckets >> 32
