"""Patterns of paths inside a repository, the whole path: ``*`` and ``?`` stay within a folder, ``**`` crosses folders.

Narrower than ``fnmatch``, whose ``*`` crosses folders: what is taken out is never more than the pattern plainly says.
"""

import re

from codewhence.errors import UsageError

_PARTS = re.compile(
    r"(?P<folders>(?:^|(?<=/))\*\*/)|(?P<all>(?:^|(?<=/))\*\*$)|(?P<some>\*)|(?P<one>\?)|(?P<set>\[[^]/]+\])"
)
_REGEX = {"folders": "(?:[^/]+/)*", "all": ".+", "some": "[^/]*", "one": "[^/]"}


def compile_glob(pattern: str) -> re.Pattern[str]:
    r"""Return a regular expression to match whole paths with.

    Raises:
        UsageError: The pattern is empty, begins with a slash, or has a set that ends before it begins.

    >>> [bool(compile_glob("src/**/*.py").fullmatch(path)) for path in ("src/a.py", "src/b/c/a.py", "src.py")]
    [True, True, False]
    """
    if not pattern or pattern.startswith("/"):
        raise UsageError(f"--path takes a pattern of paths inside the repository, got {pattern!r}. Try 'src/*.py'.")
    regex, at = [], 0
    for found in _PARTS.finditer(pattern):
        regex.append(re.escape(pattern[at : found.start()]))
        kind = str(found.lastgroup)
        regex.append(_set(found[0]) if kind == "set" else _REGEX[kind])
        at = found.end()
    regex.append(re.escape(pattern[at:]))
    try:
        return re.compile("".join(regex), re.DOTALL)
    except re.error as error:
        raise UsageError(f"--path {pattern!r} is no pattern: {error.msg}.") from error


def _set(part: str) -> str:
    inside = part[1:-1]
    negated = inside.startswith("!")
    body = inside.removeprefix("!").replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
    return f"(?:(?!/)[{'^' if negated else ''}{body}])" if body else re.escape(part)
