"""From what every peer measured to the results that are written: rates, curves, ratios, and the goals beside them."""

import os
import platform
from dataclasses import asdict
from typing import Any

from benchmarks import summary
from benchmarks.documents import open_corpus
from benchmarks.queries import NULL_FILE, NULL_FUNCTION, Sizes

Measured = dict[tuple[str, str], dict[str, Any]]
TRULY_SHARED_CHARS = 150
V0_TO_V2 = ("V0", "V1", "V2")


def collect(measured: Measured, *, sizes: Sizes, is_small: bool) -> dict[str, Any]:
    """Put the results together."""
    names = [f"small-{name}" if is_small else name for name in ("python", "languages")]
    corpora = [open_corpus(name) for name in names]
    results: dict[str, Any] = {
        "machine": {"python": platform.python_version(), "processor": platform.machine(), "n_cores": os.cpu_count()},
        "sizes": asdict(sizes),
        "corpora": {
            each.name: {"n_files": len(each.files), "mb": round(each.n_bytes / 1e6, 1), "sha256": each.digest}
            for each in corpora
        },
        "peers": {word: _peer(answer) for (word, corpus), answer in measured.items() if corpus == "python"},
        "languages": _languages(measured),
    }
    ours = measured.get(("ours", "python"), {})
    if "answers" in ours:
        results["touched"] = {
            "found": summary.by_class(ours["answers"], summary.is_found),
            "named": summary.by_class(ours["answers"], summary.is_named),
        }
        results["false_alarms"] = _false_alarms(ours["answers"], measured, "python")
    _add_ratios(results["peers"])
    results["goals"] = _goals(results)
    return results


def _peer(answer: dict[str, Any]) -> dict[str, Any]:
    if "error" in answer:
        return answer
    kept = {name: answer[name] for name in ("peer", "method", "unit", "packages", "build")}
    curve = summary.sweep(answer["answers"])
    return {
        **kept,
        "latency": summary.latency(answer["latency"]),
        "copies_of_300_characters": summary.copies_of_300(answer["answers"]),
        "operating": {
            "named": summary.by_class(answer["answers"], summary.is_touched),
            "found": summary.by_class(answer["answers"], summary.is_found),
            "false_alarms": summary.false_alarms(answer["answers"]),
        },
        "thresholds": [summary.at_threshold(answer["answers"], value) for value in answer["thresholds"]],
        "sweep": curve,
        "named_at_one_percent": summary.at_one_percent(curve),
    }


def _false_alarms(answers: list[dict[str, Any]], measured: Measured, corpus: str) -> dict[str, Any]:
    result = summary.false_alarms(answers)
    listed = summary.flagged(answers, _shared_runs(measured, corpus), min_chars=TRULY_SHARED_CHARS)
    result["flagged"] = listed
    for kind in (NULL_FUNCTION, NULL_FILE):
        n_shared = sum(each["truly_shared"] for each in listed if each["name"].startswith(kind))
        result[kind]["truly_shared"] = n_shared
        result[kind]["p_values"] = summary.p_values_of_null(answers, kind)
    return result


def _shared_runs(measured: Measured, corpus: str) -> dict[str, float]:
    """Return the longest run that each unseen text shares with the corpus: bytes, or characters without blanks."""
    runs: dict[str, float] = {}
    for word in ("copilot-rule", "suffix-array"):
        for answer in measured.get((word, corpus), {}).get("answers", ()):
            longest = max((hit["strength"] for hit in answer["hits"]), default=0)
            runs[answer["name"]] = max(runs.get(answer["name"], 0), longest)
    return runs


def _languages(measured: Measured) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for (word, corpus), answer in measured.items():
        if corpus != "languages":
            continue
        if "error" in answer:
            result[word] = answer
            continue
        languages = sorted({each["language"] for each in answer["answers"]})
        result[word] = {"peer": answer["peer"], "build": answer["build"], "languages": {}}
        for language in languages:
            some = [each for each in answer["answers"] if each["language"] == language]
            result[word]["languages"][language] = {
                "found": summary.by_class(some, summary.is_found),
                "named": summary.by_class(some, summary.is_named),
                "false_alarms": _false_alarms(some, measured, corpus) if word == "ours" else summary.false_alarms(some),
            }
    return result


def _add_ratios(peers: dict[str, Any]) -> None:
    """Add to each peer how many times faster it answers than infini-gram, by the median."""
    base = peers.get("infini-gram", {}).get("latency", {}).get("find", {}).get("median_ms")
    if base:
        for peer in peers.values():
            for timed in peer.get("latency", {}).values():
                timed["times_faster_than_infini_gram"] = round(base / timed["median_ms"], 1)


def _goals(results: dict[str, Any]) -> list[dict[str, Any]]:
    """Put what the project promised beside what was measured."""
    ours = results["peers"].get("ours", {})
    if "build" not in ours or "touched" not in results:
        return []
    check = ours["latency"].get("find", {})
    found = results["touched"]["found"]
    rows: list[tuple[str, str, float, float | None]] = [
        ("build, MB/s a core", "at least", 15, ours["build"]["mb_per_cpu_second"]),
        ("index / text", "at most", 1.3, ours["build"]["index_to_text"]),
        ("check of 2 kB, median ms", "at most", 5, check.get("median_ms")),
        ("check of 2 kB, p95 ms", "at most", 20, check.get("p95_ms")),
        ("times faster than infini-gram", "at least", 40, check.get("times_faster_than_infini_gram")),
        ("unseen functions flagged", "at most", 0.01, results["false_alarms"][NULL_FUNCTION]["rate"]),
        ("unseen files flagged", "at most", 0.01, results["false_alarms"][NULL_FILE]["rate"]),
    ]
    for word in ("tantivy", "suffix-array"):
        peer = results["peers"].get(word, {})
        if "build" in peer:
            label = f"build, MB/s a core, ahead of {peer['peer']}"
            rows.append((label, "at least", peer["build"]["mb_per_cpu_second"], ours["build"]["mb_per_cpu_second"]))
    for kind in (*V0_TO_V2, "V3", "V4", "every identifier"):
        wanted = 0.99 if kind in V0_TO_V2 else 0.96 if kind in ("V3", "V4") else 0.90
        for form, share in found.get(kind, {}).items():
            rows.append((f"{kind} found, {form}", "at least", wanted, share["rate"]))
    return [
        {"goal": label, "bound": f"{bound} {limit:g}", "measured": value, "met": _is_met(bound, limit, value)}
        for label, bound, limit, value in rows
    ]


def _is_met(bound: str, limit: float, value: float | None) -> bool | None:
    if value is None:
        return None
    return value >= limit if bound == "at least" else value <= limit
