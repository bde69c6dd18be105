"""vnet-tui: plan VPN links between Azure virtual networks. Holds the version and imports nothing."""

__version__ = "0.1.0"
