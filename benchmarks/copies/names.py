"""New names for identifiers: plausible words, seeded, never one that the code already has, in the style of the old."""

import random
import re
from collections.abc import Iterable

_TEXT = """
amount anchor answer batch border branch bucket budget bundle cargo carrier cell chamber channel circle clause
cluster column corner course cursor cycle delta depth detail digit domain draft edge effect engine entry factor
field figure flag folder frame garden gauge goal grade grain grid group handle harbor height hint hub image impact
intake island joint journal kernel kettle label ladder lane layer ledger level limit link locus lot margin marker
mask matter measure medium member meter mirror moment motor needle node notion number nut offset orbit order outcome
owner packet pair panel parcel part passage patch pattern phase piece pivot place plan point pool port portion
prefix probe quota radius rank ratio reason record region relay result ridge ring river role root route row rule
sample scale scheme scope score season section seed segment series shadow shape share sheet shelf signal site slot
socket source span spring stage stem step stock stone store strand stream stripe surface switch table target task
term theme thread tile token topic total trace track trail trend tunnel unit valley value vector vessel volume wagon
wave weight width window wing wire worker yard zone
"""
WORDS = tuple(_TEXT.split())


def new_names(old: Iterable[str], *, used: set[str], rng: random.Random) -> dict[str, str]:
    """Give each old name another one: one to one, none of ``used``, none twice.

    ``total_count`` becomes two words with an underscore, ``Thing`` begins with a capital, ``LIMIT`` is capitals,
    ``doIt`` has a capital inside.

    >>> new_names(["x", "LIMIT"], used={"x", "LIMIT"}, rng=random.Random(3))
    {'x': 'lot', 'LIMIT': 'FRAME'}
    """
    taken = set(used)
    mapping = {}
    for name in old:
        fresh = name
        while fresh in taken:
            fresh = _styled(name, rng)
        taken.add(fresh)
        mapping[name] = fresh
    return mapping


def _styled(name: str, rng: random.Random) -> str:
    bare = name.strip("_")
    n_words = min(1 + len(re.findall(r"_|(?<=[a-z])[A-Z]", bare)), 3)
    if rng.random() < 0.3:  # else the words run out in long functions
        n_words += 1
    words = [rng.choice(WORDS) for _ in range(n_words)]
    if bare.isupper() and len(bare) > 1:
        return "_".join(words).upper()
    if bare[:1].isupper():
        return "".join(word.capitalize() for word in words)
    if "_" not in bare and re.search("[a-z][A-Z]", bare):
        return words[0] + "".join(word.capitalize() for word in words[1:])
    return "_".join(words)
