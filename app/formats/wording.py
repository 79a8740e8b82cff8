"""Words that every format shares: what a match, a source and a license are called, safe to show anywhere."""

import unicodedata
from collections.abc import Iterable, Iterator

from codewhence.records import (
    AttributedMatch,
    FileReport,
    IndexSummary,
    Match,
    MatchKind,
    Origin,
    Report,
    Source,
)

NOT_RECORDED = "not recorded"
# Beyond this the law of chance is an extrapolation (docs/decisions/0008), and people hear "impossible" anyway.
_RAREST = 1_000_000

# Controls (Cc), invisible and direction-changing characters (Cf: U+202E and kin, CVE-2021-42574), lone
# surrogates (Cs), line and paragraph separators (Zl, Zp): each can move, hide or reorder what a reader sees.
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    r"""Return ``text`` on one line, each character that a terminal or a page could obey written as an escape.

    Names of files and repositories come from strangers. What comes back can always be encoded as UTF-8.

    >>> print(visible("a\x1b[2Jb\u202ec"))
    a\x1b[2Jb\u202ec
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _escaped(character) if unicodedata.category(character) in _UNSEEN_CATEGORIES else character
        for character in text
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def counted(n_items: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun.

    >>> counted(1, "match", "matches"), counted(2013, "char")
    ('1 match', '2,013 chars')
    """
    return f"{n_items:,} {noun if n_items == 1 else plural or noun + 's'}"


def kind_label(match: Match) -> str:
    """Name the kind of a match as people read it: an exact match that is not verbatim is ``reformatted``."""
    if match.kind is MatchKind.EXACT and not match.verbatim:
        return "reformatted"
    return match.kind.value


def size_label(match: Match) -> str:
    """Give the size in the unit that fits the kind: characters where the text is the same, else tokens."""
    if match.kind in {MatchKind.EXACT, MatchKind.POSSIBLE} and kind_label(match) != "reformatted":
        return counted(len(match.span), "char")
    return counted(match.n_tokens, "token")


def chance_label(match: Match) -> str | None:
    """Say how often a text of this length that holds no copy has so strong a match, ``None`` where it was not asked.

    One digit is kept and the rest rounded towards more chance: the law is not known better than that.

    >>> odds(2.7e-5), odds(0.34), odds(1e-9)
    ('1 in 30,000', '1 in 2', 'under 1 in 1,000,000')
    """
    return None if match.p_value is None else f"chance {odds(match.p_value)}"


def odds(p_value: float) -> str:
    """Return a probability as people say it."""
    if p_value * _RAREST < 1:
        return f"under 1 in {_RAREST:,}"
    n = int(1 / min(p_value, 1.0))
    unit = 10 ** (len(str(n)) - 1)
    return f"1 in {n // unit * unit:,}"


def needs_chance(match: Match) -> bool:
    """Say whether people should read how sure a match is beside it: an exact one can be read off its source."""
    return match.kind is not MatchKind.EXACT and match.p_value is not None and match.p_value * _RAREST >= 1


def calibration_note(index: IndexSummary) -> str | None:
    """Say what is to be known about stated chances; ``None`` where they were measured on the index as it is."""
    calibration = index.calibration
    if calibration is None:
        return None
    if calibration.is_stale:
        return "stale, made before the index last changed"
    return None if calibration.reason is None else f"the shipped default: {visible(calibration.reason)}"


def range_label(attributed: AttributedMatch) -> str:
    """Give the matched range as ``line:column-line:column``, both ends included, from 1."""
    last_column = max(attributed.end_column - 1, 1)
    return f"{attributed.start_line}:{attributed.start_column}-{attributed.end_line}:{last_column}"


def place_of(origin: Origin) -> str:
    """Name a file of the training set: its repository, then its path; the path alone where it names the repository.

    >>> place_of(Origin(repo="maple/sprockets", path="sprockets/gear.py"))
    'sprockets/gear.py'
    >>> place_of(Origin(repo="maple/kettle", path="src/lid.c"))
    'maple/kettle/src/lid.c'
    """
    first_folder, slash, _ = origin.path.partition("/")
    # A package's files live in a folder of its name: "maple/sprockets/sprockets/gear.py" would say it twice.
    if slash and _folded(first_folder) == _folded(origin.repo.rpartition("/")[2]):
        return visible(origin.path)
    return visible(f"{origin.repo}/{origin.path}")


def _folded(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "").replace(".", "")


def source_label(source: Source) -> str:
    """Name a source with its lines, safe to show."""
    last = f"-{source.end_line}" if source.end_line != source.start_line else ""
    return f"{place_of(source.origin)}:{source.start_line}{last}"


def license_text(licenses: Iterable[str]) -> str | None:
    """Join SPDX expressions that all apply into one; ``None`` for none.

    >>> license_text(["MIT OR Apache-2.0", "BSD-3-Clause"])
    '(MIT OR Apache-2.0) AND BSD-3-Clause'
    """
    expressions = list(dict.fromkeys(licenses))
    if len(expressions) < 2:
        return expressions[0] if expressions else None
    return " AND ".join(f"({text})" if " OR " in text.upper() else text for text in expressions)


def license_label(licenses: Iterable[str]) -> str:
    """Return what ``license_text`` returns, safe to show, or ``not recorded``."""
    text = license_text(licenses)
    return NOT_RECORDED if text is None else visible(text)


def best_source(attributed: AttributedMatch) -> Source | None:
    """Return the source that decides the verdict, which attribution puts first, if any source is known."""
    return next(iter(attributed.match.sources), None)


def n_files_of(match: Match) -> int:
    """Return in how many files of the training set the match stands."""
    return max(match.n_documents, len(match.sources))


def share_label(file: FileReport) -> str:
    """Give the matched share of a file in whole percent, 0 and 100 kept for none and all.

    A share is rounded down, but never to 0: "0 %" says that nothing is under a match, "100 %" that all is.
    """
    if file.n_matched_characters == 0:
        return "0 %"
    percent = 100 * file.n_matched_characters // file.n_characters
    return f"{percent} %" if percent else "under 1 %"


def counting_matches(report: Report) -> Iterator[tuple[FileReport, AttributedMatch]]:
    """Yield every match that counts towards a verdict, with its file."""
    for file in report.files:
        for attributed in file.matches:
            if attributed.ignored is None:
                yield file, attributed


def verdict_label(report: Report) -> str:
    """Sum the report up: the verdict, the number of distinct best sources, and their licenses."""
    places: set[tuple[str, str]] = set()
    licenses: dict[str, None] = {}
    for _, attributed in counting_matches(report):
        source = best_source(attributed)
        if source is None:
            continue
        places.add((source.origin.repo, source.origin.path))
        licenses[license_label(source.origin.licenses)] = None
    if not places:
        return report.verdict.value
    shown = list(licenses)[:3]
    more = f" and {len(licenses) - 3} more" if len(licenses) > 3 else ""
    return f"{report.verdict.value} ({counted(len(places), 'source')}, {', '.join(shown)}{more})"
