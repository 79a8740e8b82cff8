"""Heredocs: strings that begin on the next line and end at a line that holds their tag."""

from re import Match

from codewhence.index.lexing.forms import STRING, Heredoc, Scan

_BLANKS = " \t"


def end_of_heredoc(scan: Scan, tag: str, start: int, *, may_be_indented: bool, whole_line: bool = True) -> int | None:
    """Return one past the tag that ends a body beginning at ``start``; None where there is no such line.

    The search is paid from ``scan.budget``, so that many of them stay linear.

    Args:
        scan: Its text is searched.
        tag: The closing word.
        start: First code point of the body, which is the start of a line.
        may_be_indented: Whether blanks may stand before the word.
        whole_line: Whether nothing but blanks may follow it on its line; else no letter, digit or ``_``.
    """
    text = scan.text
    if scan.budget <= 0:
        return None
    place = text.find(tag, start)
    while place >= 0:
        end = place + len(tag)
        if _begins_line(text, place, start, may_be_indented) and _ends(text, end, whole_line):
            scan.budget -= end - start
            return end
        place = text.find(tag, end)
    scan.budget -= len(text) - start
    return None


def _begins_line(text: str, place: int, floor: int, may_be_indented: bool) -> bool:
    if may_be_indented:
        while place > floor and text[place - 1] in _BLANKS:
            place -= 1
    return place == floor or text[place - 1] == "\n"


def _ends(text: str, end: int, whole_line: bool) -> bool:
    if not whole_line:
        return not text[end : end + 1].isalnum() and not text.startswith("_", end)
    while text.startswith((" ", "\t", "\r"), end):
        end += 1
    return end == len(text) or text[end] == "\n"


def begin_heredoc(scan: Scan, match: Match[str], tag: str, *, start: int, may_be_indented: bool) -> int:
    """Record the mark that announces a heredoc, if there is one: a shift by a variable looks the same.

    Args:
        scan: Where the mark is recorded.
        match: The mark.
        tag: The word that ends the heredoc.
        start: Where the string begins in the mark.
        may_be_indented: Whether blanks may stand before the closing word.

    Returns:
        Where the scan goes on: the rest of the line is code.
    """
    line_end = scan.text.find("\n", match.end())
    if line_end < 0 or scan.budget <= 0:
        return match.end()
    scan.budget -= line_end - match.end()
    if end_of_heredoc(scan, tag, line_end + 1, may_be_indented=may_be_indented) is not None:
        scan.add(STRING, start, match.end())
        scan.heredocs.append(Heredoc(tag, may_be_indented))
    return match.end()


def read_bodies(scan: Scan, match: Match[str]) -> int:
    """Step of the line end after which the bodies of the heredocs of that line stand, in their order."""
    position = match.end()
    for heredoc in scan.heredocs:
        end = end_of_heredoc(scan, heredoc.tag, position, may_be_indented=heredoc.may_be_indented)
        if end is not None:
            scan.add(STRING, position, end)
            position = end
    scan.heredocs.clear()
    return position
