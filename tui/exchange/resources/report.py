"""The report of one source: the notices that reading its resources gives, bounded and counted.

Owns what is told once for many resources instead of once for each. Invariant: however hostile the source, the number
of notices is bounded, and none of them quotes a value that might be a secret.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tui.exchange.addresses import cut_short
from tui.exchange.found import Notice, NoticeKind, Place
from tui.exchange.notices import Notices
from tui.exchange.resources.fields import NumberedWord, known_word, numbered_word

_MOST_NAMES = 10


class Report:
    """What there is to say about one source, gathered while its resources are read."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._notices = Notices(source)
        self.types_left_out: Counter[str] = Counter()
        self._gathered: dict[tuple[NoticeKind, str], list[str]] = {}
        self._first: dict[tuple[NoticeKind, str], str] = {}

    def say(self, kind: NoticeKind, text: str, where: str) -> None:
        """Tell something about one place."""
        self._notices.tell(Notice(kind, text, Place(self.source, where)))

    def extend(self, notices: Iterable[Notice]) -> None:
        """Tell what another reader has found."""
        for notice in notices:
            self._notices.tell(notice)

    def gather(self, kind: NoticeKind, text: str, where: str, name: str = "") -> None:
        """Count something that may hold for many resources. In `text`, "{}" stands for the number."""
        self._first.setdefault((kind, text), where)
        self._gathered.setdefault((kind, text), []).append(name[:60])

    def word(self, field: NumberedWord, value: Any, where: str) -> str | None:
        """Return the word of a field as Azure spells it; None for no word, and with a notice for one that is unknown.

        A number, which PowerShell may print for a word, is taken by Azure's own order of the words, and told.
        """
        known = known_word(field, value)
        if known is None:
            known = numbered_word(field, value)
            if known is not None:
                self.gather("assumed", f"numbers as {field}, read in the order of Azure's words ({{}})", where)
            elif value is not None and value != "" and not cut_short(value):
                self.say("not understood", f"{field} holds no word that is known", where)
        return known

    def told(self) -> list[Notice]:
        """Return all notices: those of one place, and then those that were gathered."""
        notices = list(self._notices.all())
        for (kind, text), names in self._gathered.items():
            shown = [name for name in names if name]
            listed = ", ".join(shown[:_MOST_NAMES]) + (
                f" and {len(shown) - _MOST_NAMES} more" if len(shown) > _MOST_NAMES else ""
            )
            where = self._first[kind, text] if len(names) == 1 else ""
            notices.append(
                Notice(kind, text.format(len(names)) + (f": {listed}" if listed else ""), Place(self.source, where))
            )
        if self.types_left_out:
            total = sum(self.types_left_out.values())
            common = sorted(self.types_left_out.items(), key=lambda item: (-item[1], item[0]))
            listed = ", ".join(f"{number} × {name}" for name, number in common[:_MOST_NAMES])
            more = f" and {len(common) - _MOST_NAMES} other types" if len(common) > _MOST_NAMES else ""
            text = f"resources of types that a topology has no place for: {total} ({listed}{more})"
            notices.append(Notice("left out", text, Place(self.source)))
        return notices
