"""What a license asks for: the license table, looked up by id, and the order of obligations."""

from collections.abc import Iterable
from dataclasses import dataclass

from codewhence.governance.licenses.table import ROWS, LicenseClass, Obligation

_RANK = {obligation: rank for rank, obligation in enumerate(Obligation)}


@dataclass(frozen=True, slots=True)
class LicenseFacts:
    """What the table says about one license.

    Attributes:
        license_class: How far it reaches.
        obligations: What keeping text under it asks for, in canonical order.
    """

    license_class: LicenseClass
    obligations: tuple[Obligation, ...]


# A license that nobody described asks at least for what nearly every license asks for. This matters only where a
# policy allows such a license by its id.
UNKNOWN_FACTS = LicenseFacts(LicenseClass.UNKNOWN, (Obligation.ATTRIBUTION, Obligation.LICENSE_TEXT))


def in_order(obligations: Iterable[Obligation]) -> tuple[Obligation, ...]:
    """Return the distinct obligations in the order in which reports list them.

    >>> [item.value for item in in_order([Obligation.LICENSE_TEXT, Obligation.ATTRIBUTION, Obligation.LICENSE_TEXT])]
    ['attribution', 'license-text']
    """
    return tuple(sorted(set(obligations), key=_RANK.__getitem__))


def _build_table() -> dict[str, tuple[str, LicenseFacts]]:
    table: dict[str, tuple[str, LicenseFacts]] = {}
    for license_class, groups in ROWS.items():
        for obligations, license_ids in groups:
            facts = LicenseFacts(license_class, in_order(Obligation(name) for name in obligations.split()))
            for license_id in license_ids.split():
                table[license_id.lower()] = (license_id, facts)
    return table


_TABLE = _build_table()


def listed_ids() -> tuple[str, ...]:
    """Return the ids of the table, sorted."""
    return tuple(sorted(license_id for license_id, _ in _TABLE.values()))


def listed_id(text: str) -> str | None:
    """Return the id of the table that ``text`` spells, whatever its case, or ``None``.

    SPDX ids are compared without regard to case (SPDX specification 2.3, annex D).

    >>> listed_id("apache-2.0")
    'Apache-2.0'
    """
    found = _TABLE.get(text.lower())
    return found[0] if found else None


def facts_of(license_id: str) -> LicenseFacts:
    """Return what the table says about a license; ``UNKNOWN_FACTS`` for one without a row.

    An id with ``+`` (this version or any later one) is as good as this version, which the recipient may choose.

    >>> facts_of("MPL-2.0+").license_class.value
    'weak-copyleft'
    """
    found = _TABLE.get(license_id.removesuffix("+").lower())
    return found[1] if found else UNKNOWN_FACTS
