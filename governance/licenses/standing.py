"""How text stands before a policy: one place under one expression, then all its places together.

An ``AND`` needs all its parts: the worst counts, obligations add up. An ``OR`` is a choice of the recipient: the best
arm counts. Several places that hold the same text are a choice too, since the text may be taken from any of them:
*a permissive original counts*. So arms and places are compared by one rule, ``offer_rank``: an allowed license, then
one to be reviewed, then a denied one, and a license that is not known last, for nobody has offered anything.
Hence {denied, unknown} stands as denied: that much is known.

An exception (``WITH``) leaves a license in its class. It only adds permissions, and the common ones are for linking
and for the output of tools: none of those covers copying source text into another program. A policy may still list
``GPL-2.0-only WITH Classpath-exception-2.0`` by itself.
"""

from dataclasses import dataclass
from functools import lru_cache

from codewhence.governance.licenses.expressions import Expression, Operator, Term, conjunction
from codewhence.governance.licenses.obligations import facts_of, in_order
from codewhence.governance.licenses.policy import Outcome, Policy
from codewhence.governance.licenses.table import Obligation

_OFFERS = {Outcome.ALLOWED: 0, Outcome.REVIEW: 1, Outcome.DENIED: 2, Outcome.UNKNOWN: 3}
_DEMANDS = {Outcome.ALLOWED: 0, Outcome.REVIEW: 1, Outcome.UNKNOWN: 2, Outcome.DENIED: 3}


@dataclass(frozen=True, slots=True)
class Standing:
    """How text under one expression stands before a policy.

    Attributes:
        outcome: What the policy says of the best arm.
        obligations: What keeping it under that arm asks for; empty where the license is not known.
        expression: The whole expression, in canonical spelling; ``None`` where none is recorded.
        arm: The part of ``expression`` that was chosen; all of it where there is no choice.
        blockers: The licenses that decided an outcome other than ``ALLOWED``.
    """

    outcome: Outcome
    obligations: tuple[Obligation, ...] = ()
    expression: str | None = None
    arm: str | None = None
    blockers: tuple[str, ...] = ()

    @property
    def offer_rank(self) -> tuple[int, int]:
        """Rank among offers, the best first: by outcome, then by how little it asks for."""
        return _OFFERS[self.outcome], len(self.obligations)


@lru_cache(maxsize=4096)
def standing_of(licenses: tuple[str, ...], policy: Policy) -> Standing:
    """Return how text under these expressions stands, all of which apply.

    Args:
        licenses: SPDX expressions as an ``Origin`` holds them; empty where nothing is recorded.
        policy: The policy.
    """
    if not licenses:
        return Standing(policy.unrecorded)
    expression = conjunction(licenses)
    outcome, obligations, arm, blockers = _evaluate(expression, policy)
    return Standing(
        outcome=outcome,
        obligations=() if outcome is Outcome.UNKNOWN else obligations,
        expression=expression.text,
        arm=arm,
        blockers=blockers,
    )


_Evaluation = tuple[Outcome, tuple[Obligation, ...], str, tuple[str, ...]]


def _evaluate(expression: Expression, policy: Policy) -> _Evaluation:
    """Return outcome, obligations, chosen arm and blockers of an expression."""
    if isinstance(expression, Term):
        outcome = policy.outcome(expression)
        blockers = () if outcome is Outcome.ALLOWED else (expression.text,)
        return outcome, facts_of(expression.license_id).obligations, expression.text, blockers
    parts = [_evaluate(part, policy) for part in expression.parts]
    if expression.operator is Operator.OR:
        return min(parts, key=lambda part: (_OFFERS[part[0]], len(part[1])))
    outcome = max((part[0] for part in parts), key=_DEMANDS.__getitem__)
    return (
        outcome,
        in_order(obligation for part in parts for obligation in part[1]),
        " AND ".join(dict.fromkeys(part[2] for part in parts)),
        tuple(dict.fromkeys(blocker for part in parts if part[0] is outcome for blocker in part[3])),
    )
