"""License policies: the default, files that are read, files that are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.errors import UsageError
from codewhence.governance.licenses.expressions import Term
from codewhence.governance.licenses.obligations import facts_of, listed_ids
from codewhence.governance.licenses.policy import (
    DEFAULT_POLICY,
    Decision,
    Outcome,
    Policy,
    parse_policy,
    policy_from_table,
)
from codewhence.governance.licenses.table import LicenseClass

DEFAULT_TEXT = """
[licenses]
allow = ["unconditional", "permissive"]
review = ["weak-copyleft", "unknown"]
deny = ["strong-copyleft", "network-copyleft", "restricted"]
"""

some_lists = st.lists(st.sampled_from(["unconditional", "permissive", "restricted", "MIT", "gpl-2.0"]), max_size=3)


@given(allow=some_lists, review=some_lists, deny=some_lists)
def test_every_policy_decides_every_license_or_is_refused(allow: list[str], review: list[str], deny: list[str]) -> None:
    table = {"licenses": {"allow": allow, "review": review, "deny": deny}}
    contested = [set(left) & set(right) for left, right in ((allow, review), (allow, deny), (review, deny))]
    if any(contested):
        with pytest.raises(UsageError, match="Keep it in one list"):
            policy_from_table(table, name="p.toml")
        return
    policy = policy_from_table(table, name="p.toml")
    expected = {"allow": Outcome.ALLOWED, "review": Outcome.REVIEW, "deny": Outcome.DENIED}
    for decision, entries in table["licenses"].items():
        if "MIT" in entries:
            assert policy.outcome(Term("MIT")) is expected[decision]
        if "gpl-2.0" in entries:
            assert policy.outcome(Term("GPL-2.0-only")) is expected[decision]
    assert all(policy.outcome(Term(license_id)) is not Outcome.UNKNOWN for license_id in listed_ids())


@pytest.mark.parametrize(
    "text", [pytest.param(DEFAULT_TEXT, id="written out"), pytest.param("", id="empty file"), "[licenses]\n"]
)
def test_what_a_file_does_not_say_is_as_in_the_default_policy(text: str) -> None:
    assert parse_policy(text, name="p.toml").classes == DEFAULT_POLICY.classes


@pytest.mark.parametrize(
    ("text", "license_id", "outcome"),
    [
        pytest.param("", "MIT", Outcome.ALLOWED, id="permissive"),
        pytest.param("", "LGPL-3.0-only", Outcome.REVIEW, id="weak copyleft"),
        pytest.param("", "GPL-3.0-only", Outcome.DENIED, id="strong copyleft"),
        pytest.param("", "AGPL-3.0-only", Outcome.DENIED, id="network copyleft"),
        pytest.param("", "BUSL-1.1", Outcome.DENIED, id="restricted"),
        pytest.param("", "LicenseRef-maple", Outcome.UNKNOWN, id="no row in the table"),
        pytest.param('licenses.deny = ["unknown"]', "LicenseRef-maple", Outcome.DENIED, id="unknown denied"),
        pytest.param('licenses.allow = ["LicenseRef-maple"]', "LicenseRef-maple", Outcome.ALLOWED, id="own reference"),
        pytest.param('licenses.review = ["LicenseRef-maple"]', "LicenseRef-maple", Outcome.REVIEW, id="known by name"),
        pytest.param('licenses.deny = ["mit"]', "MIT", Outcome.DENIED, id="an id beats its class"),
        pytest.param('licenses.deny = ["Apache-2.0"]', "Apache-2.0+", Outcome.DENIED, id="any later version"),
        pytest.param('licenses.allow = ["GPL-2.0"]', "GPL-2.0-only", Outcome.ALLOWED, id="renamed id"),
        pytest.param('licenses.allow = ["weak-copyleft"]', "MPL-2.0", Outcome.ALLOWED, id="class moved"),
    ],
)
def test_outcome_of_one_license(text: str, license_id: str, outcome: Outcome) -> None:
    assert parse_policy(text, name="p.toml").outcome(Term(license_id)) is outcome


def test_an_exception_stands_as_its_license_unless_it_is_listed() -> None:
    term = Term("GPL-2.0-only", "Classpath-exception-2.0")
    listed = 'licenses.allow = ["GPL-2.0-only WITH Classpath-exception-2.0"]'
    assert DEFAULT_POLICY.outcome(term) is Outcome.DENIED
    assert parse_policy('licenses.review = ["GPL-2.0-only"]', name="p").outcome(term) is Outcome.REVIEW
    assert parse_policy(listed, name="p").outcome(term) is Outcome.ALLOWED
    assert parse_policy(listed, name="p").outcome(Term("GPL-2.0-only")) is Outcome.DENIED


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("licenses = [", r"^p\.toml: is no TOML: ", id="syntax"),
        pytest.param(
            "license = {}", r"^p\.toml: key 'license' \(value \{\}\) is not known. Known keys: licenses", id="key"
        ),
        pytest.param("licenses = ['MIT']", r"^p\.toml: licenses must be a table, got \['MIT'\]", id="no table"),
        pytest.param(
            "licenses.forbid = ['MIT']", r"^p\.toml: licenses: key 'forbid' .*\['MIT'\]", id="key of the table"
        ),
        pytest.param(
            "licenses.allow = 'MIT'", r"^p\.toml: licenses\.allow: must be a list of strings, got 'MIT'", id="string"
        ),
        pytest.param(
            "licenses.deny = [1]", r"^p\.toml: licenses\.deny: must be a list of strings, got \[1\]", id="number"
        ),
        pytest.param(
            "licenses.deny = ['GPL-3']",
            r"^p\.toml: licenses\.deny: 'GPL-3' is neither a license class nor an SPDX id. Did you mean 'A?GPL-3.0",
            id="mistyped id",
        ),
        pytest.param("licenses.deny = ['copyleft']", r"'copyleft' is neither .*\?$", id="class that does not exist"),
        pytest.param(
            "licenses.deny = ['qqqqq']", r"'qqqqq' is neither a license class nor an SPDX id\.$", id="nothing near"
        ),
        pytest.param("licenses.deny = ['']", r"licenses\.deny: '' is neither", id="empty"),
        pytest.param(
            "licenses.deny = ['Classpath-exception-2.0']", r"'Classpath-exception-2.0' is neither", id="exception"
        ),
        pytest.param("licenses.deny = ['LicenseRef-a b']", r"'LicenseRef-a b' is neither", id="blank in a reference"),
        pytest.param(
            "licenses.allow = ['MIT OR ISC']", r"'MIT OR ISC' is an expression. List its licenses", id="expression"
        ),
        pytest.param(
            "licenses.allow = ['unknown']", r"licenses\.allow: 'unknown' cannot be allowed", id="unknown allowed"
        ),
        pytest.param(
            "licenses.allow = ['MIT']\nlicenses.deny = ['mit']",
            r"^p\.toml: licenses\.deny: 'mit' stands in licenses\.allow too\. Keep it in one list\.",
            id="contradiction",
        ),
        pytest.param(
            "own_repos = 'maple/*'", r"^p\.toml: own_repos: must be a list of strings, got 'maple/\*'", id="own string"
        ),
        pytest.param("own_repos = ['*']", r"^p\.toml: own_repos: '\*' covers every repository", id="all ours"),
        pytest.param("own_repos = ['https://github.com/*/*']", r"covers every repository", id="all of a host"),
        pytest.param("upstreams = ['']", r"^p\.toml: upstreams: '' covers every repository", id="empty pattern"),
    ],
)
def test_a_bad_policy_names_file_key_and_value(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_policy(text, name="p.toml")


def test_unknown_licenses_are_allowed_by_no_policy_object() -> None:
    classes = tuple((license_class, Decision.ALLOW) for license_class in LicenseClass)
    with pytest.raises(ValueError, match="allows unknown"):
        Policy(name="mine", classes=classes)
    with pytest.raises(ValueError, match="says nothing about unknown"):
        Policy(name="mine", classes=classes[:-1])


def test_the_digest_follows_what_a_policy_says_and_not_how_it_is_written() -> None:
    digest = DEFAULT_POLICY.digest
    assert parse_policy(DEFAULT_TEXT, name="elsewhere").digest == digest
    for change in ('licenses.deny = ["MIT"]', 'own_repos = ["maple/*"]', 'upstreams = ["maple/*"]'):
        assert parse_policy(change, name="default").digest != digest


def test_own_repositories_are_kept_as_written() -> None:
    policy = parse_policy('own_repos = ["Maple/*"]\nupstreams = ["birch/tree"]', name="p.toml")
    assert (policy.own_repos, policy.upstreams) == (("Maple/*",), ("birch/tree",))


def test_every_class_of_the_table_has_a_default() -> None:
    outcomes = {
        facts_of(license_id).license_class: DEFAULT_POLICY.outcome(Term(license_id)) for license_id in listed_ids()
    }
    assert set(outcomes) == set(LicenseClass) - {LicenseClass.UNKNOWN}
    assert outcomes[LicenseClass.PERMISSIVE] is Outcome.ALLOWED
