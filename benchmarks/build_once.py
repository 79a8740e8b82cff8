"""Build one index and print what it took, as JSON; run by foundation.py in a process of its own.

python build_once.py OUTPUT N_WORKERS N_BUCKETS(0: default) SOURCE...
"""

import json
import resource
import sys
import time
from pathlib import Path

from codewhence.index.build import build_index
from codewhence.index.sources.registry import open_source

MEASURES = ("n_files", "text_mb", "wall_seconds", "mb_per_cpu_second", "index_to_text", "peak_mb", "n_buckets", "root")


def main() -> None:
    """Build, measure, print."""
    output, n_workers, n_buckets = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) or None
    sources = [open_source(spec) for spec in sys.argv[4:]]
    start = time.perf_counter()
    result = build_index(sources, output, n_buckets=n_buckets, n_workers=n_workers)
    wall = time.perf_counter() - start
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    n_index_bytes = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
    measured = {
        "n_files": result.n_files,
        "text_mb": round(result.n_text_bytes / 1e6, 1),
        "wall_seconds": round(wall, 1),
        "mb_per_cpu_second": round(result.n_read_bytes / 1e6 / cpu, 1),
        "index_to_text": round(n_index_bytes / result.n_text_bytes, 3),
        "peak_mb": round(max(usage.ru_maxrss for usage in usages) / 1e3),
        "n_buckets": result.n_buckets,
        "root": result.root,
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
