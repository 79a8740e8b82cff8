"""The token model: what it makes of counts, and its file."""

import math
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from codewhence.errors import FormatError
from codewhence.index.lexing.table import TABLE
from codewhence.index.touched import token_model
from codewhence.index.touched.streams import Stream
from codewhence.index.touched.token_model import TokenModel, shipped, symbols_of, train
from tests.index.touched.made_functions import LANGUAGES, RENAMED, Function
from tests.index.touched.reading import made_stream, stream_of

texts = st.text(st.characters(codec=None), max_size=80)
STREAMS = [stream_of(Function(seed).write(language), language) for seed in range(4) for language in LANGUAGES]


@pytest.fixture(scope="module")
def trained() -> TokenModel:
    return train(STREAMS)


def test_a_model_survives_its_file(trained: TokenModel) -> None:
    again = TokenModel.from_bytes(trained.to_bytes())
    assert again.n_tokens == trained.n_tokens == sum(len(stream) for stream in STREAMS)
    for table, read in zip(trained.tables, again.tables, strict=True):
        assert table.any()
        assert np.array_equal(table, read)


def test_trained_twice_gives_the_same_bytes(trained: TokenModel) -> None:
    assert train(iter(STREAMS)).to_bytes() == trained.to_bytes()
    assert train(STREAMS[::-1]).to_bytes() == trained.to_bytes()
    assert train(STREAMS[1:]).to_bytes() != trained.to_bytes()


def test_the_shipped_model_is_of_this_release() -> None:
    assert shipped().n_tokens > 1_000_000
    assert all(table.any() for table in shipped().tables)


@settings(max_examples=50)
@given(text=texts, language=st.sampled_from(sorted(TABLE)))
def test_bits_of_any_text_are_finite_and_not_negative(text: str, language: str) -> None:
    stream = stream_of(text, language)
    bits = shipped().bits(stream)
    assert bits.shape == (len(stream),)
    assert np.isfinite(bits).all()
    assert (bits >= 0).all()


def test_bits_of_real_looking_code_are_within_reason(trained: TokenModel) -> None:
    for stream in STREAMS:
        for model in (shipped(), trained):
            bits = model.bits(stream)
            assert np.isfinite(bits).all()
            assert (bits >= 0).all()
            assert bits.max() < 80


def test_a_model_of_nothing_still_gives_bits() -> None:
    model = train([])
    bits = model.bits(STREAMS[0])
    assert model.n_tokens == 0
    assert np.isfinite(bits).all()
    assert (bits > 0).all()


@settings(max_examples=20)
@given(symbols=st.lists(st.integers(100, 104), min_size=3, max_size=60))
def test_what_is_more_frequent_has_fewer_bits(symbols: list[int]) -> None:
    model = train([made_stream(symbols, [0] * len(symbols))])
    counts = Counter(symbols)
    # After two tokens that were never met, the frequency of the token alone counts.
    after = {symbol: float(model.bits(made_stream([7001, 7002, symbol], [0] * 3))[2]) for symbol in [*counts, 999]}
    by_count = sorted(after, key=lambda symbol: counts[symbol])
    for rarer, commoner in pairwise(by_count):
        if counts[rarer] < counts[commoner]:
            assert after[rarer] > after[commoner]
        else:
            assert after[rarer] == pytest.approx(after[commoner])


@settings(max_examples=20)
@given(
    trained_on=st.lists(st.integers(100, 103), max_size=80),
    asked=st.lists(st.integers(100, 104), min_size=1, max_size=20),
)
def test_bits_are_those_of_the_definition(trained_on: list[int], asked: list[int]) -> None:
    model = train([made_stream(trained_on, [0] * len(trained_on))])

    def counted(symbols: list[int], n_symbols: int) -> Counter[tuple[int, ...]]:
        padded = [0, 0, *symbols]  # two edges
        return Counter(tuple(padded[at + 3 - n_symbols : at + 3]) for at in range(len(symbols)))

    ones, twos, threes = (counted(trained_on, n_symbols) for n_symbols in (1, 2, 3))

    def stored(count: int) -> float:
        return 2 ** (round(8 * math.log2(1 + count)) / 8) - 1

    expected = []
    for at in range(len(asked)):
        first, before, last = [0, 0, *asked][at : at + 3]
        n_one, n_two, n_three = stored(ones[last,]), stored(twos[before, last]), stored(threes[first, before, last])
        # The counts of the contexts; an edge is none.
        n_before = stored(ones[before,]) if at else 0.0
        n_two_before = stored(twos[first, before]) if at else 0.0
        p_one = (n_one + 0.5) / (len(trained_on) + 0.5 * 2**18)
        p_two = (n_two + 4 * p_one) / (max(n_before, n_two) + 4)
        p_three = (n_three + 4 * p_two) / (max(n_two_before, n_three) + 4)
        expected.append(-math.log2(p_three))
    assert model.bits(made_stream(asked, [0] * len(asked))).tolist() == pytest.approx(expected)


