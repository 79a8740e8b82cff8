"""The sources of a match, put in order before a policy: the one that decides the verdict comes first."""

from collections.abc import Sequence
from dataclasses import dataclass

from codewhence.governance.licenses.policy import Policy
from codewhence.governance.licenses.standing import Standing, standing_of
from codewhence.records import LicenseSource, Source


@dataclass(frozen=True, slots=True)
class Rank:
    """One kind of place: the sources of a match that stand under one expression.

    Attributes:
        standing: How text under it stands before the policy.
        n_places: How many sources stand under it.
    """

    standing: Standing
    n_places: int


@dataclass(frozen=True, slots=True)
class RankedSources:
    """The sources of a match in order, and what they stand under.

    Attributes:
        sources: The one that decides first: allowed with the fewest obligations, then to be reviewed, then denied,
            then of unknown license; then recorded before detected, more stars before fewer, repository, path.
        ranks: One for each distinct expression, in the order in which the sources meet them.
    """

    sources: tuple[Source, ...]
    ranks: tuple[Rank, ...]


_LICENSE_SOURCE_RANK = {LicenseSource.RECORDED: 0, LicenseSource.DETECTED: 1, LicenseSource.NOT_RECORDED: 2}


def rank_sources(sources: Sequence[Source], *, policy: Policy) -> RankedSources:
    """Order the sources of a match. The order given does not matter.

    Thousands of sources share a few expressions, so each is judged once.
    """
    standings = {licenses: standing_of(licenses, policy) for licenses in {source.origin.licenses for source in sources}}
    offer_ranks = {licenses: standing.offer_rank for licenses, standing in standings.items()}

    def key(source: Source) -> tuple[object, ...]:
        origin = source.origin
        return (
            offer_ranks[origin.licenses],
            _LICENSE_SOURCE_RANK[origin.license_source],
            -(origin.stars or 0),
            origin.repo,
            origin.path,
            origin.revision or "",
            origin.branch or "",
            source.doc_id,
            source.span,
            origin.licenses,
        )

    ordered = tuple(sorted(sources, key=key))
    first: dict[str | None, Standing] = {}
    n_places: dict[str | None, int] = {}
    for source in ordered:
        standing = standings[source.origin.licenses]
        first.setdefault(standing.expression, standing)
        n_places[standing.expression] = n_places.get(standing.expression, 0) + 1
    return RankedSources(
        sources=ordered,
        ranks=tuple(Rank(standing, n_places[expression]) for expression, standing in first.items()),
    )
