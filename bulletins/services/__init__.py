"""Writes of the boards, one file for each noun."""

from bulletins.services.chain import GENESIS, digest
from bulletins.services.publishing import publish, publish_all

__all__ = ["GENESIS", "digest", "publish", "publish_all"]
