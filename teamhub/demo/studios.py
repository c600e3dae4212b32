"""Innovation studios of the demo: one that is named, one that has to mend its ways, and two that are growing."""

import datetime
import random
import uuid
from types import SimpleNamespace

from django.utils import timezone

from activities.models import Activity, ActivityKind, Participant
from activities.services import activities
from activities.services.activities import DAYS_BACK, Content
from assessments.models import Studio, StudioMember, StudioStep
from assessments.services import studio_money, studio_results, studios
from teamhub.demo.past import moment, stored
from teamhub.demo.photos import photo
from teams import periods
from teams.models import Membership

DAY = datetime.timedelta(days=1)
RULES = {
    "organisation": "领军人负责全面工作，设技术、培训、资料三名联系人，每季度碰一次头。",
    "aims": "每年至少完成两项攻关，带出两名高级工。",
    "activity": "每月至少活动两次，活动当周登记台账。",
    "study": "每月集中学习一次，轮流主讲。",
    "plan": "年初从缺陷清单里选题，一题一表，写明目标和完成日期。",
    "reward": "成果核实以后按效益申报专项奖励，奖励分到人。",
    "management": "经费专款专用，设备专人保管，进出登记。",
}
SKILLS = ["二次回路", "励磁", "钳工", "仪表"]
ALL, SOME = tuple(RULES), ("organisation", "aims", "activity", "study")
STUDIOS = [
    # team, seat of the leader, type, founded so many days ago, aims, place, area, rules, fate
    ("电气检修班", 1, "technique", 900, "啃下继电保护和励磁的硬骨头", "检修楼 305", 46, ALL, "named"),
    ("汽机检修班", 1, "teaching", 700, "把检修手艺传给年轻人", "检修楼 201", 38, ALL, "rectifying"),
    ("运行一值", 2, "service", 200, "哪个值有难题，我们到现场一起试", "集控楼 208", 24, SOME, ""),
    ("化验班", 1, "management", 60, "把化验流程理顺、做快", "", None, (), ""),
]
State = Studio.State
MATURE, NAMED = 360, 330
"""So many days ago the studios were found to have all seven, and named."""
PAPERS = {"named": "东热工〔{year}〕20 号", "rectifying": "东热工〔{year}〕21 号"}
RESULTS = {
    # team: (kind, name, what, days ago, people, claimed fen, verified fen or None)
    "电气检修班": [
        ("project", "励磁碳刷在线测温装置", "装了 24 点测温，碳刷打火提前两天发现", 240, 0, 18_600_000, 16_800_000),
        ("patent", "一种低压柜抽屉防误推装置", "实用新型，已授权", 150, 0, 0, 0),
        ("training", "继电保护校验实操班", "每人独立做完一套校验", 75, 16, 0, 0),
        ("project", "直流系统接地快速查找法", "查找时间从 4 小时降到 40 分钟", 12, 0, 4_200_000, None),
    ],
    "汽机检修班": [("project", "阀门研磨机", "一人半天研好一只阀门，过去要三人一天", 420, 0, 9_000_000, 8_500_000)],
    "运行一值": [("service", "给煤机断煤处理示范", "到三个值现场示范，断煤处理快了 6 分钟", 20, 0, 2_600_000, None)],
}
MONEY = {
    # team: (subject, fen, what for, voucher, days ago)
    "电气检修班": [
        ("unit_grant", 3_000_000, "年度专项经费", "东热财〔2026〕11 号", 250),
        ("union_grant", 1_000_000, "工会配套", "东热工〔2026〕6 号", 240),
        ("equipment", 1_280_000, "红外热像仪", "发票 08812345", 210),
        ("material", 96_000, "技术书和标准", "发票 11820456", 160),
        ("activity", 145_000, "外出交流", "发票 20871233", 90),
        ("reward", 500_000, "测温装置成果奖励", "奖励表 2026-04", 60),
    ],
    "汽机检修班": [("union_grant", 500_000, "工会扶持", "东热工〔2025〕9 号", 430)],
    "运行一值": [
        ("unit_grant", 800_000, "启动经费", "运行部〔2026〕3 号", 180),
        ("material", 23_600, "资料架和图书", "发票 30112277", 120),
    ],
}
LOG = [
    # code, months ago, day of the month, days until it was written down, title, fields
    ("studio_activity", 3, 18, 1, "励磁碳刷测温方案讨论", {"topic": "碳刷打火", "done": "定了测点和通信方式"}),
    ("studio_training", 2, 12, 0, "保护校验带徒", {"topic": "差动保护", "learned": "两名徒弟独立完成接线"}),
    ("studio_service", 2, 20, 9, "帮热控班查直流接地", {"problem": "直流接地查了一天", "solved": "分段法四十分钟找到"}),
    ("studio_activity", 1, 9, 2, "接地查找法总结", {"topic": "直流接地", "done": "写成一页操作卡"}),
]


