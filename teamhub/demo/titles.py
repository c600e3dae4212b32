"""Last year's honours of the demo: titles that are due to be looked at again, one that mends its ways, one revoked, one over."""

import datetime

from assessments.honours.content import frozen_of
from assessments.honours.title_days import AHEAD, valid_to
from assessments.models import Application, ApplicationStep, Programme, Recheck, Round, Studio, Title, TitleStep
from assessments.services import title_honours, titles
from assessments.services.naming import letters
from assessments.services.titles import Verdict
from teamhub.demo import studios
from teamhub.demo.applications import SHARE, STORY
from teamhub.demo.past import moment, stored

DAY = datetime.timedelta(days=1)
NAMED = [
    # programme, days ago, document, teams; a studio is that of the team's leader
    ("six_good", 334, "东热工〔{year}〕18 号", ("电气检修班", "汽机检修班", "运行一值", "化验班")),
    ("six_good", 700, "东热工〔{year}〕15 号", ("运行二值",)),
    ("seven_have", studios.NAMED, studios.PAPERS["named"], ("电气检修班",)),
]
STUDIO_STORY = "{studio}有场所、有制度、有台账，今年的成果都核实过效益。"
MENDS, REVOKED = "汽机检修班", "化验班"
FAULT = "四季度台账补记太多，班组长和安全员一起把台账补实，三个月内天天当天记。"
FRAUD = "申报里的练兵名次查无此事，按办法撤销。"


def add(plant, today):
    """Past rounds, named as the papers of those years say."""
    union = plant.holders["union"]
    for code, back, document, names in NAMED:
        day, programme = today - back * DAY, Programme.objects.get(unit=plant.root, code=code)
        found = _round(programme, day, document.format(year=day.year), union)
        for number, name in enumerate(names, 1):
            _later(_name(found, plant.team(name), number, union), today)
    _decide(today, union)


def _round(programme, day, document, union):
    days = {"opens_on": day - 60 * DAY, "apply_until": day - 40 * DAY, "review_until": day - 15 * DAY}
    facts = {"state": Round.State.NAMED, "document": document, "named_on": day, "frozen": frozen_of(programme)}
    name = f"{day.year}年度（第一批）"
    return Round.objects.create(programme=programme, name=name, created_by=union, **days, **facts)


def _name(found, demo, number, union):
    team, day = demo.team, found.named_on
    facts = {"unit": team.unit} | _subject(found, demo)
    filed = {"filed_by": demo.leader, "submitted_at": moment(found.apply_until, 15), "place": number}
    story = STUDIO_STORY if "studio" in facts else STORY
    written = {"story": story.format(**facts), "declared": list(range(len(found.frozen["conditions"])))}
    written["self_scores"] = {row["code"]: _own_mark(row) for row in found.frozen["criteria"]}
    own_number = f"PX-{day.year}-9{Application.objects.count():03d}"
    row = Application.objects.create(
        round=found, number=own_number, state=Application.State.NAMED, **facts, **filed, **written
    )
    step = {"action": "name", "state": row.state, "unit": found.programme.unit, "text": found.document}
    stored(ApplicationStep(application=row, actor=union, **step), moment(day, 10))
    facts |= {"programme": found.programme, "application": row, "name": found.frozen["title"]}
    serial = f"{letters(found.programme.code)}-{day.year}-{number:05d}"
    title = Title(serial=serial, document=found.document, valid_from=day, valid_to=valid_to(day, 12), **facts)
    title.honour = title_honours.give(title, actor=union)
    title.save()
    said = f"{found.document}命名，证书编号 {serial}"
    stored(TitleStep(title=title, state=title.state, text=said, actor=union), moment(day, 10))
    return title


def _own_mark(criterion):
    return criterion["points"] if criterion["method"] == "yes_no" else criterion["points"] * SHARE // 100


def _subject(found, demo):
    if found.programme.subject == Programme.Subject.STUDIO:
        return {"studio": Studio.objects.get(leader=demo.leader)}
    return {"team": demo.team}


def _later(title, today):
    """What the nights since have made of it: it is over, or the recheck of its last day has begun."""
    if title.valid_to < today:
        title.state = Title.State.EXPIRED
        title.save()
        said, night = f"有效期到 {title.valid_to}，自然失效", title.valid_to + DAY
    else:
        Recheck.objects.create(title=title, due_on=title.valid_to)
        said, night = f"开始复评：{title.valid_to} 到期复评", title.valid_to - AHEAD
    stored(TitleStep(title=title, state=title.state, text=said), moment(night, 2))


def _decide(today, union):
    """One is asked to mend what is wrong, one is revoked; the others wait for the union."""
    mends, fraud = (
        Recheck.objects.select_related("title__team", "title__honour").get(title__team__name=name, result="open")
        for name in (MENDS, REVOKED)
    )
    scores = {row["code"]: 550 for row in mends.title.application.round.frozen["criteria"]}
    titles.rectify(mends, Verdict(FAULT, scores), today + 60 * DAY, actor=union)
    titles.revoke(fraud, Verdict(FRAUD, dict.fromkeys(scores, 0)), Title.Way.ORDERED, actor=union)
