"""Whether a month is settled for a team or a unit: known above (months are closed there), asked for here."""

from django.apps import apps

from teams import periods


def is_settled(unit, team, period):
    """Whether nothing can be entered for a month any more, says any app whose AppConfig has `settles(unit, team, period)`."""
    rules = [config.settles for config in apps.get_app_configs() if hasattr(config, "settles")]
    return any(rule(unit, team, period) for rule in rules)


def counting_month(unit, team, date):
    """The month in which what is entered now for a date counts: its own, or once it is settled the first open one after."""
    period = periods.period_of(date)
    while period <= periods.current_period() and is_settled(unit, team, period):
        period = periods.shift(period, 1)
    return period
