"""A license policy: what may be kept, what a person has to look at, what must go; read from TOML.

A policy file::

    own_repos = ["myorg/*"]             # code that is ours
    upstreams = ["upstream/project"]    # projects that ours are forks of
    [licenses]
    allow = ["unconditional", "permissive"]
    review = ["weak-copyleft", "unknown"]
    deny = ["strong-copyleft", "network-copyleft", "restricted", "BSD-4-Clause"]

Entries are license classes or SPDX ids, with an exception where one is meant. An id beats its class, an id with an
exception beats the id alone. A class that no list names keeps its place in the default policy, shown above.
"""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from codewhence.digests import canonical_json, sha256_hex
from codewhence.errors import UsageError
from codewhence.governance.licenses.expressions import Term, is_listed_by_spdx, parse_expression
from codewhence.governance.licenses.obligations import facts_of, listed_ids
from codewhence.governance.licenses.table import LicenseClass
from codewhence.governance.own_code import repository_name


class Decision(StrEnum):
    """What a policy says about a license."""

    ALLOW = "allow"
    REVIEW = "review"
    DENY = "deny"


class Outcome(StrEnum):
    """How text under a license stands before a policy."""

    ALLOWED = "allowed"
    REVIEW = "review"
    DENIED = "denied"
    UNKNOWN = "unknown"  # the license, or whether there is one, is not known


_DEFAULT_CLASSES = {
    LicenseClass.UNCONDITIONAL: Decision.ALLOW,
    LicenseClass.PERMISSIVE: Decision.ALLOW,
    LicenseClass.WEAK_COPYLEFT: Decision.REVIEW,
    LicenseClass.STRONG_COPYLEFT: Decision.DENY,
    LicenseClass.NETWORK_COPYLEFT: Decision.DENY,
    LicenseClass.RESTRICTED: Decision.DENY,
    LicenseClass.UNKNOWN: Decision.REVIEW,
}
_OUTCOMES = {
    Decision.ALLOW: Outcome.ALLOWED,
    Decision.REVIEW: Outcome.REVIEW,
    Decision.DENY: Outcome.DENIED,
}
_KEYS = ("licenses", "own_repos", "upstreams")


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be done with text under each license.

    Attributes:
        name: Where it was read from; ``default`` for the one that ships.
        classes: A decision for every class, in the order of ``LicenseClass``. ``unknown`` is never allowed.
        licenses: Decisions for single licenses by canonical SPDX text, sorted.
        own_repos: Patterns of repositories that are ours, see ``own_code``.
        upstreams: Patterns of repositories that ours are forks of.
    """

    name: str
    classes: tuple[tuple[LicenseClass, Decision], ...]
    licenses: tuple[tuple[str, Decision], ...] = ()
    own_repos: tuple[str, ...] = ()
    upstreams: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        by_class = dict(self.classes)
        missing = [license_class.value for license_class in LicenseClass if license_class not in by_class]
        if missing:
            raise ValueError(f"policy {self.name!r} says nothing about {', '.join(missing)}")
        if by_class[LicenseClass.UNKNOWN] is Decision.ALLOW:
            raise ValueError(f"policy {self.name!r} allows unknown licenses")

    def outcome(self, term: Term) -> Outcome:
        """Say how text under one license stands.

        A license that the table does not know is ``UNKNOWN`` when its class is to be reviewed: there is nothing to
        review but a name. One that the policy lists by its id is known to the policy's author, who decides.
        """
        by_license = dict(self.licenses)
        for text in (term.text, term.license_id, term.license_id.removesuffix("+")):
            if text in by_license:
                return _OUTCOMES[by_license[text]]
        license_class = facts_of(term.license_id).license_class
        if license_class is LicenseClass.UNKNOWN:
            return self.unrecorded
        return _OUTCOMES[dict(self.classes)[license_class]]

    @property
    def unrecorded(self) -> Outcome:
        """How text stands whose license nothing records: never better than ``UNKNOWN``."""
        denied = dict(self.classes)[LicenseClass.UNKNOWN] is Decision.DENY
        return Outcome.DENIED if denied else Outcome.UNKNOWN

    @property
    def digest(self) -> str:
        """sha256, in hex, of what the policy says; its name does not count."""
        return sha256_hex(
            canonical_json(
                {
                    "classes": {key.value: value.value for key, value in self.classes},
                    "licenses": {key: value.value for key, value in self.licenses},
                    "own_repos": sorted(self.own_repos),
                    "upstreams": sorted(self.upstreams),
                }
            )
        )


DEFAULT_POLICY = Policy(name="default", classes=tuple(_DEFAULT_CLASSES.items()))


def parse_policy(text: str, *, name: str) -> Policy:
    """Read a policy file.

    Args:
        text: The file's text, TOML.
        name: The file's name, for messages.

    Raises:
        UsageError: The text is no TOML, or says something that no policy can say; the message names file, key
            and value.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name}: is no TOML: {error}.") from error
    return policy_from_table(table, name=name)


