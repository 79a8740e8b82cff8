"""Decoding: text comes out as it was written, line ends included; what is no text is refused with its reason."""

import codecs

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codewhence.errors import CodewhenceError
from codewhence.index.decoding import Decoded, Undecodable, decode
from codewhence.index.sources.base import SKIP_REASONS

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
FRENCH = "/* Calcule la moyenne pondérée des relevés. */\r\nint moyenne(int n);  /* évite la division par zéro */\n"
RUSSIAN = "# Вычисление среднего значения массива\ndef mean(v):\n    # если массив пуст, вернуть ноль\n    return 0\n"
JAPANESE = "# 配列の平均を計算する関数です\ndef mean(v):\n    # 空のときはゼロを返します\n    return 0\n"
CHINESE = "# 计算数组的平均值\ndef mean(v):\n    # 如果数组为空则返回零\n    return 0\n"
TAIWANESE = "# 計算陣列的平均值\ndef mean(v):\n    # 如果陣列為空則返回零\n    return 0\n"
KOREAN = "# 배열의 평균을 계산합니다\ndef mean(v):\n    # 비어 있으면 영을 반환합니다\n    return 0\n"
POLISH = "# Obliczanie średniej ważonej, żółte gęsi\ndef mean(v):\n    # jeśli pusta, zwróć zero\n    return 0\n"
TURKISH = "# Dizinin ortalamas\u0131n\u0131 hesaplar, boş ise s\u0131f\u0131r\ndef mean(v):\n    return 0  # değişken\n"
GREEK = "# Υπολογίζει τον μέσο όρο του πίνακα\ndef mean(v):\n    return 0\n"


def reason_of(data: bytes) -> str:
    """Return why ``data`` is refused."""
    with pytest.raises(Undecodable) as caught:
        decode(data)
    return caught.value.reason


def outcome_of(data: bytes, declared: str | None) -> Decoded | str:
    """Return what comes out, or why nothing does."""
    try:
        return decode(data, declared=declared)
    except Undecodable as error:
        return error.reason


@given(texts.filter(lambda text: not text.startswith("\ufeff") and "\x1b$" not in text))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode()) == Decoded(text, "utf-8")


@given(texts, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]))
def test_a_byte_order_mark_names_the_encoding_and_is_no_part_of_the_text(text: str, encoding: str) -> None:
    text = text.translate(dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0xE000, 0xF900), 0xFFFD], "\n"))
    assert decode("\ufeff".encode(encoding) + text.encode(encoding)) == Decoded(text, encoding)


@given(st.binary(max_size=400), st.none() | st.text(max_size=12))
def test_any_bytes_give_text_without_nul_or_a_known_reason(data: bytes, declared: str | None) -> None:
    outcome = outcome_of(data, declared)
    assert outcome == outcome_of(data, declared)
    if isinstance(outcome, Decoded):
        assert "\0" not in outcome.text
        assert outcome.text.encode("utf-8")
    else:
        assert outcome in SKIP_REASONS


@given(st.binary(min_size=1, max_size=200))
def test_no_declaration_in_a_file_breaks_the_decoder(declaration: bytes) -> None:
    outcome = outcome_of(b"# -*- coding: " + declaration, None)
    assert isinstance(outcome, Decoded) or outcome in SKIP_REASONS


