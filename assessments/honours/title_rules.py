"""By which rule a title is looked at again: the one that its round froze, or that of its programme when it had none."""

import datetime

from assessments.honours.bars import barred_until as months_later
from assessments.honours.content import RECHECK

USUAL_MENDING = 3
"""Months to mend what is wrong where the rule names none."""


def frozen_of(title):
    """{"recheck", "criteria", "conditions"}: what counts for this title."""
    source = title.application.round.frozen if title.application_id else vars(title.programme)
    return {name: source[name] for name in ("recheck", "criteria", "conditions")}


def rule_of(title):
    """The rules of its re-evaluation (see content.py)."""
    return frozen_of(title)["recheck"]


def scored_criteria(title):
    """The criteria that a recheck scores: all of them where there is a line to reach, else none."""
    found = frozen_of(title)
    return found["criteria"] if found["recheck"].get("pass_line") else []


def total_of(scores):
    """Hundredths of all scores together."""
    return sum(scores.values())


def latest_mending_day(rule, today):
    """The last day that can be set to mend what is wrong by."""
    return months_later(today, rule.get("rectify_months") or RECHECK["rectify_months"])


def usual_mending_day(rule, today):
    """The day that the form proposes."""
    return months_later(today, rule.get("rectify_months") or USUAL_MENDING) - datetime.timedelta(days=1)
