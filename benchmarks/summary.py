"""From the answers of peers to rates: found, false alarms, thresholds, the sweep, latency; all with intervals.

*Found*: a match that counts lies over at least half of the copy and names a true source. *Named*: it touches the copy
and names one; that is how the other tools are judged, which is milder. Where a tool names no file, touching is enough.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from benchmarks.intervals import interval
from benchmarks.queries import ALONE, LATENCY, NULL_FILE, NULL_FUNCTION

Answer = dict[str, Any]
HALF = 0.5
# A match that does not count for one of these reasons counts at no threshold.
NEVER = ("idiom", "own code", "inline ignore", "ignore file", "other reading")
SWEEP_POINTS = 60
P_LEVELS = (0.0001, 0.001, 0.005, 0.01, 0.05)


def rate(flags: Iterable[bool]) -> dict[str, Any]:
    """Return hits, trials, and the share with its 95 % interval."""
    values = list(flags)
    if not values:
        return {"n": 0, "hits": 0, "rate": None, "low": None, "high": None}
    low, high = interval(sum(values), len(values))
    share = sum(values) / len(values)
    return {
        "n": len(values),
        "hits": sum(values),
        "rate": round(share, 5),
        "low": round(low, 5),
        "high": round(high, 5),
    }


def is_found(answer: Answer) -> bool:
    """Say whether a match that counts covers half of the copy and names a true source."""
    return any(hit["counts"] and hit["named"] and hit["covered"] >= HALF for hit in answer["hits"])


def is_named(answer: Answer) -> bool:
    """Say whether a match that counts touches the copy and names a true source."""
    return any(hit["counts"] and hit["named"] for hit in answer["hits"])


def is_flagged(answer: Answer) -> bool:
    """Say whether any match counts."""
    return any(hit["counts"] for hit in answer["hits"])


def is_touched(answer: Answer) -> bool:
    """Say whether a match that counts touches the copy, its source named or, where a tool names none, not."""
    return any(hit["counts"] and (hit["named"] or (hit.get("no_file") and hit["covered"])) for hit in answer["hits"])


def copies_of_300(answers: Sequence[Answer]) -> dict[str, Any]:
    """Return how many of the 300 verbatim characters in 2 kB, which are timed, were found."""
    return rate(is_touched(answer) for answer in answers if answer["kind"] == LATENCY)


def by_class(answers: Sequence[Answer], judge: Callable[[Answer], bool]) -> dict[str, dict[str, Any]]:
    """Return the rate of each class of copies in each form."""
    groups = defaultdict(list)
    for answer in answers:
        if answer["kind"] not in (NULL_FUNCTION, NULL_FILE, LATENCY):
            groups[answer["kind"], answer["form"]].append(judge(answer))
    table: dict[str, dict[str, Any]] = defaultdict(dict)
    for (kind, form), flags in groups.items():
        table[kind][form] = rate(flags)
    return dict(table)


def false_alarms(answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the share of unseen functions and files that are flagged, in all and by project."""
    result: dict[str, Any] = {}
    for kind in (NULL_FUNCTION, NULL_FILE):
        asked = [answer for answer in answers if answer["kind"] == kind]
        projects = defaultdict(list)
        for answer in asked:
            projects[answer["project"]].append(is_flagged(answer))
        result[kind] = {
            **rate(map(is_flagged, asked)),
            "by_project": {project: rate(flags) for project, flags in sorted(projects.items())},
        }
    return result


def p_values_of_null(answers: Sequence[Answer], kind: str) -> list[dict[str, Any]]:
    """Return how often the smallest p-value of unseen code is at or under each level: the level itself, if it is true.

    Matches too weak to be returned at all are not seen, so levels above what ``check`` returns come out low.
    """
    smallest = [
        min((hit["p"] for hit in answer["hits"] if "p" in hit and hit.get("kind") not in NEVER), default=1.0)
        for answer in answers
        if answer["kind"] == kind
    ]
    return [{"level": level, **rate(value <= level for value in smallest)} for level in P_LEVELS]


