"""The errors a person may see: what is wrong, and what to do about it.

Invariant: everything that vnet-tui raises on purpose is a VnetTuiError, so that a caller can print
`message` and `hint` and nothing else.
"""

from __future__ import annotations


class VnetTuiError(Exception):
    """Something that the person at the keyboard can put right.

    `message` says what is wrong and where, `hint` what to do; both may hold foreign text and are
    made displayable by whoever shows them.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class PrefixError(VnetTuiError, ValueError):
    """A text that is no CIDR block; `hint` holds the canonical form where one can be guessed.

    Also a ValueError, which is what pydantic collects while it validates a file.
    """


class EditError(VnetTuiError):
    """An edit that cannot be made to this topology (a name that is taken, a thing that is not there)."""


class FileError(VnetTuiError):
    """A file that cannot be read or written."""
