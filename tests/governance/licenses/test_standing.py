"""How text stands before a policy: AND is the worst, OR the best, and nothing recorded is never permissive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.governance.licenses.policy import DEFAULT_POLICY, Outcome, parse_policy
from codewhence.governance.licenses.standing import Standing, standing_of

LICENSES = ["MIT", "CC0-1.0", "Apache-2.0", "MPL-2.0", "GPL-3.0-only", "LicenseRef-maple", "see LICENSE"]
licenses = st.sampled_from(LICENSES)
ORDER_OF_OFFERS = [Outcome.ALLOWED, Outcome.REVIEW, Outcome.DENIED, Outcome.UNKNOWN]
ORDER_OF_DEMANDS = [Outcome.ALLOWED, Outcome.REVIEW, Outcome.UNKNOWN, Outcome.DENIED]


def stand(*expressions: str) -> Standing:
    return standing_of(expressions, DEFAULT_POLICY)


@given(parts=st.lists(licenses, min_size=1, max_size=5))
def test_all_of_several_licenses_stand_as_the_worst_of_them(parts: list[str]) -> None:
    outcomes = [stand(part).outcome for part in parts]
    whole = stand(*parts)
    assert whole.outcome is max(outcomes, key=ORDER_OF_DEMANDS.index)
    if whole.outcome is not Outcome.UNKNOWN:
        assert set(whole.obligations) == {item for part in parts for item in stand(part).obligations}


@given(parts=st.lists(st.sampled_from(LICENSES[:-1]), min_size=2, max_size=5))
def test_a_choice_of_licenses_stands_as_the_best_of_them(parts: list[str]) -> None:
    choice = stand(" OR ".join(parts))
    best = min((stand(part) for part in parts), key=lambda item: item.offer_rank)
    assert choice.offer_rank == best.offer_rank
    assert choice.arm in parts
    assert stand(choice.arm or "").offer_rank == choice.offer_rank


@given(parts=st.lists(st.sampled_from(LICENSES[:-1]), min_size=1, max_size=4), other=licenses)
def test_one_more_license_that_applies_never_improves_the_outcome(parts: list[str], other: str) -> None:
    before = ORDER_OF_DEMANDS.index(stand(*parts).outcome)
    assert ORDER_OF_DEMANDS.index(stand(*parts, other).outcome) >= before


@given(parts=st.lists(st.sampled_from(LICENSES[:-1]), min_size=2, max_size=4))
def test_one_more_license_to_choose_never_worsens_the_outcome(parts: list[str]) -> None:
    before = ORDER_OF_OFFERS.index(stand(parts[0]).outcome)
    assert ORDER_OF_OFFERS.index(stand(" OR ".join(parts)).outcome) <= before


@pytest.mark.parametrize(
    ("expressions", "outcome", "arm", "blockers"),
    [
        pytest.param(("MIT",), Outcome.ALLOWED, "MIT", (), id="permissive"),
        pytest.param(("MIT", "Apache-2.0"), Outcome.ALLOWED, "MIT AND Apache-2.0", (), id="two permissive"),
        pytest.param(("MIT OR GPL-2.0-only",), Outcome.ALLOWED, "MIT", (), id="dual"),
        pytest.param(("GPL-2.0-only OR MIT",), Outcome.ALLOWED, "MIT", (), id="dual, the other way round"),
        pytest.param(("Apache-2.0 OR MIT",), Outcome.ALLOWED, "MIT", (), id="fewest obligations"),
        pytest.param(("MIT OR ISC",), Outcome.ALLOWED, "MIT", (), id="first of equals"),
        pytest.param(("GPL-2.0-only",), Outcome.DENIED, "GPL-2.0-only", ("GPL-2.0-only",), id="copyleft"),
        pytest.param(
            ("MIT", "GPL-2.0-only"),
            Outcome.DENIED,
            "MIT AND GPL-2.0-only",
            ("GPL-2.0-only",),
            id="copyleft applies too",
        ),
        pytest.param(
            ("GPL-2.0-only WITH Classpath-exception-2.0",),
            Outcome.DENIED,
            "GPL-2.0-only WITH Classpath-exception-2.0",
            ("GPL-2.0-only WITH Classpath-exception-2.0",),
            id="linking exception does not cover copying",
        ),
        pytest.param(
            ("Apache-2.0 WITH LLVM-exception",), Outcome.ALLOWED, "Apache-2.0 WITH LLVM-exception", (), id="exception"
        ),
        pytest.param(("MIT", "foo"), Outcome.UNKNOWN, "MIT AND foo", ("foo",), id="nonsense applies too"),
        pytest.param(("MIT OR LicenseRef-foo",), Outcome.ALLOWED, "MIT", (), id="unknown arm not chosen"),
        pytest.param(
            ("LicenseRef-foo OR GPL-2.0-only",),
            Outcome.DENIED,
            "GPL-2.0-only",
            ("GPL-2.0-only",),
            id="denied or unknown",
        ),
        pytest.param(
            ("GPL-2.0-only", "foo"), Outcome.DENIED, "GPL-2.0-only AND foo", ("GPL-2.0-only",), id="denied and unknown"
        ),
        pytest.param(
            ("(MIT OR GPL-2.0-only) AND (MPL-2.0 OR GPL-2.0-only)",),
            Outcome.REVIEW,
            "MIT AND MPL-2.0",
            ("MPL-2.0",),
            id="choices inside",
        ),
        pytest.param(("NOASSERTION",), Outcome.UNKNOWN, "NOASSERTION", ("NOASSERTION",), id="no assertion"),
    ],
)
def test_standing_of_expressions(
    expressions: tuple[str, ...], outcome: Outcome, arm: str, blockers: tuple[str, ...]
) -> None:
    standing = stand(*expressions)
    assert (standing.outcome, standing.arm, standing.blockers) == (outcome, arm, blockers)


def test_nothing_recorded_is_unknown_or_denied_and_never_better() -> None:
    assert stand() == Standing(Outcome.UNKNOWN)
    strict = parse_policy('licenses.deny = ["unknown"]', name="strict")
    assert standing_of((), strict) == Standing(Outcome.DENIED)


def test_a_license_that_only_the_policy_knows_asks_for_notices() -> None:
    policy = parse_policy('licenses.allow = ["LicenseRef-maple"]', name="ours")
    standing = standing_of(("LicenseRef-maple",), policy)
    assert standing.outcome is Outcome.ALLOWED
    assert [item.value for item in standing.obligations] == ["attribution", "license-text"]


def test_obligations_of_an_unknown_license_are_not_guessed() -> None:
    assert stand("MIT", "LicenseRef-maple").obligations == ()
