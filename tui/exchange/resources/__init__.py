"""Resources of Azure Resource Manager, as every tool that prints them writes them, into what was found.

Owns the reading of one resource object, whoever made it: Azure's REST API, its command line, PowerShell, or a template
that was evaluated. Invariant: an object is looked at alone, so that a source of any length is read in its stride.
"""

from tui.exchange.resources.collecting import found_in

__all__ = ["found_in"]
