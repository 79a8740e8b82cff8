"""Bytes to text: UTF-8, a byte order mark, what the file declares, what can be detected; or the reason why not."""

import codecs
import re
from dataclasses import dataclass
from typing import ClassVar

from codewhence.errors import CodewhenceError
from codewhence.index.legacy_encodings import NOT_TEXT, excerpt, likely_encodings
from codewhence.index.sources.base import SKIP_REASONS

# UTF-32's marks stand first: the little-endian one starts with UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARK_STARTS = frozenset(mark[0] for mark, _ in _BYTE_ORDER_MARKS)

_HEAD_BYTES = 1024  # where the HTML standard ends its search, "prescan a byte stream to determine its encoding"
_FIRST_TWO_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?[^\r\n]*")
_DECLARATIONS = (
    re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([-\w.]+)"),  # XML 1.0, section 4.3.3
    re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([-\w.]+)", re.IGNORECASE),
    re.compile(rb"^@charset \"([-\w.]+)\";"),  # CSS Syntax 3, section 3.2
)
_COOKIE = re.compile(rb"coding[:=][ \t]*([-\w.]+)")  # PEP 263; Emacs' and Vim's forms are what it was made for

# Codecs of Python that map text to text: nobody stores source code in them, and an attacker could grow it.
_NOT_CHARSETS = frozenset(
    {"idna", "mbcs", "oem", "punycode", "raw_unicode_escape", "undefined", "unicode_escape", "utf-7"}
)
# What programs write under a narrower name (WHATWG Encoding Standard, "names and labels").
_WIDER = {
    "ascii": "cp1252",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
}
_MIN_WIDE_UNITS = 16  # UTF-16 without a mark: shorter runs of such pairs stand in any binary file


class Undecodable(CodewhenceError):  # noqa: N818
    """The bytes are no text: a state that callers count, not a failure, hence the name without "Error".

    Attributes:
        reason: A key of ``SKIP_REASONS``.
    """

    exit_code: ClassVar[int] = 4

    def __init__(self, reason: str) -> None:
        super().__init__(f"This file {SKIP_REASONS[reason]}.")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was written.

    Attributes:
        text: Without byte order mark; line ends as they stood.
        encoding: Name of the Python codec that reads it.
    """

    text: str
    encoding: str


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    r"""Decode a source file. The same bytes give the same text on every machine.

    In this order: byte order mark, UTF-8, ``declared``, the file's own declaration (PEP 263, XML, HTML, CSS), detection
    with high confidence. A single-byte encoding reads any bytes, so detection asks for sense: see
    ``legacy_encodings``.

    Args:
        data: The file.
        declared: What the training set says about its encoding. It does not overrule UTF-8: bytes that are valid UTF-8
            beyond ASCII are nothing else.

    Raises:
        Undecodable: ``empty``, ``binary``, ``undecodable`` or ``lone_surrogates``.

    >>> decode(b"a = 1\r\n")
    Decoded(text='a = 1\r\n', encoding='utf-8')
    """
    if not data:
        raise Undecodable("empty")
    if data[0] in _MARK_STARTS and (marked := _decode_marked(data)):
        return marked
    if b"\0" in data:
        return _decode_wide(data)
    if b"\x1b$" in data and (shifted := _decode_shifted(data, declared)):
        return shifted
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data, declared)


def _decode_marked(data: bytes) -> Decoded | None:
    """Decode a file with a byte order mark; ``None`` for one that only seems to have one."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if not data.startswith(mark):
            continue
        body = data[len(mark) :]
        if not body:
            raise Undecodable("empty")
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            _refuse_lone_surrogates(body, encoding)
            continue
        if "\0" not in text and (encoding == "utf-8" or not NOT_TEXT.search(text)):
            return Decoded(text, encoding)
    return None


def _decode_wide(data: bytes) -> Decoded:
    """Decode UTF-16 without a mark, which ASCII gives away by a NUL in each pair. All else with NULs is binary."""
    n_units = len(data) // 2
    if n_units >= _MIN_WIDE_UNITS and len(data) % 2 == 0:
        n_even, n_odd = data[0::2].count(0), data[1::2].count(0)
        for encoding, n_high, n_low in (("utf-16-le", n_odd, n_even), ("utf-16-be", n_even, n_odd)):
            if n_low or n_high < n_units / 2:
                continue
            text = _try(data, encoding)
            if text and "\n" in text and not NOT_TEXT.search(text):
                return Decoded(text, encoding)
    raise Undecodable("binary")


def _decode_shifted(data: bytes, declared: str | None) -> Decoded | None:
    """Decode ISO 2022, whose bytes are all ASCII, where it is declared: undeclared, it would be a guess."""
    for name in (declared, _declared_in(data)):
        encoding = _charset(name)
        if encoding and encoding.startswith("iso2022") and (text := _try(data, encoding)) is not None:
            return Decoded(text, encoding)
    return None


def _decode_legacy(data: bytes, declared: str | None) -> Decoded:
    _refuse_lone_surrogates(data, "utf-8")
    in_file = _charset(_declared_in(data))
    for encoding in (_charset(declared), in_file if in_file and _keeps_ascii(in_file) else None):
        if encoding and (decoded := _decode_declared(data, encoding)):
            return decoded
    if not _is_damaged_utf8(data):
        for encoding in likely_encodings(data):
            text = _try(data, encoding)
            if text is not None and not NOT_TEXT.search(text):
                return Decoded(text, encoding)
    raise Undecodable("undecodable")


def _decode_declared(data: bytes, encoding: str) -> Decoded | None:
    """Decode as declared, or by the wider code page that goes by the same name where that alone makes sense."""
    text = _try(data, encoding)
    wider = _WIDER.get(encoding)
    if wider and (text is None or NOT_TEXT.search(text)) and (wide_text := _try(data, wider)) is not None:
        return Decoded(wide_text, wider)
    return None if text is None else Decoded(text, encoding)


def _declared_in(data: bytes) -> str | None:
    """Return the encoding that the file itself names."""
    head = data[:_HEAD_BYTES]
    first_lines = _FIRST_TWO_LINES.match(head)
    cookie = _COOKIE.search(first_lines.group()) if first_lines else None
    found = cookie or next(filter(None, (pattern.search(head) for pattern in _DECLARATIONS)), None)
    return found.group(1).decode("ascii") if found else None


def _charset(name: str | None) -> str | None:
    """Return Python's name for a character encoding, ``None`` for what is none."""
    try:
        encoding = codecs.lookup(name).name if name else None
    except (LookupError, ValueError):  # ValueError: a name with a NUL or beyond ASCII
        return None
    return None if encoding in _NOT_CHARSETS else encoding


def _keeps_ascii(encoding: str) -> bool:
    """Say whether the declaration, which was read as ASCII, can stand in a file of this encoding."""
    return _try(b"coding", encoding) == "coding"


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):  # LookupError: a codec of Python that is no text encoding (rot13, hex)
        return None


def _refuse_lone_surrogates(data: bytes, encoding: str) -> None:
    try:
        data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        return
    raise Undecodable("lone_surrogates")


def _is_damaged_utf8(data: bytes) -> bool:
    """Say whether most of what is beyond ASCII is good UTF-8: a cut or a patched file, not one of another encoding."""
    text = excerpt(data).decode("utf-8", "replace")
    n_bad = text.count("\ufffd")
    n_good = sum(not character.isascii() for character in text) - n_bad
    return n_good > n_bad
