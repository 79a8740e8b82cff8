"""The results of the matching benchmark as Markdown."""

from collections.abc import Sequence
from typing import Any

from benchmarks.copies.classes import HARDER, MAIN
from benchmarks.queries import ALONE, HOSTED, NULL_FILE, NULL_FUNCTION

Row = Sequence[str]


def markdown(results: dict[str, Any]) -> str:
    """Return every table."""
    parts = [
        "# Matching, side by side",
        _corpora(results),
        *_section("Goals", _goals(results)),
        *_section("Touched copies, ours", _touched(results)),
        *_section("False alarms, ours", _false_alarms(results)),
        *_section("p-values of unseen code, ours", _p_values(results)),
        *_section("Peers: build, size, latency", _peers(results)),
        *_section("Peers: touched copies, asked alone, named by any match that touches them", _peer_copies(results)),
        *_section("Other languages, ours", _languages(results, "ours")),
        *_section("Other languages, Copilot's rule", _languages(results, "copilot-rule")),
        "## Methods\n" + "\n".join(f"- **{peer['peer']}**: {_method(peer)}" for peer in results["peers"].values()),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def goals(results: dict[str, Any]) -> str:
    """Return the table of goals alone, for the README."""
    return "\n".join(_section("", _goals(results))[1:]) + "\n"


def _section(title: str, rows: list[Row]) -> list[str]:
    if len(rows) < 2:
        return []
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [f"## {title}", "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])]


def _corpora(results: dict[str, Any]) -> str:
    known = [f"`{name}` {each['n_files']:,} files, {each['mb']} MB" for name, each in results["corpora"].items()]
    sizes, machine = results["sizes"], results["machine"]
    return (
        f"Corpora: {'; '.join(known)}. Up to {sizes['per_class']} copies a class, {sizes['null_functions']} unseen "
        f"functions, {sizes['null_files']} unseen files, seed {sizes['seed']}. Rates carry exact 95 % intervals "
        f"(Clopper and Pearson). {machine['n_cores']} cores, {machine['processor']}, Python {machine['python']}; "
        "times are only good for comparison within this run."
    )


def _goals(results: dict[str, Any]) -> list[Row]:
    words = {True: "yes", False: "**no**", None: "not measured"}
    rows = [(each["goal"], each["bound"], f"{each['measured']}", words[each["met"]]) for each in results["goals"]]
    return [("goal", "bound", "measured", "met"), *rows]


def _touched(results: dict[str, Any]) -> list[Row]:
    rows: list[Row] = [("class", "what is done", "found, alone", "found, in 2 to 3 kB", "source named, in 2 to 3 kB")]
    table = results.get("touched", {"found": {}, "named": {}})
    for kind in (*MAIN, *HARDER):
        found, named = table["found"].get(kind.name), table["named"].get(kind.name)
        if found and named:
            rows.append(
                (kind.name, kind.text, _rate(found.get(ALONE)), _rate(found.get(HOSTED)), _rate(named.get(HOSTED)))
            )
    return rows


def _false_alarms(results: dict[str, Any]) -> list[Row]:
    rows: list[Row] = [("unseen code", "asked", "flagged", "of these sharing 150 characters or more", "rate")]
    alarms = results.get("false_alarms", {})
    for kind in (NULL_FUNCTION, NULL_FILE):
        if kind in alarms:
            each = alarms[kind]
            rows.append((kind[5:] + "s", f"{each['n']}", f"{each['hits']}", f"{each['truly_shared']}", _rate(each)))
            for project, some in each["by_project"].items():
                if some["hits"]:
                    rows.append((f"… {project}", f"{some['n']}", f"{some['hits']}", "", _rate(some)))
    return rows


def _p_values(results: dict[str, Any]) -> list[Row]:
    rows: list[Row] = [("smallest p-value of a text at or under", "unseen functions", "unseen files")]
    alarms = results.get("false_alarms", {})
    if alarms:
        both = zip(alarms[NULL_FUNCTION]["p_values"], alarms[NULL_FILE]["p_values"], strict=True)
        rows += [(f"{one['level']:g}", _rate(one), _rate(two)) for one, two in both]
    return rows


def _peers(results: dict[str, Any]) -> list[Row]:
    rows: list[Row] = [
        (
            "tool",
            "build, MB/s a core",
            "index / text",
            "peak MB",
            "2 kB: median / p95 ms",
            "times infini-gram's speed",
            "300 copied characters found",
        )
    ]
    for peer in results["peers"].values():
        if "error" in peer:
            rows.append((peer["peer"], f"did not run: {peer['error'].replace('|', ' ')}", *[""] * (len(rows[0]) - 2)))
            continue
        build = peer["build"]
        for name, timed in peer["latency"].items():
            rows.append(
                (
                    peer["peer"] if name == "find" else f"{peer['peer']} ({name})",
                    f"{build['mb_per_cpu_second'] or 'none'}",
                    f"{build['index_to_text']}",
                    f"{build['peak_mb']}",
                    f"{timed['median_ms']} / {timed['p95_ms']}",
                    f"{timed.get('times_faster_than_infini_gram', '')}",
                    _rate(peer["copies_of_300_characters"]) if name == "find" else "",
                )
            )
    return rows


def _peer_copies(results: dict[str, Any]) -> list[Row]:
    kinds = [each.name for each in MAIN]
    rows: list[Row] = [("tool", "threshold", "unseen functions flagged", *kinds)]
    for word, peer in results["peers"].items():
        if "error" in peer:
            continue
        if word == "ours":
            named, alarms = peer["operating"]["named"], peer["operating"]["false_alarms"][NULL_FUNCTION]
            cells = [_rate(named.get(kind, {}).get(ALONE)) for kind in kinds]
            rows.append((peer["peer"], "as reported", _rate(alarms), *cells))
        for each in peer["thresholds"]:
            cells = [_rate(each["named"].get(kind)) for kind in kinds]
            rows.append((peer["peer"], f"{each['threshold']:g} {peer['unit']}", _rate(each["false_alarms"]), *cells))
        best = peer["named_at_one_percent"]
        cells = [f"{best[kind]:.1%}" if kind in best else "" for kind in kinds]
        rows.append((peer["peer"], "its best at 1 % of these functions", "≤ 1 %", *cells))
    return rows


def _languages(results: dict[str, Any], word: str) -> list[Row]:
    kinds = ("V0", "V1", "V3")
    known = results["languages"].get(word, {})
    head = (
        "language",
        *(f"{kind} {form}" for kind in kinds for form in (ALONE, HOSTED)),
        "functions flagged",
        "files flagged",
    )
    if "error" in known:
        return [head, (f"did not run: {known['error']}", *[""] * (len(head) - 1))]
    rows: list[Row] = [head]
    for language, each in known.get("languages", {}).items():
        # The tool without our marks is judged as the others are: by any match that touches the copy.
        table = each["found"] if word == "ours" else each["named"]
        cells = [_rate(table.get(kind, {}).get(form)) for kind in kinds for form in (ALONE, HOSTED)]
        alarms = each["false_alarms"]
        rows.append((language, *cells, _rate(alarms[NULL_FUNCTION]), _rate(alarms[NULL_FILE])))
    return rows


def _method(peer: dict[str, Any]) -> str:
    if "error" in peer:
        return f"did not run: {peer['error']}"
    packages = ", ".join(f"{name} {number}" for name, number in peer["packages"].items())
    return peer["method"] + (f" ({packages})" if packages else "") + "."


def _rate(share: dict[str, Any] | None) -> str:
    if not share or not share["n"]:
        return ""
    return f"{share['rate']:.1%} ({share['low']:.1%} to {share['high']:.1%}; n {share['n']})"
