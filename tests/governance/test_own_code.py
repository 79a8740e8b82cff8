"""Own code: which repositories the patterns of a user cover."""

import pytest

from codewhence.governance.own_code import OwnCode, repository_name
from codewhence.records import Origin


def origin(repo: str, *, forked_from: str | None = None, origin_url: str | None = None) -> Origin:
    return Origin(repo, "a.py", forked_from=forked_from, origin_url=origin_url)


@pytest.mark.parametrize(
    "spelling",
    [
        "maple/syrup",
        "Maple/Syrup",
        " maple/syrup/ ",
        "github.com/maple/syrup",
        "https://github.com/Maple/Syrup",
        "https://www.github.com/maple/syrup.git",
        "git@github.com:maple/syrup.git",
        "git+ssh://git@github.com/maple/syrup",
        "https://user:word@github.com/maple/syrup/",
    ],
)
def test_one_repository_has_one_name(spelling: str) -> None:
    assert repository_name(spelling) == "maple/syrup"


@pytest.mark.parametrize("other", ["gitlab.example/maple/syrup", "https://gitlab.example/maple/syrup", "maple/syrup2"])
def test_other_repositories_keep_other_names(other: str) -> None:
    assert repository_name(other) != "maple/syrup"


@pytest.mark.parametrize(
    ("pattern", "where"),
    [
        pytest.param("maple/syrup", origin("maple/syrup"), id="repository"),
        pytest.param("MAPLE/*", origin("maple/syrup"), id="owner, case ignored"),
        pytest.param("maple/*", origin("maple/group/syrup"), id="group inside"),
        pytest.param("https://github.com/maple/*", origin("maple/syrup"), id="address as pattern"),
        pytest.param("maple/*", origin("birch/syrup", forked_from="maple/syrup"), id="fork of ours"),
        pytest.param(
            "maple/*", origin("syrup", origin_url="https://github.com/maple/syrup"), id="address of a package"
        ),
        pytest.param("syrup", origin("syrup"), id="folder"),
        pytest.param(
            "gitlab.example/maple/*", origin("x/y", origin_url="https://gitlab.example/maple/z"), id="other host"
        ),
    ],
)
def test_own_repositories_are_covered(pattern: str, where: Origin) -> None:
    assert OwnCode(repos=(pattern,)).covers(where)
    assert OwnCode(upstreams=(pattern,)).covers(where)


@pytest.mark.parametrize(
    ("pattern", "where"),
    [
        pytest.param("maple/syrup", origin("maple/syrup-extra"), id="longer name"),
        pytest.param("maple/*", origin("sugarmaple/syrup"), id="longer owner"),
        pytest.param("maple/*", origin("maple"), id="owner alone"),
        pytest.param("maple/s.rup", origin("maple/syrup"), id="a dot is a dot"),
        pytest.param("maple/*", origin("birch/syrup", forked_from="oak/syrup"), id="fork of others"),
        pytest.param("maple/*", origin("x/y", origin_url="https://gitlab.example/maple/z"), id="same owner elsewhere"),
    ],
)
def test_other_repositories_are_not_covered(pattern: str, where: Origin) -> None:
    assert not OwnCode(repos=(pattern,)).covers(where)


def test_no_pattern_covers_nothing() -> None:
    assert not OwnCode()
    assert not OwnCode().covers(origin("maple/syrup"))


def test_any_of_several_patterns_is_enough() -> None:
    own = OwnCode(repos=("oak/*", "maple/syrup"), upstreams=("birch/*",))
    assert [own.covers(origin(repo)) for repo in ("oak/a", "maple/syrup", "birch/b", "maple/b")] == [True] * 3 + [False]
