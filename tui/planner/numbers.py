"""Numbers of addresses and blocks in words: those that nobody would read digit by digit are powers of two.

Invariant: a number that IPv4 can have stands there exactly.
"""

from __future__ import annotations

from math import log2


def short(number: int) -> str:
    """Return a number of addresses or blocks, one beyond all of IPv4 as a power of two: "2^64", "≈2^40.6"."""
    if number <= 1 << 32:
        return str(number)
    exponent = number.bit_length() - 1
    return f"2^{exponent}" if number == 1 << exponent else f"≈2^{log2(number):.1f}"
