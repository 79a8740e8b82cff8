"""A portrait exported, verified or asked: as JSON and as text."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codewhence.app.formats.columns import aligned
from codewhence.app.formats.wording import counted, visible
from codewhence.lines import locate

if TYPE_CHECKING:
    from codewhence.index.portrait.chains import Membership
    from codewhence.index.portrait.export_file import ExportHeader
    from codewhence.index.portrait.verifying import MeasuredRate, Verified
    from codewhence.records import Unread


def export_to_json(header: "ExportHeader", file: Path) -> dict[str, Any]:
    """Return what was exported."""
    return {
        "schema": "codewhence.portrait-export/1",
        "file": str(file),
        "n_bytes": file.stat().st_size,
        **header_to_json(header),
    }


def header_to_json(header: "ExportHeader") -> dict[str, Any]:
    """Return what an export says about itself."""
    from codewhence.index.portrait.folder import parameters

    return {
        "version": header.version,
        "replaces": header.replaces,
        "created": header.created.isoformat(),
        "expires": header.expires.isoformat(),
        "n_tiles": header.n_tiles,
        "training_set": header.training_set,
        "root": header.root,
        "parameters": parameters(header.capacity),
    }


def export_text(value: Mapping[str, Any]) -> str:
    """Return what ``export_to_json`` gives, for people."""
    sizes = f"{value['n_tiles']:,} tiles, {value['n_bytes']:,} bytes"
    replaced = visible(value["replaces"] or "no other version")
    lines = [
        f"{visible(value['file'])}: version {visible(value['version'])}, {sizes}",
        f"expires on {value['expires']}, replaces {replaced}",
        f"made from root {value['root'][:12]}…; at most {value['parameters']['promised_rate']} false answers a tile",
    ]
    return "\n".join(lines) + "\n"


def verified_to_json(found: "Verified", header: "ExportHeader", file: Path, *, today: date) -> dict[str, Any]:
    """Return what was found of an export."""
    value = {
        "schema": "codewhence.portrait-verify/1",
        "file": str(file),
        **header_to_json(header),
        "expired": today > header.expires,
        "rates": {
            "computed": found.computed,
            "random_hashes": _rate_to_json(found.hashes),
            "random_text": _rate_to_json(found.texts),
        },
        "index": None,
    }
    if found.n_held is not None:
        value["index"] = {
            "n_held": found.n_held,
            "n_masked": found.n_masked,
            "n_masked_held": found.n_masked_held,
        }
    return value


def _rate_to_json(rate: "MeasuredRate") -> dict[str, Any]:
    return {
        "n_samples": rate.n_samples,
        "n_false": rate.n_false,
        "rate": rate.rate,
        "low": rate.low,
        "high": rate.high,
    }


def verified_text(value: Mapping[str, Any]) -> str:
    """Return what ``verified_to_json`` gives, for people."""
    lines = [f"{visible(value['file'])}: sound, version {visible(value['version'])}, {value['n_tiles']:,} tiles"]
    for key, name in (("random_hashes", "random hashes"), ("random_text", "random text")):
        rate = value["rates"][key]
        lines.append(
            f"  {name}: {rate['n_false']:,} of {rate['n_samples']:,} false, {rate['rate']:.3g} "
            f"(95 % interval {rate['low']:.3g} to {rate['high']:.3g}), promised {value['parameters']['promised_rate']}"
        )
    held = value["index"]
    if held is not None:
        lines.append(f"  made from this index; {counted(held['n_held'], 'tile')} of it asked for, all held")
        if held["n_masked_held"]:
            lines.append(
                f"  {held['n_masked_held']:,} of {held['n_masked']:,} tiles that were taken out of the index since are "
                "in it still: export a version that replaces it"
            )
    if value["expired"]:
        lines.append(f"  expired on {value['expires']}: portrait query refuses it")
    return "\n".join(lines) + "\n"


def answer_to_json(path: str, text: str, found: "Membership") -> dict[str, Any]:
    """Return what a portrait says of one text."""
    ends = [end for passage in found.passages for end in (passage.span.start, passage.span.end - 1)]
    lines = locate(text, ends)
    return {
        "path": path,
        "characters": found.n_characters,
        "normalized_characters": found.n_normalized,
        "n_windows": found.n_windows,
        "error": found.error,
        "passages": [
            {
                "start": passage.span.start,
                "end": passage.span.end,
                "start_line": lines[passage.span.start].line,
                "end_line": lines[passage.span.end - 1].line,
                "n_tiles": passage.n_tiles,
                "error": passage.error,
            }
            for passage in found.passages
        ],
        "note": _note(found),
    }


def query_to_json(
    header: "ExportHeader", answers: Sequence[dict[str, Any]], unread: "Sequence[Unread]"
) -> dict[str, Any]:
    """Return the answer to a query."""
    return {
        "schema": "codewhence.membership/1",
        "portrait": header_to_json(header),
        "files": list(answers),
        "unread": [{"path": each.path, "reason": each.reason} for each in unread],
    }


def query_text(value: Mapping[str, Any]) -> str:
    """Return what ``query_to_json`` gives, for people."""
    lines = []
    for file in value["files"]:
        passages = file["passages"]
        found = counted(len(passages), "passage") if passages else "nothing found"
        lines.append(f"{visible(file['path'])}: {found}")
        lines += [f"  {row}" for row in aligned([_row(passage) for passage in passages])]
        if file["note"]:
            lines.append(f"  {file['note']}")
    portrait = value["portrait"]
    lines.append(f"portrait {visible(portrait['version'])}, expires on {portrait['expires']}")
    return "\n".join(lines) + "\n"


def _row(passage: Mapping[str, Any]) -> list[str]:
    return [
        f"lines {passage['start_line']}-{passage['end_line']}",
        f"characters {passage['start']}-{passage['end']}",
        counted(passage["n_tiles"], "tile"),
        f"by error: {passage['error']:.1g}",
    ]


def _note(found: "Membership") -> str | None:
    from codewhence.index.portrait.chains import CERTAIN_CHARS, MIN_TILES
    from codewhence.index.portrait.tiles import TILE_CHARS

    if found.n_normalized < MIN_TILES * TILE_CHARS:
        return (
            f"{counted(found.n_normalized, 'character')} without layout: too short to say anything; "
            f"{MIN_TILES * TILE_CHARS} may be found, {CERTAIN_CHARS} are certain to be"
        )
    if found.n_normalized < CERTAIN_CHARS:
        return (
            f"{found.n_normalized} characters without layout: a copy may be missed; {CERTAIN_CHARS} are certain to be "
            "found"
        )
    return None
