"""Work that is done beside the person: in a thread, so that no key waits for it.

Invariant: what fails there is said here, and takes nothing of the session along.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from tui.errors import VnetTuiError

R = TypeVar("R")


class WorkBeside:
    """The part of a screen that hands work to a thread."""

    run_worker: Callable[..., Any]

    def beside(
        self, work: Callable[[], R], done: Callable[[R], None], failed: Callable[[VnetTuiError], None], group: str
    ) -> None:
        """Do `work` in a thread, so that no key waits for it, then `done` or `failed` here."""

        async def both() -> None:
            try:
                result = await asyncio.to_thread(work)
            except VnetTuiError as error:
                failed(error)
            except Exception as fault:
                # A fault of ours must not take the session, and all that is unsaved in it, along.
                failed(VnetTuiError(f"a fault in vnet-tui: {type(fault).__name__}: {fault}", "nothing here is lost"))
            else:
                done(result)

        # Not begun yet: it may be overtaken before it is, and nobody would wait for it then.
        self.run_worker(both, group=group, exclusive=group == "check")
