"""What was built, what an index holds, and what is wrong with one: as text and as JSON."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codewhence.app.formats.columns import aligned
from codewhence.app.formats.wording import counted, visible
from codewhence.index.sources.base import SKIP_REASONS

if TYPE_CHECKING:
    from codewhence.index.build import BuildResult
    from codewhence.index.verify import Problem

_MAX_LISTED = 10


def build_to_json(result: "BuildResult", directory: Path, *, seconds: float) -> dict[str, Any]:
    """Return what was built; ``timings`` alone differs between two builds of the same sources."""
    return {
        "schema": "codewhence.build/1",
        "directory": str(directory),
        "root": result.root,
        "n_documents": result.n_documents,
        "n_files": result.n_files,
        "n_text_bytes": result.n_text_bytes,
        "n_buckets": result.n_buckets,
        "n_read_files": result.n_read_files,
        "n_read_bytes": result.n_read_bytes,
        "licenses": result.licenses,
        "languages": result.languages,
        "skipped": result.skipped,
        "skipped_examples": result.skipped_examples,
        "n_removals": result.n_removals,
        "timings": {"total_seconds": round(seconds, 3)},
    }


def build_text(value: Mapping[str, Any]) -> str:
    """Return what ``build_to_json`` gives, for people."""
    seconds = value["timings"]["total_seconds"]
    rate = value["n_read_bytes"] / 1e6 / max(seconds, 1e-3)
    holds = [
        counted(value["n_files"], "file"),
        counted(value["n_documents"], "distinct document"),
        f"{_megabytes(value['n_text_bytes'])} of text",
        counted(value["n_buckets"], "bucket"),
    ]
    read = f"{counted(value['n_read_files'], 'file')}, {_megabytes(value['n_read_bytes'])} of text"
    lines = [
        f"index {visible(value['directory'])}@{value['root'][:4]}…  {', '.join(holds)}",
        f"read {read} in {seconds:,.1f} s, {rate:,.1f} MB/s",
        *_tally("licenses", value["licenses"]),
        *_skipped(value["skipped"], value["skipped_examples"]),
    ]
    if value["n_removals"]:
        entries = counted(value["n_removals"], "entry", "entries")
        lines.append(f"left out what was taken out of this index before: a list of {entries}")
    return _joined(lines)


def stats_text(stats: Mapping[str, Any]) -> str:
    """Return what ``index stats`` counts, for people."""
    rows = [
        ["documents", f"{stats['n_documents']:,}"],
        ["files", f"{stats['n_files']:,}"],
        ["text", _megabytes(stats["n_text_bytes"])],
        ["index on disk", _megabytes(stats["n_index_bytes"])],
        ["buckets", f"{stats['n_buckets']:,}"],
        ["tokens", f"{stats['n_tokens']:,}"],
        ["root", stats["root"]],
        ["training set", visible(stats["training_set"].get("version") or "not named")],
        ["calibration", _calibration(stats["calibration"])],
        *_removals(stats["masked"]),
    ]
    skipped = _skipped(stats["training_set"].get("skipped", {}), {})
    return _joined(
        [*aligned(rows), *_tally("licenses", stats["licenses"]), *_tally("languages", stats["languages"]), *skipped]
    )


def _calibration(calibration: Mapping[str, Any]) -> str:
    if calibration["reason"] is not None:
        text = f"the shipped default: {visible(calibration['reason'])}"
    else:
        texts = counted(calibration["n_texts"], "text")
        repositories = counted(calibration["n_repositories"], "repository", "repositories")
        text = f"measured on {texts} of {repositories} of this index"
    return f"{text}; stale, made before the index last changed" if calibration["stale"] else text


def _removals(masked: Mapping[str, int]) -> list[list[str]]:
    if not masked["n_listed"]:
        return []
    files = counted(masked["n_files"], "file")
    pending = f"{files} still on the disk: codewhence index compact erases them" if masked["n_files"] else "all erased"
    return [["taken out", f"{counted(masked['n_listed'], 'entry', 'entries')} on the list, {pending}"]]


def problems_text(directory: Path, problems: "Sequence[Problem]") -> str:
    """Return each damaged file with the reason, or that there is none."""
    if not problems:
        return f"{visible(str(directory))}: every byte is as it was written\n"
    return _joined(f"{visible(problem.file)}: {visible(problem.reason)}" for problem in problems)


def _tally(title: str, counts: Mapping[str, int]) -> list[str]:
    if not counts:
        return []
    ranked = sorted(counts.items(), key=_most_first)
    rows = [[f"  {n:,}", visible(name)] for name, n in ranked[:_MAX_LISTED]]
    n_more = len(ranked) - _MAX_LISTED
    more = [f"  and {n_more:,} more"] if n_more > 0 else []
    return [title, *aligned(_right_aligned(rows)), *more]


def _skipped(skipped: Mapping[str, int], examples: Mapping[str, Sequence[str]]) -> list[str]:
    lines = []
    for reason, n_files in sorted(skipped.items(), key=_most_first):
        example = next(iter(examples.get(reason, ())), None)
        named = f", such as {visible(example)}" if example is not None else ""
        lines.append(f"  {n_files:,}  {reason}: {SKIP_REASONS.get(reason, 'no reason recorded')}{named}")
    return ["skipped", *lines] if lines else []


def _right_aligned(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    width = max(len(row[0]) for row in rows)
    return [[row[0].rjust(width), *row[1:]] for row in rows]


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.1f} MB"


def _joined(lines: Any) -> str:
    return "".join(f"{line}\n" for line in lines)
