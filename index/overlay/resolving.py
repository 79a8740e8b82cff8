"""From what somebody asks to take out to documents and origins, and what that will mean: nothing is changed here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from codewhence.digests import canonical_json, is_swhid
from codewhence.errors import UsageError
from codewhence.index.bucket import Bucket, bucket_number
from codewhence.index.documents import Entry
from codewhence.index.overlay.path_glob import compile_glob
from codewhence.index.overlay.removals import Removals, path_key, repository_key
from codewhence.index.store import Index
from codewhence.records import Origin


@dataclass(frozen=True, slots=True)
class Request:
    """What to take out.

    Attributes:
        doc_ids: SWHIDs of documents, to be taken out whatever their origins.
        repos: Repositories, named as their origins name them, letter by letter.
        globs: Only paths of the repositories that match one of these (``codewhence.index.overlay.path_glob``).
    """

    doc_ids: tuple[str, ...] = ()
    repos: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.globs and not self.repos:
            raise UsageError("--path says which files of a repository; pass --repo too.")
        if not self.doc_ids and not self.repos:
            raise UsageError("nothing is named. Pass --doc, --repo or --from.")
        wrong = [doc_id for doc_id in self.doc_ids if not is_swhid(doc_id)]
        if wrong:
            raise UsageError(
                f"{wrong[0][:80]!r} is not the id of a document ({len(wrong)} of {len(self.doc_ids)} are not). "
                "An id looks like swh:1:cnt:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391; reports name it as doc_id."
            )


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one document.

    Attributes:
        doc_id: The document.
        n_text_bytes: Size of its text as UTF-8.
        lost: Origins that go.
        left: Origins that stay; without any the document goes.
    """

    doc_id: str
    n_text_bytes: int
    lost: tuple[Origin, ...]
    left: tuple[Origin, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What a request comes to.

    Attributes:
        added: What the list of removals gains.
        changes: What becomes of each document that changes, by id.
        missing: What was asked for and is not in the index, in words.
        n_asked: Documents, repositories and patterns asked for, each once.
        n_already: Documents asked for that had been taken out before.
    """

    added: Removals
    changes: tuple[Change, ...]
    missing: tuple[str, ...]
    n_asked: int
    n_already: int

    @property
    def masked(self) -> tuple[Change, ...]:
        """The documents that go."""
        return tuple(change for change in self.changes if not change.left)

    @property
    def kept_elsewhere(self) -> tuple[Change, ...]:
        """The documents that stay for their other origins."""
        return tuple(change for change in self.changes if change.left)

    @property
    def n_files(self) -> int:
        """Origins that go."""
        return sum(len(change.lost) for change in self.changes)

    @property
    def n_text_bytes(self) -> int:
        """Text of the documents that go, as UTF-8."""
        return sum(change.n_text_bytes for change in self.masked)


def resolve(index: Index, request: Request) -> Plan:
    """Find what a request names among what the index holds, masked or not.

    Raises:
        FormatError: The index is damaged where it was read.
        UsageError: A pattern is none.
    """
    doc_ids = tuple(dict.fromkeys(request.doc_ids))
    held, missing = _documents(index, doc_ids)
    by_repo, unmatched = _origins(index, request)
    missing += unmatched
    known = {doc_id for doc_id in missing if is_swhid(doc_id) and index.removals.names(doc_id)}
    entries = {entry.doc_id: entry for entry in (*held, *(entry for entry, _ in by_repo))}
    keys = {(entry.doc_id, key) for entry, some in by_repo for key in some}
    added = Removals.of(doc_ids, origins=keys)
    changes = tuple(_changes(index.removals, added, entries.values()))
    return Plan(
        added=added.without(index.removals),
        changes=tuple(sorted(changes, key=lambda change: change.doc_id)),
        missing=tuple(name for name in missing if name not in known),
        n_asked=len(doc_ids) + len(set(request.repos)) + len(set(request.globs)),
        n_already=len(entries) - len(changes) + len(known),
    )


def _documents(index: Index, doc_ids: Iterable[str]) -> tuple[list[Entry], list[str]]:
    held, missing = [], []
    for doc_id in doc_ids:
        bucket = index.held_buckets[bucket_number(doc_id, len(index.held_buckets))]
        row = bucket.find(doc_id)
        if row is None:
            missing.append(doc_id)
        else:
            held.append(bucket.entry(row))
    return held, missing


def _origins(index: Index, request: Request) -> tuple[list[tuple[Entry, set[bytes]]], list[str]]:
    """Return each row with an origin asked for, and the keys of those origins; and what no origin matched."""
    globs = {glob: compile_glob(glob) for glob in request.globs}
    found: dict[str, tuple[Entry, set[bytes]]] = {}
    unmatched = {f"repository {repo!r}" for repo in request.repos} | {f"path {glob!r}" for glob in globs}
    for repo in dict.fromkeys(request.repos):
        for entry in _rows_of_repository(index.held_buckets, repo):
            unmatched.discard(f"repository {repo!r}")
            keys: set[bytes] = set()
            for origin in entry.origins:
                if origin.repo != repo:
                    continue
                matching = [glob for glob, pattern in globs.items() if pattern.fullmatch(origin.path)]
                unmatched -= {f"path {glob!r}" for glob in matching}
                if not globs:
                    keys.add(repository_key(entry.doc_id, repo))
                elif matching:
                    keys.add(path_key(entry.doc_id, repo, origin.path))
            if keys:
                found.setdefault(entry.doc_id, (entry, set()))[1].update(keys)
    return list(found.values()), sorted(unmatched)


def _rows_of_repository(buckets: Sequence[Bucket], repo: str) -> Iterator[Entry]:
    # The name as it stands in the table tells which rows to read: some gigabytes a second, a row takes 20 µs.
    text = b'"repo":' + canonical_json(repo).rstrip(b"\n")
    for bucket in buckets:
        for row in bucket.rows_with(text):
            entry = bucket.entry(row)
            if any(origin.repo == repo for origin in entry.origins):
                yield entry


def _changes(before: Removals, added: Removals, entries: Iterable[Entry]) -> Iterator[Change]:
    after = before.joined(added)
    for entry in entries:
        shown = before.kept(entry)
        if shown is None:
            continue
        kept = after.kept(entry)
        left = kept.origins if kept else ()
        lost = tuple(origin for origin in shown.origins if origin not in set(left))
        if lost:
            yield Change(entry.doc_id, entry.n_bytes, lost, left)
