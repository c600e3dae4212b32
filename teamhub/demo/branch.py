"""The branch of the first unit, its reserve of leaders, and two elections: one to vote in, one with a result that hangs."""

import datetime
import uuid

from django.utils import timezone

from activities.models import ActivityKind, Candidate, Commitment, Election, Participant
from activities.party.access import party_people
from activities.party.reads import last_quarter
from activities.services import activities, commitments, election_results, elections, party, reserves
from activities.services.activities import Content
from teamhub.demo.accounts import seat_number
from teamhub.demo.party import MEMBERS, SECOND
from teams.models import Membership, Team, User

DAY = datetime.timedelta(days=1)
POSTS = [
    # kind, name, duties, days since it was set up
    ("area", "1 号机油站", "每班巡检两次，油位、油温、渗漏当场处理", 200),
    ("safety", "磨煤机检修现场", "监护到位，无票不开工，违章当场制止", 120),
    ("model", "集控值班台", "操作零差错，交接班清清楚楚", 90),
    ("pioneer", "迎峰度夏保供", "急难险重先上", 150),
]
PROMISES = ["带好两名新员工，年底都能独立值班", "责任区全年无渗漏", "全年提三条安全合理化建议", "本班全年无违章"]
CHECKS = [
    ("under_way", "新员工已签师徒协议"),
    ("kept", "一季度无渗漏，保持住"),
    ("under_way", "提了一条，已采纳"),
    ("not_kept", "有一次不戴手套，已教育"),
]
PROGRESS = [("建强班子", 80, "支委分工已重排，班组都有人联系"), ("建强队伍", 45, "两名骨干列入班组长后备")]
HEARD = "夜班照明不够，工具间钥匙不好找；大家希望培训排在白班以后。"
TRAINING = [
    # seat of the first team, the steps with their words
    (
        2,
        [("training", "参加班组长培训班，按期结业"), ("acting", "班长休假，顶岗两周"), ("ready", "考核合格，可以任用")],
    ),
    (7, [("training", "跟着班长学排班和考核")]),
    (8, []),
]


def add(plant, today):
    """All of it, up to today."""
    unit, secretary, second = plant.units[0], plant.holders["party"], User.objects.get(name=SECOND)
    _liaisons(plant, unit, secretary, second, today)
    _groups(plant, unit, secretary, today)
    _posts(plant.teams[0].team, secretary, today)
    _promises(unit, secretary, today)
    _mechanisms(unit, secretary, today)
    _reserve(plant, unit)
    _to_vote_in(plant.teams[0].team, plant.holders["union"], today)
    _with_result(plant.team("电气检修班"), plant.holders["union"], today)


def _liaisons(plant, unit, secretary, second, today):
    """Two of the three teams have somebody; one of them was visited this month."""
    first, other = (demo.team for demo in plant.teams[:2])
    party.appoint_liaison(first, second, today - 150 * DAY, actor=secretary)
    party.appoint_liaison(other, secretary, today - 150 * DAY, actor=secretary)
    kind = ActivityKind.objects.get(unit=plant.root, code="liaison_visit")
    facts = {"values": {"heard": HEARD, "problems": "照明改造", "outcome": "已报单位，下月施工"}}
    people = {plant.teams[0].leader: Participant.Part.MEMBER}
    visit = Content("支委走访班组", today.replace(day=1), place="班组园地", host=second, people=people, **facts)
    activities.record(kind, visit, unit=unit, team=first, actor=second, source=uuid.uuid4())


def _groups(plant, unit, secretary, today):
    leader, worker = (User.objects.get(employee_no=number) for number in MEMBERS)
    first = plant.teams[0].team
    facts = {"name": "运行一值党小组", "team": first, "leader": leader, "formed_on": today - 300 * DAY}
    group = party.form_group(unit, **facts, actor=secretary)
    party.join_group(group, worker, speciality="", joined_on=today - 300 * DAY, actor=secretary)
    expert = party_people(plant.units[1]).order_by("employee_no").first()
    party.join_group(group, expert, speciality="汽机", joined_on=today - 90 * DAY, actor=secretary)


def _posts(team, secretary, today):
    users = [User.objects.get(employee_no=number) for number in MEMBERS]
    for place, (kind, name, duties, days) in enumerate(POSTS):
        facts = {"kind": kind, "name": name, "duties": duties, "started_on": today - days * DAY}
        post = party.set_up_post(team, **facts, user=users[place % 2], actor=secretary)
        if kind == "pioneer":
            party.end_post(post, "夏季五次抢修都在现场，未限负荷", actor=secretary)


def _promises(unit, secretary, today):
    """Promises of this year with checks of the quarters that are over but the last one."""
    year, last = last_quarter(today)
    for user, text, (result, note) in zip(party_people(unit).order_by("employee_no"), PROMISES, CHECKS, strict=False):
        found = commitments.promise(unit, user, year=today.year, text=text, actor=user)
        if today.year == year:
            for quarter in range(1, last):
                facts = {"quarter": quarter, "result": result, "note": note}
                commitments.check_promise(found, **facts, actor=secretary)
    Commitment.objects.filter(unit=unit).update(made_at=timezone.now() - 300 * DAY)


def _mechanisms(unit, secretary, today):
    first = commitments.install(unit, "four_builds", year=today.year, actor=secretary)
    commitments.install(unit, "four_ones", year=today.year, actor=secretary)
    for item, percent, text in PROGRESS:
        commitments.step(first, item=item, percent=percent, text=text, actor=secretary)


def _reserve(plant, unit):
    union, coach = plant.holders["union"], plant.teams[0].leader
    for seat, steps in TRAINING:
        user = User.objects.get(employee_no=seat_number(1, 1, seat))
        facts = {"coach": coach, "listed_on": timezone.localdate() - 200 * DAY, "text": "班组推荐，技术骨干"}
        reserve = reserves.enlist(unit, user, **facts, actor=union)
        for stage, text in steps:
            reserves.step(reserve, stage, text, actor=union)
            reserve.refresh_from_db()


def _called(team, post, caller, today, standing):
    """An election called a week ago in which these people stand, the vote begun."""
    days = {"nominate_until": today, "vote_until": today + 5 * DAY}
    found = elections.call(team, post=post, posts=1, term_months=36, **days, actor=caller)
    for user in standing:
        elections.nominate(found, user, actor=user)
    earlier = {"called_at": timezone.now() - 7 * DAY, "nominate_until": today - DAY}
    Election.objects.filter(pk=found.pk).update(**earlier)
    elections.open_voting(found, actor=caller)
    found.refresh_from_db()
    return found


def _people(team: Team):
    rows = Membership.objects.open().filter(team=team).select_related("user").order_by("user__employee_no")
    return [row.user for row in rows]


def _to_vote_in(team, union, today):
    """The team whom visitors play chooses its safety officer; the worker has not voted yet."""
    people = _people(team)
    found = _called(team, "安全员", union, today, people[2:3] + people[6:8])
    names = list(Candidate.objects.filter(election=found).values_list("pk", flat=True))
    for place, user in enumerate(people[6:11]):
        elections.vote(found, [names[place % 2]], actor=user)


def _with_result(demo, union, today):
    """A deputy leader elected by all, the result hanging as a notice."""
    people = _people(demo.team)
    found = _called(demo.team, "副班长", union, today, people[1:4])
    names = list(Candidate.objects.filter(election=found).values_list("pk", flat=True))
    for place, user in enumerate(people):
        elections.vote(found, [names[place % 3 == 2]], actor=user)
    elections.count(found, actor=union)
    election_results.post_result(found, 5, actor=union)
