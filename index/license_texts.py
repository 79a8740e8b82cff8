"""Recognize a license by its text: the words must be those of the license, and nothing beside them may set terms.

Percentages of edit distance do not do: the JSON license is MIT plus ten words that make it non-free, the Commons Clause
fits into 5 % of the GPL, and MIT-0 is MIT without its one condition. So the text is aligned with the license word by
word, and each run of words that differs is looked at: names and copyright lines may differ, terms may not.
What is not recognized stays unrecorded; a wrong license is worse than none.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from itertools import pairwise

MAX_LICENSE_CHARS = 200_000  # longer files are catalogs of third-party licenses
_MAX_WORDS = 20_000
_GRAM_WORDS = 4
_MIN_COMMON_SHARE = 0.7  # of the license's grams: who holds fewer is not worth aligning
_MIN_MATCHED_SHARE = 0.93
_MAX_INSERTED_WORDS = 25  # a list of holders
_MAX_SPARE_WORDS = 200  # titles, addresses, copyright lines that run over several lines
_MIN_RUN_WORDS = 4  # shorter common runs at the edge of an alignment, or with an appendix, are chance
_MAX_LICENSES = 8  # in one file

_WORD = re.compile(r"[^\W_]+")
_COPYRIGHT_LINE = re.compile(
    r"\W*(?:portions\s+)?(?:copyright|\(c\)|©)\W*(?:\(c\)|©|copyright|by\b|\d{4}|\[|<|\{|$)", re.IGNORECASE
)
_RIGHTS_RESERVED = re.compile(r"\b(?:all|some)\s+rights\s+reserved\b\.?", re.IGNORECASE)
_TITLE_LIST = """
    0 1 2 3 4 apache artistic boost bsd clause commons creative eclipse expat isc lesser license mit modified mozilla
    ncsa new open postgresql public revised simplified software source the universal unlicense version zero zlib
"""
_TITLE_WORDS = frozenset(_TITLE_LIST.split())
_MAX_TITLE_WORDS = 8
_SPELLINGS = (
    (re.compile(r"licenc"), "licens"),
    (re.compile(r"\bsub-?\s?licens"), "sublicens"),
    (re.compile(r"\bnon-\s?"), "non "),
    (re.compile(r"\bhttps?://\S+"), " "),
)

# "Example is released under the terms of the MIT license reproduced below": says what the text then says itself.
_STATEMENT = re.compile(
    r"(?P<subject>(?:\w+ ){0,6}?)"
    r"(?:this is|(?:is|are) (?:\w+ )?(?:available|covered|distributed|licensed|released) under) "
    r"(?:the )?(?:terms of (?:the )?)?(?P<name>apache|bsd|isc|mit|zlib)(?: [023])?(?: clause)? license"
    r"(?: (?:2 0|version 2 0|as|below|follows|reproduced|see|stated))*"
)

# A run of words that differs from the license and holds one of these may change what is allowed.
_TERM_LIST = """
    academic accept acknowledge acknowledgement acknowledgment advertising agree agreement applied applies apply
    attribution bundled commercial commercially condition conditions consent contract covered covers dependencies
    derivative disclose distribute distributed distribution dual educational either embargo endorse ethical
    evaluation evil except exception exceptions exclude excluded excluding exclusive exempt fee fees file files
    following forbidden free good government grant granted grants harm hereby hosting if internal irrevocable law
    lawful laws license licensed licensee licenses licensing limitation limitations limited may mention military
    modification modifications modified modify must no non noncommercial nor not notwithstanding nuclear obligation
    obligations only option optionally other otherwise packaged part parties parts party patent patents pay payment
    permission permissions permit permitted personal portion portions prohibited provide provided provision
    provisions purpose purposes redistribute remove removed require required requires resell restrict restricted
    restriction restrictions right rights royalties royalty saas sale sell selling service services shall should
    subject sublicense subset supersede terminate termination terms third trademark trademarks under unless
    unlimited use used using vendored waive waiver warranty weapons with without
