"""One plant seen by everybody: the closed month of tests/data, an open month with work in it, and a person per identity."""

import datetime
import io
import time
from contextlib import contextmanager
from types import SimpleNamespace

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from activities.models import Duty
from activities.services import duties
from assessments.inputs import fingerprint as fingerprint_of
from assessments.models import Check, CheckPlan, Rectification
from assessments.services import checks, conditions, plans, rectifications, standards
from assessments.standards import sheet as standard_sheet
from assessments.standards.content import content_of, fingerprint
from assessments.standards.tree import Tree
from bulletins.models import Bulletin, Display
from bulletins.services import notices
from bulletins.services.displays import add_display
from bulletins.tables import Audience
from incentives.forms.rules import initial_of
from incentives.models import DistributionLine
from incentives.services import ledger, rules
from teams import periods
from teams.models import Certificate, Honour, Membership, SignIn, Team, Unit, UnitRole, User, Watch
from teams.photos import store_photo
from teams.services import attendance, coefficients, corrections, papers, roster, substitutions, watches
from tests.access.adjustments import add_adjustments
from tests.access.applications import add_to_world as add_applications
from tests.access.board_pages import NEW_NOTICE
from tests.access.knowledge import add_knowledge
from tests.access.learning import add_learning
from tests.access.name_lists import add_to_world as add_name_lists
from tests.access.objections import add_objections
from tests.access.programmes import add_to_world as add_programmes
from tests.access.reviews import add_to_world as add_reviews
from tests.access.studios import add_to_world as add_studios
from tests.access.table import MEMBERS, UNIT_ROLES
from tests.access.titles import add_to_world as add_titles
from tests.appraisals import end, give_votes, make_round
from tests.data import CASE
from tests.factories import STANDARD, give_role, make_member
from tests.ideas import add_to_world as add_ideas
from tests.party_life import add_to_world as add_party
from tests.pieces import add_to_world as add_pieces
from tests.points import add_branch
from tests.recording import add_to_world as add_records
from tests.spending import add_to_world as add_spending

PASSWORD = "Banzu-2026"
PASSED = {
    "passed_on": datetime.date(2026, 9, 1),
    "votes_for": 9,
    "votes_against": 1,
    "votes_abstained": 0,
    "minutes": "大家同意",
}
PLANT_ROLES = {"admin", "security", "auditor"}


def build_world(case):
    """The world as a namespace: `people` by identity, and the objects that the table's arguments name."""
    team = Team.objects.select_related("unit").get(name="运行一值")
    world = SimpleNamespace(plant=case.root, unit=team.unit, team=team, closed=case.period, strangers={})
    world.open = periods.current_period()
    world.people = _people(world)
    _add_closed_month(world)
    _add_open_month(world)
    _add_watches(world)
    _add_duties(world)
    _add_appraisals(world)
    add_branch(world)
    add_spending(world)
    world.people["worker"].set_password(PASSWORD)
    world.people["worker"].save()
    world.sign_in = SignIn.objects.create(user=world.person, session_key="elsewhere", device="Chrome · 安卓手机")
    add_adjustments(world)
    add_objections(world)
    add_learning(world)
    add_records(world)
    add_knowledge(world)
    add_ideas(world)
    add_pieces(world)
    add_party(world)
    add_programmes(world)
    add_studios(world)
    add_applications(world)
    add_reviews(world)
    add_name_lists(world)
    add_titles(world)
    world.sessions = {who: _session(user) for who, user in world.people.items() if user}
    world.people["newcomer"].must_change_password = True
    world.people["deactivated"].is_active = False
    for who in ("newcomer", "deactivated"):
        world.people[who].save()
    return world


def _people(world):
    members = Membership.objects.open().filter(team=world.team)
    last_worker = members.filter(role="worker").last()
    members.filter(pk=last_worker.pk).update(role="union_rep")
    people = {"anonymous": None}
    people |= {role: User.objects.filter(memberships__in=members.filter(role=role)).first() for role in MEMBERS}
    for role in UNIT_ROLES:
        people[role] = give_role(world.plant if role in PLANT_ROLES else world.unit, role, _user(f"U-{role}"))
    neighbours = world.unit.teams.exclude(pk=world.team.pk)
    people["neighbour"] = User.objects.get(
        memberships__in=Membership.objects.filter(team__in=neighbours[:1], role="leader")
    )
    world.other_unit = Unit.objects.get(name="检修部")
    world.other_team = world.other_unit.teams.first()
    people["stranger"] = give_role(world.other_unit, "manager", _user("U-stranger"))
    people["deactivated"] = give_role(world.plant, "manager", _user("U-deactivated"))
    people["newcomer"] = make_member(world.team, user=_user("U-newcomer"), started_on=timezone.localdate())
    for role in UnitRole.Role.values:
        give_role(world.unit, role, people["newcomer"])
    return people


def _user(number):
    return User.objects.create_user(number, f"人员{number}")


