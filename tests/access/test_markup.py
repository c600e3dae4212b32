"""Names, notes and titles that contain markup are shown as the text they are, on every page."""

import datetime
import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.utils import timezone

from assessments.models import CheckPlan, ItemOwner, MonthClose
from assessments.services import appraisals, checks, conditions, plans, rectifications, standards
from bulletins.models import Bulletin
from bulletins.services.displays import add_display
from incentives.models import DistributionLine
from incentives.services import approvals, distributions, pools, publishing, rules
from teams import periods
from teams.models import AttendanceMonth, Certificate, Honour, SignIn, UnitRole, Watch, WorkDay
from teams.photos import store_photo
from teams.services import (
    attendance,
    coefficients,
    corrections,
    papers,
    roster,
    substitutions,
    units,
    watches,
)
from tests.access.applications import add_marked as add_marked_applications
from tests.access.name_lists import add_marked as add_marked_name_lists
from tests.access.page import PUBLIC
from tests.access.programmes import add_marked as add_marked_programmes
from tests.access.reviews import add_marked as add_marked_reviews
from tests.access.studios import add_marked as add_marked_studios
from tests.access.table import TABLE
from tests.access.titles import add_marked as add_marked_titles
from tests.access.world import add_accounts, picture, url_of
from tests.appraisals import end, give_votes, make_round, scores
from tests.awards import add_marked
from tests.factories import (
    PERIOD,
    STANDARD,
    approve_attendance,
    close_month,
    criterion,
    give_role,
    make_attendance,
    make_member,
    make_rule,
    make_standard,
    make_team,
    make_unit,
    make_user,
)
from tests.ideas import add_marked as add_marked_ideas
from tests.marked_life import add_marked as add_marked_life
from tests.objecting import object_to_boards
from tests.party_life import add_marked as add_marked_party
from tests.pieces import add_item, enter
from tests.points import add_markup
from tests.spending import add_named
from tests.workbooks import roster as roster_file

pytestmark = pytest.mark.django_db

MARKUP = """"'><xss onerror=alert(1)>"""
TITLED = STANDARD | {
    "name": MARKUP,
    "lowest_grade": MARKUP[:20],
    "categories": [{"name": MARKUP, "criteria": [[MARKUP, 3], ["违章", 4]]}],
}


BREAKS_OUT = re.compile(r"^javascript:|[\"'<>]", re.IGNORECASE)
"""A link that runs or that leaves its attribute; a percent-encoded query is a harmless text."""


class Elements(HTMLParser):
    """What a browser would make of a page: elements that the markup opened, attributes that it added."""

    def __init__(self, html):
        super().__init__()
        self.foreign = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        links = [value or "" for name, value in attrs if name in ("href", "src", "action")]
        if (
            tag == "xss"
            or any(name.startswith("on") for name in names)
            or any(BREAKS_OUT.search(link) for link in links)
        ):
            self.foreign.append((tag, attrs))


@pytest.fixture
def marked():
    """A plant in which whatever people can name or note is markup; the chief holds every role and leads the team."""
    plant = make_unit(MARKUP)
    unit = make_unit(MARKUP, parent=plant)
    team = make_team(unit, MARKUP)
    chief = make_member(team, "leader", user=make_user(name=MARKUP))
    other = make_member(team, user=make_user(name=MARKUP))
    for role in UnitRole.Role.values:
        give_role(plant, role, chief)
    version, _ = make_standard(plant, **TITLED), make_rule(plant)
    marked = SimpleNamespace(plant=plant, unit=unit, team=team, chief=chief, root_version=version, closed=PERIOD)
    marked.september = PERIOD
    marked.root_settled = marked.settled_version = version
    _close(marked, other)
    marked.open = periods.current_period()
    _work(marked, other)
    add_named(marked, chief, other, MARKUP)
    add_marked_studios(marked, other, MARKUP)
    add_marked_programmes(marked, other, MARKUP)
    add_marked_applications(marked, other, MARKUP)
    add_marked_reviews(marked, other, MARKUP)
    add_marked_name_lists(marked, other, MARKUP)
    add_marked_titles(marked, other, MARKUP)
    return marked


