"""The demo plant: a made-up power plant with two months closed and published and a third one running.

Everything is drawn from fixed seeds and from today's date, so that the same day gives the same plant. People and places
are written as rows; everything that happens goes through the services, done by the person whose duty it is.
"""

from teamhub.demo.accounts import accounts, is_loaded
from teamhub.demo.story import load

__all__ = ["accounts", "is_loaded", "load"]
