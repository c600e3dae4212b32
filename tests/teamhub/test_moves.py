"""Whoever moves in the middle of a month is paid by days in each team, and no day counts twice."""

import datetime
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import gathering
from assessments.gathering_sql import MEMBERS, fetch
from assessments.inputs import canonical
from assessments.models import MemberScore
from assessments.selectors import version_for
from incentives.explain import explain
from incentives.models import DistributionLine
from teams import periods
from teams.errors import TeamError
from teams.models import Attendance, Membership, Team, User
from teams.services import attendance, coefficients, roster
from tests import factories as make
from tests.factories import PERIOD
from tests.frozen import inputs_of
from tests.workbooks import roster as sheet

pytestmark = pytest.mark.django_db

DAYS = range(1, 32)
WORKED = "√夜⊙※公学"


def october(day):
    return periods.first_day(PERIOD).replace(day=day)


# -- From the roster to the bonus --------------------------------------------------------------------------------------


def import_roster(root, effective_on, *people):
    batch = roster.stage_roster(sheet(*people), root=root, effective_on=effective_on, actor=None)
    roster.apply_roster(batch, actor=None)


LEADERS = [["900001", "张三", "运行部", "一值", "班长", 1.3], ["900002", "李四", "运行部", "二值", "班长", 1.3]]


@pytest.fixture
def unit():
    """王五 moves from 一值 to 二值 on the 15th by a roster; 赵六 of 一值 has 1.2 instead of 1.0 from the 20th on."""
    root = make.make_unit("电厂")
    begin = datetime.date(2026, 9, 1)
    import_roster(root, begin, *LEADERS, ["900003", "王五", "运行部", "一值"], ["900004", "赵六", "运行部", "一值"])
    import_roster(root, october(15), *LEADERS, ["900003", "王五", "运行部", "二值"])
    change = coefficients.propose(
        Membership.objects.open().get(user__name="赵六"),
        120,
        effective_on=october(20),
        reason="考试合格",
        actor=User.objects.get(name="张三"),
    )
    coefficients.approve(change, actor=make.give_role(root, "manager"))
    unit = Team.objects.get(name="一值").unit
    make.make_standard(unit)
    make.make_rule(unit)
    return unit


def enter(team, **months):
    """Attendance of a whole month, approved: name="√…", one sign a day, "." where there is none."""
    numbers = dict(User.objects.filter(name__in=months).values_list("name", "employee_no"))
    members = {
        numbers[name]: ({day: code for day, code in zip(DAYS, codes, strict=True) if code != "."}, 0)
        for name, codes in months.items()
    }
    attendance.save_month(team, PERIOD, members, actor=None)
    make.approve_attendance(team)


def lines(team):
    """{name: (coefficient, days)} of the team's bonus."""
    rows = DistributionLine.objects.filter(distribution__team=team).select_related("user")
    return {row.user.name: (row.coefficient, row.days) for row in rows}


def test_a_month_in_two_teams_is_paid_by_the_days_in_each(unit):
    one, two = unit.teams.order_by("name")
    week = "√√√√√休休" * 5
    enter(one, 张三=week[:31], 王五=week[:14] + "." * 17, 赵六=week[:31])
    enter(two, 李四=week[:31], 王五="." * 14 + week[14:31])
    make.close_month(unit)
    for team in (one, two):
        make.make_bonus(team)
    first, second = lines(one)["王五"], lines(two)["王五"]
    assert (first[1], second[1]) == (10, 13)
    assert first[1] + second[1] == lines(one)["张三"][1] == sum(code in WORKED for code in week[:31])
    assert (set(lines(one)), set(lines(two))) == ({"张三", "王五", "赵六"}, {"李四", "王五"})
    for team in (one, two):
        amounts = DistributionLine.objects.filter(distribution__team=team).values_list("amount", flat=True)
        assert sum(amounts) == 1_000_001


