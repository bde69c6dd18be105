"""What the classic network configuration looks like, before anything of it is read."""

from __future__ import annotations

import re
from typing import Final

_ELEMENTS: Final = re.compile(
    r"<(?:[A-Za-z]\w{0,20}:)?(?:NetworkConfiguration|VirtualNetworkSites?|LocalNetworkSites?)[\s>/]"
)


def looks_like_network_configuration(text: str) -> bool:
    """Return whether an XML text has an element that only a network configuration has."""
    return _ELEMENTS.search(text) is not None
