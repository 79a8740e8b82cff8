"""How the page names and ranks matches: one table for kinds, one for verdicts, one order of strength."""

from dataclasses import dataclass
from enum import StrEnum

from codewhence.governance.attribution import counts
from codewhence.records import AttributedMatch, LicenseSource, MatchKind, Verdict


class Kind(StrEnum):
    """How a match is drawn: the line under it, and the bar beside it."""

    EXACT = "exact"  # solid
    REFORMATTED = "reformatted"  # dashed
    RENAMED = "renamed"  # double
    POSSIBLE = "possible"  # dashed, as is the one above
    IGNORED = "ignored"  # dotted


class Tone(StrEnum):
    """What a match means for its reader: the hue. One scale for marks, chips and the verdict."""

    KEEP = "keep"
    NOTICE = "notice"
    UNKNOWN = "unknown"
    REWRITE = "rewrite"
    IGNORED = "ignored"


KIND_LABELS = {
    Kind.EXACT: "exact copy",
    Kind.REFORMATTED: "reformatted copy",
    Kind.RENAMED: "renamed copy",
    Kind.POSSIBLE: "possible copy",
    Kind.IGNORED: "does not count",
}

VERDICT_TONES = {
    Verdict.KEEP: Tone.KEEP,
    Verdict.KEEP_WITH_NOTICE: Tone.NOTICE,
    Verdict.UNKNOWN_LICENSE: Tone.UNKNOWN,
    Verdict.REWRITE: Tone.REWRITE,
}

VERDICT_ADVICE = {
    Verdict.KEEP: "Nothing here asks for more than you already do.",
    Verdict.KEEP_WITH_NOTICE: "You may keep it if you pass on the copyright and license notices of its sources.",
    Verdict.UNKNOWN_LICENSE: "No license is recorded for a source. That is not permission: find out, or rewrite.",
    Verdict.REWRITE: "The license of a source asks for more than the policy allows. Write this part anew.",
}

LICENSE_SOURCE_LABELS = {
    LicenseSource.RECORDED: "as recorded",
    LicenseSource.DETECTED: "as detected",
    LicenseSource.NOT_RECORDED: "not to be taken for permission",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How one match is drawn."""

    kind: Kind
    tone: Tone

    @property
    def css(self) -> str:
        """Class names for the style sheet."""
        return f"cw-is-{self.kind} cw-tone-{self.tone}"


def look_of(match: AttributedMatch) -> Look:
    """Return how ``match`` is drawn."""
    if not counts(match):
        return Look(Kind.IGNORED, Tone.IGNORED)
    if match.match.kind is MatchKind.EXACT:
        kind = Kind.EXACT if match.match.verbatim else Kind.REFORMATTED
    else:
        kind = Kind.RENAMED if match.match.kind is MatchKind.RENAMED else Kind.POSSIBLE
    return Look(kind, VERDICT_TONES[match.verdict])


def kind_label(match: AttributedMatch) -> str:
    """Return the kind of ``match`` in words, with the reason where it does not count.

    ``ignored`` names the reason (``idiom``, ``own code``, …); an idiom is called what people call it.
    """
    if match.ignored is None:
        return KIND_LABELS[look_of(match).kind]
    return "common idiom" if match.ignored == "idiom" else match.ignored


def strength(match: AttributedMatch) -> tuple[int, int, int, int]:
    """Return a key that is larger for the match that decides how overlapping text looks.

    A match that counts beats one that does not, then the graver verdict, the surer kind, the shorter span: so a
    short match inside a long one of the same standing stays visible.
    """
    look = look_of(match)
    return (
        int(look.kind is not Kind.IGNORED),
        list(Verdict).index(match.verdict),
        -list(Kind).index(look.kind),
        -len(match.match.span),
    )


def plural(n: int, noun: str, nouns: str | None = None) -> str:
    """Return a count with its noun.

    >>> plural(1, "line"), plural(1200, "copy", "copies")
    ('1 line', '1,200 copies')
    """
    return f"{n:,} {noun if n == 1 else nouns or noun + 's'}"


def line_range(first: int, last: int) -> str:
    """Return lines as people write them.

    >>> line_range(3, 3), line_range(3, 9)
    ('line 3', 'lines 3 to 9')
    """
    return f"line {first}" if first == last else f"lines {first} to {last}"
