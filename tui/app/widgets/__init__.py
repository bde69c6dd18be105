"""Widgets of the editor. A widget holds a cursor and a scroll position, no facts, and calls no other widget."""
