"""Resources of Azure, kind by kind."""
