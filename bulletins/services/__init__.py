"""Writes of the boards, one file for each noun."""

from bulletins.services.chain import GENESIS, digest, first_broken
from bulletins.services.publishing import publish, publish_all

__all__ = ["GENESIS", "digest", "first_broken", "publish", "publish_all"]