def _add_closed_month(world):
    lines = DistributionLine.objects.filter(distribution__team=world.team)
    world.line = lines.get(user=world.people["worker"])
    world.board = Bulletin.objects.get(team=world.team, kind="bonus")
    wish = NEW_NOTICE | {"audience": Audience.TEAM, "days": 3}
    shown = {"kinds": ["scores", "bonus"], "seconds": 20, "teams": []}
    world.display, world.display_token = add_display(world.unit, name="门口", **shown, actor=world.people["manager"])
    Display.objects.update(seen_at=timezone.now() + datetime.timedelta(days=1))  # so that no visit writes
    world.notice = notices.post_notice({"team": world.team}, wish | {"key": "b" * 12}, actor=world.people["leader"])
    add_accounts(world, world.people["worker"])


def add_accounts(world, worker):
    """The accounts of a team's bonus, and a member's own."""
    world.company_account, world.reserve_account = ledger.company_account(), ledger.reserve_account(world.team)
    world.pool_account = ledger.pool_account(world.team)
    world.worker_account = ledger.member_accounts([worker])[worker.pk]


def _add_open_month(world):
    """A check of today with a photo, a veto, a draft standard and rule of the unit, an uploaded roster."""
    people, today = world.people, timezone.localdate()
    attendance.month_of(world.team, world.open)
    world.photo = store_photo(picture(), team=world.team, actor=people["leader"])
    world.root_version = standards.create_version(world.plant, next(iter(standards.presets().values())), actor=None)
    criterion = Check.objects.filter(team=world.team).first().version.criteria.first()
    world.check = checks.file_check(
        world.team,
        kind=Check.Kind.SPOT,
        date=today,
        key="world",
        actor=people["assessor"],
        checker=people["assessor"],
        deviations=[checks.Deviation(criterion, -50, people["worker"], "地面有油", [world.photo])],
    )
    world.finding = world.check.findings.get()
    _add_plans(world)
    world.person = people["worker"]
    _add_rectifications(world, criterion)
    world.given = people["party"].unit_roles.get()
    world.change = coefficients.propose(
        world.person.memberships.get(), 123, effective_on=today, reason="考试合格", actor=people["leader"]
    )
    world.correction = corrections.propose(
        world.team,
        world.person,
        periods.first_day(world.closed),
        new_code="事",
        hours=0,
        reason="请假条补交",
        actor=people["leader"],
    )
    facts = {"name": "高压电工证", "number": "T2026001", "issued_on": today, "expires_on": None}
    world.certificate = papers.add(Certificate, world.person, actor=people["leader"], **facts)
    world.office_certificate = papers.add(Certificate, people["party"], actor=people["admin"], **facts)
    facts = {
        "name": "安全标兵",
        "level": "company",
        "granted_by": "集团",
        "granted_on": today,
        "actor": people["union"],
    }
    world.honour = papers.add(Honour, world.person, **facts)
    world.team_honour = papers.add(Honour, world.team, **facts)
    world.veto = conditions.add_veto(world.team, world.open, "发生轻伤", actor=people["assessor"])
    world.version = standards.install_preset("standard_5x44", world.unit, actor=people["assessor"])
    _add_standards(world)
    world.settled_rule = rules.install_preset("rule_f05_value_per_point", world.unit, actor=people["finance"])
    rules.put_in_force(world.settled_rule, periods.shift(world.open, 60), actor=None)
    world.rule = rules.install_preset("rule_attendance_work", world.unit, actor=people["finance"])
    with (CASE / "roster.xlsx").open("rb") as file:
        world.roster_file = FileOfEveryVisit("花名册.xlsx", file.read())
        world.batch = roster.stage_roster(file, root=world.plant, effective_on=today, actor=people["admin"])


def _add_rectifications(world, criterion):
    """Of the assessor's finding one that nobody has yet, of a self check one that the worker does and one that is done."""
    people, today = world.people, timezone.localdate()
    world.later = today + datetime.timedelta(days=20)
    world.rectification = world.finding.rectification
    found = [checks.Deviation(criterion, -50, note=note) for note in ("灯不亮", "门没关")]
    facts = {"kind": Check.Kind.SELF, "shift": "middle", "date": today, "key": "own", "checker": people["deputy"]}
    own = checks.file_check(world.team, deviations=found, actor=people["deputy"], **facts)
    rows = Rectification.objects.filter(finding__on_sheet=own).order_by("id")
    world.assigned_rectification, world.reported_rectification = rows
    for row in rows:
        rectifications.assign(row, people["worker"], due_on=today, note="", actor=people["leader"])
    rectifications.report(world.reported_rectification, "修好了", photos=[], actor=people["worker"])


def _add_plans(world):
    """A check of the team that the assessor set for today, and a cross-check that the team has to make today."""
    today, assessor = timezone.localdate(), world.people["assessor"]
    world.plan = plans.add_plan(world.team, Check.Kind.SPECIAL, today, today, actor=assessor)
    neighbour = world.unit.teams.exclude(pk=world.team.pk).first()
    days = {"due_from": today, "due_on": today, "shown_from": today}
    world.mutual_plan = CheckPlan.objects.create(
        unit=world.unit, team=neighbour, by_team=world.team, kind="mutual", drawn_by=assessor, **days
    )