def _close(marked, other):
    make_attendance(marked.team)
    approve_attendance(marked.team)
    _file(marked, other, periods.first_day(PERIOD))
    conditions.add_veto(marked.team, PERIOD, MARKUP, actor=marked.chief)
    close_month(marked.unit)
    pools.set_pool(marked.team, PERIOD, 1_000_000, actor=marked.chief)
    add_marked(marked, other, MARKUP)
    distribution = distributions.draft(marked.team, PERIOD, actor=other)
    approvals.propose(distribution, actor=other)
    approvals.return_draft(distribution, MARKUP, actor=marked.chief)
    distribution = distributions.draft(marked.team, PERIOD, actor=other)
    approvals.propose(distribution, actor=other)
    approvals.approve(distribution, actor=marked.chief)
    approvals.post(distribution, actor=marked.chief)
    publishing.publish_month(marked.team, PERIOD, actor=marked.chief)
    marked.board = Bulletin.objects.get(team=marked.team, kind="bonus")
    marked.line = DistributionLine.objects.get(user=other)
    hands = {"member": other, "manager": give_role(marked.unit, "manager"), "photo": marked.photo, "words": MARKUP}
    vars(marked).update(object_to_boards(marked.team, PERIOD, **hands))
    shown = {"kinds": Bulletin.Kind.values, "seconds": 20, "teams": [marked.team]}
    marked.display, marked.display_token = add_display(marked.unit, name=MARKUP, **shown, actor=marked.chief)
    add_accounts(marked, other)


def _file(marked, person, date):
    marked.photo = store_photo(picture(name=MARKUP), team=marked.team, actor=marked.chief)
    deviations = [checks.Deviation(criterion(marked.team, "1.1"), -50, person, MARKUP, [marked.photo])] * 2
    return checks.file_check(
        marked.team,
        kind="self",
        date=date,
        key=f"{MARKUP}{date}",
        actor=marked.chief,
        checker=marked.chief,
        deviations=deviations,
    )


def _work(marked, other):
    today = marked.today = timezone.localdate()
    marked.next = periods.shift(marked.open, 1)
    _on_watch(marked, other)
    _plan_checks(marked, other)
    month = attendance.month_of(marked.team, marked.open)
    AttendanceMonth.objects.filter(pk=month.pk).update(question=MARKUP)
    marked.check = _file(marked, other, today)
    first, marked.finding = marked.check.findings.all()
    checks.void_finding(first, MARKUP, actor=marked.chief)
    marked.rectification = marked.finding.rectification
    rectifications.assign(marked.rectification, other, due_on=today, note=MARKUP, actor=marked.chief)
    marked.person = other
    marked.sign_in = SignIn.objects.create(user=marked.chief, session_key="elsewhere", device=MARKUP)
    coefficients.propose(other.memberships.get(), 123, effective_on=today, reason=MARKUP, actor=marked.chief)
    held = {"name": MARKUP, "number": MARKUP, "issued_on": None, "expires_on": today}
    marked.certificate = papers.add(Certificate, other, actor=marked.chief, **held)
    marked.office_certificate = papers.add(Certificate, marked.chief, actor=marked.chief, **held)
    given = {"name": MARKUP, "level": "unit", "granted_by": MARKUP, "granted_on": today, "document": MARKUP}
    marked.honour = papers.add(Honour, other, actor=marked.chief, **given)
    marked.team_honour = papers.add(Honour, marked.team, actor=marked.chief, **given)
    _appraise(marked, other)
    add_markup(marked, other, MARKUP)
    _do_piece_work(marked, other)
    add_marked_party(marked, other, MARKUP)
    add_marked_ideas(marked, other, MARKUP)
    add_marked_life(marked, other, MARKUP)
    units.change_team(marked.team, actor=marked.chief, slogan=MARKUP, vision=MARKUP, style=MARKUP)
    WorkDay.objects.create(date=today, is_workday=True, note=MARKUP)
    marked.veto = conditions.add_veto(marked.team, marked.open, MARKUP, actor=marked.chief)
    marked.version = standards.create_version(marked.unit, TITLED, actor=marked.chief)
    marked.rule = rules.install_preset("rule_attendance_work", marked.unit, actor=marked.chief)
    file = roster_file(["900001", MARKUP, MARKUP, MARKUP], ["", MARKUP, MARKUP, MARKUP, MARKUP, MARKUP])
    file.name = MARKUP
    marked.batch = roster.stage_roster(file, root=marked.plant, effective_on=today, actor=marked.chief)
    MonthClose.objects.filter(unit=marked.unit, period=marked.open).update(problem=MARKUP)


