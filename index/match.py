"""A text to its matches, top down: exact copies, touched copies, and how sure each is.

text ─► tokens ─┬─► exact copies (index/exact) ─────┬─► significance (index/calibration) ─► matches, all sources
                └─► touched copies (index/touched) ─┘
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

from codewhence.index.calibration.calibrate import calibration_of, surprise_of
from codewhence.index.calibration.calibration import Calibration
from codewhence.index.calibration.leaving_out import LeavingOut
from codewhence.index.calibration.scored import ScoredSpan, Scorer
from codewhence.index.calibration.significance import DEFAULT_ALPHA, Significance
from codewhence.index.calibration.surprise import Surprise
from codewhence.index.exact import find_exact
from codewhence.index.exact_score import exact_score, token_worths
from codewhence.index.idioms import is_idiom, is_license_text
from codewhence.index.portrait.chains import Passage
from codewhence.index.portrait.possible import untold_passages
from codewhence.index.spans import Held, Holdings, n_tokens_within
from codewhence.index.store import Index
from codewhence.index.tokens import Tokens, tokenize
from codewhence.index.touched.language_guess import guess_language
from codewhence.index.touched.search import Touched, TouchedSearch
from codewhence.lines import locate
from codewhence.records import Match, MatchKind, Source, Span

# An exact copy of so many characters that are no blanks is one whatever the statistics say: Copilot's published rule,
# by which none of 2,000 unseen functions is flagged (facts/attribution.md 2b).
_LONG_CHARS = 150
# And one that is nearly all of the text: who asks about a short function wants to know that it stands there as it is.
_WHOLE_TEXT = 0.9
# A touched copy of which one exact copy tells so much is no news. Where several tell of parts, as of a function without
# its comments, the touched copy says that they belong together.
_TOLD = 0.8
# Touched copies that share this part of the shorter one are one match; those that say this part of what the strongest
# says are its sources.
_SAME_PLACE = 0.5
_SAME_EVIDENCE = 0.75
_NAMED_HOLDERS = 5  # of an exact span, for calibration
# First and last line of parts of the query, by where an extent and the part in it stand.
Lines = dict[tuple[int, int, int, int], tuple[int, int]]
_STANDARDS: WeakKeyDictionary[Index, tuple[Calibration, Surprise]] = WeakKeyDictionary()


def find_matches(index: Index, text: str, *, language: str | None = None) -> list[Match]:
    """Return every span of ``text`` that stands in the training set, with all its sources.

    A copy of at least ``GUARANTEE`` tokens is found, verbatim or with another layout; a verbatim span is maximal to
    the character: one more on either side and no source agrees. Where sources hold different parts of one copy, the
    longest span is reported, and beside it the one that most documents hold; shorter parts of either are not.
    Copies under other names, literals or comments are found where they say more than chance does: their span begins
    and ends with a word that stands for one of the source.

    Args:
        index: The training set.
        text: Any text, lone surrogates included.
        language: Its language in lower case; guessed where ``None``.

    Returns:
        Matches by start, the longer first. Exact ones that may be chance are among them, marked ``is_chance``.

    Raises:
        FormatError: The index is damaged where it was read.
    """
    tokens = tokenize(text)
    language = language or guess_language(tokens)
    calibration, surprise = _standards(index)
    spans, holdings = find_exact(index.buckets, text, tokens)
    search = TouchedSearch(index.buckets, text, tokens, language)
    touched = [found for found in search.strongest() if not is_license_text(text[found.start : found.end])]
    # License texts are idioms, never chance: the laws are measured without them.
    licenses = [span for span in spans if is_license_text(text[slice(*span)])]
    spans = [span for span in spans if span not in licenses]
    scored = _scored(spans, touched, text, tokens)
    sure = calibration.significances(scored, n_tokens=len(tokens), language=language)
    matches = [_match(span, holdings, text, tokens, each) for span, each in zip(spans, sure, strict=False)]
    matches += [_match(span, holdings, text, tokens, None) for span in licenses]
    told = [match.span for match in matches if not match.is_chance]
    telling = [
        (found, each)
        for found, each in zip(touched, sure[len(spans) :], strict=True)
        if each.q_value <= DEFAULT_ALPHA and not any(_tells(span, found) for span in told)
    ]
    matches += [_touched_match(group, search, text, tokens) for group in _groups(telling)]
    passages = untold_passages(index, text, [match.span for match in matches])
    matches += [_possible_match(passage, tokens) for passage in passages]
    with_bits = (_with_bits(match, surprise, text, language) for match in matches)
    return sorted(with_bits, key=lambda match: (match.span.start, -match.span.end))


def calibration_used(index: Index) -> Calibration:
    """Return what the p- and q-values of ``find_matches`` over an open index rest on.

    Raises:
        FormatError: calibration.json or the table of bits is damaged.
    """
    return _standards(index)[0]


def make_scorer(index: Index) -> Scorer:
    """Return what finds the scored spans of a text over an index, some repositories left out: for calibration."""
    without = LeavingOut(index)

    def score(text: str, language: str | None, left_out: frozenset[str], /) -> list[ScoredSpan]:
        buckets = without.buckets(left_out)
        tokens = tokenize(text)
        spans, holdings = find_exact(buckets, text, tokens)
        touched = TouchedSearch(buckets, text, tokens, language or guess_language(tokens)).strongest()
        return _with_repositories(_scored(spans, touched, text, tokens), spans, holdings, touched)

    return score


def _standards(index: Index) -> tuple[Calibration, Surprise]:
    """Return what the answers of an open index are measured by; read once."""
    held = _STANDARDS.get(index)
    if held is None:
        calibration = calibration_of(index)
        held = _STANDARDS[index] = (calibration, surprise_of(index, calibration))
    return held


def _scored(
    spans: Sequence[tuple[int, int]], touched: Sequence[Touched], text: str, tokens: Tokens
) -> list[ScoredSpan]:
    """Return the exact spans and the touched copies, scored."""
    worths = token_worths(text, tokens)
    scored = []
    for span in spans:
        part = slice(*tokens.within(*span))
        scored.append(ScoredSpan(*span, exact_score(tokens.hashes[part], worths[part]), "exact"))
    return [*scored, *(ScoredSpan(found.start, found.end, found.bits, "touched") for found in touched)]


def _with_repositories(
    scored: Sequence[ScoredSpan], spans: Sequence[tuple[int, int]], holdings: Holdings, touched: Sequence[Touched]
) -> list[ScoredSpan]:
    """Say of each scored span where it stands: calibration tells related repositories by it."""
    held = [[(each.bucket, each.row) for each in holdings.holders(span)[:_NAMED_HOLDERS]] for span in spans]
    held += [[(found.bucket, found.row)] for found in touched]
    return [
        replace(each, repositories=frozenset(o.repo for bucket, row in rows for o in bucket.entry(row).origins))
        for each, rows in zip(scored, held, strict=True)
    ]


def _match(span: tuple[int, int], holdings: Holdings, text: str, tokens: Tokens, sure: Significance | None) -> Match:
    """Make an exact match; ``sure`` is None for a license text."""
    holders = holdings.holders(span)
    lines: Lines = {}
    sources = [source for holder in holders for source in _sources(span, holder, text, lines)]
    n_tokens = n_tokens_within(span, tokens)
    return Match(
        span=Span(*span),
        kind=MatchKind.EXACT,
        verbatim=any(holder.extent.verbatim for holder in holders),
        n_tokens=n_tokens,
        sources=_in_order(sources),
        n_documents=len(holders),
        idiom=sure is None or is_idiom(sources, n_documents=len(holders), n_tokens=n_tokens),
        p_value=None if sure is None else sure.p_value,
        q_value=None if sure is None else sure.q_value,
        is_chance=sure is not None
        and sure.q_value > DEFAULT_ALPHA
        and not _is_long(text[slice(*span)])
        and n_tokens < _WHOLE_TEXT * len(tokens),
    )


def _sources(span: tuple[int, int], holder: Held, text: str, lines: Lines) -> Iterator[Source]:
    extent = holder.extent
    start, end = extent.stored_part(*span)
    first, last = start - extent.stored_start, end - 1 - extent.stored_start
    # Only the extent's own text is looked at for lines: it is short. Where it is the same to the letter in the query,
    # what thousands of holders have in common is counted once.
    if holder.stored is None:
        key = (extent.start, extent.end, first, last)
        if key not in lines:
            lines[key] = _lines_of(text[extent.start : extent.end], first, last)
        first_line, last_line = lines[key]
    else:
        first_line, last_line = _lines_of(holder.stored, first, last)
    entry = holder.bucket.entry(holder.row)
    stored_span = Span(start, end)
    for origin in entry.origins:
        yield Source(
            doc_id=entry.doc_id,
            span=stored_span,
            start_line=holder.first_line + first_line - 1,
            end_line=holder.first_line + last_line - 1,
            origin=origin,
            verbatim=extent.verbatim,
        )


def _lines_of(text: str, first: int, last: int) -> tuple[int, int]:
    lines = locate(text, [first, last])
    return lines[first].line, lines[last].line


def _is_long(copied: str) -> bool:
    """Say whether an exact copy counts by its length alone."""
    return len("".join(copied.split())) >= _LONG_CHARS


def _in_order(sources: Sequence[Source]) -> tuple[Source, ...]:
    return tuple(sorted(sources, key=lambda source: (source.origin.repo, source.origin.path, source.doc_id)))


def _tells(span: Span, found: Touched) -> bool:
    """Say whether an exact copy tells of most of a touched one."""
    shared = min(span.end, found.end) - max(span.start, found.start)
    return shared >= _TOLD * (found.end - found.start)


def _groups(telling: Sequence[tuple[Touched, Significance]]) -> list[list[tuple[Touched, Significance]]]:
    """Join touched copies over the same place, the strongest of each group first; much weaker ones are left out."""
    groups: list[list[tuple[Touched, Significance]]] = []
    for found, sure in telling:
        for group in groups:
            strongest = group[0][0]
            shared = min(found.end, strongest.end) - max(found.start, strongest.start)
            if shared >= _SAME_PLACE * min(found.end - found.start, strongest.end - strongest.start):
                if found.bits >= _SAME_EVIDENCE * strongest.bits:
                    group.append((found, sure))
                break
        else:
            groups.append([(found, sure)])
    return groups


def _touched_match(
    group: Sequence[tuple[Touched, Significance]], search: TouchedSearch, text: str, tokens: Tokens
) -> Match:
    strongest, sure = group[0]
    holders = {found.document: found for found, _ in reversed(group)}
    for other in search.holders(strongest):
        if other.bits >= _SAME_EVIDENCE * strongest.bits:
            holders.setdefault(other.document, other)
    sources = [source for found in holders.values() for source in _touched_sources(found)]
    span = (strongest.start, strongest.end)
    n_tokens = n_tokens_within(span, tokens)
    return Match(
        span=Span(*span),
        kind=MatchKind.RENAMED,
        verbatim=False,
        n_tokens=n_tokens,
        sources=_in_order(sources),
        n_documents=len(holders),
        idiom=is_idiom(sources, n_documents=len(holders), n_tokens=n_tokens),
        p_value=sure.p_value,
        q_value=sure.q_value,
    )


def _touched_sources(found: Touched) -> Iterator[Source]:
    entry = found.bucket.entry(found.row)
    places = [found.stored_start, found.stored_end - 1]
    lines = locate(found.bucket.text(found.row), places)
    for origin in entry.origins:
        yield Source(
            doc_id=entry.doc_id,
            span=Span(found.stored_start, found.stored_end),
            start_line=lines[places[0]].line,
            end_line=lines[places[1]].line,
            origin=origin,
            verbatim=False,
        )


def _possible_match(passage: Passage, tokens: Tokens) -> Match:
    return Match(
        span=passage.span,
        kind=MatchKind.POSSIBLE,
        verbatim=False,
        n_tokens=n_tokens_within((passage.span.start, passage.span.end), tokens),
        sources=(),
        n_documents=0,
        p_value=passage.error,
        q_value=passage.error,
    )


def _with_bits(match: Match, surprise: Surprise, text: str, language: str | None) -> Match:
    return replace(match, bits=round(surprise.bits(text[match.span.start : match.span.end], language), 1))
