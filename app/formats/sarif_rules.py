"""The rules that a SARIF log names: what each finding is, and which one a match falls under."""

from dataclasses import dataclass
from typing import Any

from codewhence.app.formats.wording import kind_label
from codewhence.records import AttributedMatch, Verdict

# Obligations that reach beyond notices; ids of codewhence.governance.licenses.table.Obligation.
_COPYLEFT = frozenset({"same-license", "source-disclosure", "network-source"})

# On the wire: code scanning follows an alert by its rule id, so a renamed rule opens every alert anew.
COPYLEFT_RULE = "copyleft-match"

LEVELS = {
    Verdict.KEEP: "note",
    Verdict.KEEP_WITH_NOTICE: "warning",
    Verdict.UNKNOWN_LICENSE: "warning",
    Verdict.REWRITE: "error",
}


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rule: its id, its name in Pascal case, one sentence, and what to do about it."""

    id: str
    name: str
    summary: str
    advice: str
    level: str = "warning"


_RULES = (
    _Rule(
        "exact-match",
        "ExactMatch",
        "This text stands in the training set to the character.",
        "Look at the named sources. Keep the text under the license that the verdict names, with its "
        "notices, or write it anew.",
    ),
    _Rule(
        "reformatted-match",
        "ReformattedMatch",
        "This text stands in the training set in another layout.",
        "The same words and operators in the same order are a copy, however they are laid out.",
    ),
    _Rule(
        "renamed-match",
        "RenamedMatch",
        "This text stands in the training set under other names, literals or comments.",
        "Compare it with the named sources. What they say in the same order is a copy, whatever its parts are called.",
    ),
    _Rule(
        "possible-match",
        "PossibleMatch",
        "This text may stand in the training set; no source is known.",
        "Search for the text before you rely on it. The membership test alone can err.",
        level="note",
    ),
    _Rule(
        COPYLEFT_RULE,
        "CopyleftMatch",
        "This text stands in the training set under a license that asks for more than notices.",
        "Keeping it can oblige you to disclose source or to pass your work on under the same license. Write "
        "it anew unless you accept that.",
        level="error",
    ),
)
_INDEXES = {rule.id: position for position, rule in enumerate(_RULES)}


def rule_descriptors() -> list[dict[str, Any]]:
    """Return the rules as SARIF ``reportingDescriptor`` objects."""
    return [
        {
            "id": rule.id,
            "name": rule.name,
            "shortDescription": {"text": rule.summary},
            "fullDescription": {"text": f"{rule.summary} {rule.advice}"},
            "help": {"text": rule.advice, "markdown": rule.advice},
            "defaultConfiguration": {"level": rule.level},
        }
        for rule in _RULES
    ]


def rule_of(attributed: AttributedMatch) -> tuple[str, int]:
    """Return the id and the index of the rule that a match falls under: copyleft before kind."""
    is_copyleft = not _COPYLEFT.isdisjoint(attributed.obligations)
    rule = COPYLEFT_RULE if is_copyleft else f"{kind_label(attributed.match)}-match"
    return rule, _INDEXES[rule]
