"""Random months give the same fingerprint and the same scores whatever database they went through.

Each history is entered into the database of this run and, beside it, written down as the inputs that it must become,
without any database. Both databases agree with the paper, so they agree with each other.
"""

import datetime
from collections import Counter
from dataclasses import asdict

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import gathering, results, selectors
from assessments.gathering_sql import FINDINGS
from assessments.inputs import fingerprint
from assessments.models import Check, NotApplicable, Veto
from assessments.services import checks
from teams import periods
from teams.models import Membership
from teams.services import attendance
from tests import factories as make
from tests.factories import PERIOD
from tests.frozen import inputs_of

pytestmark = pytest.mark.django_db

CODES = ("1.1", "1.2", "2.1", "2.2", "2.3")
NAMES = {"1.1": "班前会", "1.2": "违章", "2.1": "巡检", "2.2": "缺陷", "2.3": "设备卫生", None: "加分"}
PEOPLE = ("b01", "B02", "Ａ3", "007", "啊4", "é5")
"""Numbers that databases put in different orders."""
DAYS, HALF = range(1, 32), 16

findings = st.tuples(
    st.sampled_from([*CODES, None]), st.integers(1, 400), st.sampled_from([None, *range(3)]), st.integers(1, 31)
)
teams = st.fixed_dictionaries(
    {
        "findings": st.lists(findings, max_size=8),
        "not_applicable": st.sets(st.sampled_from(CODES), max_size=3),
        "vetoes": st.lists(st.sampled_from(["轻伤", "火险"]), max_size=2, unique=True),
        "codes": st.lists(st.text("√夜⊙病旷休", min_size=31, max_size=31), min_size=3, max_size=3),
        "overtime": st.lists(st.integers(0, 4000), min_size=3, max_size=3),
        "raised": st.lists(st.sampled_from([None, 95, 105, 130]), min_size=3, max_size=3),
    }
)
histories = st.lists(teams, min_size=2, max_size=2)


def live(unit, history):
    """Enter the history into the two teams of the unit."""
    for team, told, numbers in zip(unit.teams.order_by("id"), history, (PEOPLE[:3], PEOPLE[3:]), strict=True):
        people = [make.make_user(number, f"员工{number}") for number in numbers]
        for person, raised in zip(people, told["raised"], strict=True):
            _join(team, person, raised)
        days = {
            number: (dict(zip(DAYS, codes, strict=True)), hours)
            for number, codes, hours in zip(numbers, told["codes"], told["overtime"], strict=True)
        }
        attendance.save_month(team, PERIOD, days, actor=None)
        for number, (code, points, who, day) in enumerate(told["findings"]):
            criterion = code and make.criterion(team, code)
            deviation = checks.Deviation(
                criterion, -points if code else points, None if who is None else people[who], f"第 {number} 条"
            )
            date = periods.first_day(PERIOD).replace(day=day)
            sheet = {"kind": Check.Kind.SPOT, "date": date, "key": f"{team.pk}:{number}"}
            checks.file_check(team, deviations=[deviation], actor=None, **sheet)
        NotApplicable.objects.bulk_create(
            NotApplicable(team=team, period=PERIOD, criterion=make.criterion(team, code))
            for code in told["not_applicable"]
        )
        Veto.objects.bulk_create(Veto(team=team, period=PERIOD, reason=reason) for reason in told["vetoes"])


def _join(team, person, raised):
    change = datetime.date(2026, 10, HALF)
    end = raised and change - datetime.timedelta(days=1)
    make.make_member(team, user=person, ended_on=end)
    if raised:
        Membership.objects.create(user=person, team=team, coefficient=raised, started_on=change)


WORKDAYS = [8, 9, 10, 12, 13, 14, 15, 16, 19, 20, 21, 22, 23, 26, 27, 28, 29, 30]
"""Of October 2026, as the State Council published them: the 1st to the 7th are off, Saturday the 10th is worked."""


def paper(unit, version, history):
    """The inputs that the history must become, with places instead of the ids of a database."""
    places = enumerate(zip(unit.teams.order_by("id"), history, (PEOPLE[:3], PEOPLE[3:]), strict=True))
    return {
        "calendar": WORKDAYS,
        "period": PERIOD,
        "version": 0,
        "yardstick": asdict(selectors.yardstick_of(version)),
        "teams": [_team_on_paper(place, team.name, told, numbers) for place, (team, told, numbers) in places],
    }


