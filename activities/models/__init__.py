"""The nouns of activities, one file each kind."""

from activities.models.duties import Duty, DutyRule

__all__ = ["Duty", "DutyRule"]
