"""What else a visitor finds in the teams: papers, duty roster with hand-overs, substitutions, a photo, a correction."""

import datetime
import random

from django.utils import timezone

from teamhub.demo.accounts import seat_number
from teamhub.demo.attendance import planned
from teamhub.demo.photos import photo
from teams import periods
from teams.models import Certificate, Honour, Membership, Shift, User, Watch
from teams.services import corrections, papers, substitutions

CERTIFICATES = ["特种作业操作证（高压电工）", "压力容器作业证", "集控值班员证", "应急救护员证"]
DAYS_LEFT = [-12, 25, 48, 400, 700, 900]
"""How many days after today the certificates of the demo expire: one too late, two to renew, the others in good time."""
HONOURS = [
    # team, seat or None for the team itself; name, level, granted by, how many days ago, for how many days, document
    ("运行一值", None, "工人先锋号", "province", "省总工会", 560, None, "省总工发〔2025〕12 号"),
    ("运行一值", None, "安全生产先进班组", "company", "东江热电厂", 300, 365, "东热安〔2026〕3 号"),
    ("运行一值", None, "五星级班组", "group", "集团公司工会", 700, 365, "集团工〔2024〕41 号"),
    ("运行一值", 1, "五一劳动奖章", "city", "市总工会", 205, None, "市工发〔2026〕8 号"),
    ("运行一值", 1, "优秀班组长", "company", "东江热电厂", 330, None, ""),
    ("运行一值", 1, "集控运行技能竞赛二等奖", "group", "集团公司", 900, None, "集团人〔2024〕19 号"),
    ("运行一值", 6, "安全标兵", "unit", "运行部", 120, 365, ""),
    ("运行二值", None, "青年文明号", "city", "团市委", 420, 1095, "团市委〔2025〕6 号"),
    ("汽机检修班", 2, "技术能手", "national", "人力资源和社会保障部", 800, None, "人社部发〔2024〕55 号"),
    ("输煤班", None, "巾帼文明岗", "city", "市妇联", 250, None, ""),
    ("化验班", 1, "三八红旗手", "group", "集团公司工会", 260, None, ""),
]
HAND_OVERS = [
    "设备运行正常，3 号给煤机声音偏大，注意听。",
    "2 号磨油站油位偏低，已联系检修，下一班复查。",
    "无异常，工器具已清点。",
]
SHIFTS = {"√": (Shift.DAY, 20), "夜": (Shift.NIGHT, 32)}
"""By the code of the rota the shift that a crew works, and when it ends, in hours after the midnight before it."""
SAID = {
    "运行一值": (
        "一值不言难，平稳保当班",
        "让每一次交接都清清楚楚，让每一个人都平安回家。",
        "严、细、实，有话当班说清",
    ),
    "输煤班": ("皮带不停，责任不松", "把最脏的活干成最亮的招牌。", "肯出力，讲配合"),
}


def add(plant, months, today):
    """Let the running month of the first team show everything; `months` as the story has them."""
    for demo in plant.teams:
        _certificates(demo, today)
        _present(demo, months[demo.team.name])
    _honours(plant, today)
    first = plant.teams[0]
    _watches(first, today)
    _substitution(first, today)
    _correction(first, today)


def _people(demo):
    members = Membership.objects.open().filter(team=demo.team).select_related("user").order_by("user__employee_no")
    return [member.user for member in members]


def _certificates(demo, today):
    """Half of the team holds one certificate each."""
    rng = random.Random(f"teamhub: certificates {demo.team.name}")
    Certificate.objects.bulk_create(
        Certificate(
            user=user,
            name=rng.choice(CERTIFICATES),
            number=f"T{rng.randrange(10**7, 10**8)}",
            issued_on=today - datetime.timedelta(days=900),
            expires_on=today + datetime.timedelta(days=rng.choice(DAYS_LEFT)),
            recorded_by=demo.leader,
        )
        for user in _people(demo)[::2]
    )


def _honours(plant, today):
    for name, seat, *given in HONOURS:
        demo = plant.team(name)
        _honour(demo, _people(demo)[seat - 1] if seat else demo.team, today, *given)


def _honour(demo, holder, today, name, level, granted_by, days_ago, days, document):
    granted_on = today - datetime.timedelta(days=days_ago)
    facts = {"name": name, "level": level, "granted_by": granted_by, "granted_on": granted_on, "document": document}
    ends = granted_on + datetime.timedelta(days=days) if days else None
    papers.add(Honour, holder, actor=demo.leader, **facts, expires_on=ends)


def _present(demo, month):
    said = SAID.get(demo.team.name)
    if said:
        demo.team.slogan, demo.team.vision, demo.team.style = said
        demo.team.photo = photo(month, demo.leader)
        demo.team.save(update_fields=["slogan", "vision", "style", "photo"])


def _watches(demo, today):
    """The shifts that the crew works in two weeks around today; the past ones handed over to whoever came next."""
    people, days = _people(demo), [today + datetime.timedelta(days=offset) for offset in range(-7, 7)]
    codes = [(day, planned(demo.profile["rota"], demo.team.position, 0, day, today)) for day in days]
    turns = [(day, *SHIFTS[code]) for day, code in codes if code in SHIFTS]
    Watch.objects.bulk_create(
        _watch(demo, turn, people[number % len(people)], people[(number + 1) % len(people)], today)
        for number, turn in enumerate(turns)
    )


def _watch(demo, turn, user, successor, today):
    day, shift, hours = turn
    watch = Watch(team=demo.team, date=day, shift=shift, user=user)
    at = timezone.make_aware(datetime.datetime.combine(day, datetime.time())) + datetime.timedelta(hours=hours)
    if day < today and at <= timezone.now():
        watch.handover, watch.handed_at = HAND_OVERS[day.day % len(HAND_OVERS)], at
        watch.taken_by, watch.taken_at = successor, at + datetime.timedelta(minutes=5)
    return watch


def _substitution(demo, today):
    one, another = (User.objects.get(employee_no=seat_number(1, 1, seat)) for seat in (7, 8))
    substitutions.record(demo.team, today, one, another, note="家里有事，临时顶一个班", actor=demo.leader)


def _correction(demo, today):
    """A sick note that came after the month was approved waits for the manager."""
    user = User.objects.get(employee_no=seat_number(1, 1, 7))
    day = periods.last_day(periods.shift(periods.period_of(today), -1))
    facts = {"new_code": "病", "hours": 0, "reason": "病假条月底才交，当天没记成病假"}
    corrections.propose(demo.team, user, day, actor=demo.leader, **facts)
