"""Keys one after another: the next is taken when the one before has done all of its work.

Owns the keys that come faster than they are worked on: over a thin line many arrive at once, and what the first of
them opens (a form, a question, a list to pick from) is to get the rest.
Invariant: no key reaches what was there before the key ahead of it was done; a key waits for no more than that.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import Any

from textual import events
from textual.app import ReturnType
from textual.message_pump import MessagePump

from tui.app.terminal.early_keys import EarlyKeysApp

_MOST_ROUNDS = 8
"""How often the cursor may come to another place before the next key is taken."""
_MOST_MESSAGES = 20
"""How often one place may give itself something more to do."""
_LONGEST = 2.0
"""Seconds to wait for one place: it may be gone, and no key may wait for ever."""


class KeysInOrderApp(EarlyKeysApp[ReturnType]):
    """An app that takes one key at a time."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._at_work: asyncio.Task[None] | None = None

    @property
    def is_at_work(self) -> bool:
        """True while a key is worked on, or waits."""
        return self._at_work is not None or bool(self._waiting)

    def release_keys(self) -> None:
        """Take what was kept, then what waits, then what is typed from now on."""
        kept, self._kept = self._kept or [], None
        self._waiting.extendleft(reversed(kept))
        if self._waiting and self._at_work is None:
            self._at_work = asyncio.create_task(self._one_by_one())

    async def on_event(self, event: events.Event) -> None:
        """Let a key wait while the one before it is worked on."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._at_work is not None:
            self._waiting.append(event)
        else:
            await super().on_event(event)
            if self._kept is None:
                self._at_work = asyncio.create_task(self._one_by_one())

    async def _one_by_one(self) -> None:
        try:
            await self._all_done()
            while self._waiting and self.is_running:
                self.call_later(super().on_event, self._waiting.popleft())
                await self._all_done()
        finally:
            self._at_work = None

    async def _all_done(self) -> None:
        """Return when the last key has been worked on, wherever it led."""
        await _done(self)
        for _ in range(_MOST_ROUNDS):
            if not self.screen_stack:
                return
            place = self.focused or self.screen
            for pump in place.ancestors_with_self:
                await _done(pump)
            if self.screen_stack and (self.focused or self.screen) is place:
                return


async def _done(pump: MessagePump) -> None:
    """Return when `pump` has done what it was given, and what it gave itself meanwhile."""
    for _ in range(_MOST_MESSAGES):
        done = asyncio.Event()
        if not pump.call_later(done.set):
            return  # it takes nothing any more
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST):
                await done.wait()
        if not done.is_set() or not pump.message_queue_size:
            return
