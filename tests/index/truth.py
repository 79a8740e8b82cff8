"""What holds for every answer of ``find_matches``, worked out by brute force, and for every folder of an index."""

from pathlib import Path

from codewhence.index.manifest import read_manifest
from codewhence.index.match import find_matches
from codewhence.index.store import Index
from codewhence.index.tokens import tokenize
from codewhence.index.workspace import LOCK_NAME
from codewhence.records import Match, MatchKind


def n_whole_tokens(text: str, start: int, end: int) -> int:
    """Count the tokens of ``text`` that lie wholly within ``[start, end)``."""
    tokens = tokenize(text)
    return int(((tokens.starts >= start) & (tokens.ends <= end)).sum())


def grown(text: str, start: int, end: int, stored: str, stored_start: int) -> tuple[int, int]:
    """Grow the copy ``text[start:end]`` of ``stored[stored_start:…]`` by one character at a time while both agree."""
    stored_end = stored_start + end - start
    while start and stored_start and text[start - 1] == stored[stored_start - 1]:
        start, stored_start = start - 1, stored_start - 1
    while end < len(text) and stored_end < len(stored) and text[end] == stored[stored_end]:
        end, stored_end = end + 1, stored_end + 1
    return start, end


def check_truth(index: Index, text: str, matches: list[Match]) -> None:
    """Check what holds for any answer: order, slices, counts, and that each source holds the span."""
    assert matches == sorted(matches, key=lambda match: (match.span.start, -match.span.end))
    assert len({match.span for match in matches}) == len(matches)
    for match in matches:
        copy = text[match.span.start : match.span.end]
        assert match.kind is MatchKind.EXACT
        assert match.n_documents == len({source.doc_id for source in match.sources}) >= 1
        assert match.verbatim == any(source.verbatim for source in match.sources)
        assert match.n_tokens == n_whole_tokens(text, match.span.start, match.span.end)
        for source in match.sources:
            document = index.document(source.doc_id)
            assert document is not None
            assert source.origin in document.origins
            stored = document.content[source.span.start : source.span.end]
            assert source.verbatim == (stored == copy), (copy, stored)
            assert (source.start_line, source.end_line) == lines_of(
                document.content, source.span.start, source.span.end
            )


def lines_of(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the first and the last line of a span, the lines split by hand."""
    line, lines, at = 1, [], 0
    while at < len(text):
        lines.append(line)
        if text[at : at + 2] == "\r\n":
            lines.append(line)
            at += 1
        if text[at] in "\r\n":
            line += 1
        at += 1
    return lines[start], lines[end - 1]


def tree(path: Path) -> dict[str, bytes]:
    """Return every file below ``path`` by its name there."""
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def check_tidy(path: Path) -> None:
    """Check that ``path`` holds an index and nothing else."""
    buckets = {f"bucket-{bucket['id']}" for bucket in read_manifest(path).buckets}
    overlay = {"suppressed"} if read_manifest(path).has_removals else set()
    assert {entry.name for entry in path.iterdir()} == {"MANIFEST.json", LOCK_NAME, *overlay, *buckets}


def exact_matches(index: Index, text: str) -> list[Match]:
    """Return the matches of equal words: code made from templates is full of copies with other names as well."""
    return [match for match in find_matches(index, text) if match.kind is MatchKind.EXACT]
