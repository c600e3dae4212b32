"""Objections: which cells, who may do what, lists, deadlines and news."""
