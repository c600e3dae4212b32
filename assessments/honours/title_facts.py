"""What the year's own records say about the holder of a title: the facts that a recheck is decided on, as plain texts.

{"since", "until": days, "groups": [{"name", "lines": [texts]}]}; a group without lines says that there is nothing.
"""

from django.db.models import Count, Q

from activities.models import Activity
from assessments.honours.bars import barred_until as months_later
from assessments.honours.bars import bars_by_subject
from assessments.honours.studio_lamps import seven, year_before
from assessments.honours.studio_lists import facts_about, log_of
from assessments.honours.title_rules import frozen_of
from assessments.models import MemberScore, MonthClose, StudioResult, TeamScore
from teams import periods
from teams.figures import decimal_text, yuan_text
from teams.models import Honour

CLOSED = {"close__state": MonthClose.State.CLOSED}


def facts_of(title, today):
    """The facts of the last year, or since the title was named when that is less."""
    since = max(title.valid_from, year_before(today))
    groups = [*_own(title, since, today), ("否决情形", _bars(title, today)), ("荣誉", _honours(title, since))]
    told = [{"name": name, "lines": list(lines)} for name, lines in groups]
    return {"since": f"{since}", "until": f"{today}", "groups": told}


def _own(title, since, today):
    months = {"period__gte": periods.period_of(since), "period__lte": periods.period_of(today)}
    days = {"date__gte": since, "date__lte": today}
    if title.team_id:
        rows = TeamScore.objects.filter(team=title.team_id, **CLOSED, **months).order_by("period")
        return [("月度得分", map(_team_month, rows)), ("活动", _activities(Q(team=title.team_id), days))]
    if title.user_id:
        rows = MemberScore.objects.filter(user=title.user_id, **CLOSED, **months).order_by("period")
        mine = Q(host=title.user_id) | Q(participants__user=title.user_id)
        return [("月度得分", map(_own_month, rows)), ("活动", _activities(mine, days))]
    return _of_studio(title.studio, since, today)


def _of_studio(studio, since, today):
    lamps = [f"{lamp.name}：{lamp.text}" for lamp in seven(facts_about(studio, today), today)]
    return [("七有", lamps), ("核实过的成果", _results(studio, since)), ("台账", _log(studio, since))]


def _team_month(row):
    veto = f"，一票否决：{row.veto_reason}" if row.vetoed else ""
    return f"{periods.label(row.period)} {decimal_text(row.score)} 分，{row.grade}，第 {row.rank} 名{veto}"


def _own_month(row):
    return f"{periods.label(row.period)} {decimal_text(row.score)} 分"


def _activities(whose, days):
    rows = Activity.objects.valid().filter(whose, **days).exclude(privacy="confidential").order_by()
    counts = rows.values_list("kind__name").annotate(count=Count("pk", distinct=True))
    return [f"{name} {count} 次" for name, count in sorted(counts)]


def _results(studio, since):
    rows = StudioResult.objects.filter(studio=studio, state=StudioResult.State.VERIFIED, date__gte=since)
    return [f"{row.date} {row.name}{_worth(row)}" for row in rows.order_by("date", "id")]


def _worth(row):
    return f"，年效益 {yuan_text(row.benefit)} 元" if row.benefit else ""


def _log(studio, since):
    entries = log_of(studio, since)
    late = sum(entry.is_late for entry in entries)
    return [f"{len(entries)} 条{f'，其中 {late} 条补记' if late else ''}"] if entries else []


def _bars(title, today):
    """What bars the holder today by the conditions of the title."""
    return bars_by_subject([title.holder], frozen_of(title)["conditions"], today)[title.holder]


def _honours(title, since):
    """Other honours that the holder was given meanwhile."""
    bearer = {"team": title.team_id} if title.team_id else {"user": title.user_id or title.studio.leader_id}
    rows = Honour.objects.filter(**bearer, granted_on__gte=since, withdrawn_on__isnull=True)
    return [f"{row.granted_on} {row.name}（{row.granted_by}）" for row in rows.exclude(pk=title.honour_id)]


def has_result(studio, months, today):
    """Whether a studio has a verified result of the last so many months."""
    since = months_later(today, -months)
    return StudioResult.objects.filter(studio=studio, state=StudioResult.State.VERIFIED, date__gt=since).exists()
