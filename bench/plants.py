"""Generated plants: units of 20 teams of 12 people, a month of 30 days, 44 criteria, 5 % of which are found wanting."""

from django.db import connection

from assessments.services import standards
from teams import periods
from teams.models import Membership, Team, Unit, User
from teams.triggers import without_triggers

PERIOD, DAYS, TEAMS_PER_UNIT, MEMBERS = 202610, 30, 20, 12

DAY = {
    "postgresql": "DATE '{first}' + (day.n - 1)",
    "sqlite": "DATE('{first}', '+' || (day.n - 1) || ' days')",
}
MONTH = "WITH RECURSIVE day(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM day WHERE n < {days}) "
ATTENDANCE = """
INSERT INTO teams_attendance (user_id, team_id, period, date, code)
{month} SELECT m.user_id, m.team_id, {period}, {date},
       CASE (m.user_id * 7 + day.n) % 11 WHEN 0 THEN '休' WHEN 1 THEN '夜' WHEN 2 THEN '病' ELSE '√' END
FROM teams_membership m CROSS JOIN day
"""
CHECKS = """
INSERT INTO assessments_check (team_id, kind, period, date, shift, version_id, key, submitted_at, void_reason)
{month} SELECT t.id, 'self', {period}, {date}, 'day', {version}, 'bench:' || t.id || ':' || day.n, CURRENT_TIMESTAMP, ''
FROM teams_team t CROSS JOIN day
"""
FINDINGS = """
INSERT INTO assessments_finding (on_sheet_id, team_id, period, date, criterion_id, points, person_id, note, void_reason)
SELECT s.id, s.team_id, s.period, s.date, c.id, -50, {first_user} + (s.team_id - {first_team}) * {members} + (s.id + c.id) % {members},
       '', ''
FROM assessments_check s JOIN assessments_criterion c ON c.version_id = s.version_id
WHERE (s.id * 17 + c.id * 31) % 20 = 0
"""
APPROVED = """
INSERT INTO teams_attendancemonth (team_id, period, state, question, approved_at)
SELECT t.id, {period}, 'approved', '', CURRENT_TIMESTAMP FROM teams_team t
"""


def build(teams):
    """A plant with so many teams and its month, ready to be closed; returns the list of its Units."""
    root = Unit.objects.create(name="集团")
    units = [Unit(name=f"车间{number}", parent=root) for number in range(max(1, teams // TEAMS_PER_UNIT))]
    units = Unit.objects.bulk_create(units)
    first = periods.first_day(PERIOD)
    rows = [
        Team(unit=units[number // TEAMS_PER_UNIT], name=f"班组{number}", formed_on=first) for number in range(teams)
    ]
    rows = Team.objects.bulk_create(rows, batch_size=2000)
    people = [
        User(employee_no=f"{number:07d}", name=f"员工{number}", password="!") for number in range(teams * MEMBERS)
    ]
    people = User.objects.bulk_create(people, batch_size=2000)
    stays = [
        Membership(
            user=person, team=rows[number // MEMBERS], started_on=first, role="worker" if number % MEMBERS else "leader"
        )
        for number, person in enumerate(people)
    ]
    Membership.objects.bulk_create(stays, batch_size=2000)
    version = standards.install_preset("standard_5x44", root, actor=None)
    standards.put_in_force(version, PERIOD, actor=None)
    _fill(version, people[0].pk, rows[0].pk)
    return units


def _fill(version, first_user, first_team):
    first = periods.first_day(PERIOD).isoformat()
    facts = {
        "month": MONTH.format(days=DAYS),
        "date": DAY[connection.vendor].format(first=first),
        "period": PERIOD,
        "version": version.pk,
        "first_user": first_user,
        "first_team": first_team,
        "members": MEMBERS,
    }
    with without_triggers(), connection.cursor() as cursor:
        for statement in (ATTENDANCE, CHECKS, FINDINGS, APPROVED):
            cursor.execute(statement.format(**facts))
        cursor.execute("ANALYZE")
