"""A report as JSON, schema ``codewhence.report/1``: the form that other programs rely on."""

import json
from typing import Any

from codewhence.app.formats.wording import license_text
from codewhence.records import AttributedMatch, CalibrationSummary, FileReport, IndexSummary, Report, Source

# On the wire: a key may be added under this name; changing or dropping one needs a new name.
SCHEMA = "codewhence.report/1"


def render(report: Report) -> str:
    r"""Return the report as JSON text, ending in a newline.

    Offsets are code points, half-open; lines and columns count from 1, ``end_column`` is one past the last.
    The text is ASCII, lone surrogates included (``\udc80``), so that it passes through any terminal and pipe.
    """
    return dumps(report_to_json(report))


def dumps(value: Any) -> str:
    """Return a JSON value as the text that every command prints under ``--json``."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, indent=2) + "\n"


def report_to_json(report: Report) -> dict[str, Any]:
    """Return the report as a JSON value. Only ``timings`` may differ between two runs on the same input."""
    return {
        "schema": SCHEMA,
        "index": index_to_json(report.index),
        "files": [file_to_json(file) for file in report.files],
        "unread": [{"path": unread.path, "reason": unread.reason} for unread in report.unread],
        "verdict": report.verdict.value,
        "timings": report.timings,
    }


def index_to_json(index: IndexSummary) -> dict[str, Any]:
    """Return what a report says about its index."""
    return {
        "name": index.name,
        "root": index.root,
        "n_documents": index.n_documents,
        "n_files": index.n_files,
        "training_set": index.training_set,
        "optouts_to": index.optouts_to,
        "removals": index.removals,
        "calibration": None if index.calibration is None else calibration_to_json(index.calibration),
    }


def calibration_to_json(calibration: CalibrationSummary) -> dict[str, Any]:
    """Return what p- and q-values rest on."""
    return {"source": calibration.source, "reason": calibration.reason, "stale": calibration.is_stale}


def file_to_json(file: FileReport) -> dict[str, Any]:
    """Return one file of the report: also the answer of ``POST /v1/attribute``."""
    return {
        "path": file.path,
        "characters": file.n_characters,
        "matched_characters": file.n_matched_characters,
        "matches": [_match_to_json(attributed) for attributed in file.matches],
        "verdict": file.verdict.value,
    }


def _match_to_json(attributed: AttributedMatch) -> dict[str, Any]:
    match = attributed.match
    return {
        "start": match.span.start,
        "end": match.span.end,
        "start_line": attributed.start_line,
        "end_line": attributed.end_line,
        "start_column": attributed.start_column,
        "end_column": attributed.end_column,
        "kind": match.kind.value,
        "verbatim": match.verbatim,
        "tokens": match.n_tokens,
        "p_value": match.p_value,
        "q_value": match.q_value,
        "bits": match.bits,
        "idiom": match.idiom,
        "n_documents": match.n_documents,
        "fingerprint": attributed.fingerprint,
        "sources": [_source_to_json(source) for source in match.sources],
        "licenses": list(attributed.licenses),
        "obligations": list(attributed.obligations),
        "ignored": attributed.ignored,
        "reason": attributed.reason,
        "verdict": attributed.verdict.value,
    }


def _source_to_json(source: Source) -> dict[str, Any]:
    origin = source.origin
    return {
        "repo": origin.repo,
        "path": origin.path,
        "revision": origin.revision,
        "start_line": source.start_line,
        "end_line": source.end_line,
        "license": license_text(origin.licenses),
        "license_source": origin.license_source.value,
        "url": origin.origin_url,
        "doc_id": source.doc_id,
    }
