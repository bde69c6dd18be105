"""Decoding: bytes of a file to text, or a message that says why they are none."""

from __future__ import annotations

import codecs
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchange import decoding
from tui.exchange.decoding import decoded
from tui.exchange.source import ExchangeError

TEXT = '[{"name": "hub-zürich", "note": "中"}]\n'


def refusal(data: bytes) -> ExchangeError:
    with pytest.raises(ExchangeError) as caught:
        decoded("net.json", data)
    assert caught.value.message.startswith("net.json: ")
    return caught.value


def decoded_or_refused(data: bytes) -> str | ExchangeError:
    try:
        return decoded("x", data).text
    except ExchangeError as error:
        return error


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        TEXT.replace("\n", "\r\n").encode(),
        codecs.BOM_UTF16_LE + TEXT.replace("\n", "\r\n").encode("utf-16-le"),
    ],
)
def test_every_encoding_of_azures_tools_gives_the_same_text(data: bytes) -> None:
    source = decoded("net.json", data)
    assert (source.name, source.text) == ("net.json", TEXT)


def test_a_text_that_ends_within_a_character_says_where() -> None:
    error = refusal('{\n"a": "é'.encode()[:-1])
    assert "line 2, byte 8" in error.message
    assert "middle of a character" in error.message
    assert "cut off" in error.hint


def test_utf16_that_is_cut_off_says_so() -> None:
    assert "middle of a character" in refusal(codecs.BOM_UTF16_LE + "[1]".encode("utf-16-le")[:-1]).message


def test_another_encoding_is_refused_with_line_and_byte() -> None:
    error = refusal('{\n\n "a": "Zürich" }'.encode("latin-1"))
    assert "line 3, byte 11" in error.message
    assert "no UTF-8" in error.message
    assert "UTF-8" in error.hint


@pytest.mark.parametrize("data", [b"", b" \r\n\t", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_an_empty_file_is_told_as_empty(data: bytes) -> None:
    assert "nothing in it" in refusal(data).message


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (gzip.compress(b"[]", mtime=0), "gzip"),
        (b"PK\x03\x04rest", "zip"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "picture"),
    ],
)
def test_archives_and_documents_are_named(data: bytes, what: str) -> None:
    error = refusal(data)
    assert what in error.message
    assert error.hint


def test_binary_data_is_no_text() -> None:
    assert "line 2" in refusal(b"abc\n\x00\x01\x02 and so on, and so on").message
    assert "zero bytes" in refusal(b"abc\n\x00 and so on \xff\xfe").message


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html>\n<html><title>Sign in</title>",
        "\n  <HTML lang=en>",
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x">',
        "<!-- Copyright -->\n<!doctype html>",
    ],
)
def test_a_login_page_saved_as_json_says_what_to_do(page: str) -> None:
    error = refusal(page.encode())
    assert "web page (HTML)" in error.message
    assert "az login" in error.hint


def test_too_many_bytes_are_refused_before_they_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_BYTES", 10)
    assert "11 bytes are more than the 10" in refusal(b"\xff" * 11).message
    assert decoded("a", b"[       ]\n").text


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text_or_an_explained_refusal(data: bytes) -> None:
    result = decoded_or_refused(data)
    if isinstance(result, ExchangeError):
        assert result.message.startswith("x: ")
        assert result.hint
    else:
        assert result.strip()
        assert "\0" not in result


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r<")))
def test_every_text_in_utf8_comes_back(text: str) -> None:
    if text.strip():
        assert decoded("x", codecs.BOM_UTF8 + text.encode()).text == text
