"""Which matches are idioms: so frequent, for their length, that they say nothing about their origin."""

import re
from collections.abc import Sequence

from codewhence.records import Source

# A span is an idiom when it stands in at least three projects and in more documents than half its tokens, twenty at
# the least. The bar rises with length because a long text does not come about twice by itself: a file of 2,000 tokens
# vendored by thirty projects is a copy with duties, not an idiom.
MIN_PROJECTS = 3
MIN_DOCUMENTS = 20
TOKENS_PER_DOCUMENT = 2

# Words of license headers and disclaimers. Of nine of the strongest chance matches of unseen C and Go files that were
# read, eight came from such headers in fewer than twenty documents.
_LICENSE_WORD_LIST = """
    agreed agreement apache applicable charge claim claims compliance conditions contract contributors copies copyright
    damages derived disclaimed disclaims distribute distributed express fee fitness foundation free granted gnu hereby
    holders implied incidental indirect kind law liability liable licence license licensed merchantability modification
    modify negligence notice obtain otherwise particular permission permitted products profits provided publish purpose
    reserved redistribute redistribution redistributions rights sell software sublicense terms tort warranties warranty
    """
_LICENSE_WORDS = frozenset(_LICENSE_WORD_LIST.split())
_MIN_LICENSE_WORDS = 6  # distinct ones
_LICENSE_SHARE = 0.2  # of the words
_WORD = re.compile(r"[A-Za-z]+")


def is_license_text(text: str) -> bool:
    """Say whether a matched text is a piece of a license header: everybody's words, however few documents hold them.

    >>> is_license_text("distributed 'as is', without warranties or conditions of any kind, express or implied")
    True
    >>> is_license_text("def grant(permission, notice): return permission.granted(notice.terms)")
    False
    """
    words = [word.lower() for word in _WORD.findall(text)]
    hits = [word for word in words if word in _LICENSE_WORDS]
    return len(set(hits)) >= _MIN_LICENSE_WORDS and len(hits) >= _LICENSE_SHARE * len(words)


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