def add(plant, today):
    """The studios as their leaders, the union and finance keep them."""
    made = {row[0]: _studio(plant, today, *row) for row in STUDIOS}
    _log(plant.team("电气检修班"), today)
    union = plant.holders["union"]
    for name, *_, fate in STUDIOS:
        if fate:
            matured, named = today - MATURE * DAY, today - NAMED * DAY
            paper = PAPERS[fate].format(year=named.year)
            _became(made[name], State.MATURE, "认定成熟：七有齐全，台账规范", matured, union)
            _became(made[name], State.NAMED, f"命名：公司级创新工作室，{paper}", named, union)
    studios.rectify(made["汽机检修班"], today + 45 * DAY, "十二个月没有新的成果，台账中断", actor=union)


def _studio(plant, today, name, seat, kind, age, aims, place, area, rules, fate):
    demo, union = plant.team(name), plant.holders["union"]
    people, founded_on = _people(demo), today - age * DAY
    leader = people[seat - 1]
    facts = {"kind": kind, "aims": aims, "plan": "选题来自缺陷清单，每季度报一次进展。", "founded_on": founded_on}
    studio = _founded(demo.team.unit, leader, facts, union)
    if place:
        plaque = photo(SimpleNamespace(rng=random.Random(f"teamhub: {name}"), demo=demo), leader)
        there = {"place": place, "area": area, "equipment": "工作台、电脑两台、技术图书 120 册、常用仪表和工具"}
        studios.describe(studio, plaque=plaque, **there, actor=leader)
    for person, skill in zip([one for one in people if one != leader][:4], SKILLS, strict=False):
        studios.add_member(studio, person, skill=skill, joined_on=founded_on, actor=leader)
    for rule in rules:
        studios.set_rule(studio, rule, text=RULES[rule], set_on=founded_on, actor=leader)
    _fill(plant, demo, studio, today)
    studio.refresh_from_db()
    return studio


def _founded(unit, leader, facts, union):
    """As services.studios.establish founds it, on its own day."""
    name = f"{leader.name}创新工作室"
    studio = Studio.objects.create(unit=unit, leader=leader, name=name, created_by=union, **facts)
    StudioMember.objects.create(studio=studio, user=leader, skill="领军人", joined_on=studio.founded_on)
    _became(studio, State.GROWING, f"成立，领军人{leader.name}", studio.founded_on, union)
    return studio


def _became(studio, state, text, day, union):
    """A step of former days, on the day on which it was taken."""
    Studio.objects.filter(pk=studio.pk).update(state=state)
    studio.refresh_from_db()
    stored(StudioStep(studio=studio, state=state, text=text, actor=union), moment(day, 10))


def _fill(plant, demo, studio, today):
    """Its money and its results; what is proof of a result is a photo."""
    name, union, finance = demo.team.name, plant.holders["union"], plant.holders["finance"]
    for kind, fen, text, voucher, ago in MONEY.get(name, ()):
        source = uuid.UUID(int=random.Random(f"teamhub: {name} {voucher}").getrandbits(128), version=4)
        facts = {"text": text, "voucher": voucher, "date": today - ago * DAY, "source": source}
        studio_money.enter(studio, kind=kind, amount=fen, **facts, actor=union)
    for number, (kind, title, text, ago, people, claimed, verified) in enumerate(RESULTS.get(name, ())):
        proof = photo(SimpleNamespace(rng=random.Random(f"teamhub: {name} {number}"), demo=demo), studio.leader)
        facts = {"kind": kind, "name": title, "text": text, "date": today - ago * DAY, "people": people}
        result = studio_results.enter(studio, **facts, claimed=claimed, files=[proof], actor=studio.leader)
        if verified is not None:
            studio_results.verify(result, verified, "按停机损失和工时核算", actor=finance)


def _log(demo, today):
    """What the studio of a team did, most of it written down in time."""
    kinds = {kind.code: kind for kind in ActivityKind.objects.filter(code__in={row[0] for row in LOG})}
    people = dict.fromkeys(_people(demo)[:4], Participant.Part.MEMBER)
    for code, months, day, later, title, values in LOG:
        first = periods.first_day(periods.shift(periods.period_of(today), -months))
        date = max(first.replace(day=day), today - DAYS_BACK * DAY)
        content = Content(title=title, date=date, values=values, people=people, host=demo.leader, place="检修楼 305")
        place = {"unit": demo.team.unit, "team": demo.team, "source": uuid.uuid4()}
        record = activities.record(kinds[code], content, **place, actor=demo.leader)
        moment = timezone.make_aware(datetime.datetime.combine(date + later * DAY, datetime.time(16)))
        Activity.objects.filter(pk=record.pk).update(entered_at=min(moment, timezone.now()))


def _people(demo):
    stays = Membership.objects.open().filter(team=demo.team).select_related("user").order_by("user__employee_no")
    return [stay.user for stay in stays]
