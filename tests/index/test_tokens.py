"""T2 tokens against a reference that reads one character after the other, as the module's docstring tells it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.index.tokens import MAX_WORD_CHARS, code_points, tokenize
from tests.index.made_corpus import made_code

BLANKS = " \t\n\r\x0b\x0c\0\x7f\x85\xa0\u2003\u200b\u200d\u2028\u202e\u3000\ufe0f\ufeff"
MARKS = "()[],.:;'\"`#\\"
WORDS = "abzAZ019_éßñÆЖαωאשעابहक\ud800\udfff"
SINGLES = "+-*/%=<>!&|^~?@${}«»€→∑中文あア한글ไทย🙂🚀𠀀"
MASK = (1 << 64) - 1

texts = st.text(st.sampled_from(BLANKS + MARKS + WORDS + SINGLES), max_size=60)
# Few characters, so that rules and repeated tokens occur.
dense_texts = st.text(st.sampled_from(" a=-é中🚨,\n"), max_size=60)
code = st.integers(0, 10_000).map(lambda seed: made_code(seed, n_lines=8))


def slow_tokens(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and identity of each token."""
    found = []
    at = 0
    while at < len(text):
        character = text[at]
        end = at + 1
        if is_word(character):
            while end < len(text) and end - at < MAX_WORD_CHARS and is_word(text[end]):
                end += 1
            found.append((at, end, text[at:end]))
        elif character not in BLANKS + MARKS:
            while text[end : end + 1] == character:
                end += 1
            if end - at < 4:
                found.extend((one, one + 1, character) for one in range(at, end))
            else:
                found.append((at, end, f"rule of {character}"))
        at = end
    return found


def is_word(character: str) -> bool:
    return character in WORDS or (character.isascii() and (character.isalnum() or character == "_"))


def slow_hash(identity: str) -> int:
    """Return the hash that the module describes: pieces of eight bytes, or a polynomial beyond ASCII; splitmix64."""
    if identity.startswith("rule of "):
        value = ord(identity[-1]) << 32
    elif identity.isascii():
        first, *pieces = [int.from_bytes(identity[at : at + 8].encode(), "little") for at in range(0, len(identity), 8)]
        value = (first ^ first >> 32) * 0x9E3779B97F4A7C15 & MASK
        for piece in pieces:
            value = ((value ^ value >> 29) + piece) * 0xBF58476D1CE4E5B9 & MASK
    else:
        value = sum((ord(c) + 1) * pow(0x9E3779B97F4A7C15, i, 1 << 64) for i, c in enumerate(identity)) & MASK
        value ^= 0xA24BAED4963EE407
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & MASK
    return value ^ value >> 31


def spans(text: str) -> list[tuple[int, int]]:
    tokens = tokenize(text)
    return list(zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True))


def hashes(text: str) -> list[int]:
    return tokenize(text).hashes.tolist()


@given(text=texts | dense_texts)
def test_tokens_and_hashes_are_those_of_the_reference(text: str) -> None:
    expected = slow_tokens(text)
    assert spans(text) == [(start, end) for start, end, _ in expected]
    assert hashes(text) == [slow_hash(identity) for _, _, identity in expected]


@given(first=texts, second=texts)
def test_hashes_are_equal_exactly_where_tokens_are(first: str, second: str) -> None:
    identities = [identity for text in (first, second) for _, _, identity in slow_tokens(text)]
    both = hashes(first) + hashes(second)
    assert len(set(zip(identities, both, strict=True))) == len(set(identities)) == len(set(both))


@given(before=texts, text=texts, blank=st.sampled_from(BLANKS + MARKS))
def test_a_text_has_the_same_tokens_wherever_it_stands(before: str, text: str, blank: str) -> None:
    whole = tokenize(before + blank + text + blank + before)
    n_before, n_tokens, offset = len(tokenize(before)), len(tokenize(text)), len(before) + 1
    inside = slice(n_before, n_before + n_tokens)
    assert whole.hashes[inside].tolist() == hashes(text)
    assert [(start - offset, end - offset) for start, end in spans(before + blank + text)][inside] == spans(text)
    assert len(whole) == 2 * n_before + n_tokens


