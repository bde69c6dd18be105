"""Keys that are typed before there is anything to type into: kept, and taken in their order when there is.

Owns the keys of somebody who types ahead while a file is being read.
Invariant: no key is lost or overtaken by a later one; Ctrl-Q is never kept.
"""

from __future__ import annotations

from textual import events
from textual.app import App, ReturnType

_NEVER_KEPT = ("ctrl+q", "ctrl+c")


class EarlyKeysApp(App[ReturnType]):
    """An app that can hold its keys back."""

    _kept: list[events.Key | events.Paste] | None = None

    def hold_keys(self) -> None:
        """Keep what is typed from now on."""
        if self._kept is None:
            self._kept = []

    def release_keys(self) -> None:
        """Take what was kept, and what is typed from now on."""
        kept, self._kept = self._kept or [], None
        for event in kept:
            self.post_message(event)

    async def on_event(self, event: events.Event) -> None:
        """Keep a key that nothing is ready for."""
        typed = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if typed and self._kept is not None and getattr(event, "key", "") not in _NEVER_KEPT:
            self._kept.append(event)  # type: ignore[arg-type]  # `typed` says that it is one
            return
        await super().on_event(event)
