"""What is alike many times over is tried on some by day, and on all at night."""

import pytest


def by_turns(rows, share):
    """Parameters of a test: one in `share` of these by day, the others marked "nightly"."""
    return [
        pytest.param(*(row if isinstance(row, tuple) else (row,)), marks=pytest.mark.nightly if place % share else ())
        for place, row in enumerate(rows)
    ]
