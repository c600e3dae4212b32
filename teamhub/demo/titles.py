"""Last year's honours of the demo: titles that are due to be looked at again, one that mends its ways, one revoked, one over."""

import datetime

from django.utils import timezone

from assessments.honours.content import frozen_of
from assessments.honours.title_days import valid_to
from assessments.models import Application, ApplicationStep, Programme, Recheck, Round, Title, TitleStep
from assessments.services import title_checks, title_honours, titles
from assessments.services.titles import Verdict

DAY = datetime.timedelta(days=1)
NAMED = [
    # days ago, document, teams
    (334, "东热工〔{year}〕18 号", ("电气检修班", "汽机检修班", "运行一值", "化验班")),
    (700, "东热工〔{year}〕15 号", ("运行二值",)),
]
MENDS, REVOKED = "汽机检修班", "化验班"
FAULT = "四季度台账补记太多，班组长和安全员一起把台账补实，三个月内天天当天记。"
FRAUD = "申报里的练兵名次查无此事，按办法撤销。"


def add(plant, today):
    """Two past rounds of 六好, named as the papers of those years say."""
    union = plant.holders["union"]
    programme = Programme.objects.get(unit=plant.root, code="six_good")
    for back, document, names in NAMED:
        day = today - back * DAY
        found = _round(programme, day, document.format(year=day.year), union)
        for number, name in enumerate(names, 1):
            _name(found, plant.team(name), number, union)
    title_checks.keep(today)
    _decide(today, union)


def _round(programme, day, document, union):
    days = {"opens_on": day - 60 * DAY, "apply_until": day - 40 * DAY, "review_until": day - 15 * DAY}
    facts = {"state": Round.State.NAMED, "document": document, "named_on": day, "frozen": frozen_of(programme)}
    name = f"{day.year}年度（第一批）"
    return Round.objects.create(programme=programme, name=name, created_by=union, **days, **facts)


def _name(found, demo, number, union):
    team, day = demo.team, found.named_on
    facts = {"unit": team.unit, "team": team}
    filed = {"filed_by": demo.leader, "submitted_at": timezone.now(), "state": Application.State.NAMED, "place": number}
    row = Application.objects.create(round=found, number=f"PX-{day.year}-9{number:03d}", **facts, **filed)
    step = {"action": "name", "state": row.state, "unit": found.programme.unit, "text": found.document}
    ApplicationStep.objects.create(application=row, actor=union, **step)
    facts |= {"programme": found.programme, "application": row, "name": found.frozen["title"]}
    serial = f"SIXGOOD-{day.year}-{number:05d}"
    title = Title(serial=serial, document=found.document, valid_from=day, valid_to=valid_to(day, 12), **facts)
    title.honour = title_honours.give(title, actor=union)
    title.save()
    said = f"{found.document}命名，证书编号 {serial}"
    TitleStep.objects.create(title=title, state=title.state, text=said, actor=union)


def _decide(today, union):
    """One is asked to mend what is wrong, one is revoked; the others wait for the union."""
    mends, fraud = (
        Recheck.objects.select_related("title__team", "title__honour").get(title__team__name=name, result="open")
        for name in (MENDS, REVOKED)
    )
    scores = {row["code"]: 550 for row in mends.title.application.round.frozen["criteria"]}
    titles.rectify(mends, Verdict(FAULT, scores), today + 60 * DAY, actor=union)
    titles.revoke(fraud, Verdict(FRAUD, dict.fromkeys(scores, 0)), Title.Way.ORDERED, actor=union)