def _do_piece_work(marked, other):
    """A line of the price list, and what was done by it today."""
    item = add_item(marked.unit, MARKUP, measure="班", note=MARKUP)
    enter(marked.team, marked.chief, [(other, item, 100)], marked.today, note=MARKUP)


def _plan_checks(marked, other):
    """A cross-check to make, a check of the team that was cancelled, and an item with an owner."""
    days = {"due_from": marked.today, "due_on": marked.today, "shown_from": marked.today}
    checked = make_team(marked.unit, f"{MARKUP}二", formed_on=marked.today)
    marked.mutual_plan = CheckPlan.objects.create(
        unit=marked.unit, team=checked, by_team=marked.team, kind="mutual", **days
    )
    plan = plans.add_plan(marked.team, "special", marked.today, marked.today, actor=marked.chief)
    plans.cancel(plan, MARKUP, actor=marked.chief)
    ItemOwner.objects.create(team=marked.team, standard=marked.root_version.standard, code="1.1", user=other)


def _appraise(marked, other):
    """An open and a closed round of appraisals with words of all three sides."""
    manager = give_role(marked.unit, "manager")
    rounds = [make_round(marked.unit, actor=manager, title=f"{MARKUP}{number}") for number in range(2)]
    marked.appraisal, marked.closed_appraisal = rounds
    marked.rated, marked.rated_before = (row.leaders.get(team=marked.team) for row in rounds)
    appraisals.rate_oneself(marked.rated_before, scores(marked.rated_before), MARKUP, actor=marked.chief)
    appraisals.rate_as_superior(marked.rated_before, scores(marked.rated_before), MARKUP, actor=manager)
    give_votes(marked.rated_before, [other], words=MARKUP)
    end(marked.closed_appraisal, manager)


def _on_watch(marked, other):
    """A watch to come, one that was handed over, a substitution and a correction, each with a note."""
    yesterday = marked.today - datetime.timedelta(days=1)
    turn = {"team": marked.team, "shift": "night"}
    marked.watch = Watch.objects.create(**turn, date=marked.today, user=other)
    marked.handed_watch = Watch.objects.create(**turn, date=yesterday, user=marked.chief)
    watches.hand_over(marked.handed_watch, MARKUP, actor=marked.chief)
    facts = {"note": MARKUP, "actor": marked.chief}
    marked.substitution = substitutions.record(marked.team, marked.today, marked.chief, other, **facts)
    facts = {"new_code": "事", "hours": 0, "reason": MARKUP, "actor": marked.chief}
    corrections.propose(marked.team, other, periods.first_day(PERIOD), **facts)


