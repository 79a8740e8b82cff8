"""Text of others as HTML that does nothing: escaped, isolated, with hidden characters made visible."""

import html
import re
import unicodedata

# NUL and lone surrogates cannot stand in HTML or JSON: one replacement character for each keeps every offset.
_NOT_HTML = re.compile("[\x00\ud800-\udfff]")

# Characters that change the order or the reading of code without being seen ("Trojan Source", CVE-2021-42574),
# and control characters other than blanks. The style sheet prints ``data-name`` beside them; a style's text is
# no text of the page, so marks still hold the original to the character.
_HIDDEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def code(text: str) -> str:
    r"""Return ``text`` as HTML whose text content is ``text``, to the character.

    Carriage returns are written as references, since an HTML parser turns raw ones into newlines. NULs and lone
    surrogates become U+FFFD.

    >>> code("a\t<b>\r\n")
    'a\t&lt;b&gt;&#13;\n'
    """
    escaped = html.escape(_NOT_HTML.sub("\ufffd", text)).replace("\r", "&#13;")
    return _HIDDEN.sub(_named, escaped)


def name(text: str) -> str:
    """Return a name (repository, path, license) as HTML, isolated so that its direction stays inside.

    >>> name("a&b")
    '<bdi>a&amp;b</bdi>'
    """
    return f"<bdi>{code(text)}</bdi>"


def attribute(text: str) -> str:
    """Return ``text`` for an attribute in double quotes, without hidden characters.

    >>> attribute('say "hi"')
    'say &quot;hi&quot;'
    """
    return html.escape(_HIDDEN.sub("\ufffd", _NOT_HTML.sub("\ufffd", text)))


def _named(match: re.Match[str]) -> str:
    character = match[0]
    label = f"U+{ord(character):04X}"
    title = html.escape(unicodedata.name(character, "control character").lower())
    return f'<span class="cw-hidden" data-name="{label}" title="{title}">{character}</span>'
