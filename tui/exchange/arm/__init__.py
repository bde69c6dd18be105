"""ARM templates: what Azure would make of one, computed without Azure.

Owns the way from the text of a template to what was found in it. Invariant: what cannot be computed is told at its
place, and is missing in what is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.exchange.found import Found, together
from tui.exchange.source import Source


def read(
    source: Source,
    parameters: Mapping[str, Any] | None = None,
    *,
    subscription: str = "",
    resource_group: str = "",
) -> Found:
    """Return what a template makes with these parameters, as far as it can be computed. Raises ExchangeError."""
    from tui.exchange.arm.template import evaluated
    from tui.exchange.resources import found_in

    made = evaluated(source, parameters or {}, subscription=subscription, resource_group=resource_group)
    return together([found_in(made.resources, source.name), Found(notices=made.notices)])