@given(text=texts | dense_texts | code, filler=st.text(st.sampled_from(BLANKS + MARKS), min_size=1, max_size=5))
def test_blanks_and_marks_between_tokens_change_nothing(text: str, filler: str) -> None:
    pieces = [text[start:end] for start, end in spans(text)]
    assert hashes(filler + filler.join(pieces) + filler) == hashes(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("if x:\n    return f(a, b)\n", "if x:\n\treturn f(a, b)\n", id="tabs for blanks"),
        pytest.param("call(first, second)", "call(\n    first,\n    second,\n)", id="wrapped, trailing comma"),
        pytest.param("name = 'value'", 'name = "value"', id="quotes"),
        pytest.param("a = b\nc = d\n", "a = b\r\nc = d\r\n", id="CRLF"),
        pytest.param("a = (b + c)", "a = b \\\n  + c", id="continuation"),
        pytest.param("x = {1: 2}", "x={1:2}", id="no blanks"),
        pytest.param("# note", "#note", id="comment mark"),
        pytest.param("-----", "--------------------", id="longer rule"),
    ],
)
def test_layout_is_not_seen(one: str, other: str) -> None:
    assert hashes(one) == hashes(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a == b", "a = b", id="operator"),
        pytest.param("a === b", "a ==== b", id="three are an operator, four a rule"),
        pytest.param("----", "====", id="rules of other characters"),
        pytest.param("-", "----", id="rule and operator"),
        pytest.param("name", "Name", id="case"),
        pytest.param("snake_case", "snake case", id="joined words"),
        pytest.param("a b", "b a", id="order"),
        pytest.param("\u00e9", "e\u0301", id="composed and decomposed"),
    ],
)
def test_words_and_operators_are_seen(one: str, other: str) -> None:
    assert hashes(one) != hashes(other)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("\tx\t=\t1\n", ["x", "=", "1"], id="tabs"),
        pytest.param("x\r\ny\rz\n", ["x", "y", "z"], id="all line ends"),
        pytest.param("s = '🙂👍🏽'", ["s", "=", "🙂", "👍", "🏽"], id="emoji beyond the basic plane"),
        pytest.param("👩\u200d🚀x", ["👩", "🚀", "x"], id="joined emoji"),
        pytest.param("שלום = עולם", ["שלום", "=", "עולם"], id="right to left"),
        pytest.param("x = \u202eabc\u202c", ["x", "=", "abc"], id="direction marks"),
        pytest.param("変数 = 値;", ["変", "数", "=", "値"], id="no blanks between words"),
        pytest.param("ตัว", ["ต", "ั", "ว"], id="Thai"),
        pytest.param("café_1", ["café_1"], id="accents"),
        pytest.param("a\ud83db", ["a\ud83db"], id="lone surrogate"),
        pytest.param("\ufeffimport os", ["import", "os"], id="byte order mark"),
        pytest.param("a\0b", ["a", "b"], id="NUL"),
        pytest.param("a=====b", ["a", "=====", "b"], id="rule between words"),
        pytest.param("<<<<===>>", ["<<<<", "=", "=", "=", ">", ">"], id="neighbouring operators"),
        pytest.param("————", ["————"], id="rules beyond ASCII too"),
    ],
)
def test_offsets_slice_the_tokens_out_of_the_text(text: str, pieces: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text)] == pieces


@pytest.mark.parametrize("text", ["", " ", "\n\t\r\n", "\0\0\0", "().,;", "\ufeff"], ids=ascii)
def test_a_text_without_words_has_no_tokens(text: str) -> None:
    assert len(tokenize(text)) == 0


@pytest.mark.parametrize("n_chars", [255, 256, 257, 511, 512, 513, 100_000])
def test_a_huge_word_is_cut_from_its_start(n_chars: int) -> None:
    text = f"x = {'ab' * n_chars}"[: 4 + n_chars] + "+y"
    pieces = [text[start:end] for start, end in spans(text)]
    word = text[4 : 4 + n_chars]
    assert pieces == ["x", "=", *re.findall(f".{{1,{MAX_WORD_CHARS}}}", word), "+", "y"]
    assert hashes(text) == [slow_hash(piece) for piece in pieces]


def test_a_huge_rule_is_one_token() -> None:
    text = "a " + "=" * 1_000_000 + " b"
    assert spans(text) == [(0, 1), (2, 1_000_002), (1_000_003, 1_000_004)]
    assert hashes(text) == hashes("a ==== b")


def test_texts_of_more_tokens_than_one_block_hash_like_short_ones() -> None:
    line = "alpha = beta + gamma_1 ---- 中 é\n"
    n_lines = 60_000  # 480,000 tokens; a block has 262,144
    assert hashes(line * n_lines) == hashes(line) * n_lines


@given(text=st.text(st.characters(codec=None)))
def test_code_points_are_those_of_python(text: str) -> None:
    assert code_points(text).tolist() == [ord(character) for character in text]


@given(text=st.text(st.characters(codec=None), max_size=200))
def test_any_text_gives_ordered_disjoint_tokens(text: str) -> None:
    edges = [edge for span in spans(text) for edge in span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in spans(text))
    assert set(edges) <= set(range(len(text) + 1))
