"""A page asks the database the same few questions whether it shows one row or three of everything."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Check
from assessments.services import standards
from incentives.models import DistributionLine
from incentives.services import publishing, rules
from teams.photos import store_photo
from teams.services import coefficients
from tests.access.world import picture
from tests.factories import (
    PERIOD,
    STANDARD,
    approve_attendance,
    close_month,
    file_findings,
    give_role,
    make_attendance,
    make_member,
    make_rule,
    make_standard,
    make_team,
    make_unit,
    make_user,
    post_bonus,
)

pytestmark = pytest.mark.django_db

ROLES = ("assessor", "manager", "finance", "auditor", "admin", "security")
QUERIES = {
    "home": 29,
    "own-account": 9,
    "teams:team-list": 9,
    "teams:team": 9,
    "teams:units": 8,
    "teams:unit": 15,
    "teams:people": 12,
    "teams:person": 13,
    "teams:roles": 11,
    "teams:coefficients": 11,
    "trail": 9,
    "trail-verify": 9,
    "teams:roster-upload": 10,
    "teams:attendance-list": 9,
    "teams:attendance": 15,
    "assessments:checks": 13,
    "assessments:check": 12,
    "assessments:self-check": 14,
    "assessments:standards": 11,
    "assessments:standard": 12,
    "assessments:close-list": 9,
    "assessments:close": 12,
    "assessments:score": 13,
    "assessments:conditions": 13,
    "incentives:month": 13,
    "incentives:rules": 12,
    "incentives:pools": 11,
    "incentives:distribution": 18,
    "incentives:explain": 11,
    "bulletins:wall": 11,
    "bulletins:board": 10,
    "bulletins:screen": 8,
    "bulletins:team-screen": 11,
}


@pytest.fixture(params=[1, 3], ids=["one", "three"])
def plant(request):
    """A plant with that many units, teams in each, members, sheets, findings, photos, standards, rules and boards."""
    many = request.param
    root = make_unit()
    chief = make_user()
    for role in ROLES:
        give_role(root, role, chief)
    make_standard(root)
    make_rule(root)
    units = [make_unit(parent=root) for _ in range(many)]
    for number, unit in enumerate(units):
        make_standard(unit)
        for _ in range(many - 1):
            standards.create_version(unit, STANDARD, actor=None)
            rules.install_preset("rule_attendance_work", unit, actor=chief)
        for position in range(many):
            team = make_team(unit)
            make_member(team, "leader", user=chief if number == position == 0 else None)
            for _ in range(many):
                make_member(team)
            _month_of(team, many, chief)
        close_month(unit)
        for team in unit.teams.all():
            post_bonus(team)
            publishing.publish_month(team, PERIOD, actor=chief)
    return chief, units[0].teams.first()


def _month_of(team, many, chief):
    make_attendance(team)
    approve_attendance(team)
    members = [membership.user for membership in team.memberships.all()]
    for membership in team.memberships.exclude(user=chief)[:many]:
        day = timezone.localdate()
        coefficients.propose(membership, 123, effective_on=day, reason="考试合格", actor=chief)
    for day in range(many):
        codes = ["1.1", "1.2", "2.1"][:many]
        check = file_findings(team, *((code, -50, members[1]) for code in codes), day=5 + day)
        for finding in check.findings.all():
            finding.photos.set([store_photo(picture(), team=team, actor=chief) for _ in range(many)])


def address(name, team):
    """The page of that name about the plant's first team."""
    line = DistributionLine.objects.filter(distribution__team=team).last()
    check = Check.objects.filter(team=team).last()
    arguments = {
        "teams:team": [team.pk],
        "teams:unit": [team.unit_id],
        "teams:person": [line.user_id],
        "teams:coefficients": [team.pk],
        "teams:attendance-list": [PERIOD],
        "teams:attendance": [team.pk, PERIOD],
        "assessments:checks": [team.pk, PERIOD],
        "assessments:check": [check.pk],
        "assessments:self-check": [team.pk],
        "assessments:standard": [check.version_id],
        "assessments:close-list": [PERIOD],
        "assessments:close": [team.unit_id, PERIOD],
        "assessments:score": [team.pk, PERIOD],
        "assessments:conditions": [team.pk, PERIOD],
        "incentives:month": [PERIOD],
        "incentives:pools": [team.unit_id, PERIOD],
        "incentives:distribution": [team.pk, PERIOD],
        "incentives:explain": [line.pk],
        "bulletins:board": [f"{PERIOD}J{team.pk:04d}-1"],
        "bulletins:team-screen": [team.pk],
        "bulletins:screen": [f"{PERIOD}J{team.pk:04d}-1"],
    }
    return reverse(name, args=arguments.get(name, []))


def test_pages_ask_no_more_for_more_rows(plant, client, django_assert_num_queries):
    chief, team = plant
    client.force_login(chief)
    client.get(reverse("home"))  # the first visit notes the time in the session
    for name, queries in QUERIES.items():
        with django_assert_num_queries(queries, info=name):
            assert client.get(address(name, team)).status_code == 200
