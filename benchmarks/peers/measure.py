"""One peer, one corpus, one process: build it, time it, ask it every query, and write what came back as JSON.

    python -m benchmarks.peers.measure PEER CORPUS QUERIES OUTPUT

CPU time is that of this process and its children (``getrusage``), over the build alone. Latency is wall time of calls
in this process, warm: the first ten queries are asked once before.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.copies.classes import MAIN
from benchmarks.documents import open_corpus
from benchmarks.peers.protocol import Handle, Hit, Peer
from benchmarks.peers.registry import open_peer
from benchmarks.queries import LATENCY, NULL_FILE, NULL_FUNCTION, Query, read_queries

N_WARM_UP = 10
LATENCY_SECONDS = 45.0
MAX_HITS = 40  # of a query are kept, the strongest
FOR_PEERS = {*(each.name for each in MAIN), NULL_FUNCTION, NULL_FILE, LATENCY}


def main() -> None:
    """Measure and write."""
    word, corpus_name, queries, output = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    kinds = None if word == "ours" else FOR_PEERS
    with tempfile.TemporaryDirectory(prefix="codewhence-bench-") as folder:
        measured = _measure(open_peer(word), corpus_name, queries, Path(folder), kinds=kinds)
    output.write_text(json.dumps(measured), encoding="utf-8")


def _measure(peer: Peer, corpus_name: str, query_file: Path, folder: Path, *, kinds: set[str] | None) -> dict[str, Any]:
    corpus = open_corpus(corpus_name)
    for _ in corpus.data():  # into the page cache, for every peer alike
        pass
    before, started = _cpu_seconds(), time.perf_counter()
    handle = peer.build(corpus, folder)
    cpu, wall = _cpu_seconds() - before, time.perf_counter() - started
    peak = _peak_kilobytes()
    # Read only now: the queries are no part of the peak.
    queries = [query for query in read_queries(query_file) if kinds is None or query.kind in kinds]
    timed = [query for query in queries if query.kind == LATENCY]
    calls: dict[str, Callable[[Query], object]] = {"find": lambda query: handle.find(query.text, query.language)}
    for name, call in handle.timed().items():
        calls[name] = lambda query, call=call: call(query.text)
    return {
        "peer": peer.name,
        "method": peer.method,
        "unit": peer.unit,
        "thresholds": list(peer.thresholds),
        "packages": {name: version(name) for name in peer.packages},
        "build": {
            "text_mb": round(corpus.n_bytes / 1e6, 1),
            "cpu_seconds": round(cpu, 2),
            "wall_seconds": round(wall, 2),
            "mb_per_cpu_second": round(corpus.n_bytes / 1e6 / cpu, 2) if peer.has_index else None,
            "index_to_text": round(handle.n_index_bytes / corpus.n_bytes, 3),
            "peak_mb": round(peak / 1e3),
        },
        "latency": {name: _times(call, timed) for name, call in calls.items()} if timed else {},
        "answers": _answers(handle, queries, seconds=peer.seconds),
    }


def _times(call: Callable[[Query], object], queries: list[Query]) -> list[float]:
    """Return milliseconds of each query, as many as the time allows."""
    for query in queries[:N_WARM_UP]:
        call(query)
    times = []
    started = time.perf_counter()
    for query in queries:
        before = time.perf_counter()
        call(query)
        after = time.perf_counter()
        times.append(round((after - before) * 1e3, 4))
        if after - started > LATENCY_SECONDS:
            break
    return times


def _answers(handle: Handle, queries: Iterable[Query], *, seconds: float) -> list[dict[str, Any]]:
    started = time.perf_counter()
    answers = []
    for query in queries:
        if time.perf_counter() - started > seconds:
            break
        hits = [_judged(hit, query) for hit in handle.evidence(query.text, query.language)]
        # Those that name the true file come first: they decide.
        kept = sorted(hits, key=lambda hit: (not hit["named"], -hit["strength"]))[:MAX_HITS]
        strongest = sorted(hits, key=lambda hit: -hit["strength"])[:MAX_HITS]
        answers.append(
            {
                "kind": query.kind,
                "form": query.form,
                "language": query.language,
                "project": query.project,
                "name": query.name,
                "hits": kept if query.truth else strongest,
            }
        )
    return answers


def _judged(hit: Hit, query: Query) -> dict[str, Any]:
    """Say of a hit how much of the copy it covers and whether it names a true file; spans are not kept."""
    over = min(hit.end, query.end) - max(hit.start, query.start)
    judged: dict[str, Any] = {
        "strength": round(hit.strength, 3),
        "counts": hit.counts,
        "covered": round(max(0, over) / max(1, query.end - query.start), 3),
        "named": over > 0 and hit.documents is not None and not hit.documents.isdisjoint(query.truth),
    }
    if hit.documents is None:
        judged["no_file"] = True
    if hit.kind:
        judged["kind"] = hit.kind
    if hit.p_value is not None:
        judged["p"] = hit.p_value
    return judged


def _peak_kilobytes() -> int:
    """Return the largest resident set of this process and its children.

    Not ``ru_maxrss`` of this process: Linux carries that of the parent over, which holds the results of all peers.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own = int(status.partition("VmHWM:")[2].split()[0])
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def _cpu_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()
