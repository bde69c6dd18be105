"""What the panes show: pure functions from a topology to rows. They hold nothing and import no widget but `rows`."""
