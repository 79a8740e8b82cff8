"""A report as SARIF 2.1.0 (OASIS, errata 01), for code scanning and editors."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from codewhence import __version__
from codewhence.app.formats.json_report import dumps
from codewhence.app.formats.markup import backslashed, code_span
from codewhence.app.formats.sarif_rules import LEVELS, rule_descriptors, rule_of
from codewhence.app.formats.wording import (
    best_source,
    calibration_note,
    chance_label,
    counted,
    kind_label,
    license_label,
    n_files_of,
    needs_chance,
    size_label,
    source_label,
    visible,
)
from codewhence.app.shown import n_chance_matches, without_chance
from codewhence.records import AttributedMatch, FileReport, Report, Source, Unread, Verdict

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

# GitHub's code scanning shows 5,000 results of an upload and drops the rest without a word.
MAX_RESULTS = 5_000
MAX_RELATED_LOCATIONS = 20

_ROOT = "SRCROOT"
_TRAINING_SET = "TRAININGSET"
_VERDICTS = list(Verdict)

# How a path of the report is named in the log: a relative path, below SRCROOT or on its own.
Locate = Callable[[str], str]


def render(report: Report, *, locate: Locate = str, max_results: int = MAX_RESULTS) -> str:
    """Return the report as a SARIF log, ending in a newline.

    Args:
        report: What was found.
        locate: Turns a path of the report into one relative to the root of the sources, with forward slashes,
            or into an absolute one where it lies outside.
        max_results: Results beyond it are left out, mildest first, and a notification says how many.
    """
    found = [(file, attributed) for file in report.files for attributed in without_chance(file).matches]
    kept = _gravest_first(found, max_results)
    run = {
        "tool": {
            "driver": {
                "name": "codewhence",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": rule_descriptors(),
            }
        },
        "invocations": [_invocation(report, n_left_out=len(found) - len(kept), locate=locate)],
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The root of the checked sources."}},
            _TRAINING_SET: {"description": {"text": "The training set: repository, then path."}},
        },
        # A line ends as codewhence.lines says; columns are those of the records.
        "newlineSequences": ["\r\n", "\n", "\r"],
        "columnKind": "unicodeCodePoints",
        "properties": {
            "index": visible(report.index.name),
            "indexRoot": report.index.root,
            "calibration": calibration_note(report.index) or "measured on the index",
        },
        "results": _results(kept, locate),
    }
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _gravest_first(
    found: Sequence[tuple[FileReport, AttributedMatch]], n_kept: int
) -> list[tuple[FileReport, AttributedMatch]]:
    """Keep ``n_kept`` matches, in the order of the report: those that count first, the gravest first."""

    def mildness(position: int) -> tuple[bool, int]:
        attributed = found[position][1]
        return attributed.ignored is not None, -_VERDICTS.index(attributed.verdict)

    kept = sorted(sorted(range(len(found)), key=mildness)[:n_kept])
    return [found[position] for position in kept]


def _results(kept: Sequence[tuple[FileReport, AttributedMatch]], locate: Locate) -> list[dict[str, Any]]:
    seen: Counter[tuple[str, str]] = Counter()
    results = []
    for file, attributed in kept:
        seen[file.path, attributed.fingerprint] += 1
        results.append(_result(file, attributed, nth=seen[file.path, attributed.fingerprint], locate=locate))
    return results


def _result(file: FileReport, attributed: AttributedMatch, *, nth: int, locate: Locate) -> dict[str, Any]:
    rule_id, rule_index = rule_of(attributed)
    sources = attributed.match.sources
    n_left_out = max(0, len(sources) - MAX_RELATED_LOCATIONS)
    return {
        "ruleId": rule_id,
        "ruleIndex": rule_index,
        "level": LEVELS[attributed.verdict],
        "message": _message(attributed, n_left_out=n_left_out),
        "locations": [{"physicalLocation": _physical_location(file, attributed, locate)}],
        "partialFingerprints": {
            "codewhenceFingerprint/v1": f"{attributed.fingerprint}:{nth}",
            # Without this key an upload through GitHub's API opens a second alert at every push.
            "primaryLocationLineHash": f"{attributed.fingerprint[:16]}:{nth}",
        },
        "relatedLocations": [
            _related(number, source) for number, source in enumerate(sources[:MAX_RELATED_LOCATIONS], 1)
        ],
        "suppressions": _suppressions(attributed),
        "properties": {
            "kind": kind_label(attributed.match),
            "verdict": attributed.verdict.value,
            "licenses": [visible(expression) for expression in attributed.licenses],
            "obligations": list(attributed.obligations),
            "tokens": attributed.match.n_tokens,
            "documents": attributed.match.n_documents,
            "sourcesLeftOut": n_left_out,
            **_significance(attributed),
        },
    }


def _significance(attributed: AttributedMatch) -> dict[str, float]:
    """Return how sure and how telling a match is, where that was asked."""
    match = attributed.match
    values = {"pValue": match.p_value, "qValue": match.q_value, "bits": match.bits}
    return {name: value for name, value in values.items() if value is not None}


def _message(attributed: AttributedMatch, *, n_left_out: int) -> dict[str, str]:
    match = attributed.match
    source = best_source(attributed)
    first = f"{kind_label(match).capitalize()} match of {size_label(match)}"
    plain = formatted = first
    if source is not None:
        license_name = license_label(source.origin.licenses)
        plain += f" in {_plain(source_label(source))} ({_plain(license_name)})"
        formatted += f" in {_braced(code_span(source_label(source)))} ({_braced(code_span(license_name))})"
        n_more = n_files_of(match) - 1
        if n_more > 0:
            plain += f" and {counted(n_more, 'more file')}"
            formatted += f" and {counted(n_more, 'more file')}"
    if attributed.ignored is None and needs_chance(match):
        plain += f", {chance_label(match)}"
        formatted += f", {chance_label(match)}"
    reason = visible(attributed.reason).rstrip(".")
    plain += f": {attributed.verdict.value}. {_plain(reason)}."
    formatted += f": **{attributed.verdict.value}**. {_braced(backslashed(reason))}."
    if n_left_out:
        left_out = f" {counted(n_left_out, 'more source')} left out of this log."
        plain += left_out
        formatted += left_out
    return {"text": plain, "markdown": formatted}


def _plain(text: str) -> str:
    """Escape for a plain message: no placeholder (SARIF 2.1.0, 3.11.5), no embedded link (3.11.6)."""
    return _braced(text).replace("](", "] (")


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _physical_location(file: FileReport, attributed: AttributedMatch, locate: Locate) -> dict[str, Any]:
    return {
        "artifactLocation": _artifact_location(file.path, locate),
        "region": {
            "startLine": attributed.start_line,
            "startColumn": attributed.start_column,
            "endLine": attributed.end_line,
            "endColumn": attributed.end_column,
        },
    }


def _artifact_location(path: str, locate: Locate) -> dict[str, Any]:
    if path == "-":
        return {"uri": "stdin", "description": {"text": "Standard input."}}
    located = locate(path)
    if PurePosixPath(located).is_absolute():
        return {"uri": f"file://{_percent_encoded(located)}"}
    return {"uri": _percent_encoded(located), "uriBaseId": _ROOT}


def _percent_encoded(path: str) -> str:
    """Percent-encode a path for a URI (RFC 3986): the bytes that the file system knows it by."""
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that no file name on disk can hold
        data = path.encode("utf-8", "surrogatepass")
    return quote(data, safe="/")


def _related(number: int, source: Source) -> dict[str, Any]:
    text = f"{source_label(source)} ({license_label(source.origin.licenses)})"
    return {
        "id": number,
        "message": {"text": _plain(text), "markdown": _braced(code_span(text))},
        "physicalLocation": {
            "artifactLocation": {
                "uri": _percent_encoded(f"{source.origin.repo}/{source.origin.path}".lstrip("/")),
                "uriBaseId": _TRAINING_SET,
            },
            "region": {"startLine": source.start_line, "endLine": source.end_line},
        },
        "properties": {"docId": source.doc_id, "license": license_label(source.origin.licenses)},
    }


def _suppressions(attributed: AttributedMatch) -> list[dict[str, Any]]:
    """Return why a match does not count; an empty list says that it does (3.27.23: all or none has one)."""
    if attributed.ignored is None:
        return []
    kind = "inSource" if attributed.ignored == "inline ignore" else "external"
    return [{"kind": kind, "status": "accepted", "justification": _plain(visible(attributed.ignored))}]


def _invocation(report: Report, *, n_left_out: int, locate: Locate) -> dict[str, Any]:
    notifications = [_unread_notification(unread, locate) for unread in report.unread]
    n_chance = n_chance_matches(report)
    if n_chance:
        text = f"{counted(n_chance, 'match', 'matches')} left out that chance explains; the JSON report lists them."
        notifications.append({"level": "note", "message": {"text": text}})
    if n_left_out:
        text = f"{counted(n_left_out, 'result')}, the mildest ones, left out. Check fewer files at a time."
        notifications.append({"level": "warning", "message": {"text": text}})
    return {"executionSuccessful": not report.unread, "toolExecutionNotifications": notifications}


def _unread_notification(unread: Unread, locate: Locate) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": _plain(f"Not read: {visible(unread.reason)}.")},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact_location(unread.path, locate)}}],
    }
