"""What renaming, layout, comments and literals leave as it was in the two readings."""

import ast

from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.index.touched.grams import names_grams, shape_grams
from tests.index.touched.made_functions import (
    ALL_RENAMED,
    AS_MADE,
    COMMENTED,
    LANGUAGES,
    NEW_LITERALS,
    RENAMED,
    Function,
    Naming,
)
from tests.index.touched.reading import stream_of

seeds = st.integers(0, 10_000)


def grams(text: str, language: str) -> tuple[list[int], list[int]]:
    stream = stream_of(text, language)
    return names_grams(stream).tolist(), shape_grams(stream).tolist()


@settings(max_examples=30)
@given(seed=seeds, language=st.sampled_from(LANGUAGES), naming=st.sampled_from([RENAMED, COMMENTED, NEW_LITERALS]))
def test_other_local_names_comments_layout_and_literals_keep_both_readings(
    seed: int, language: str, naming: Naming
) -> None:
    made = Function(seed)
    names, shape = grams(made.write(language, AS_MADE), language)
    assert len(names) > 20
    assert grams(made.write(language, naming), language) == (names, shape)


@settings(max_examples=30)
@given(seed=seeds, language=st.sampled_from(LANGUAGES))
def test_every_name_changed_keeps_the_shape_alone(seed: int, language: str) -> None:
    made = Function(seed)
    names, shape = grams(made.write(language, AS_MADE), language)
    other_names, other_shape = grams(made.write(language, ALL_RENAMED), language)
    assert other_shape == shape
    assert other_names != names


@settings(max_examples=30)
@given(seed=seeds, one=st.sampled_from(LANGUAGES))
def test_other_code_has_other_grams(seed: int, one: str) -> None:
    first, second = (grams(Function(each).write(one), one) for each in (seed, seed + 1))
    assert len(set(first[0]) & set(second[0])) < len(set(first[0])) / 4


@settings(max_examples=30)
@given(seed=seeds)
def test_python_written_anew_from_its_tree_keeps_both_readings(seed: int) -> None:
    text = Function(seed).write("python", COMMENTED)
    anew = ast.unparse(ast.parse(text))
    assert anew != text
    assert grams(anew, "python") == grams(text, "python")
