"""Texts that are kept: the right ones, within bounds, and forgotten with their bucket."""

from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.text_cache import TextCache

keys = st.tuples(st.integers(0, 2), st.integers(0, 5))


@given(asked=st.lists(keys, max_size=60), max_chars=st.integers(0, 40))
def test_every_answer_is_the_text_of_its_key(asked: list[tuple[int, int]], max_chars: int) -> None:
    cache = TextCache(max_chars)
    n_unpacked = 0

    def unpack(key: tuple[int, int]) -> str:
        nonlocal n_unpacked
        n_unpacked += 1
        return f"{key} " * key[1]

    for key in asked:
        assert cache.get(key, lambda key=key: unpack(key)) == f"{key} " * key[1]
    assert n_unpacked >= len(set(asked))


def test_what_was_asked_for_last_is_kept() -> None:
    cache = TextCache(max_chars=10)
    for row in range(3):
        cache.get((0, row), lambda: "12345")
    assert cache.get((0, 2), lambda: "unpacked again") == "12345"
    assert cache.get((0, 1), lambda: "unpacked again") == "12345"
    assert cache.get((0, 0), lambda: "unpacked again") == "unpacked again"


def test_a_closed_bucket_is_forgotten_and_no_other() -> None:
    cache = TextCache(max_chars=100)
    cache.get((0, 0), lambda: "old")
    cache.get((1, 0), lambda: "other")
    cache.drop(0)
    assert cache.get((0, 0), lambda: "new") == "new"
    assert cache.get((1, 0), lambda: "new") == "other"
