"""Regions: what holds for any text of any language, and that a hostile one costs no more than its length."""

import gc
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.lexing.forms import COMMENT, STRING
from codewhence.index.lexing.regions import regions
from codewhence.index.lexing.table import TABLE, rules_of

LANGUAGES = sorted(TABLE)
# Every mark that begins, ends or escapes something in one of the languages, with some of what stands between.
MARKS = (
    "'", '"', "`", '"""', "\\", "/", "/*", "*/", "//", "#", "--", "{", "}", "${", "#{", "$(", "(", ")", "f", "rb", "R",
    "\n", " ", "a", "1", "<<A", "<<~A", "<<<A", "A", "\nA\n", "$$", "as $$", "do $x$", "$x$", 'r#"', '"#', "%w[", "%(",
    "]", "[", "?", ":", "=begin", "\n=end", "__END__", "<?php", "?>", "=", "!r", "é", "\ud800", "\r", "\0",
)  # fmt: skip
texts = st.one_of(st.text(), st.lists(st.sampled_from(MARKS), max_size=60).map("".join))


@given(text=texts, language=st.sampled_from(LANGUAGES))
def test_regions_of_any_text_are_sorted_disjoint_and_within(text: str, language: str) -> None:
    found = regions(text, language)
    assert found is not None
    assert (found.starts < found.ends).all()
    assert (found.ends[:-1] <= found.starts[1:]).all()
    assert len(found) == 0 or (found.starts[0] >= 0 and found.ends[-1] <= len(text))
    assert set(found.kinds.tolist()) <= {COMMENT, STRING}
    assert (found.starts.dtype, found.ends.dtype, found.kinds.dtype) == (np.int64, np.int64, np.uint8)


LETTERS = st.text(alphabet=st.characters(categories=["L"], max_codepoint=0x2FFF))


@given(text=LETTERS, language=st.sampled_from(LANGUAGES))
def test_letters_alone_are_code(text: str, language: str) -> None:
    found = regions(text, language)
    assert found is not None
    assert len(found) == 0


@pytest.mark.parametrize("language", [None, "", "text", "Python", "cobol"])
def test_a_language_without_rules_has_no_regions(language: str | None) -> None:
    assert regions("x = 'a' # b", language) is None
    assert rules_of(language) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_of_nothing_has_no_regions(language: str) -> None:
    found = regions("", language)
    assert found is not None
    assert len(found) == 0


def cpu_seconds(text: str, language: str, *, n_passes: int) -> float:
    """Return the CPU time of the fastest of some passes: of the process, so that its neighbors do not count.

    Nor does the collector, which looks through all that other tests left.
    """
    passes = []
    gc.disable()
    try:
        for _ in range(n_passes):
            start = time.process_time()
            regions(text, language)
            passes.append(time.process_time() - start)
    finally:
        gc.enable()
    return min(passes)


# Each took quadratic time in some form while the rules were written, or could: nothing is ever closed, everything is
# tried again at each mark.
HOSTILE = (
    "'", '"', "`", "\\", "/*", "*/", '"""', 'f"{', "`${", '"#{', '"$(', "<<A\n", "<<A ", "$$", "as $$", "/[\\", "=/[",
    "a %(", "a /", 'R"(', 'r#"', "(/**/", "__END__", "<?", "<<<A\n",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear_in_the_length_of_a_hostile_text(language: str, unit: str) -> None:
    small, large = (unit * (n_chars // len(unit)) for n_chars in (4_000, 64_000))
    # 16 times the text: 16 times the time if linear, 256 times if quadratic. Below 20 ms nothing can be told.
    allowed = max(0.02, 100 * cpu_seconds(small, language, n_passes=3))
    assert cpu_seconds(large, language, n_passes=2) <= allowed


def test_a_megabyte_of_deep_nesting_is_read() -> None:
    n_levels = 50_000
    found = regions("`${" * n_levels + "a" + "}`" * n_levels, "javascript")
    assert found is not None
    assert len(found) == 2 * n_levels
