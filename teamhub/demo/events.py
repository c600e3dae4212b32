"""What everybody talked about: single events of the three months that a visitor can follow from board to photo."""

import datetime

from django.utils import timezone

from assessments.models import Check
from assessments.services.checks import Deviation, void_finding
from assessments.services.conditions import add_veto
from teamhub.demo import checks
from teamhub.demo.accounts import seat_number
from teamhub.demo.photos import photo

WORKER = seat_number(1, 1, 6)
"""The worker of the first team whom a visitor can play."""


def first_month(plant, months):
    """卸煤班 had an accident: its month is vetoed."""
    month = months["卸煤班"]
    day = month.days[13]
    reason = f"{day.month} 月 {day.day} 日卸车作业发生轻伤一起"
    add_veto(month.demo.team, month.period, reason, actor=plant.holders["assessor"])


def second_month(plant, months):
    """The worker was seen without a helmet and later found a leak; a finding of 输煤班 was entered by mistake."""
    month, assessor = months["运行一值"], plant.holders["assessor"]
    _about_worker(month, ("2.4", 2, "3 号给煤机平台未戴安全帽"), assessor, day_from=6)
    day = _day_of_worker(month, day_from=18)
    found = Deviation(None, 100, month.people[WORKER], "巡检发现 2 号高加疏水阀泄漏，及时汇报")
    checks.inspect(month, day, [found], assessor, kind=Check.Kind.SUPERIOR)
    _entered_by_mistake(months["输煤班"], assessor)


def running_month(plant, months):
    """The worker left out a stop on the round; a sheet came in late, a photo was used twice."""
    month, assessor = months["运行一值"], plant.holders["assessor"]
    _about_worker(month, ("3.5", 1, "2 点巡检漏查 2 号磨煤机油站"), assessor, day_from=1)
    _entered_late(months["电气检修班"])
    _same_photo_twice(months["热控检修班"], assessor)


def _about_worker(month, line, assessor, *, day_from):
    day = _day_of_worker(month, day_from=day_from)
    if day:
        pictures = [photo(month, assessor)]
        found = checks.Rubric(month).deviation(line[0], line[1], month.people[WORKER], line[2], pictures)
        checks.inspect(month, day, [found], assessor)


def _day_of_worker(month, *, day_from):
    """The first date from a day on at which the worker was on site, or None."""
    person = month.people[WORKER]
    return next((day for day in month.days if day.day >= day_from and person in month.at_work(day)), None)


def _entered_by_mistake(month, assessor):
    rubric, day = checks.Rubric(month), month.days[9]
    wrong = rubric.deviation("2.9", 1, None, "转运站喷淋没有投入")
    sheet = checks.inspect(month, day, [wrong], assessor)
    void_finding(sheet.findings.get(), "经核对，喷淋当天停电检修，不应扣分", actor=assessor)


def _entered_late(month):
    """The first self check of the month was handed in four days later."""
    own = Check.objects.filter(team=month.demo.team, period=month.period, kind=Check.Kind.SELF)
    sheet = own.order_by("date").first()
    at = sheet and sheet.submitted_at + datetime.timedelta(days=4, hours=8)
    if sheet and at < timezone.now():
        Check.objects.filter(pk=sheet.pk).update(submitted_at=at)


def _same_photo_twice(month, assessor):
    """Two missing signatures in one week, and one picture for both."""
    days = [day for day in month.days if month.at_work(day)][:3:2]
    pictures = [photo(month, assessor)]
    for day in days:
        found = checks.Rubric(month).deviation("2.6", 0.5, None, "灭火器月检卡漏签", pictures)
        checks.inspect(month, day, [found], assessor)
