"""The vocabulary of the table: the common ways to write a comment or a string."""

from codewhence.index.lexing.forms import COMMENT, STRING, Form


def line_comment(start: str) -> Form:
    """From ``start`` (a regular expression) to the end of the line."""
    return Form(COMMENT, rf"{start}[^\n]*+")


def block_comment(start: str, end: str) -> Form:
    """From one character sequence to another, without nesting; one without an end runs to the end of the text."""
    first, second = end
    body = rf"[^\{first}]*+(?:\{first}(?!\{second})[^\{first}]*+)*+"
    return Form(COMMENT, rf"{_escaped(start)}{body}(?:\{first}\{second})?")


def quoted(quote: str, *, after: str = "") -> Form:
    """A string on one line with backslash escapes; one without an end stops at the end of the line.

    Args:
        quote: The character on both sides.
        after: A lookbehind that has to hold once the first quote is read.
    """
    return Form(STRING, rf"{quote}{after}{_escaped_body(quote, stop=chr(92) + 'n')}{quote}?")


def quoted_lines(quote: str, *, after: str = "") -> Form:
    """A string with backslash escapes over any number of lines; one without an end runs to the end of the text."""
    return Form(STRING, rf"{quote}{after}{_escaped_body(quote, stop='')}{quote}?")


def quoted_without(quote: str, mark: str) -> Form:
    """A string that is closed and holds no ``mark``, the start of an interpolation: the usual case, read at once."""
    body = rf"[^{quote}\\{mark}]*+(?:\\.[^{quote}\\{mark}]*+)*+"
    return Form(STRING, rf"{quote}{body}{quote}")


def raw(quote: str, *, after: str = "") -> Form:
    """A string over any number of lines without escapes."""
    return Form(STRING, rf"{quote}{after}[^{quote}]*+{quote}?")


def triple_quoted(quote: str) -> Form:
    """A string between three quotes with backslash escapes, over any number of lines."""
    body = rf"[^{quote}\\]*+(?:(?:\\.?|{quote}(?!{quote}{quote}))[^{quote}\\]*+)*+"
    return Form(STRING, rf"{quote}{quote}{quote}{body}(?:{quote}{quote}{quote})?")


def _escaped_body(quote: str, *, stop: str) -> str:
    return rf"[^{quote}\\{stop}]*+(?:\\(?:\r\n|.)?[^{quote}\\{stop}]*+)*+"


def _escaped(literal: str) -> str:
    return "".join(rf"\{character}" for character in literal)
