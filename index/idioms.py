"""Which matches are idioms: so frequent, for their length, that they say nothing about their origin."""

from collections.abc import Sequence

from codewhence.records import Source

# A span is an idiom when it stands in at least three projects and in more documents than half its tokens, twenty at
# the least. The bar rises with length because a long text does not come about twice by itself: a file of 2,000 tokens
# vendored by thirty projects is a copy with duties, not an idiom.
MIN_PROJECTS = 3
MIN_DOCUMENTS = 20
TOKENS_PER_DOCUMENT = 2


def is_idiom(sources: Sequence[Source], *, n_documents: int, n_tokens: int) -> bool:
    """Say whether a span that stands in ``sources`` is an idiom.

    Args:
        sources: Every place that holds it.
        n_documents: Distinct documents among them.
        n_tokens: Length of the span.
    """
    if n_documents < max(MIN_DOCUMENTS, n_tokens / TOKENS_PER_DOCUMENT):
        return False
    return len({source.origin.repo for source in sources}) >= MIN_PROJECTS