def policy_from_table(table: Mapping[str, Any], *, name: str) -> Policy:
    """Build a policy from a TOML table, such as one section of a ``pyproject.toml``.

    Raises:
        UsageError: As ``parse_policy``.
    """
    _refuse_unknown_keys(table, known=_KEYS, where=name)
    sections = table.get("licenses", {})
    if not isinstance(sections, Mapping):
        raise UsageError(f"{name}: licenses must be a table, got {sections!r}. Write a [licenses] section.")
    _refuse_unknown_keys(sections, known=tuple(Decision), where=f"{name}: licenses")
    classes: dict[LicenseClass, Decision] = {}
    licenses: dict[str, Decision] = {}
    seen: dict[str, Decision] = {}
    for decision in Decision:
        where = f"{name}: licenses.{decision.value}"
        for entry in _strings(sections.get(decision.value, []), where=where):
            key = _read_entry(entry, where=where)
            if seen.setdefault(str(key), decision) is not decision:
                raise UsageError(
                    f"{where}: {entry!r} stands in licenses.{seen[str(key)].value} too. Keep it in one list."
                )
            if not isinstance(key, LicenseClass):
                licenses[key] = decision
            elif key is LicenseClass.UNKNOWN and decision is Decision.ALLOW:
                raise UsageError(f"{where}: 'unknown' cannot be allowed. List the ids that you know, one by one.")
            else:
                classes[key] = decision
    return Policy(
        name=name,
        classes=tuple((key, classes.get(key, default)) for key, default in _DEFAULT_CLASSES.items()),
        licenses=tuple(sorted(licenses.items())),
        own_repos=_repositories(table.get("own_repos", []), where=f"{name}: own_repos"),
        upstreams=_repositories(table.get("upstreams", []), where=f"{name}: upstreams"),
    )


def _refuse_unknown_keys(table: Mapping[str, Any], *, known: tuple[str, ...], where: str) -> None:
    for key, value in table.items():
        if key not in known:
            expected = ", ".join(known)
            raise UsageError(f"{where}: key {key!r} (value {value!r}) is not known. Known keys: {expected}.")


def _strings(value: Any, *, where: str) -> Iterable[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError(f'{where}: must be a list of strings, got {value!r}. Write it as ["…", "…"].')
    return value


def _repositories(value: Any, *, where: str) -> tuple[str, ...]:
    patterns = list(_strings(value, where=where))
    for pattern in patterns:
        if not repository_name(pattern).strip("*?/"):
            raise UsageError(f"{where}: {pattern!r} covers every repository. Name an owner, as in 'myorg/*'.")
    return tuple(patterns)


def _read_entry(entry: str, *, where: str) -> LicenseClass | str:
    """Read a class or one SPDX license, in canonical spelling."""
    if entry in tuple(LicenseClass):
        return LicenseClass(entry)
    expression = parse_expression(entry)
    if not isinstance(expression, Term):
        raise UsageError(f"{where}: {entry!r} is an expression. List its licenses one by one.")
    is_reference = expression.license_id.startswith(("LicenseRef-", "DocumentRef-")) and " " not in entry
    if is_reference or is_listed_by_spdx(expression.license_id.removesuffix("+")):
        return expression.text
    names = [license_class.value for license_class in LicenseClass] + list(listed_ids())
    longer = [name for name in names if entry and name.lower().startswith(entry.lower())]
    near = longer[:1] or difflib.get_close_matches(entry, names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise UsageError(f"{where}: {entry!r} is neither a license class nor an SPDX id.{hint}")
