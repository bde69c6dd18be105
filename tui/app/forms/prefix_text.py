"""Prefixes as a person types them: words parted by commas or blanks, some of them not canonical yet.

Owns how such a text falls into words, and the notices about words that are no prefixes.
Invariant: an offer is the whole field, so that taking it loses nothing else that was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui.app.forms.form import Notice
from tui.checks.rule import SEVERITIES
from tui.errors import PrefixError
from tui.topology.prefix import Prefix, nearest_prefix

_WORD = re.compile(r"[^,\s]+")
_ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}\Z")
_AFTER_ADDRESS = re.compile(r"(?:255\.[0-9.]+|/[0-9]{1,2})\Z")
_LENGTH = re.compile(r"/[0-9]{1,3}\Z")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of such a text: a prefix, the length of one that is to be found, or neither."""

    text: str
    prefix: Prefix | None = None
    length: int | None = None
    error: PrefixError | None = None

    @property
    def meant(self) -> Prefix | None:
        """The prefix that it is, or most likely should be."""
        return self.prefix or nearest_prefix(self.text)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a text of prefixes amounts to."""

    prefixes: tuple[Prefix, ...] | None
    """The prefixes that an edit takes, None where a word is not understood."""
    notices: tuple[Notice, ...] = ()


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a text; an address with its netmask, or its length, after a blank is one word."""
    found: list[str] = []
    end = 0
    for match in _WORD.finditer(text):
        word = match[0]
        if (
            found
            and "," not in text[end : match.start()]
            and _ADDRESS.match(found[-1])
            and _AFTER_ADDRESS.match(word)
            and nearest_prefix(f"{found[-1]}/{word.removeprefix('/')}") is not None
        ):
            found[-1] += f"/{word.removeprefix('/')}"
        else:
            found.append(word)
        end = match.end()
    return tuple(map(_word, found))


def _word(text: str) -> Word:
    if _LENGTH.match(text):
        return Word(text, length=int(text[1:]))
    try:
        return Word(text, Prefix.parse(text))
    except PrefixError as error:
        return Word(text, error=error)


def joined_text(words: Iterable[object]) -> str:
    """Return words, or prefixes, as they stand in a field."""
    return ", ".join(map(str, words))


def replaced(words: Sequence[Word], place: int, by: Prefix) -> str:
    """Return the text with one word replaced, the others as they are."""
    return joined_text(by if index == place else word.prefix or word.text for index, word in enumerate(words))


def unreadable(words: Sequence[Word]) -> list[Notice]:
    """Return a notice for each word that is neither prefix nor length, with the whole text in canonical form."""
    if all(word.error is None for word in words):
        return []
    mended = joined_text(word.meant or word.text for word in words)
    return [
        Notice(
            "error",
            word.error.message if word.meant is not None else f"{word.error.message}; {word.error.hint}",
            mended if word.meant is not None else None,
        )
        for word in words
        if word.error is not None
    ]


def inside_each_other(words: Sequence[Word], prefixes: Sequence[Prefix]) -> list[Notice]:
    """Return a notice for each prefix that lies in another of the same text; the offer is the text without those."""
    outer = dict.fromkeys(
        one for one in prefixes if not any(other != one and other.contains(one) for other in prefixes)
    )
    if len(outer) == len(prefixes):
        return []
    offer = joined_text(outer) if all(word.error is None for word in words) else None
    said: dict[str, None] = {}
    for place, one in enumerate(prefixes):
        if one in prefixes[:place]:
            said[f"{one} stands there twice"] = None
        wide = next((other for other in outer if other != one and other.contains(one)), None)
        if wide is not None:
            said[f"{one} lies within {wide}, which stands there too"] = None
    return [Notice("error", text, offer) for text in said]


def plain(text: str, *, lengths: str) -> Judged:
    """Judge prefixes that collide with nothing. `lengths`: why a length alone means nothing here."""
    words = words_of(text)
    notices = unreadable(words)
    notices += (Notice("error", f"{word.text} alone: {lengths}") for word in words if word.length is not None)
    prefixes = tuple(word.prefix for word in words if word.prefix is not None)
    doubled = [Notice("warning", notice.text, notice.offer) for notice in inside_each_other(words, prefixes)]
    return Judged(None if notices else prefixes, tuple(notices + doubled))


def gravest_first(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return the notices with errors first, each text once."""
    unique: dict[str, Notice] = {}
    for notice in notices:
        unique.setdefault(notice.text, notice)
    return tuple(sorted(unique.values(), key=lambda notice: SEVERITIES.index(notice.severity)))
