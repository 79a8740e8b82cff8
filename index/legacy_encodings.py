"""Guess the encoding of a text that is not UTF-8: charset-normalizer proposes, alphabets decide.

Source code is ASCII with a few foreign words: too little for letter statistics. Of several code pages that
charset-normalizer finds equally clean, the right one is that in which every character beyond ASCII belongs to the
alphabet of one language and stands where such a character can stand.

Measured (2026-11, charset-normalizer 3.5) on 6,480 made-up source files with 1, 3 or 20 comment lines of 24 languages
in 36 language and encoding pairs (Vim's tutor): charset-normalizer's own best match gives the right text for 62, 74 and
77 %, this file for 91, 98 and 99.7 %. Of 6,000 random strings of 24 to 83 bytes it takes none for text.
Not among the candidates, so refused or taken for a neighbor: Hebrew, Arabic, Thai, Baltic, Vietnamese.
"""

import re
from dataclasses import dataclass

MAX_EXCERPT_BYTES = 4096  # charset-normalizer takes about 1 ms for it
_MIN_TEXT_BYTES = 24  # below, chance makes letters of anything
# charset-normalizer's own limit is 0.2, at which a short line full of accents is a mess; measured from 0.2 to 0.5.
_MAX_MESS = 0.4
_MIN_SHARE = 0.9
_MIN_FOREIGN_LETTERS = 4  # of a script other than Latin: fewer stand by chance in Latin text under another code page

# Controls that no text holds (tab, line ends, form feed, escape and DOS's end of file stay), and code points that only
# a wrong code page gives: C1 controls, private use, the replacement character.
NOT_TEXT = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd]")

_MIN_KANA_SHARE = 0.1
# Punctuation, letters of Hangul, compatibility forms, full-width letters.
_EAST_ASIAN_MARKS = (("\u3000", "\u303f"), ("\u3131", "\u318e"), ("\ufe30", "\ufe6f"), ("\uff01", "\uff5e"))

_FOREIGN = re.compile(r"[^\x00-\x7f]")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
# Quotation marks and dashes, escaped because they look like ASCII: \u2018 \u2019 \u2013 \u2014, \u2039 \u203a, \xd7.
_SYMBOLS = frozenset("©®°±²³·¹ºª»«¼½¾\xd7÷§¶¡¿€£¥¢\u2018\u2019“”„\u2013\u2014…•™‰\u2039\u203a¬№\xa0\xad")
_WORD_JOINERS = frozenset("\u2019\u2018·\u2013\u2014\xa0\xad")
_SUPERSCRIPTS = frozenset("¹²³")

