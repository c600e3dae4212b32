"""Lists of special awards: those in reach, the filters, how much they come to, the export."""

from django.db.models import Count, Q, Sum
from django.utils import timezone

from incentives.models import SpecialAward
from teams import periods
from teams.access import access_of
from teams.downloads import Figure
from teams.figures import yuan_text
from teams.models import Unit
from teams.selectors import with_words

HEADERS = [
    *("单位", "班组", "月份", "类别", "发给", "工号", "事由", "金额（元）", "状态"),
    *("提出人", "提出日期", "审批人", "审批日期", "审批意见"),
]
TEXTS = ("reason__icontains", "team__name__icontains", "user__name__icontains", "user__employee_no")


def in_reach(user):
    """Awards of the teams that the person sees, and the own ones wherever they came from."""
    return with_people(SpecialAward.objects.filter(Q(team__in=access_of(user).teams("award.view")) | Q(user=user)))


def with_people(awards):
    return awards.select_related("team__unit", "user", "proposed_by", "decided_by", "posting__reversed_by")


def units_in(awards):
    return Unit.objects.filter(pk__in=awards.values("team__unit"))


def months_in(awards):
    """The months for which there are awards, the latest first."""
    return list(awards.order_by("-period").values_list("period", flat=True).distinct())


def narrowed(awards, filters):
    """The awards that the cleaned filters let through."""
    for name, path in (("unit", "team__unit"), ("kind", "kind"), ("state", "state"), ("period", "period")):
        if filters.get(name):
            awards = awards.filter(**{path: filters[name]})
    return with_words(awards, filters.get("q", ""), *TEXTS)


def sums_of(awards):
    """(number, fen) of what is posted, and of what waits."""
    counts = awards.aggregate(
        posted=Count("pk", filter=Q(state="approved")),
        fen=Sum("amount", filter=Q(state="approved")),
        waiting=Count("pk", filter=Q(state="proposed")),
        asked=Sum("amount", filter=Q(state="proposed")),
    )
    return [("已入账", counts["posted"], counts["fen"] or 0), ("待批准", counts["waiting"], counts["asked"] or 0)]


def exported(awards):
    """Rows under HEADERS, as texts and figures."""
    for award in awards:
        place = [award.team.unit, award.team, periods.label(award.period), award.get_kind_display()]
        receiver = [award.user.name, award.user.employee_no] if award.user else ["班组费用", ""]
        decided = [award.decided_by or "", _day(award.decided_at), award.answer]
        amount = [award.reason, _money(award.amount), award.get_state_display()]
        yield [*place, *receiver, *amount, award.proposed_by or "系统", _day(award.proposed_at), *decided]


def sums_exported(awards):
    """Lines under exported ones: how much is posted, and how much waits."""
    for word, number, fen in sums_of(awards):
        yield [f"{word} {number} 笔", *[""] * (HEADERS.index("金额（元）") - 1), _money(fen)]


def _money(fen):
    return Figure(yuan_text(fen), money=True)


def _day(moment):
    """The date here of a moment, or an empty text."""
    return f"{timezone.localdate(moment)}" if moment else ""