def flagged(answers: Sequence[Answer], shared_runs: dict[str, float], *, min_chars: int) -> list[dict[str, Any]]:
    """List what was flagged of unseen code, and whether it truly shares a run of ``min_chars`` with the corpus."""
    listed = []
    for answer in answers:
        counted = [hit for hit in answer["hits"] if hit["counts"]]
        if answer["kind"] in (NULL_FUNCTION, NULL_FILE) and counted:
            run = shared_runs.get(answer["name"], 0)
            listed.append(
                {
                    "name": answer["name"],
                    "project": answer["project"],
                    "kinds": sorted({hit.get("kind", "") for hit in counted}),
                    "strongest": max(hit["strength"] for hit in counted),
                    "shared_run_chars": run,
                    "truly_shared": run >= min_chars,
                }
            )
    return listed


def at_threshold(answers: Sequence[Answer], threshold: float) -> dict[str, Any]:
    """Return false alarms and shares named, alone, if every hit of at least ``threshold`` counted."""
    strengths = _strengths(answers)
    return {
        "threshold": threshold,
        "false_alarms": rate(value >= threshold for value in strengths.pop(NULL_FUNCTION, [])),
        "named": {kind: rate(value >= threshold for value in values) for kind, values in strengths.items()},
    }


def sweep(answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the curve of recall against false alarms over every threshold that changes the false alarms."""
    strengths = _strengths(answers)
    null = strengths.pop(NULL_FUNCTION, [])
    levels = sorted({value for value in null if value > -math.inf}, reverse=True)
    levels = [max([*levels[:1], 0.0]) + 1e-9, *levels]
    step = max(1, len(levels) // SWEEP_POINTS)
    chosen = [*levels[: SWEEP_POINTS // 2], *levels[SWEEP_POINTS // 2 :: step]]
    return {
        "thresholds": [round(level, 6) for level in chosen],
        "false_alarms": [_share(null, level) for level in chosen],
        "recall": {kind: [_share(values, level) for level in chosen] for kind, values in strengths.items()},
    }


def at_one_percent(curve: dict[str, Any], *, most: float = 0.01) -> dict[str, float]:
    """Return the recall of each class at the loosest threshold that keeps false alarms at or under ``most``."""
    kept = [number for number, share in enumerate(curve["false_alarms"]) if share <= most]
    return {kind: shares[max(kept)] for kind, shares in curve["recall"].items()} if kept else {}


def latency(times: dict[str, list[float]]) -> dict[str, Any]:
    """Return median and 95th percentile of each call."""
    return {
        name: {
            "n": len(values),
            "median_ms": round(statistics.median(values), 3),
            "p95_ms": round(sorted(values)[int(0.95 * (len(values) - 1))], 3),
        }
        for name, values in times.items()
        if values
    }


def _strengths(answers: Sequence[Answer]) -> dict[str, list[float]]:
    """Return the strength that decides of each query alone, by class; of unseen code that of any hit."""
    # Where matches carry a p-value, one without is certain: an exact copy.
    is_calibrated = any("p" in hit for answer in answers for hit in answer["hits"])
    result = defaultdict(list)
    for answer in answers:
        if answer["form"] != ALONE:
            continue
        is_null = answer["kind"] == NULL_FUNCTION
        values = [
            300.0 if is_calibrated and "p" not in hit else hit["strength"]
            for hit in answer["hits"]
            if hit.get("kind") not in NEVER and (is_null or _is_right(hit))
        ]
        result[answer["kind"]].append(max(values, default=-math.inf))
    return dict(result)


def _is_right(hit: dict[str, Any]) -> bool:
    return hit["named"] or (hit.get("no_file", False) and hit["covered"] > 0)


def _share(values: Sequence[float], threshold: float) -> float:
    return round(sum(value >= threshold for value in values) / max(1, len(values)), 5)
