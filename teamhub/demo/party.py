"""Points of Party members: a branch with its scheme, two months closed and posted, and a third with entries that wait."""

import datetime
import random
from dataclasses import dataclass
from types import SimpleNamespace

from incentives.models import PointScheme
from incentives.points import selectors
from incentives.services import point_schemes, points
from incentives.services.publishing import publish_points
from teamhub.demo.accounts import seat_number
from teamhub.demo.photos import photo
from teams import periods
from teams.models import UnitRole, User

MEMBERS = [seat_number(1, 1, 1), seat_number(1, 1, 6)]
"""The leader and the worker whom a visitor plays."""
SECOND = "徐文斌"
"""The second member of the branch's committee: somebody has to confirm what the secretary records."""
DEEDS = {
    "按时完成急难险重任务": ["带头抢修 2 号磨煤机，提前两小时恢复", "夜里赶来处理给水泵跳闸", "负责停机消缺，按期完成"],
    "发现一般隐患": ["发现平台护栏螺栓松动，当场处理", "发现消防栓被杂物挡住", "发现电缆桥架盖板缺失"],
    "发现较大隐患": ["巡检发现油管渗漏，及时汇报停泵"],
    "责任区设备全月无故障": ["党员责任区 1 号机油站全月无故障"],
    "合理化建议被采纳": ["建议把疏水改到凝汽器，已经采纳"],
    "隐患按期整改闭环": ["照明隐患按期整改", "保温破损按期修复"],
    "隐患整改超期": ["吹灰器漏汽整改超期两天"],
    "上党课、安全微课": ["给班组上安全微课《登高作业》"],
    "结对帮带一次": ["帮带新员工练启停操作", "给徒弟讲事故预想"],
    "参加志愿服务、突击队": ["周末参加厂区清扫", "参加防汛突击队"],
    "责任区内有人违章": ["责任区内有人不系安全带"],
}

"""What was done, by the indicator; drawn for the past."""
DEEDS_OF_TODAY = {
    "避免一次停机、停产": ["发现真空下降，及时切换真空泵，避免了停机"],
    "发现重大隐患": ["发现氢气管道法兰处有油迹"],
}


@dataclass(frozen=True)
class Branch:
    """Who does what: entries of a team come from its leader, those about a leader from the second committee member."""

    secretary: User
    second: User
    demos: dict

    def proposer(self, member):
        leader = self.demos[member.team].leader
        return self.second if member.user == leader else leader


def add(plant, today):
    """The branch of the first unit, as its secretary keeps it."""
    unit, second = plant.units[0], User.objects.get(name=SECOND)
    User.objects.filter(employee_no__in=MEMBERS).update(political_status=User.PoliticalStatus.PARTY_MEMBER)
    since = periods.first_day(periods.shift(periods.period_of(today), -3))
    UnitRole.objects.create(user=second, unit=unit, role=UnitRole.Role.PARTY, started_on=since)
    branch = Branch(plant.holders["party"], second, {demo.team: demo for demo in plant.teams})
    for back in (-2, -1, 0):
        _month(branch, unit, periods.shift(periods.period_of(today), back), today)


def _month(branch, unit, period, today):
    scheme = _scheme(branch, unit, period // 100)
    rng = random.Random(f"teamhub: points {period}")
    for member in selectors.members_of(unit, period):
        for name in rng.sample(sorted(DEEDS), rng.randrange(1, 5)):
            entry = _entry(branch, scheme, member, name, _day(rng, period, today), rng)
            points.confirm(entry, actor=branch.secretary)
    if period < periods.period_of(today):
        points.close(scheme, period, actor=branch.secretary)
        publish_points(scheme, period, actor=branch.secretary)
    else:
        _running(branch, scheme, today)


def _scheme(branch, unit, year):
    found = PointScheme.objects.filter(unit=unit, year=year).first()
    if found is None:
        found = point_schemes.draft(unit, year, point_schemes.preset(), actor=branch.secretary)
        point_schemes.publish(found, actor=branch.secretary)
    return found


def _day(rng, period, today):
    last = min(periods.last_day(period), today)
    return last.replace(day=rng.randint(1, last.day))


def _entry(branch, scheme, member, name, day, rng):
    line, actor = scheme.indicators.get(name=name), branch.proposer(member)
    said = {"what": rng.choice((DEEDS | DEEDS_OF_TODAY)[name]), "date": day, "points": line.points}
    shown = rng.random() < 0.3
    pictures = [photo(SimpleNamespace(rng=rng, demo=branch.demos[member.team]), actor)] if shown else []
    return points.propose(
        scheme, member.user, line, **said, photos=pictures, why_none="当时来不及拍照，班组人员作证", actor=actor
    )


def _running(branch, scheme, today):
    """The worker's points of today wait for the secretary, and some of yesterday were not confirmed."""
    members = selectors.members_of(scheme.unit, periods.period_of(today))
    worker = next(member for member in members if member.user.employee_no == MEMBERS[1])
    rng = random.Random("teamhub: points of today")
    _entry(branch, scheme, worker, "避免一次停机、停产", today, rng)
    refused = _entry(branch, scheme, worker, "发现重大隐患", _earlier(today), rng)
    points.refuse(refused, "按隐患分级标准只算一般隐患，请另记一条", actor=branch.secretary)


def _earlier(today):
    """Yesterday, or today on the first of a month."""
    return max(today - datetime.timedelta(days=1), today.replace(day=1))