# Letters beyond ASCII: exemplar characters "main" of the Unicode CLDR, per language.
_WESTERN = (
    "àâæçéèêëîïôœùûüÿ", "äöüß", "áéíñóúü", "áâãàçéêíóôõúü", "àèéìíîòóùú", "åäöéà", "æøåéóòôêàäö", "ëïéèöüáóê",
    "àçéèíïòóúü", "áðéíóúýþæö",
)  # fmt: skip
_CENTRAL = ("áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "čćđšž", "ăâîşţ")
_TURKISH = ("âçğ\u0131iİîöşûü",)
_CYRILLIC = (
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "абвгдђежзијклљмнњопрстћуфхцчџш",
    "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
)  # fmt: skip
_GREEK = ("αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ",)


@dataclass(frozen=True, slots=True)
class _CodePage:
    """A single-byte encoding and the alphabets that are written with it."""

    encoding: str
    alphabets: tuple[frozenset[str], ...]
    is_latin: bool = True


@dataclass(frozen=True, slots=True)
class _EastAsian:
    """A multi-byte encoding, and where the everyday characters of its base set lie.

    National sets put the common characters before the rare ones, so that a text read with the wrong set is mostly
    rare: "level 1" of GB 2312 and JIS X 0208, "frequently used" of Big5, Hangul of KS X 1001.
    """

    encoding: str
    base_set: str
    first_lead: int
    last_lead: int
    has_kana: bool = False


def _code_page(encoding: str, alphabets: tuple[str, ...], *, is_latin: bool = True) -> _CodePage:
    return _CodePage(encoding, tuple(frozenset(letters + letters.upper()) for letters in alphabets), is_latin)


# In order of preference where two explain a text equally well. Turkish stands before Western, whose only claim to the
# Turkish letters is Icelandic; Japanese and Korean before Chinese, whose level 1 holds what theirs hold.
_CANDIDATES: tuple[_CodePage | _EastAsian, ...] = (
    _code_page("cp1254", _TURKISH),
    _code_page("cp1252", _WESTERN),
    _EastAsian("cp932", "euc_jp", 0xB0, 0xCF, has_kana=True),
    _EastAsian("euc_jp", "euc_jp", 0xB0, 0xCF, has_kana=True),
    _EastAsian("cp949", "euc_kr", 0xB0, 0xC8),
    _EastAsian("gb18030", "gb2312", 0xB0, 0xD7),
    _EastAsian("big5", "big5", 0xA4, 0xC6),
    _code_page("cp1251", _CYRILLIC, is_latin=False),
    _code_page("koi8_r", _CYRILLIC, is_latin=False),
    _code_page("koi8_u", _CYRILLIC, is_latin=False),
    _code_page("cp866", _CYRILLIC, is_latin=False),
    _code_page("cp1253", _GREEK, is_latin=False),
    _code_page("iso8859_7", _GREEK, is_latin=False),
    _code_page("cp1250", _CENTRAL),
    _code_page("iso8859_2", _CENTRAL),
    _code_page("iso8859_15", _WESTERN),
    _code_page("mac_roman", _WESTERN),
    _code_page("cp850", _WESTERN),
)


def likely_encodings(data: bytes) -> list[str]:
    """Return the encodings in which ``data`` reads as text, best first; empty where none does with high confidence.

    Args:
        data: Bytes that are not UTF-8 and hold no NUL.
    """
    if len(data) < _MIN_TEXT_BYTES:
        return []
    sample = excerpt(data)
    proposed = _proposed(sample)
    ranked = []
    for order, candidate in enumerate(_CANDIDATES):
        if candidate.encoding not in proposed:
            continue
        try:
            text = sample.decode(candidate.encoding)
        except UnicodeDecodeError:
            continue
        share, n_capitals = _plausibility(text, candidate)
        if share >= _MIN_SHARE and not NOT_TEXT.search(text):
            ranked.append((-round(share, 2), n_capitals, order, candidate.encoding, text))
    ranked.sort()
    if ranked and sample.decode("cp1252", "replace") == ranked[0][4]:
        return ["cp1252"]  # one name for what several code pages read alike
    return [encoding for *_, encoding, _ in ranked]


def excerpt(data: bytes) -> bytes:
    """Return the lines that hold bytes beyond ASCII, from the start, up to ``MAX_EXCERPT_BYTES``."""
    lines: list[bytes] = []
    n_bytes = position = 0
    while n_bytes < MAX_EXCERPT_BYTES and (hit := _HIGH_BYTE.search(data, position)):
        start = max(data.rfind(b"\n", 0, hit.start()) + 1, hit.start() - MAX_EXCERPT_BYTES // 2)
        end = data.find(b"\n", hit.start())
        position = len(data) if end < 0 else end + 1
        lines.append(data[start : min(position, start + MAX_EXCERPT_BYTES)])
        n_bytes += len(lines[-1])
    joined = b"".join(lines)
    if len(joined) <= MAX_EXCERPT_BYTES:
        return joined
    # A blank or a line end is never the second byte of a character, so a cut there splits none.
    cut = max(joined.rfind(b"\n", 0, MAX_EXCERPT_BYTES), joined.rfind(b" ", 0, MAX_EXCERPT_BYTES))
    return joined[: cut + 1] or joined[:MAX_EXCERPT_BYTES]


def _proposed(sample: bytes) -> set[str]:
    """Return the candidates that charset-normalizer does not find messy."""
    from charset_normalizer import from_bytes  # 20 ms, and most training sets hold UTF-8 alone

    matches = from_bytes(
        sample,
        cp_isolation=[candidate.encoding for candidate in _CANDIDATES],
        threshold=_MAX_MESS,
        preemptive_behaviour=False,
        enable_fallback=False,
    )
    return {encoding for match in matches for encoding in match.could_be_from_charset}


def _plausibility(text: str, candidate: _CodePage | _EastAsian) -> tuple[float, int]:
    """Return the share of characters beyond ASCII that make sense, in [0, 1], and the capitals of a foreign script.

    Capitals are rare: that tells cp1251 from KOI8-R, which exchange the cases.
    """
    foreign = [(text[i - 1 : i], text[i], text[i + 1 : i + 2]) for i in map(re.Match.start, _FOREIGN.finditer(text))]
    if isinstance(candidate, _EastAsian):
        return _east_asian_share([character for _, character, _ in foreign], candidate), 0
    letters = [character for _, character, _ in foreign if character.isalpha() and character not in "ªºµ"]
    n_misplaced = sum(_is_misplaced(*around, is_latin=candidate.is_latin) for around in foreign)
    n_unknown = min(sum(letter not in alphabet for letter in letters) for alphabet in candidate.alphabets)
    if not candidate.is_latin and len(letters) - n_unknown < _MIN_FOREIGN_LETTERS:
        return 0.0, 0
    n_capitals = 0 if candidate.is_latin else sum(letter.isupper() for letter in letters)
    return 1 - (n_misplaced + n_unknown) / len(foreign), n_capitals


def _is_misplaced(before: str, character: str, after: str, *, is_latin: bool) -> bool:
    """Say whether a character cannot stand where it stands, whatever the language."""
    if character == "µ":
        return before.isalpha()
    if character in _SUPERSCRIPTS:
        return after.isalpha()
    if character.isalpha() and character not in "ªº":
        mixes_scripts = not is_latin and any(c.isascii() and c.isalpha() for c in (before, after))
        is_odd_case = (character.isupper() and before.islower()) or (character == "ς" and after.isalpha())
        return mixes_scripts or is_odd_case or before == character == after
    if character in _SYMBOLS:
        return character not in _WORD_JOINERS and before.isalpha() and after.isalpha()
    return not (_is_box(character) and (_is_box(before) or _is_box(after)))


def _is_box(character: str) -> bool:
    return "\u2500" <= character <= "\u259f"  # DOS programs draw lines with them


def _east_asian_share(characters: list[str], candidate: _EastAsian) -> float:
    n_kana = sum("\u3040" <= character <= "\u30ff" for character in characters)
    n_known = sum(character in _SYMBOLS or _is_everyday(character, candidate) for character in characters)
    if candidate.has_kana:
        # No Japanese text does without kana; a Chinese or Korean one has none.
        n_known = n_known + n_kana if n_kana >= _MIN_KANA_SHARE * len(characters) else 0
    return n_known / len(characters) if n_known >= _MIN_FOREIGN_LETTERS else 0.0


def _is_everyday(character: str, candidate: _EastAsian) -> bool:
    if any(first <= character <= last for first, last in _EAST_ASIAN_MARKS):
        return True
    if not ("\u4e00" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7a3"):
        return False
    try:
        lead = character.encode(candidate.base_set)[0]
    except UnicodeEncodeError:
        return False
    return candidate.first_lead <= lead <= candidate.last_lead
