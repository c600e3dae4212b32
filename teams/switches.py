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


def team_month_switch(url_name, team, period, teams):
    """The switch of a page with the URL arguments (team, period)."""
    return {
        "teams": [
            {
                "label": f"{other.unit.name} · {other.name}",
                "url": reverse(url_name, args=[other.pk, period]),
                "active": other.pk == team.pk,
            }
            for other in teams
        ],
        "months": month_links(period, lambda month: reverse(url_name, args=[team.pk, month])),
    }


def unit_month_switch(url_name, unit, period, units):
    """The switch of a page with the URL arguments (unit, period)."""
    return {
        "teams": [
            {"label": other.name, "url": reverse(url_name, args=[other.pk, period]), "active": other.pk == unit.pk}
            for other in units
        ],
        "months": month_links(period, lambda month: reverse(url_name, args=[unit.pk, month])),
    }
