"""Running the command line in this process, or in one of its own.

Invariant: whatever a test runs, no control character but the newline reaches stdout or stderr.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from tui.cli import main

CLEAN = """\
schema = 1

[subscriptions.prod]

[vnets.hub]
subscription = "prod"
region = "westeurope"
address_space = ["10.64.0.0/16"]
"""
"""A file without findings."""


@dataclass(frozen=True)
class Ran:
    """What one run printed, and its exit status."""

    status: int
    out: str
    err: str

    def __post_init__(self) -> None:
        for text in (self.out, self.err):
            assert not [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co")], text

    @property
    def json(self) -> Any:
        """The one document that stdout holds."""
        assert self.out.isascii()
        return json.loads(self.out)


def run(*arguments: str, stdin: bytes = b"") -> Ran:
    """Run `vnet-tui` with `arguments` in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with contextlib.ExitStack() as stack:
        stack.callback(gc.enable)
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        stack.enter_context(mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin))))
        status = main(arguments)
    written = []
    for stream in (out, err):
        stream.flush()
        buffer = stream.buffer
        assert isinstance(buffer, io.BytesIO)
        written.append(buffer.getvalue().decode())
    return Ran(status, *written)


def process(
    *arguments: str, folder: Path, stdin: bytes = b"", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run `vnet-tui` with `arguments` in a process of its own, whose working folder is `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3]), **(environment or {})},
    )


def written(folder: Path, text: str | bytes, name: str = "plan.toml") -> str:
    """Write a file and return its path, as an argument."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)