def test_random_bytes_are_never_taken_for_a_single_byte_encoding() -> None:
    draw = np.random.default_rng(20)
    outcomes = {outcome_of(draw.bytes(n_bytes), None) for n_bytes in range(24, 524)}
    assert outcomes == {"binary", "undecodable"}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(FRENCH, "cp1252", id="french cp1252"),
        pytest.param(FRENCH, "latin-1", id="french latin-1"),
        pytest.param(FRENCH, "mac_roman", id="french mac"),
        pytest.param(FRENCH, "cp850", id="french dos"),
        pytest.param(POLISH, "cp1250", id="polish cp1250"),
        pytest.param(POLISH, "iso8859_2", id="polish iso8859-2"),
        pytest.param(TURKISH, "cp1254", id="turkish"),
        pytest.param(RUSSIAN, "koi8_r", id="russian koi8-r"),
        pytest.param(RUSSIAN, "cp1251", id="russian cp1251"),
        pytest.param(RUSSIAN, "cp866", id="russian dos"),
        pytest.param(GREEK, "iso8859_7", id="greek"),
        pytest.param(JAPANESE, "shift_jis", id="japanese shift-jis"),
        pytest.param(JAPANESE, "euc_jp", id="japanese euc"),
        pytest.param(CHINESE, "gb18030", id="chinese gb18030"),
        pytest.param(TAIWANESE, "big5", id="chinese big5"),
        pytest.param(KOREAN, "euc_kr", id="korean"),
        pytest.param("# Copyright © 2001 Example Corporation\n" + "x = 1\n" * 40, "latin-1", id="one copyright sign"),
        pytest.param("int delay; /* 5 µs */\n" + "int f(int a);\n" * 40, "latin-1", id="one micro sign"),
        pytest.param("// “smart” quotes — in a comment\nvar a = 1;\n", "cp1252", id="curly quotes"),
    ],
)
def test_legacy_source_files_come_out_right(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_an_isolated_foreign_byte_far_into_a_large_file_is_still_found() -> None:
    text = "x = 1\n" * 100_000 + "# über allen Gipfeln ist Ruh, spürest du kaum einen Hauch\n"
    assert decode(text.encode("latin-1")).text == text


def test_one_endless_line_is_decoded() -> None:
    text = "var a='é';" * 50_000
    assert decode(text.encode("latin-1")).text == text


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        pytest.param(b"# coding: koi8-r\n#\xf0\xc9\n", "# coding: koi8-r\n#Пи\n", "koi8-r", id="PEP 263"),
        pytest.param(b"#!/bin/x\r# vim: fileencoding=latin-1\r\xe9", None, "iso8859-1", id="second line, lone returns"),
        pytest.param(b"/* -*- coding: iso-8859-2 -*- */\n\xb1", None, "iso8859-2", id="Emacs in C"),
        pytest.param(b"<?xml version='1.0' encoding='ISO-8859-5'?><a>\xd0</a>", None, "iso8859-5", id="XML"),
        pytest.param(b'<html><meta charset="windows-1251">\xe0', None, "cp1251", id="HTML"),
        pytest.param(b'@charset "iso-8859-15"; a{content:"\xa4"}', None, "iso8859-15", id="CSS"),
        pytest.param(b"# coding: latin-1\n\x93a\x94\n", None, "cp1252", id="latin-1 that is cp1252"),
        pytest.param(b"# coding: gb2312\n#\x88\x9d\n", None, "gb18030", id="gb2312 that is gbk"),
        pytest.param("# coding: latin-1\n# é\n".encode(), None, "utf-8", id="declared otherwise, yet UTF-8"),
        pytest.param("# coding: iso-2022-jp\n# あ\n".encode("iso2022_jp"), None, "iso2022_jp", id="ISO 2022"),
    ],
)
def test_a_file_says_how_it_is_written(data: bytes, text: str | None, encoding: str) -> None:
    decoded = decode(data)
    assert decoded.encoding == encoding
    assert decoded.text == (data.decode(encoding) if text is None else text)


def test_the_declaration_of_the_training_set_goes_before_that_of_the_file() -> None:
    data = b"# coding: koi8-r\n#\xe9\n"
    assert decode(data, declared="ISO-8859-1").text == "# coding: koi8-r\n#é\n"


@pytest.mark.parametrize(
    "declared",
    [
        "rot13",
        "hex",
        "unicode_escape",
        "raw_unicode_escape",
        "utf-7",
        "idna",
        "punycode",
        "utf-16",
        "cp037",
        "no-such",
        "é\0",
    ],
)
def test_what_is_no_encoding_of_source_code_is_not_used(declared: str) -> None:
    data = b"x = 1  # \xe9t\xe9, \xe0 moiti\xe9\n" * 3
    assert decode(data, declared=declared if declared != "cp037" else None).text == data.decode("latin-1")
    in_file = f"# coding: {declared}\n".encode("utf-8", "replace").replace(b"\0", b"") + data
    assert decode(in_file).text.endswith(data.decode("latin-1"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "empty", id="no bytes"),
        pytest.param(codecs.BOM_UTF8, "empty", id="a mark alone"),
        pytest.param(codecs.BOM_UTF16_LE, "empty", id="a wide mark alone"),
        pytest.param(b"a\0b", "binary", id="a NUL in ASCII"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary", id="an image"),
        pytest.param(codecs.BOM_UTF16_LE + b"\x01\x00\x02\x00" * 9, "binary", id="a wide mark, then numbers"),
        pytest.param(bytes(range(1, 256)), "undecodable", id="every byte"),
        pytest.param(b"\xff\xfe\xfd", "undecodable", id="three bytes"),
        pytest.param(b"caf\xe9", "undecodable", id="too short to tell"),
        pytest.param(
            "été à Paris, déjà vu, où ça, naïve\n".encode()[:-2] + b"\xff\n", "undecodable", id="damaged UTF-8"
        ),
        pytest.param(b"P4\n16 16\n\xfb\x7f\xf1\xbf\xfa\xdf\xd5\x7f\xad\xb1[\xf1\xa5a_", "undecodable", id="a bitmap"),
        pytest.param(b"x = '\xed\xa0\x80'\n", "lone_surrogates", id="surrogates in UTF-8"),
        pytest.param(codecs.BOM_UTF16_LE + b"a\0\0\xd8b\0", "lone_surrogates", id="half a pair in UTF-16"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    assert reason_of(data) == reason


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_ascii_without_a_mark_is_text_and_numbers_are_not(encoding: str) -> None:
    text = "[section]\r\nname=value\r\nother=1\r\n"
    assert decode(text.encode(encoding)) == Decoded(text, encoding)
    assert reason_of(text.replace("\n", "").replace("\r", "\x01").encode(encoding)) == "binary"


def test_a_refusal_reads_as_a_sentence_and_is_one_of_our_errors() -> None:
    error = Undecodable("binary")
    assert str(error) == "This file holds NUL bytes or a known binary format."
    assert isinstance(error, CodewhenceError)
    assert error.exit_code == 4


def test_line_ends_and_tabs_stand_as_they_stood() -> None:
    text = "a\r\n\tb\rc\x0c\x0bd\n\n  \x85\u2028"
    assert decode(text.encode()).text == text