NO_HTML = {
    "assessments:title-certificate",
    "assessments:round-certificates",
    "assessments:standard-export",
    "bulletins:download",
    "bulletins:feed",
    "bulletins:paper",
    "bulletins:month-paper",
    "teams:roster-template",
    "incentives:pools-template",
    "teams:roster-problems",
    "teams:photo",
    "login",
}
PAGES = [page for page in TABLE if page.get and page.name not in NO_HTML]
SHOWING = {"teams:certificates", "teams:certificate-overview", "teams:calendar-current", "teams:team-present"}
SHOWING |= {"teams:honours", "teams:honour-overview", "teams:honour"}
SHOWING |= {f"incentives:{name}" for name in ("expenses", "expense", "expense-enter", "reserve", "awards", "award")}
SHOWING |= {"home", "teams:team", "teams:roster-preview", "trail", "assessments:check", "assessments:score"}
SHOWING |= {"assessments:conditions", "incentives:distribution", "incentives:explain", "bulletins:board"}
SHOWING |= {"bulletins:objection", "assessments:objection-correct", "incentives:objection-correct"}
SHOWING |= {"incentives:piece-items", "incentives:piecework-day"}
SHOWING |= {f"activities:party-{name}" for name in ("liaisons", "groups", "group", "posts", "plaque", "commitments")}
SHOWING |= {"activities:party", "activities:party-mechanisms", "activities:party-mechanism", "activities:reserves"}
SHOWING |= {f"activities:{name}" for name in ("ideas", "idea", "idea-supplement", "goals", "goal", "tasks")}
SHOWING |= {f"assessments:application{name}" for name in ("s", "", "-start", "-edit", "-prove", "-desk")}
SHOWING |= {"assessments:name-list", "assessments:challenges", "assessments:challenge", "assessments:challenge-new"}
SHOWING |= {f"assessments:review{name}" for name in ("s", "", "-desk", "-summary", "-application")}
SHOWING |= {f"assessments:{name}" for name in ("programmes", "programme", "programme-edit", "rounds", "round", "bars")}
SHOWING |= {"assessments:studios", "assessments:studio-board", "assessments:studio", "assessments:studio-money"}
SHOWING |= {
    f"activities:{name}" for name in ("activities", "activity", "activity-edit", "activity-month", "kinds", "wall")
}
SHOWING |= {
    f"activities:knowledge{name}" for name in ("", "-version", "-edit", "-card", "-cards", "-compare", "-readers")
}
SHOWING |= {f"activities:{name}" for name in ("vision", "mentorship", "practice-cards", "contests", "contest")}
SHOWING |= {"activities:reserve", "activities:elections", "activities:election", "activities:election-vote"}
SHOWING |= {"incentives:clauses", "incentives:clause-replace", "incentives:adjustments", "incentives:payslip"}
SHOWING |= {"incentives:point-scheme", "incentives:points-month", "incentives:points-entries", "incentives:point-entry"}


def test_markup_is_text_on_every_page(marked, client):
    client.force_login(marked.chief)
    for page in PAGES:
        html = client.get(url_of(marked, page), follow=True).content.decode()
        assert Elements(html).foreign == [], page.name
        assert "&lt;xss" in html or page.name not in SHOWING, page.name


def test_markup_is_text_on_public_pages_and_in_refusals(marked, client):
    for page in [page for page in PAGES if page.name.startswith("bulletins:") and page.get == PUBLIC]:
        html = client.get(url_of(marked, page)).content.decode()
        assert Elements(html).foreign == [], page.name
        assert "&lt;xss" in html or page.name == "bulletins:verify"
    client.force_login(marked.chief)
    grid = f"/attendance/{marked.team.pk}/{marked.open // 100}-{marked.open % 100:02d}/"
    for address, body in {
        "/password/": {"old_password": MARKUP, "new_password1": MARKUP, "new_password2": "x"},
        grid: {f"a-{marked.chief.pk}-1": MARKUP, f"o-{marked.chief.pk}": MARKUP},
        f"/checks/{marked.team.pk}/new/": {
            f"c-{criterion(marked.team, '1.1').pk}": "1",
            "key": MARKUP,
            "shift": MARKUP,
        },
        f"/standards/{marked.version.pk}/in-force/": {"period": MARKUP},
        "/roster/": {"unit": MARKUP, "effective_on": MARKUP, "file": picture(name=MARKUP)},
    }.items():
        assert Elements(client.post(address, body, follow=True).content.decode()).foreign == [], address
    for address in (
        f"/teams/?q={MARKUP}",
        f"/trail/?who={MARKUP}&since={MARKUP}",
        f"/boards/?q={MARKUP}&kind={MARKUP}",
    ):
        assert Elements(client.get(address).content.decode()).foreign == [], address


@pytest.mark.parametrize(
    "html", [f"<p>{MARKUP}</p>", f'<p title="{MARKUP}">', "<a href='javascript:xss'>", "<p onclick=1>"]
)
def test_control_markup_that_is_not_escaped_is_found(html):
    assert Elements(html).foreign
