"""Boards on paper: a PDF for the wall, rendered from the frozen content and the signatures alone."""
