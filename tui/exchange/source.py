"""Sources: texts that somebody else wrote, with the names that they go by in messages.

Owns what every reader takes and how every reader fails; bytes become such texts in `decoding`.
Invariant: a source holds text, and every failure names the source.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.errors import VnetTuiError

MAX_BYTES = 256 << 20
"""Bytes of one source. An estate of 10,000 VNets is 30 MB."""


class ExchangeError(VnetTuiError):
    """A source that cannot be read: the message says where (file, line, column or path) and what would be right."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text with the name that it goes by in messages: the file as it was typed, or "-"."""

    name: str
    text: str