def test_the_two_tokens_before_count() -> None:
    model = train([made_stream([1, 2, 3, 4, 5, 6] * 50 + [3, 9, 3, 8] * 50, [0] * 500)])

    def bits(*symbols: int) -> float:
        return float(model.bits(made_stream(symbols, [0] * len(symbols)))[-1])

    assert bits(1, 2, 3) < bits(5, 2, 3) < bits(5, 6, 3)
    assert bits(2, 3, 4) < 1 < bits(9, 9, 4)


def test_the_model_sees_no_name_of_a_parameter() -> None:
    made = Function(11)
    one, other = (stream_of(made.write("java", naming), "java") for naming in (RENAMED, RENAMED.__class__()))
    assert shipped().bits(one).tolist() == shipped().bits(other).tolist()


def test_a_new_parameter_and_a_repeated_one_are_two_symbols() -> None:
    stream = stream_of("a + b + a + c() + a.c", "python")
    symbols = symbols_of(stream)
    parameters = (stream.identifiers != 0) & (stream.names == 0)
    assert symbols[~parameters].tolist() == stream.names[~parameters].tolist()
    new, other, again, last = symbols[parameters].tolist()
    assert new == other != again == last


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


HEAD = len(b"codewhence.token-model/1\n")


def shorter_body() -> bytes:
    return zstandard.ZstdCompressor().compress(bytes(1_000))


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[: HEAD // 2], id="cut in its name"),
        pytest.param(lambda data: data[:HEAD], id="cut after its name"),
        pytest.param(lambda data: data[:-1], id="cut at the end"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut in the middle"),
        pytest.param(lambda data: flipped(data, 3), id="another name"),
        pytest.param(lambda data: flipped(data, HEAD - 2), id="another version"),
        pytest.param(lambda data: flipped(data, HEAD), id="no frame"),
        pytest.param(lambda data: flipped(data, len(data) - 2), id="a wrong checksum"),
        pytest.param(lambda data: data[HEAD:], id="no name"),
        pytest.param(lambda data: data[:HEAD] + shorter_body(), id="too short inside"),
        pytest.param(lambda data: b"\0" * 100, id="zeros"),
    ],
)
def test_a_damaged_file_says_what_to_do(trained: TokenModel, damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(FormatError, match="Install codewhence again"):
        TokenModel.from_bytes(damage(trained.to_bytes()))


def test_no_damaged_byte_goes_unnoticed(trained: TokenModel) -> None:
    data = trained.to_bytes()
    for at in range(0, len(data), len(data) // 40):
        with pytest.raises(FormatError, match="Install codewhence again"):
            TokenModel.from_bytes(flipped(data, at))


def test_a_file_that_unpacks_to_far_more_is_refused() -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(200_000_000))
    with pytest.raises(FormatError, match="Install codewhence again"):
        TokenModel.from_bytes(b"codewhence.token-model/1\n" + bomb)


def test_the_shipped_file_stands_beside_the_module() -> None:
    assert token_model.PATH.read_bytes().startswith(b"codewhence.token-model/1\n")


def test_streams_are_left_as_they_were() -> None:
    stream: Stream = STREAMS[0]
    before = stream.names.tolist(), stream.repeats.tolist()
    shipped().bits(stream)
    assert (stream.names.tolist(), stream.repeats.tolist()) == before