def test_a_coefficient_changed_in_the_middle_counts_by_days_and_every_day_once(unit, client):
    """19 days at 1.00 and 12 at 1.20 are 1.08 for the month, in one line; the explanation tells the steps."""
    one, two = unit.teams.order_by("name")
    enter(one, 张三="√" * 31, 王五="√" * 14 + "." * 17, 赵六="√" * 31)
    enter(two, 李四="√" * 31, 王五="." * 14 + "√" * 17)
    make.close_month(unit)
    make.make_bonus(one)
    assert lines(one)["赵六"] == (108, 31)
    assert MemberScore.objects.filter(user__name="赵六").count() == 1
    line = DistributionLine.objects.get(user__name="赵六")
    assert explain(line).coefficients == [
        {"from": "2026-10-01", "days": 19, "coefficient": 100},
        {"from": "2026-10-20", "days": 12, "coefficient": 120},
    ]
    client.force_login(User.objects.get(name="张三"))
    page = client.get(reverse("incentives:explain", args=[line.pk])).content.decode()
    assert "2026-10-01 起 1.0 × 19 天，2026-10-20 起 1.2 × 12 天，平均 1.08" in page
    assert explain(DistributionLine.objects.get(user__name="张三")).coefficients == []


def test_a_day_of_the_other_team_is_refused_where_it_does_not_belong(unit):
    one, two = unit.teams.order_by("name")
    with pytest.raises(TeamError, match="王五 15 日不是一值的人"):
        enter(one, 王五="√" * 15 + "." * 16)
    with pytest.raises(TeamError, match="王五 14 日不是二值的人"):
        enter(two, 王五="." * 13 + "√" * 18)


# -- Any way through any month -----------------------------------------------------------------------------------------

ways = st.builds(
    lambda days, turns: sorted(zip(sorted(days), turns, strict=False)),
    st.sets(st.integers(2, 31), max_size=5),
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from([90, 100, 120])), min_size=5, max_size=5),
)
"""[(day, (team, coefficient))] of the changes in a month, several of which may change nothing."""
months = st.text(alphabet="√夜⊙公休病事旷.", min_size=31, max_size=31)


def live(unit, way, codes):
    """Somebody of the unit's first team goes that way, each day entered where it belongs; returns ({day: team}, {day: coefficient})."""
    teams, user = list(unit.teams.order_by("id")), make.make_user()
    steps = [(1, (0, 100)), *way]
    ends = [october(day) - datetime.timedelta(days=1) for day, _ in steps[1:]] + [None]
    where, held = {}, {}
    for (day, (place, coefficient)), end in zip(steps, ends, strict=True):
        make.make_member(teams[place], user=user, coefficient=coefficient, started_on=october(day), ended_on=end)
        there = range(day, (end.day if end else 31) + 1)
        where |= dict.fromkeys(there, teams[place])
        held |= dict.fromkeys(there, coefficient)
    for team in teams:
        own = {day: codes[day - 1] for day in DAYS if where[day] == team and codes[day - 1] != "."}
        attendance.save_month(team, PERIOD, {user.employee_no: (own, 0)}, actor=None)
    return where, held


def mean(values):
    """The mean rounded half up, by decimals."""
    exact = Decimal(sum(values)) / len(values)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def wrong_counts(unit, way, codes):
    """The teams whose gathered inputs do not hold exactly the days that were worked there, in a list."""
    where, held = live(unit, way, codes)
    gathered = inputs_of(unit, PERIOD, version_for(unit, PERIOD))["teams"]
    found = {team["id"]: [(member["codes"], member["coefficient"]) for member in team["members"]] for team in gathered}
    wanted = {team["id"]: [] for team in gathered}
    for team in set(where.values()):
        days = [day for day in DAYS if where[day] == team]
        worked = Counter(codes[day - 1] for day in days if codes[day - 1] != ".")
        wanted[team.pk] = [(dict(worked), mean([held[day] for day in days]))]
    return [team for team in wanted if wanted[team] != found[team]]


def three_teams():
    unit = make.make_unit()
    make.make_standard(unit)
    for _ in range(3):
        make.make_team(unit)
    return unit


def test_every_day_counts_once_and_where_it_was_worked_on_any_way_through_a_month():
    unit = three_teams()

    @given(way=ways, codes=months)
    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    def check(way, codes):
        with transaction.atomic():
            wrong = wrong_counts(unit, way, codes)
            transaction.set_rollback(True)
        assert wrong == []

    check()


def test_control_a_count_by_person_alone_is_found(monkeypatch):
    def by_person(statement, period, **lists):
        codes = canonical(Counter(Attendance.objects.filter(period=period).values_list("code", flat=True)))[1:-1]
        rows = fetch(statement, period, **lists)
        return [(*row[:8], codes) for row in rows] if statement == MEMBERS else rows

    monkeypatch.setattr(gathering, "fetch", by_person)
    assert wrong_counts(three_teams(), [(15, (1, 100))], "√" * 31)
