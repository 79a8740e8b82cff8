"""First half of a build: read every shard in the workers and route each document to a spill by its id."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from codewhence.index.bucket import MAX_BUCKETS, bucket_number
from codewhence.index.ingest import ingest
from codewhence.index.sources.base import Shard, Skipped, Source
from codewhence.index.spill import SpillWriter
from codewhence.index.workers import check_stop, run_tasks

_N_EXAMPLES = 3  # paths kept for each reason of a skip


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: bytes read of the sources (``read``) or of the routed text (``index``)."""

    stage: str
    done_bytes: int
    total_bytes: int
    n_files: int


OnProgress = Callable[[Progress], None]


@dataclass(slots=True)
class Routed:
    """What was read.

    Attributes:
        n_documents: Files that are documents, repetitions counted.
        text_bytes: Their text, as UTF-8, repetitions counted, by the first 16 bits of the id.
        n_disk_bytes: Size of the shards read, as they stand on disk.
        skipped: Files that are no document, by reason.
        examples: Up to three paths for each reason.
        spills: Folders of the spill files.
    """

    n_documents: int = 0
    text_bytes: Counter[int] = field(default_factory=Counter)
    n_disk_bytes: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    spills: set[Path] = field(default_factory=set)

    @property
    def n_text_bytes(self) -> int:
        """Text of the documents, as UTF-8, repetitions counted."""
        return self.text_bytes.total()

    def bucket_bytes(self, n_buckets: int) -> Counter[int]:
        """Add up the text by bucket; a bucket that received no document is not there."""
        sums: Counter[int] = Counter()
        for prefix, n_bytes in self.text_bytes.items():
            sums[prefix * n_buckets // MAX_BUCKETS] += n_bytes
        return sums

    @property
    def n_read_files(self) -> int:
        """Files met: documents and skipped ones."""
        return self.n_documents + self.skipped.total()

    def skip(self, skipped: Skipped) -> None:
        """Count a file that is no document."""
        self.skipped[skipped.reason] += 1
        examples = self.examples.setdefault(skipped.reason, [])
        examples.append(skipped.path)
        self.examples[skipped.reason] = sorted(examples)[:_N_EXAMPLES]

    def add(self, other: "Routed") -> None:
        """Count what another worker read."""
        self.n_documents += other.n_documents
        self.text_bytes += other.text_bytes
        self.n_disk_bytes += other.n_disk_bytes
        self.skipped += other.skipped
        self.spills |= other.spills
        for reason, paths in other.examples.items():
            self.examples[reason] = sorted([*self.examples.get(reason, []), *paths])[:_N_EXAMPLES]


def route(sources: Sequence[Source], folder: Path, *, n_workers: int, on_progress: OnProgress | None = None) -> Routed:
    """Read all ``sources`` and spill their documents below ``folder``."""
    # Two walks: the first only for the sum, so that the list of files is never held in memory.
    total_bytes = sum(shard.n_bytes for shard in _shards(sources)) if on_progress else 0
    routed = Routed()
    for _, part in run_tasks(partial(route_shard, folder), _shards(sources), n_workers=n_workers):
        routed.add(part)
        if on_progress:
            on_progress(Progress("read", routed.n_disk_bytes, total_bytes, routed.n_read_files))
    return routed


def route_shard(folder: Path, shard: Shard) -> Routed:
    """Read one shard and append its documents to this process's spills. Runs in a worker."""
    spills = folder / f"spill-{os.getpid()}"
    routed = Routed(n_disk_bytes=shard.n_bytes, spills={spills})
    with SpillWriter(spills) as writer:
        for item in shard.read():
            check_stop()
            ingested = item if isinstance(item, Skipped) else ingest(item)
            if isinstance(ingested, Skipped):
                routed.skip(ingested)
                continue
            entry, frame = ingested
            writer.add(entry, frame)
            routed.n_documents += 1
            routed.text_bytes[bucket_number(entry.doc_id, MAX_BUCKETS)] += entry.n_bytes
    return routed


def _shards(sources: Sequence[Source]) -> Iterator[Shard]:
    for source in sources:
        yield from source.shards()
