"""Which repositories are the user's own: patterns over names, forks and upstreams."""

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache

from codewhence.records import Origin

_SCHEME = re.compile(r"(?:git\+)?[a-z][a-z0-9.-]*://(?:[^/@]*@)?|[^/@:]+@(?=[^/:]+:)")


def repository_name(text: str) -> str:
    """Return a repository's name in one spelling: lower case, no scheme, no ``.git``; GitHub's host left out.

    A bare ``owner/name`` means github.com, whose names ignore case.

    >>> repository_name("https://github.com/Maple/Syrup.git")
    'maple/syrup'
    >>> repository_name("git@gitlab.example:maple/syrup")
    'gitlab.example/maple/syrup'
    """
    name = text.strip().lower()
    scheme = _SCHEME.match(name)
    if scheme:
        name = name[scheme.end() :]
        if "://" not in scheme.group():
            name = name.replace(":", "/", 1)
    name = name.rstrip("/").removesuffix(".git")
    return name.removeprefix("www.").removeprefix("github.com/")


@dataclass(frozen=True, slots=True)
class OwnCode:
    """Repositories whose text needs no license: ours, their forks, and what ours are forks of.

    A fork of ours holds our code, but its additions are not ours; they count as ours all the same, since an origin
    says only whose fork it is. An upstream keeps its license, which a fork carries already.

    Attributes:
        repos: Patterns of our repositories: ``owner/name``, ``owner/*``, an address. ``*`` crosses slashes.
        upstreams: Patterns of the repositories that ours are forks of.
    """

    repos: tuple[str, ...] = ()
    upstreams: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.repos or self.upstreams)

    def covers(self, origin: Origin) -> bool:
        """Say whether a file's origin is ours by its repository, its address or the repository it was forked from."""
        return any(
            _is_covered(self.repos + self.upstreams, name)
            for name in (origin.repo, origin.forked_from, origin.origin_url)
            if name
        )


@lru_cache(maxsize=64)
def _pattern(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(repository_name(pattern)) for pattern in patterns))


@lru_cache(maxsize=16_384)
def _is_covered(patterns: tuple[str, ...], name: str) -> bool:
    return bool(patterns) and _pattern(patterns).match(repository_name(name)) is not None
