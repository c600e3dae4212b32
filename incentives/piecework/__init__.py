"""Piece work (计件工分): reads, tables, guards and news."""