def _add_standards(world):
    """The version of the plant that the closed month used, one of the unit that begins in years, and a workbook of one."""
    world.root_settled = world.check.version
    world.settled_version = standards.create_version(world.unit, STANDARD, actor=None)
    standards.put_in_force(world.settled_version, periods.shift(world.open, 60), actor=None)
    content = standard_sheet.workbook_with("导入的标准", content_of(world.version))
    world.standard_file = FileOfEveryVisit("标准.xlsx", content)


def _add_watches(world):
    """A watch of today for the worker, one of yesterday that a colleague handed over, and a substitution of today."""
    today, leader = timezone.localdate(), world.people["leader"]
    world.today, world.next = today, periods.shift(world.open, 1)
    others = Membership.objects.open().filter(team=world.team).exclude(user__in=filter(None, world.people.values()))
    world.colleague = others.first().user
    watches.plan(world.team, {(today, "day"): (None, world.person.pk)}, actor=leader)
    world.watch = Watch.objects.get(team=world.team)
    world.handed_watch = Watch.objects.create(
        team=world.team, date=today - datetime.timedelta(days=1), shift="night", user=world.colleague
    )
    watches.hand_over(world.handed_watch, "设备：运行正常", actor=world.colleague)
    facts = {"note": "看病", "actor": leader}
    world.substitution = substitutions.record(world.team, today, leader, world.person, **facts)


def _add_duties(world):
    """Self checks of yesterday and the day before that the team has left undone; the older one is waived."""
    days = [world.today - datetime.timedelta(days=back) for back in (2, 1)]
    for day in days:
        duties.raise_due(day, teams=Team.objects.filter(pk=world.team.pk))
    found = Duty.objects.filter(team=world.team, kind="self_check", due_on__in=days).order_by("due_on")
    world.waived_duty, world.duty = found
    duties.waive(world.waived_duty, "停机检修", actor=world.people["manager"])


def _add_appraisals(world):
    """A round of the unit that is open and one that is closed, with the rows of the team's leader in both."""
    world.closed_appraisal = make_round(world.unit, actor=world.people["manager"])
    voters = Membership.objects.open().filter(team=world.team).exclude(role="leader").select_related("user")
    give_votes(world.closed_appraisal.leaders.get(team=world.team), [row.user for row in voters])
    end(world.closed_appraisal, world.people["manager"])
    world.appraisal = make_round(world.unit, actor=world.people["manager"])
    world.rated, world.rated_before = (
        found.leaders.get(team=world.team) for found in (world.appraisal, world.closed_appraisal)
    )


def edited_standard(w):
    """The editor's form of the unit's draft with one point less to earn; "unit" as a value would be a word of this world."""
    content = content_of(w.version)
    return Tree.of(content).fields() | {
        "awards_cap": "9",
        "league": "trade",
        "shown": fingerprint(content),
        "do": "save",
    }


def edited_rule(w):
    """The editor's form of the unit's draft rule with a reserve."""
    fields = initial_of(w.rule.definition)
    return fields | {"reserve": "5", "shown": fingerprint_of(w.rule.definition), "do": "save"}


class FileOfEveryVisit(SimpleUploadedFile):
    """An upload that can be sent again and again."""

    def read(self, *size):
        self.seek(0)
        return super().read(*size)


def picture(name="现场.png", size=(40, 30), kind="PNG", tail=b""):
    """An uploaded photo; `tail` is appended to its bytes."""
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(buffer, kind)
    return SimpleUploadedFile(name, buffer.getvalue() + tail, content_type="image/png")


def _session(user):
    """The key of a session that has just been seen, so that visits write nothing."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["seen"] = int(time.time())
    session.save()
    return session.session_key


def keep_awake(world):
    """The world may have been built a while ago."""
    for key in world.sessions.values():
        session = SessionStore(key)
        session["seen"] = int(time.time())
        session.save()


def client_of(world, who, **options):
    """A browser of that identity."""
    client = Client(raise_request_exception=False, **options)
    if who in world.sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[who]
    return client


def url_of(world, page):
    """The address of a page of the table in that world."""
    return reverse(page.name, args=[value_of(world, arg) for arg in page.args])


def value_of(world, name):
    """What stands in an address or a form for an object of the world; a literal stands for itself."""
    value = getattr(world, name, name) if isinstance(name, str) else name
    return getattr(value, "serial", getattr(value, "pk", value))


@contextmanager
def watching_writes():
    """Collects every changing statement but those about sessions and who has read, refusals in the trail, and what the
    product rolls back."""
    statements, marks = [], {}

    def watch(execute, sql, params, many, context):
        if sql.startswith("SAVEPOINT "):
            marks[sql.removeprefix("SAVEPOINT ")] = len(statements)
        if sql.startswith("ROLLBACK TO SAVEPOINT "):
            del statements[marks[sql.removeprefix("ROLLBACK TO SAVEPOINT ")] :]
        harmless = sql.lstrip("( \n").startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "WITH"))
        refusal = "teams_auditentry" in sql and "access.refused" in (params or ())
        reading = "bulletins_receipt" in sql  # that somebody has read a board
        if not harmless and not refusal and not reading and "django_session" not in sql:
            statements.append(sql[:120])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield statements