def _team_on_paper(place, name, told, numbers):
    members = [_member_on_paper(told, number, index) for index, number in enumerate(numbers)]
    noted = [_finding_on_paper(told, numbers, index) for index in range(len(told["findings"]))]
    noted.sort(key=lambda finding: (finding["date"], finding["id"]))
    return {
        "id": place,
        "name": name,
        "trade": "",
        "members": sorted(members, key=lambda member: member["no"]),
        "findings": noted,
        "not_applicable": sorted(told["not_applicable"]),
        "vetoes": told["vetoes"],
    }


def _member_on_paper(told, number, index):
    raised, first = told["raised"][index], f"2026-10-{HALF}"
    steps = [{"from": "2026-10-01", "days": HALF - 1 if raised else 31, "coefficient": 100}]
    steps += [{"from": first, "days": 32 - HALF, "coefficient": raised}] if raised else []
    mean = (2 * (100 * (HALF - 1) + (raised or 0) * (32 - HALF)) + 31) // 62 if raised else 100
    return {
        "id": number,
        "no": number,
        "name": f"员工{number}",
        "coefficient": mean,
        "coefficients": steps,
        "codes": dict(Counter(told["codes"][index])),
        "overtime": told["overtime"][index],
        "late": [],
    }


def _finding_on_paper(told, numbers, index):
    code, points, who, day = told["findings"][index]
    return {
        "id": index,
        "code": code,
        "name": NAMES[code],
        "points": -points if code else points,
        "date": f"2026-10-{day:02d}",
        "kind": "抽查",
        "checker": "",
        "person": None if who is None else numbers[who],
        "person_name": "" if who is None else f"员工{numbers[who]}",
        "note": f"第 {index} 条",
    }


def placed(gathered):
    """Gathered inputs with places instead of ids: teams in their order, people by number, findings as they were entered."""
    numbers = {member["id"]: member["no"] for team in gathered["teams"] for member in team["members"]}
    for place, team in enumerate(gathered["teams"]):
        team["id"] = place
        entered = {one: index for index, one in enumerate(sorted(finding["id"] for finding in team["findings"]))}
        for member in team["members"]:
            member["id"] = member["no"]
        for finding in team["findings"]:
            finding |= {"id": entered[finding["id"]], "person": numbers.get(finding["person"])}
    return gathered | {"version": 0}


def outcome(data):
    """Fingerprint of the inputs and of the scores that follow from them; the reason where they cannot be scored."""
    try:
        rows = [results.team_rows(data), results.member_rows(data)]
    except ValueError as error:
        rows = str(error)
    return fingerprint(data), fingerprint({"rows": rows})


def differing(unit, version, history):
    """The two outcomes where they are not the same; else nothing."""
    with transaction.atomic():
        live(unit, history)
        found = outcome(placed(inputs_of(unit, PERIOD, version)))
        transaction.set_rollback(True)
    wanted = outcome(paper(unit, version, history))
    return [] if found == wanted else [found, wanted]


@pytest.fixture
def unit():
    unit = make.make_unit("车间")
    make.make_standard(unit)
    for name in ("一值", "二值"):
        make.make_team(unit, name)
    return unit


def hunt(unit, examples):
    version = selectors.version_for(unit, PERIOD)

    @given(history=histories)
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    def check(history):
        assert differing(unit, version, history) == []

    check()


def test_random_months_are_the_same_in_the_database_and_on_paper(unit):
    hunt(unit, 25)


@pytest.mark.nightly
def test_a_thousand_random_months_are_the_same_in_the_database_and_on_paper(unit):
    hunt(unit, 1000)


def test_control_one_lost_finding_is_found(unit, monkeypatch):
    told = {"findings": [("1.1", 50, 0, 3)], "not_applicable": set(), "vetoes": []}
    told |= {"codes": ["√" * 31] * 3, "overtime": [0, 0, 0], "raised": [None, None, None]}
    version = selectors.version_for(unit, PERIOD)
    assert differing(unit, version, [told, told]) == []
    fetch = gathering.fetch
    monkeypatch.setattr(
        gathering, "fetch", lambda sql, *rest, **ids: [] if sql == FINDINGS else fetch(sql, *rest, **ids)
    )
    assert differing(unit, version, [told, told])
