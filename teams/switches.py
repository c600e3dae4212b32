"""The context switch of a page: which team and which month, as links to the same page."""

from django.urls import reverse

from teams import periods


def month_links(period, url_of, back=5, ahead=0):
    """Months around `period` up to today as dicts label/url/active, latest first; `url_of` maps a period to a URL."""
    latest = max(period, periods.shift(periods.current_period(), ahead))
    months = [periods.shift(latest, -step) for step in range(back + 1)]
    if period not in months:
        months.append(period)
    return [{"label": periods.label(month), "url": url_of(month), "active": month == period} for month in months]


def team_links(url_name, team, teams, *args):
    """Teams as dicts label/url/active; a page's URL arguments are the team and `args`."""
    return _links(url_name, team, ((other, f"{other.unit.name} · {other.name}") for other in teams), args)


def unit_links(url_name, unit, units, *args):
    """Units likewise."""
    return _links(url_name, unit, ((other, other.name) for other in units), args)


def _links(url_name, here, places, args):
    return [
        {"label": label, "url": reverse(url_name, args=[other.pk, *args]), "active": other.pk == here.pk}
        for other, label in places
    ]


def team_month_switch(url_name, team, period, teams):
    """The switch of a page with the URL arguments (team, period)."""
    return {
        "teams": team_links(url_name, team, teams, period),
        "months": month_links(period, lambda month: reverse(url_name, args=[team.pk, month])),
    }


def unit_month_switch(url_name, unit, period, units):
    """The switch of a page with the URL arguments (unit, period)."""
    return {
        "teams": unit_links(url_name, unit, units, period),
        "months": month_links(period, lambda month: reverse(url_name, args=[unit.pk, month])),
    }
