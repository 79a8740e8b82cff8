"""Addresses: every way to write one names the same repository, and no credentials survive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.sources.forge import RepositoryAddress, public_url, repository_address

segments = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
secrets = st.from_regex(r"[A-Za-z0-9]{8,20}", fullmatch=True).map("secret".__add__)


@given(owner=segments, name=segments, secret=secrets, host=st.sampled_from(["github.com", "git.example.org"]))
def test_credentials_never_survive(owner: str, name: str, secret: str, host: str) -> None:
    for address in (
        f"https://{secret}@{host}/{owner}/{name}.git",
        f"https://user:{secret}@{host}/{owner}/{name}",
        f"https://{host}/{owner}/{name}?private_token={secret}#{secret}",
        f"{secret}@{host}:{owner}/{name}.git",
        f"ssh://{secret}@{host}:22/{owner}/{name}",
    ):
        found = repository_address(address)
        assert found is None or secret not in found.repo + found.url
        assert secret not in (public_url(address) or "")


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    found = repository_address(text)
    assert found is None or "/" in found.repo
    assert (public_url(text) or "http://").startswith(("http://", "https://"))


ENGINE = RepositoryAddress("example/engine", "https://github.com/example/engine", is_forge=True)


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/example/engine",
        "https://github.com/example/engine.git",
        "http://www.github.com/example/engine/",
        "https://GitHub.com/example/engine/tree/main/src#readme",
        "https://github.com/example/engine/issues",
        "git@github.com:example/engine.git",
        "github.com:example/engine",
        "ssh://git@github.com/example/engine.git",
        "git+https://github.com/example/engine.git",
        "git://github.com/example/engine.git",
        "  https://github.com/example/engine\n",
    ],
)
def test_every_spelling_is_one_repository(address: str) -> None:
    assert repository_address(address) == ENGINE


@pytest.mark.parametrize(
    ("address", "repo", "url", "is_forge"),
    [
        pytest.param(
            "https://gitlab.com/group/sub/engine.git",
            "group/sub/engine",
            "https://gitlab.com/group/sub/engine",
            True,
            id="groups",
        ),
        pytest.param(
            "https://gitlab.com/group/engine/-/issues",
            "group/engine",
            "https://gitlab.com/group/engine",
            True,
            id="page of gitlab",
        ),
        pytest.param(
            "https://codeberg.org/example/engine",
            "example/engine",
            "https://codeberg.org/example/engine",
            True,
            id="codeberg",
        ),
        pytest.param(
            "https://git.example.org:8443/a/b.git",
            "a/b",
            "https://git.example.org:8443/a/b",
            False,
            id="own host with port",
        ),
        pytest.param("git@git.example.org:a/b.git", "a/b", "ssh://git.example.org/a/b", False, id="own host by ssh"),
    ],
)
def test_other_hosts(address: str, repo: str, url: str, is_forge: bool) -> None:
    assert repository_address(address) == RepositoryAddress(repo, url, is_forge)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("/home/somebody/engine", id="absolute path"),
        pytest.param("../engine", id="relative path"),
        pytest.param("C:\\Users\\somebody\\engine", id="drive"),
        pytest.param("C:/Users/somebody/engine", id="drive with slashes"),
        pytest.param("file:///home/somebody/engine", id="file address"),
        pytest.param("https://github.com/example", id="owner alone"),
        pytest.param("https://github.com/sponsors/example", id="no account"),
        pytest.param("https://example.org:port/a/b", id="port in words"),
        pytest.param("https://[::1/a/b", id="unclosed bracket"),
        pytest.param("https://github.com/exa mple/engine", id="blank"),
        pytest.param("", id="empty"),
    ],
)
def test_what_names_no_repository(address: str) -> None:
    assert repository_address(address) is None
