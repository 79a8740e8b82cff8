"""Licenses and verdicts as chips: the words first, and a hue that says the same."""

from codewhence.app.ui import inert
from codewhence.app.ui.wording import VERDICT_TONES, Tone
from codewhence.governance.attribution import counts
from codewhence.governance.licenses.expressions import Expression, Group, Operator, parse_expression
from codewhence.governance.licenses.obligations import facts_of
from codewhence.governance.licenses.table import LicenseClass
from codewhence.records import AttributedMatch

_TONES = {
    LicenseClass.UNCONDITIONAL: Tone.KEEP,
    LicenseClass.PERMISSIVE: Tone.NOTICE,
    LicenseClass.UNKNOWN: Tone.UNKNOWN,
}
_REACH = {license_class: rank for rank, license_class in enumerate(LicenseClass)}


def license_chip(expression: str | None) -> str:
    """Return an SPDX expression as a chip with its class in words; ``None`` says that none is recorded."""
    if expression is None:
        return _chip("license not recorded", Tone.UNKNOWN)
    license_class = class_of(parse_expression(expression))
    words = "class unknown" if license_class is LicenseClass.UNKNOWN else license_class.value.replace("-", " ")
    # Copyleft of every strength and restrictions: what a policy may well refuse.
    return _chip(f"<b>{inert.name(expression)}</b> {words}", _TONES.get(license_class, Tone.REWRITE))


def verdict_chip(match: AttributedMatch) -> str:
    """Return a match's verdict as a chip, ``ignored`` where it does not count."""
    if not counts(match):
        return _chip("ignored", Tone.IGNORED)
    return _chip(f"<b>{match.verdict.value}</b>", VERDICT_TONES[match.verdict])


def class_of(expression: Expression) -> LicenseClass:
    """Return how far an expression reaches: the farthest of licenses that all apply, the nearest of a choice.

    >>> class_of(parse_expression("MIT OR GPL-3.0-only")).value
    'permissive'
    >>> class_of(parse_expression("MIT AND GPL-3.0-only")).value
    'strong-copyleft'
    """
    if not isinstance(expression, Group):
        return facts_of(expression.license_id).license_class
    classes = [class_of(part) for part in expression.parts]
    pick = min if expression.operator is Operator.OR else max
    return pick(classes, key=_REACH.__getitem__)


def _chip(content: str, tone: Tone) -> str:
    return f'<span class="cw-chip cw-tone-{tone}">{content}</span>'
