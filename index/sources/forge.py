"""Addresses of repositories: the name that people use, and an address without anybody's credentials."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_FORGES = frozenset({"github.com", "gitlab.com", "bitbucket.org", "codeberg.org"})
# First path segments of forges that are no account.
_RESERVED = frozenset(
    {"about", "apps", "collections", "features", "marketplace", "orgs", "settings", "sponsors", "topics", "users"}
)
_SCP = re.compile(
    r"(?:[^@/\s]+@)?(?P<host>[A-Za-z0-9][\w.-]+):(?!//)(?P<path>[^\\\s]+)"
)  # git-clone(1): user@host:path
_SEGMENT = re.compile(r"[\w.-]+")
_WEB_SCHEMES = frozenset({"http", "https"})
_SCHEMES = _WEB_SCHEMES | {"ssh", "git", "git+ssh", "git+https", "git+http"}


@dataclass(frozen=True, slots=True)
class RepositoryAddress:
    """Where a repository is.

    Attributes:
        repo: ``owner/name``; on a forge with groups, all of them.
        url: Address without user, password, query and fragment.
        is_forge: The host is a public forge, so ``repo`` names one repository for everybody.
    """

    repo: str
    url: str
    is_forge: bool


def repository_address(remote: str) -> RepositoryAddress | None:
    """Read the address of a git remote or a project page; ``None`` where it names no owner and repository.

    >>> repository_address("https://ada:secret@github.com/example/engine.git")
    RepositoryAddress(repo='example/engine', url='https://github.com/example/engine', is_forge=True)
    >>> repository_address("git@git.example.org:tools/engine.git").url
    'ssh://git.example.org/tools/engine'
    >>> repository_address("/home/somebody/engine")
    """
    located = _locate(remote.strip())
    if located is None:
        return None
    scheme, host, path = located
    segments = [segment for segment in path.split("/-/")[0].split("/") if segment]
    host = host.removeprefix("www.")
    is_forge = host in _FORGES
    if is_forge and host != "gitlab.com":
        segments = segments[:2]
    if len(segments) < 2 or segments[0] in _RESERVED or not all(map(_SEGMENT.fullmatch, segments)):
        return None
    repo = "/".join(segments).removesuffix(".git")
    return RepositoryAddress(repo, f"https://{host}/{repo}" if is_forge else f"{scheme}://{host}/{repo}", is_forge)


def public_url(url: str) -> str | None:
    """Return a web address without user, password, query and fragment; ``None`` for anything else.

    >>> public_url("https://token@example.org/engine?key=1#top")
    'https://example.org/engine'
    """
    located = _locate(url.strip())
    if located is None or located[0] not in _WEB_SCHEMES:
        return None
    scheme, host, path = located
    return f"{scheme}://{host}{path}"


def _locate(address: str) -> tuple[str, str, str] | None:
    """Return scheme, host with port, and path."""
    if "://" not in address:
        scp = _SCP.fullmatch(address)
        # A single letter before the colon is a drive of Windows.
        return ("ssh", scp["host"].lower(), f"/{scp['path'].lstrip('/')}") if scp and len(scp["host"]) > 1 else None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:  # a port that is no number, an unclosed [
        return None
    if not host or parts.scheme not in _SCHEMES:
        return None
    scheme = parts.scheme.removeprefix("git+")
    return scheme, f"{host}:{port}" if port else host, parts.path
