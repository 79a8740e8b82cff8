"""Measure the matching engine beside its peers. Writes results/matching.{json,md}, the table of goals and three plots.

    python -m benchmarks.matching [--only peers|touched|languages|latency] [--peers a,b] [--small] [--fresh]

``make bench`` runs it in an environment of its own (requirements.txt). Each peer runs in a process of its own, one
after the other; what it measured is kept in ``benchmarks/.cache/measured`` under a key of the corpus, the queries and
the code that ran, so that a run that was cut off goes on where it was. ``--small`` tries everything on 10 MB and only
prints.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import matching_report, plots
from benchmarks.corpus import CACHE
from benchmarks.matching_results import collect
from benchmarks.peers.registry import MODULES
from benchmarks.queries import Sizes, query_file

HERE = Path(__file__).parent
ROOT = HERE.parent
RESULTS = HERE / "results"
MEASURED = CACHE / "measured"
TIMEOUT_SECONDS = 900
OF_LANGUAGES = ("ours", "copilot-rule", "suffix-array")
# infini-gram stands beside us so that the ratio of latencies is of one stretch of time.
PARTS = {
    "latency": [("ours", "python"), ("infini-gram", "python")],
    "touched": [("ours", "python"), ("copilot-rule", "python"), ("suffix-array", "python")],
    "peers": [(word, "python") for word in MODULES],
    "languages": [(word, "languages") for word in OF_LANGUAGES],
}
SMALL_SIZES = Sizes(per_class=60, null_functions=300, null_files=100, latency=40)


def main() -> None:
    """Run what is asked for and not yet known, then write results from everything known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=sorted(PARTS), help="a part, the rest from what is known")
    parser.add_argument("--peers", default="", help=f"some of {', '.join(MODULES)}")
    parser.add_argument("--small", action="store_true", help="about 10 MB, few queries; results are printed only")
    parser.add_argument("--fresh", action="store_true", help="measure again what is known")
    options = parser.parse_args()
    sizes = SMALL_SIZES if options.small else Sizes()
    wanted = PARTS[options.only] if options.only else [*PARTS["peers"], *PARTS["languages"]]
    if options.peers:
        wanted = [(word, corpus) for word, corpus in wanted if word in options.peers.split(",")]
    every = dict.fromkeys([*PARTS["peers"], *PARTS["languages"]])
    measured = {}
    for word, corpus in every:
        name = f"small-{corpus}" if options.small else corpus
        is_wanted = (word, corpus) in wanted
        answer = _measure(word, name, sizes, fresh=options.fresh and is_wanted, run=is_wanted)
        if answer is not None:
            measured[word, corpus] = answer
    results = collect(measured, sizes=sizes, is_small=options.small)
    table = matching_report.markdown(results)
    if not options.small:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "matching.json").write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        (RESULTS / "matching.md").write_text(table, encoding="utf-8")
        (RESULTS / "matching_goals.md").write_text(matching_report.goals(results), encoding="utf-8")
    plots.draw(results, CACHE / "small-plots" if options.small else RESULTS)
    print(table)


def _measure(word: str, corpus: str, sizes: Sizes, *, fresh: bool, run: bool) -> dict[str, Any] | None:
    """Return what a peer measured, running it where that is not known; ``None`` where it is not to be run."""
    queries = query_file(corpus, sizes)
    output = MEASURED / f"{corpus}-{word}-{_code_version(word, queries)}.json"
    if not output.exists() or fresh:
        if not run:
            return None
        MEASURED.mkdir(parents=True, exist_ok=True)
        started = time.perf_counter()
        print(f"{word} over {corpus} …", file=sys.stderr, flush=True)
        error = _run(word, corpus, queries, output)
        print(f"{word} over {corpus}: {error or 'done'}, {time.perf_counter() - started:.0f} s", file=sys.stderr)
        if error:
            return {"peer": word, "error": error}
    return json.loads(output.read_text(encoding="utf-8"))


def _run(word: str, corpus: str, queries: Path, output: Path) -> str:
    """Run a peer in its process; return why it failed, or nothing."""
    new = output.with_suffix(".new")
    command = [sys.executable, "-m", "benchmarks.peers.measure", word, corpus, str(queries), str(new)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False, timeout=TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return f"not done in {TIMEOUT_SECONDS} seconds"
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        return said[-1] if said else f"ended with {done.returncode}"
    new.replace(output)
    return ""


def _code_version(word: str, queries: Path) -> str:
    """Return a digest of the queries' name and of the code that a measurement depends on."""
    peers = HERE / "peers"
    module = MODULES[word].partition(":")[0]
    files = [peers / "protocol.py", peers / "measure.py", peers / f"{module}.py", HERE / "requirements.txt"]
    if word in ("suffix-array", "copilot-rule"):
        files.append(peers / "suffix_search.py")
    if word == "ours":
        rooms = (ROOT / "index", ROOT / "governance", ROOT / "app", ROOT / "src" / "codewhence")
        files += sorted(path for room in rooms for path in room.rglob("*") if path.suffix in (".py", ".json", ".bin"))
    digest = hashlib.sha256(f"{queries.name} {word}".encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    main()