"""
_TERMS = frozenset(_TERM_LIST.split())
# Of these, the ones that say nothing in a copyright line: "Free Software Foundation", "and others, see AUTHORS file".
_HOLDER_LIST = (
    "file files free good government law limited modifications other part parts portion portions service services"
)
_HOLDER_WORDS = frozenset(_HOLDER_LIST.split())


@dataclass(frozen=True, slots=True)
class _License:
    """A license text as words. ``appendix`` starts at "END OF TERMS AND CONDITIONS": often left out."""

    spdx_id: str
    words: tuple[str, ...]
    appendix: tuple[str, ...]
    grams: frozenset[tuple[str, ...]]


def spdx_from_license_text(text: str) -> str | None:
    """Return the SPDX expression of the license texts that ``text`` consists of.

    Several license texts in one file all apply (``AND``). A bare text of the GNU family gives the id without suffix
    (``GPL-2.0``): the text of the license does not say whether its user granted later versions, and the SPDX list keeps
    these ids, though deprecated, in that meaning. Read as an expression they mean "only", the narrower of both.

    Returns:
        The expression; ``None`` where a license, or anything that may change it, is not recognized.
    """
    if len(text) > MAX_LICENSE_CHARS:
        return None
    return _spdx_from_words(_words(text))


@lru_cache(maxsize=1024)
def _spdx_from_words(words: tuple[str, ...]) -> str | None:
    found: list[str] = []
    spare = list(words)
    while len(found) < _MAX_LICENSES and (hit := _find_license(spare)):
        spdx_id, spare = hit
        found.append(spdx_id)
    if not found or len(spare) > _MAX_SPARE_WORDS or _sets_terms(_without_statement(spare, found)):
        return None
    return " AND ".join(sorted(set(found)))


def _without_statement(words: list[str], found: list[str]) -> list[str]:
    """Remove one sentence that names the license which was found."""
    text = " ".join(words)
    said = _STATEMENT.search(text)
    if said is None or [each.split("-")[0].lower() for each in found] != [said["name"]]:
        return words
    return text[: said.start()].split() + said["subject"].split() + text[said.end() :].split()


@cache
def _licenses() -> tuple[_License, ...]:
    """Return the licenses that are recognized, longest first: a longer one may hold the words of a shorter one."""
    from identify.vendor.licenses import LICENSES

    known = []
    for spdx_id, text in LICENSES:
        words = _words(text)
        end = _end_of_terms(words)
        known.append(_License(spdx_id, words[:end], words[end:], _grams(words[:end])))
    return tuple(sorted(known, key=lambda each: (-len(each.words), each.spdx_id)))


def _end_of_terms(words: tuple[str, ...]) -> int:
    marker = ("end", "of", "terms", "and", "conditions")
    ends = (i for i in range(len(words) - len(marker), 0, -1) if words[i : i + len(marker)] == marker)
    return next(ends, len(words))


def _words(text: str) -> tuple[str, ...]:
    """Return the words that say what is allowed: no copyright lines, no title, one spelling."""
    lines = _RIGHTS_RESERVED.sub(" ", text).splitlines()
    text = "\n".join(line for line in lines if not (_is_title(line) or _is_copyright(line))).lower()
    for pattern, spelling in _SPELLINGS:
        text = pattern.sub(spelling, text)
    return tuple(_WORD.findall(text)[:_MAX_WORDS])


def _is_title(line: str) -> bool:
    words = _WORD.findall(line.lower().replace("licence", "license"))
    return 0 < len(words) <= _MAX_TITLE_WORDS and "license" in words and _TITLE_WORDS.issuperset(words)


def _grams(words: tuple[str, ...] | list[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(words[i:] for i in range(_GRAM_WORDS)), strict=False))


def _is_copyright(line: str) -> bool:
    """Say whether a line names holders and sets no terms."""
    words = [word for word in _WORD.findall(line.lower()) if word not in _HOLDER_WORDS]
    return _COPYRIGHT_LINE.match(line) is not None and not any(word in _TERMS for word in words)


def _find_license(words: list[str]) -> tuple[str, list[str]] | None:
    """Return the first license that stands in ``words``, and the words without it."""
    grams = _grams(words)
    for known in _licenses():
        if len(grams & known.grams) < _MIN_COMMON_SHARE * len(known.grams):
            continue
        region = _region_of(words, known.words)
        if region:
            spare = words[: region[0]] + words[region[1] :]
            return known.spdx_id, _without(known.appendix, spare)
    return None


def _without(appendix: tuple[str, ...], words: list[str]) -> list[str]:
    """Remove what stands in the appendix of the license, which people shorten."""
    kept, cursor = [], 0
    for block in SequenceMatcher(None, words, appendix, autojunk=False).get_matching_blocks():
        if block.size >= _MIN_RUN_WORDS:
            kept += words[cursor : block.a]
            cursor = block.a + block.size
    return kept + words[cursor:]


def _region_of(words: list[str], wanted: tuple[str, ...]) -> tuple[int, int] | None:
    """Return where ``wanted`` stands in ``words``, ``None`` where it does not or where terms differ."""
    blocks = [
        block for block in SequenceMatcher(None, words, wanted, autojunk=False).get_matching_blocks() if block.size
    ]
    blocks = _without_chance(blocks)
    if sum(block.size for block in blocks) < max(1, _MIN_MATCHED_SHARE * len(wanted)):
        return None
    first, last = blocks[0], blocks[-1]
    missing = [*wanted[: first.b], *wanted[last.b + last.size :]]
    if _sets_terms(missing):
        return None
    for left, right in pairwise(blocks):
        inserted = words[left.a + left.size : right.a]
        removed = wanted[left.b + left.size : right.b]
        if len(inserted) > _MAX_INSERTED_WORDS or _sets_terms(inserted) or _sets_terms(removed):
            return None
    return first.a, last.a + last.size


def _without_chance(blocks: list) -> list:
    """Drop short common runs before and after the body, where any word may recur by chance."""
    solid = [i for i, block in enumerate(blocks) if block.size >= _MIN_RUN_WORDS]
    return blocks[solid[0] : solid[-1] + 1] if solid else []


def _sets_terms(words: list[str] | tuple[str, ...]) -> bool:
    """Say whether words may change what is allowed: terms, or a script that we cannot read."""
    return any(word in _TERMS or any(character > "\u024f" for character in word) for word in words)
