"""Decoding: from the bytes of a file to its text, or a message that says why they are no text.

Owns the encodings that Azure's tools and shells write (UTF-8 with or without a mark, UTF-16 as PowerShell's `>` writes
it, either line ending) and what is no data at all: an archive, a picture, a login page.
Invariant: a source holds text without a byte order mark and with "\\n" between its lines.
"""

from __future__ import annotations

import codecs
import re

from tui.exchange.source import MAX_BYTES, ExchangeError, Source

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32-le": "UTF-32", "utf-32-be": "UTF-32"}
_UNPACK = "unpack it, and import what is in it"
_NO_TEXT = (
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"PK\x03\x04", "a zip archive or a spreadsheet", "unpack it, or save the spreadsheet as CSV"),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ", "an xz archive", _UNPACK),
    (b"%PDF", "a PDF document", "import what Azure's tools print, such as `az network vnet list -o json`"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "save the spreadsheet as CSV"),
    (b"\x89PNG", "a picture", "import what Azure's tools print, such as `az network vnet list -o json`"),
)
_HTML = re.compile(
    r"(?:\s|<!--.{0,2000}?-->|<\?xml[^>]{0,200}\?>){0,20}<(?:!doctype\s+html|html\b|head\b|body\b)", re.I | re.S
)
_SAMPLE = 4096


class NotUtf8Error(ExchangeError):
    """Text in an encoding that does not say which it is: that of a country, as old programs write it."""


def decoded(name: str, data: bytes, encoding: str | None = None) -> Source:
    """Return the text of a file's bytes under the name that the file goes by in messages.

    `encoding`: the one that it is in, where that is known otherwise. Raises NotUtf8Error where it must be known for
    this text, ExchangeError where the bytes are too many, none, no text, or the page of a web server.
    """
    if len(data) > MAX_BYTES:
        raise ExchangeError(
            f"{name}: {len(data)} bytes are more than the {MAX_BYTES} that one source may have",
            "split it, for example by subscription: `az network vnet list --subscription NAME -o json`",
        )
    for start, what, hint in _NO_TEXT:
        if data.startswith(start):
            raise ExchangeError(f"{name}: this is {what}, not text", hint)
    known, begin = _encoding(data) if encoding is None else (encoding, 0)
    text = _text(name, data, known, begin)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if not text or text.isspace():
        raise ExchangeError(f"{name}: there is nothing in it", "see whether the command that wrote it printed an error")
    if _HTML.match(text, 0, _SAMPLE):
        raise ExchangeError(
            f"{name}: this is a web page (HTML), such as a login page, and no data",
            "fetch it again with a signed-in tool: `az login`, then for example `az network vnet list -o json`",
        )
    return Source(name, text)


def _encoding(data: bytes) -> tuple[str, int]:
    """The encoding of `data`, and how many bytes its mark takes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    sample = data[:_SAMPLE]
    # Text of these formats is ASCII for the most part, which leaves every other byte of UTF-16 zero.
    if len(sample) > 3 and sample[1::2].count(0) * 2 > len(sample) // 2 and not sample[0::2].count(0):
        return "utf-16-le", 0
    if len(sample) > 3 and sample[0::2].count(0) * 2 > len(sample) // 2 and not sample[1::2].count(0):
        return "utf-16-be", 0
    return "utf-8", 0


def _text(name: str, data: bytes, encoding: str, begin: int) -> str:
    try:
        text = str(memoryview(data)[begin:], encoding)
    except UnicodeDecodeError as error:
        offset = begin + error.start
        before = str(memoryview(data)[begin:offset], encoding, "replace")
        place = f"{name}: line {before.count(chr(10)) + 1}, byte {offset}"
        if "\0" in before and encoding == "utf-8":
            raise _binary(name, before) from None
        if begin + error.end >= len(data) and error.reason.startswith(("unexpected end", "truncated", "incomplete")):
            raise ExchangeError(
                f"{place}: the file ends in the middle of a character",
                "it was cut off: write it again, and see that the command ended without an error",
            ) from None
        kind = NotUtf8Error if encoding == "utf-8" and not begin else ExchangeError
        raise kind(
            f"{place}: this is no {_NAMES.get(encoding, encoding)} text ({error.reason})",
            "save it as UTF-8 (Excel: as CSV UTF-8), and import it again",
        ) from None
    if "\0" in text:
        raise _binary(name, text)
    return text


def _binary(name: str, text: str) -> ExchangeError:
    line = text.count("\n", 0, text.index("\0")) + 1
    return ExchangeError(
        f"{name}: line {line}: this is no text: it holds zero bytes",
        "import what Azure's tools print, such as `az network vnet list -o json`",
    )
