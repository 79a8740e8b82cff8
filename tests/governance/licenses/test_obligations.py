"""The license table against the lists that others keep."""

import license_expression
import pytest

from codewhence.governance.licenses.obligations import UNKNOWN_FACTS, facts_of, in_order, listed_id, listed_ids
from codewhence.governance.licenses.table import ROWS, LicenseClass, Obligation

INDEX = {
    entry["spdx_license_key"]: entry for entry in license_expression.get_license_index() if entry["spdx_license_key"]
}

# ScanCode's categories, as the mildest of our classes that each can mean.
MILDEST = {
    "Public Domain": LicenseClass.UNCONDITIONAL,
    "Permissive": LicenseClass.PERMISSIVE,
    "Copyleft Limited": LicenseClass.WEAK_COPYLEFT,
    "Copyleft": LicenseClass.STRONG_COPYLEFT,
    "Source-available": LicenseClass.RESTRICTED,
    "Free Restricted": LicenseClass.RESTRICTED,
    "Proprietary Free": LicenseClass.RESTRICTED,
    "Commercial": LicenseClass.RESTRICTED,
}

# Where we are milder, on purpose.
MILDER = {
    "0BSD": "its text asks for nothing",
    "MIT-0": "its text asks for nothing",
    "BSD-3-Clause-No-Nuclear-Warranty": "it disclaims fitness for nuclear plants and forbids nothing",
    "CECILL-C": "made as the counterpart of the LGPL: the library stays under it, not the work",
    "LPPL-1.3a": "asks for another name or a mark, not for its own terms on the whole work",
    "LPPL-1.3c": "asks for another name or a mark, not for its own terms on the whole work",
    "SSPL-1.0": "is modeled on the AGPL; the default policy denies both classes",
    "Vim": "asks for the source of changes to Vim, not for its own terms on the whole work",
}


def test_the_table_holds_the_licenses_that_are_commonly_met() -> None:
    assert len(listed_ids()) >= 250


def test_no_license_stands_in_two_rows() -> None:
    written = [license_id for groups in ROWS.values() for _, ids in groups for license_id in ids.split()]
    assert sorted(written) == sorted(listed_ids())


def test_every_id_of_the_table_is_listed_under_this_very_spelling() -> None:
    assert [license_id for license_id in listed_ids() if license_id not in INDEX] == []


def test_only_the_listed_licenses_are_milder_than_scancode_has_them() -> None:
    classes = list(LicenseClass)
    milder = [
        license_id
        for license_id in listed_ids()
        if classes.index(facts_of(license_id).license_class) < classes.index(MILDEST[INDEX[license_id]["category"]])
    ]
    assert milder == sorted(MILDER)


@pytest.mark.parametrize("license_class", [item for item in LicenseClass if item is not LicenseClass.UNKNOWN])
def test_obligations_fit_the_class(license_class: LicenseClass) -> None:
    sharing = {Obligation.SAME_LICENSE, Obligation.SOURCE_DISCLOSURE, Obligation.RENAME_CHANGED}
    limits = {Obligation.NONCOMMERCIAL, Obligation.NO_DERIVATIVES, Obligation.USE_RESTRICTIONS}
    members = [facts_of(license_id) for license_id in listed_ids()]
    obligations = [set(facts.obligations) for facts in members if facts.license_class is license_class]
    assert obligations
    for has in obligations:
        assert (license_class is LicenseClass.UNCONDITIONAL) == (not has)
        assert (license_class is LicenseClass.RESTRICTED) == bool(has & limits)
        assert (license_class is LicenseClass.NETWORK_COPYLEFT) == (Obligation.NETWORK_SOURCE in has)
        if license_class in (LicenseClass.WEAK_COPYLEFT, LicenseClass.STRONG_COPYLEFT):
            assert has & sharing
        if license_class is LicenseClass.PERMISSIVE:
            assert not has & {Obligation.SAME_LICENSE, Obligation.SOURCE_DISCLOSURE}


def test_obligations_stand_in_the_order_of_reports() -> None:
    members = [facts_of(license_id).obligations for license_id in listed_ids()]
    assert [obligations for obligations in members if obligations != in_order(obligations)] == []


@pytest.mark.parametrize(
    ("license_id", "license_class", "obligations"),
    [
        ("MIT", "permissive", "attribution license-text"),
        ("BSD-3-Clause", "permissive", "attribution license-text no-endorsement"),
        ("Apache-2.0", "permissive", "attribution license-text notice-file state-changes patent-termination"),
        ("PSF-2.0", "permissive", "attribution license-text state-changes"),
        ("Zlib", "permissive", "attribution license-text state-changes"),
        ("BSD-4-Clause", "permissive", "attribution license-text no-endorsement advertising-credit"),
        ("CC0-1.0", "unconditional", ""),
        ("MPL-2.0", "weak-copyleft", "attribution license-text patent-termination source-disclosure same-license"),
        ("GPL-2.0-only", "strong-copyleft", "attribution license-text state-changes source-disclosure same-license"),
        ("CC-BY-NC-4.0", "restricted", "attribution license-text state-changes noncommercial"),
        ("CC-BY-SA-4.0", "strong-copyleft", "attribution license-text state-changes same-license"),
    ],
)
def test_facts_of_well_known_licenses(license_id: str, license_class: str, obligations: str) -> None:
    facts = facts_of(license_id)
    assert facts.license_class.value == license_class
    assert [obligation.value for obligation in facts.obligations] == obligations.split()


def test_agpl_asks_for_what_gpl_asks_for_and_for_source_over_the_network() -> None:
    gpl = set(facts_of("GPL-3.0-only").obligations)
    assert set(facts_of("AGPL-3.0-only").obligations) == gpl | {Obligation.NETWORK_SOURCE}


@pytest.mark.parametrize("license_id", ["MIT-ish", "", "LicenseRef-MIT", "GPL-2.0", "NOASSERTION", "NONE", "any-OSI"])
def test_an_id_without_a_row_is_unknown(license_id: str) -> None:
    assert listed_id(license_id) is None
    assert facts_of(license_id) == UNKNOWN_FACTS


def test_case_does_not_matter() -> None:
    assert all(listed_id(license_id.swapcase()) == license_id for license_id in listed_ids())
