"""The selected match: what it is, what to do about it, and a card for each source with the source's own lines."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from codewhence.app.formats.wording import odds
from codewhence.app.ui import inert
from codewhence.app.ui.chips import license_chip, verdict_chip
from codewhence.app.ui.code_view import CodeView, Mark
from codewhence.app.ui.wording import LICENSE_SOURCE_LABELS, Look, kind_label, line_range, look_of, plural
from codewhence.records import AttributedMatch, Document, FileReport, Match, Source

CONTEXT_LINES = 5  # before and after a match in its source
EDGE_LINES = 12  # of the match itself, at either end, where it is longer than twice that
OPEN_CARDS = 3  # sources with their lines; the others are folded
FOLDED_CARDS = 50  # of those, named one by one
FINGERPRINT_DIGITS = 12

Documents = Callable[[str], Document | None]


def panel(report: FileReport, index: int, documents: Documents) -> str:
    """Return the panel's HTML for one match.

    Args:
        report: The report that holds the match.
        index: Which match of the report, from 0.
        documents: Gives a document of the index by its id, ``None`` where it has been taken out.
    """
    match = report.matches[index]
    look = look_of(match)
    return (
        f'<article class="cw-panel cw-tone-{look.tone}">'
        f"{_head(report.matches, index)}{_facts(match)}{_sources(match, look, documents)}</article>"
    )


def _head(matches: Sequence[AttributedMatch], index: int) -> str:
    match = matches[index]
    kind = kind_label(match).capitalize()
    return (
        '<header><div class="cw-steps">'
        f'<span class="cw-count">Match {index + 1} of {len(matches)}</span>'
        f"{_step('previous match', -1, '↑', len(matches))}{_step('next match', 1, '↓', len(matches))}</div>"
        f"<h2>{inert.name(kind)} {verdict_chip(match)}</h2>"
        f'<p class="cw-reason">{inert.name(match.reason)}</p></header>'
    )


def _step(label: str, step: int, sign: str, n_matches: int) -> str:
    disabled = " disabled" if n_matches < 2 else ""
    return f'<button type="button" data-step="{step}" aria-label="{label}" title="{label}"{disabled}>{sign}</button>'


def _facts(match: AttributedMatch) -> str:
    span = match.match.span
    where = f"{match.start_line}:{match.start_column} to {match.end_line}:{match.end_column}"
    size = f"{plural(len(span), 'character')}, {plural(match.match.n_tokens, 'token')}"
    facts = [("Where", inert.name(where)), ("Length", size)]
    facts.append(("Found in", f"{plural(match.match.n_documents, 'file')} of the index"))
    if match.match.p_value is not None:
        facts.append(("By chance", _chance(match.match)))
    if match.obligations:
        facts.append(("It asks for", inert.name(", ".join(match.obligations).replace("-", " "))))
    facts.append(
        ("Fingerprint", f'<code title="{inert.attribute(match.fingerprint)}">{match.fingerprint[:12]}…</code>')
    )
    return '<dl class="cw-facts">' + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts) + "</dl>"


def _chance(match: Match) -> str:
    """Say how often chance alone gives such a match; the exact figures stand in the tooltip."""
    if match.p_value is None:
        return "not asked"
    figures = f"p = {match.p_value:.2g}" + (f", q = {match.q_value:.2g}" if match.q_value is not None else "")
    title = inert.attribute(f"{figures}: see docs/decisions/0008-significance.md")
    return f'<span title="{title}">{odds(match.p_value)} texts of this length that hold no copy</span>'


def _sources(match: AttributedMatch, look: Look, documents: Documents) -> str:
    sources = match.match.sources
    if not sources:
        return (
            '<p class="cw-note">Membership alone: the index holds these characters, and cannot say in which file.</p>'
        )
    cards = "".join(
        _card(source, _context(source, look, documents, is_open=place == 0))
        for place, source in enumerate(sources[:OPEN_CARDS])
    )
    heading = f"<h3>{plural(len(sources), 'source')}</h3>"
    return f'<section class="cw-sources">{heading}{cards}{_folded(sources[OPEN_CARDS:])}</section>'


def _folded(sources: Sequence[Source]) -> str:
    if not sources:
        return ""
    cards = "".join(_card(source, "") for source in sources[:FOLDED_CARDS])
    n_left = len(sources) - FOLDED_CARDS
    rest = (
        f'<p class="cw-note">and {plural(n_left, "more", "more")}, listed by <code>codewhence check --json</code></p>'
    )
    summary = f"{plural(len(sources), 'more source')}"
    return f"<details><summary>{summary}</summary>{cards}{rest if n_left > 0 else ''}</details>"


def _card(source: Source, context: str) -> str:
    origin = source.origin
    chips = "".join(license_chip(expression) for expression in origin.licenses) or license_chip(None)
    known = LICENSE_SOURCE_LABELS[origin.license_source]
    notes = [f"revision {inert.name(origin.revision)}" if origin.revision else "revision not recorded"]
    if origin.is_fork:
        notes.append(f"fork of {inert.name(origin.forked_from)}" if origin.forked_from else "a fork")
    if origin.stars is not None:
        notes.append(plural(origin.stars, "star"))
    lines = f"{source.start_line}-{source.end_line}"
    where = f'{inert.name(origin.path)}<span class="cw-lines">:{lines}</span>'
    swhid = f"{source.doc_id};lines={source.start_line}-{source.end_line}"
    return (
        f'<section class="cw-card"><h4>{_repository(origin.repo, origin.origin_url)}</h4>'
        f'<p class="cw-path">{where}</p><p class="cw-license">{chips} <span>{known}</span></p>'
        f'<p class="cw-origin">{" · ".join(notes)}</p>{context}'
        f'<p class="cw-swhid"><code>{inert.code(swhid)}</code></p></section>'
    )


def _repository(repo: str, url: str | None) -> str:
    """Return the repository's name, as a link where its address is one of the web; other schemes stay text."""
    if url is None or not _is_web_address(url):
        return inert.name(repo)
    target = inert.attribute(url)
    return f'<a href="{target}" title="{target}" target="_blank" rel="noopener noreferrer">{inert.name(repo)}</a>'


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # an unclosed bracket in the host
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _context(source: Source, look: Look, documents: Documents, *, is_open: bool) -> str:
    document = documents(source.doc_id)
    if document is None:
        return '<p class="cw-note">The text of this file is no longer in the index.</p>'
    if source.span.end > len(document.content):
        return '<p class="cw-note">The text of this file in the index is another than the one that matched.</p>'
    where = line_range(source.start_line, source.end_line)
    view = CodeView(document.content, [Mark(source.span, look, f"the match, {where}")], strongest_first=[0])
    name = inert.attribute(f"{source.origin.path}, {where} with context")
    rows = f'<div class="cw-rows">{_context_rows(view)}</div>'
    return (
        f'<details class="cw-context"{" open" if is_open else ""}><summary>In its source</summary>'
        f'<div class="cw-code" role="region" tabindex="0" aria-label="{name}" '
        f'style="--cw-digits: {len(str(view.n_lines))}">{rows}</div></details>'
    )


def _context_rows(view: CodeView) -> str:
    marked = view.marked_lines()
    first, last = marked[0], marked[-1]
    before = range(max(first - CONTEXT_LINES, 0), first)
    after = range(last + 1, min(last + 1 + CONTEXT_LINES, view.n_lines))
    n_inside = last + 1 - first
    if n_inside <= 2 * EDGE_LINES:
        return "".join(view.row(number) for number in [*before, *range(first, last + 1), *after])
    head = [*before, *range(first, first + EDGE_LINES)]
    tail = [*range(last + 1 - EDGE_LINES, last + 1), *after]
    note = f'<div class="cw-skipped">{plural(n_inside - 2 * EDGE_LINES, "matched line")} not shown</div>'
    return "".join(map(view.row, head)) + note + "".join(map(view.row, tail))
