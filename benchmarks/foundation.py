"""Measure the foundation: build rate, memory, copies found, latency. Writes results/foundation.{json,md}.

    python benchmarks/foundation.py [--copies N] [--seed N]

Times are of the machine at hand and only good for comparison within one run. The corpus: benchmarks/corpus.py.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import corpus
import touched
from build_once import MEASURES as BUILD_MEASURES

from codewhence.index.match import find_matches
from codewhence.index.store import Index, open_index
from codewhence.index.tokens import tokenize
from codewhence.index.winnow import GUARANTEE
from codewhence.records import Document, Match, Span

Result = TypeVar("Result")

HERE = Path(__file__).parent
RESULTS = HERE / "results"
COPY_CHARS = 300
AROUND_CHARS = 850  # on each side: 2,000 in all


def main() -> None:
    """Run every measurement and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=20261125)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = _measure(Path(folder), n_copies=options.copies, seed=options.seed)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "foundation.json").write_text(json.dumps(results, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    table = _table(results)
    (RESULTS / "foundation.md").write_text(table, encoding="utf-8")
    print(table)


def _measure(folder: Path, *, n_copies: int, seed: int) -> dict[str, Any]:
    sources = [*corpus.seen_packages(), "stdlib"]
    index_path = folder / "index"
    results: dict[str, Any] = {
        "machine": _machine(),
        "seed": seed,
        "build": {
            "one worker": _build(sources, folder / "one", n_workers=1),
            "two workers": _build(sources, index_path, n_workers=2),
        },
        "memory": {
            "1x": _build([str(corpus.seen_folder() / "django")], folder / "small", n_workers=2, n_buckets=1),
            "4x": _build(_four_times(), folder / "large", n_workers=2, n_buckets=4),
        },
    }
    with open_index(index_path) as index:
        rng = random.Random(seed)
        documents = [document for document in index.documents() if len(document.content) >= 1000]
        unseen = corpus.python_texts(corpus.unseen_folder(), at_least_chars=4000)
        results["verbatim"] = _verbatim_copies(index, documents, unseen, rng, n_copies=n_copies)
        results["reformatted"] = _touched_copies(index, documents, unseen, rng, n_copies=n_copies // 6)
    results["command line"] = _command_line(index_path, folder, unseen[0][:2000])
    return results


def _four_times() -> list[str]:
    """About four times django's text, in other packages."""
    return [str(corpus.seen_folder() / name) for name in ("sympy", "twisted", "networkx", "sqlalchemy")]


def _build(sources: list[str], output: Path, *, n_workers: int, n_buckets: int | None = None) -> dict[str, Any]:
    """Build in a process of its own, so that its CPU time and peak memory can be told."""
    command = [sys.executable, str(HERE / "build_once.py"), str(output), str(n_workers), str(n_buckets or 0), *sources]
    measured = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {name: measured[name] for name in BUILD_MEASURES}


def _verbatim_copies(
    index: Index, documents: list[Document], unseen: list[str], rng: random.Random, *, n_copies: int
) -> dict[str, Any]:
    """Set 300 characters of an indexed file into 2 kB of unseen code, and see what comes back."""
    seconds, n_eligible, n_found, n_exact, n_sourced = [], 0, 0, 0, 0
    for _ in range(n_copies):
        document = rng.choice(documents)
        at = rng.randrange(len(document.content) - COPY_CHARS)
        copied = document.content[at : at + COPY_CHARS]
        text, start = touched.embedded(copied, rng.choice(unseen), rng, n_around=AROUND_CHARS)
        matches, elapsed = _timed(lambda text=text: find_matches(index, text))
        seconds.append(elapsed)
        if len(tokenize(copied)) < GUARANTEE + 2:  # the two tokens at its ends may be cut
            continue
        n_eligible += 1
        over = [match for match in matches if match.span.start <= start and match.span.end >= start + COPY_CHARS]
        with_source = [match for match in over if any(each.doc_id == document.doc_id for each in match.sources)]
        truth = touched.maximal_extent(text, start, start + COPY_CHARS, document.content)
        n_found += bool(over)
        n_sourced += bool(with_source)
        n_exact += any((match.span.start, match.span.end) == truth for match in with_source)
    return {
        "n_copies": n_copies,
        "n_with_guaranteed_length": n_eligible,
        "n_found": n_found,
        "n_with_true_source": n_sourced,
        "n_exact_to_the_character": n_exact,
        "check_ms_median": _ms(statistics.median(seconds)),
        "check_ms_p95": _ms(_quantile(seconds, 0.95)),
        "check_ms_max": _ms(max(seconds)),
    }


def _touched_copies(
    index: Index, documents: list[Document], unseen: list[str], rng: random.Random, *, n_copies: int
) -> dict[str, Any]:
    """Copy Python functions with another layout; and look at unseen functions for false alarms."""
    python = [document for document in documents if document.language == "python"]
    functions = touched.functions([document.content for document in python], rng)
    found: dict[str, Any] = {}
    chosen = [next(functions) for _ in range(n_copies)]
    for name, touch in touched.LAYOUTS.items():
        n_found = 0
        for number, code in chosen:
            text, start = touched.embedded(touch(code), rng.choice(unseen), rng, n_around=AROUND_CHARS)
            copy = Span(start, start + len(touch(code)))
            n_found += any(_names(match, copy, python[number].doc_id) for match in find_matches(index, text))
        found[name] = {"n_copies": n_copies, "n_found": n_found}
    strangers = touched.functions(unseen, rng)
    alarms = [find_matches(index, next(strangers)[1]) for _ in range(n_copies)]
    counted = [[match for match in matches if not match.idiom and not match.is_chance] for matches in alarms]
    found["unseen functions"] = {"n_functions": n_copies, "n_with_a_match": sum(map(bool, counted))}
    return found


def _names(match: Match, copy: Span, doc_id: str) -> bool:
    """Say whether a match lies over the copy and names its true source."""
    overlaps = match.span.start < copy.end and copy.start < match.span.end
    return overlaps and any(source.doc_id == doc_id for source in match.sources)


def _command_line(index_path: Path, folder: Path, text: str) -> dict[str, Any]:
    """Time ``codewhence check`` as a whole process, start included."""
    file = folder / "sample.py"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "codewhence", "check", str(file), "--index", str(index_path)]
    seconds = []
    for _ in range(15):
        _, elapsed = _timed(lambda: subprocess.run(command, check=True, capture_output=True))
        seconds.append(elapsed)
    return {"check_s_median": round(statistics.median(seconds), 3), "check_s_max": round(max(seconds), 3)}


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[int(share * len(values))]


def _machine() -> dict[str, Any]:
    return {"python": platform.python_version(), "processor": platform.machine(), "n_cores": os.cpu_count()}


def _table(results: dict[str, Any]) -> str:
    build, memory, verbatim = results["build"], results["memory"], results["verbatim"]
    one, two = build["one worker"], build["two workers"]
    small, large = memory["1x"], memory["4x"]
    eligible = verbatim["n_with_guaranteed_length"]
    rows = [
        ("indexed", f"{one['n_files']:,} files, {one['text_mb']:,} MB of text"),
        ("build, MB/s a core", f"{one['mb_per_cpu_second']} (one worker), {two['mb_per_cpu_second']} (two)"),
        ("build, wall seconds", f"{one['wall_seconds']} (one worker), {two['wall_seconds']} (two)"),
        ("index / text, text included", f"{one['index_to_text']}"),
        (f"peak memory of the largest process, {small['text_mb']} MB of text", f"{small['peak_mb']} MB"),
        (f"peak memory of the largest process, {large['text_mb']} MB of text", f"{large['peak_mb']} MB"),
        ("300-character copies in 2 kB, of guaranteed length", f"{eligible:,}"),
        ("… found", f"{verbatim['n_found']:,}"),
        ("… with their true source", f"{verbatim['n_with_true_source']:,}"),
        ("… exact to the character", f"{verbatim['n_exact_to_the_character']:,}"),
        ("check of 2 kB, warm, median / p95", f"{verbatim['check_ms_median']} / {verbatim['check_ms_p95']} ms"),
        ("check of 2 kB, command line, median", f"{results['command line']['check_s_median']} s"),
    ]
    for name, found in results["reformatted"].items():
        if "n_found" in found:
            rows.append((f"functions, {name}: found", f"{found['n_found']} of {found['n_copies']}"))
    strangers = results["reformatted"]["unseen functions"]
    rows.append(("unseen functions with a match", f"{strangers['n_with_a_match']} of {strangers['n_functions']}"))
    return "\n".join(["| figure | measured |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows), ""])


if __name__ == "__main__":
    main()
