"""Every page of the product, as those who use it see it: sound for screen readers, and never wider than the phone."""

import datetime
from types import SimpleNamespace

import pytest
from django.core.files import File
from django.urls import get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import expect

from activities.services import duties
from assessments.models import Check, CheckPlan, Finding, ItemOwner, Rectification, StandardVersion
from assessments.services import plans, rectifications, standards
from bulletins.models import Bulletin
from bulletins.services import notices
from bulletins.services.displays import add_display
from incentives.models import Account, BonusRuleVersion, Clause, DistributionLine
from incentives.services import rules
from teamhub.month_import import import_month
from teams import periods
from teams.models import AttendanceMonth, Certificate, Honour, Membership, Team, Unit, Watch, WorkDay
from teams.photos import store_photo
from teams.services import coefficients, corrections, papers, roster, substitutions, watches
from tests import factories as make
from tests.access.applications import words_of as words_of_applications
from tests.access.name_lists import words_of as words_of_name_lists
from tests.access.programmes import words_of as words_of_programmes
from tests.access.reviews import words_of as words_of_reviews
from tests.access.studios import words_of as words_of_studios
from tests.access.titles import words_of as words_of_titles
from tests.access.world import picture
from tests.activities.knowledge import words_of as knowledge_words
from tests.activities.learning import words_of as learning_words
from tests.appraisals import two_rounds
from tests.awards import add_many as add_awards
from tests.browser import DESKTOP, PHONE
from tests.data import CASE
from tests.e2e.pages import EMPTY, NO_PAGES, PAGES
from tests.e2e.steps import Visitor
from tests.ideas import words_of as idea_words
from tests.objecting import object_to_boards
from tests.party_life import words_of as words_of_party
from tests.pieces import add_item, enter
from tests.points import words_of
from tests.recording import words_of as recording_words
from tests.recording import write
from tests.spending import add_to_world as add_spending
from tests.team_life import make_kind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PERIOD = 202610
WIDTHS = pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])


class Plant:
    """The month of tests/data, closed and posted, and the beginning of the present one; words of PAGES made concrete."""

    def __init__(self):
        import_month(CASE, PERIOD, plant="本厂")
        root, team = Unit.objects.get(parent=None), Team.objects.get(name="运行二值")
        current = periods.current_period()
        members = Membership.objects.filter(team=team).select_related("user")
        self.people = {
            role: make.give_role(root, role)
            for role in ("assessor", "manager", "finance", "union", "party", "admin", "security", "auditor")
        }
        self.people |= {role: members.filter(role=role).first().user for role in ("leader", "worker")}
        other = Team.objects.get(name="化学运行班")
        make.make_attendance(other, current)
        AttendanceMonth.objects.filter(team=other, period=current).update(state=AttendanceMonth.State.CONFIRMED)
        with (CASE / "roster.xlsx").open("rb") as file:
            batch = roster.stage_roster(
                File(file, "roster.xlsx"), root=root, effective_on=periods.first_day(PERIOD), actor=self.people["admin"]
            )
        self.words = {
            "PERIOD": PERIOD,
            "current": current,
            "today": timezone.localdate(),
            "day": periods.first_day(PERIOD),
            "team": team.pk,
            "unit": team.unit_id,
            "vetoed": Team.objects.get(name="运行一值").pk,
            "check": Check.objects.filter(team=team, findings__isnull=False).first().pk,
            "finding": Finding.objects.filter(team=team).first().pk,
            "version": StandardVersion.objects.get().pk,
            "draft": standards.install_preset("standard_5x44", team.unit, actor=None).pk,
            "rule": BonusRuleVersion.objects.get().pk,
            "draft_rule": rules.install_preset("rule_f01_attendance_hours", team.unit, actor=None).pk,
            "line": DistributionLine.objects.get(user=self.people["worker"]).pk,
            "batch": batch.pk,
            "person": self.people["worker"].pk,
            "certificate": self._certificates().pk,
            "honour": self._honours(team).pk,
            "own_account": Account.objects.get(user=self.people["worker"]).pk,
            "pool_account": Account.objects.get(code=f"pool:{team.pk}").pk,
            "2026": 2026,
            "2027": 2027,
            "line_code": "1.1",
            **{word: word for word in ("units", "teams", "compute", "month", "quarter", "year")},
        }
        worker = members.get(user=self.people["worker"])
        day = timezone.localdate()
        self.words["asked_kind"] = self._asked_kind(team, day).pk
        for back in (0, 1):
            duties.raise_due(day - datetime.timedelta(days=back))
            duties.raise_records(day - datetime.timedelta(days=back))
        coefficients.propose(worker, 123, effective_on=day, reason="考试合格", actor=self.people["leader"])
        facts = {"new_code": "病", "hours": 200, "reason": "病假条补交", "actor": self.people["leader"]}
        corrections.propose(team, self.people["worker"], periods.first_day(PERIOD), **facts)
        self._add_watches(team, day)
        self._add_plans(team, day)
        self.words |= two_rounds(team, self.people["manager"], self.people["worker"])
        self.words |= self._spending(team) | words_of(team, self.people)
        enter(team, self.people["leader"], [(self.people["worker"], add_item(team.unit), 300)], day)
        self.words["rectification"] = self._rectification(team).pk
        wish = {"key": "a" * 12, "title": "停水通知", "text": "明天停水。", "audience": 2, "days": 3}
        notices.post_notice({"team": team}, wish, actor=self.people["leader"])
        shown = {"kinds": Bulletin.Kind.values, "seconds": 20, "teams": [team]}
        display, token = add_display(team.unit, name="汽机房门口", **shown, actor=self.people["manager"])
        self.words |= {"display": display.pk, "display_token": token}
        self.words |= recording_words(team, self.people) | learning_words(team, self.people)
        self.words |= knowledge_words(team, self.people) | idea_words(team, self.people)
        self.words["before"] = periods.shift(PERIOD, -1)
        add_awards(team, self.words["before"], 2)
        self.words["clause"] = Clause.objects.first().pk
        photo = store_photo(picture(), team=team, actor=self.people["leader"])
        hands = {"member": self.people["worker"], "manager": self.people["manager"], "photo": photo}
        self.words |= {word: row.pk for word, row in object_to_boards(team, PERIOD, **hands).items()}
        self.words |= words_of_party(team, self.people)
        self.words |= words_of_studios(team, self.people)
        self.words |= words_of_programmes(team, self.people)
        self.words |= words_of_applications(team, self.people)
        self.words |= words_of_reviews(team, self.people)
        self.words |= words_of_name_lists(team, self.people)
        self.words |= words_of_titles(team, self.people)
        self.boards = {board.kind: board.serial for board in Bulletin.objects.filter(team=team, period=PERIOD)}
        self.words["bonus_board"] = self.boards["bonus"]

    def _asked_kind(self, team, day):
        """A kind that is due each week, kept this week by the team and not by the others."""
        kind = make_kind(team.unit, name="安全活动日", cadence="weekly", is_asked=True)
        write(kind, team, actor=self.people["leader"], people=[self.people["worker"]])
        return kind

    def _certificates(self):
        """Certificates in each state, and days of a shutdown; returns one of them."""
        today, leader = timezone.localdate(), self.people["leader"]
        for number, days in enumerate((-1, 20, 300)):
            ends = today + datetime.timedelta(days=days)
            facts = {"name": "高压电工证", "number": f"T{number}", "issued_on": None, "expires_on": ends}
            certificate = papers.add(Certificate, leader, actor=leader, **facts)
        for day in range(3):
            shut = today + datetime.timedelta(days=day)
            WorkDay.objects.create(date=shut, is_workday=False, note="停产检修")
        return certificate

    def _rectification(self, team):
        """One that was refused and reported again, with photos of before and after, and what the worker says to it."""
        worker, leader, today = self.people["worker"], self.people["leader"], timezone.localdate()
        sheet = make.file_findings(team, ("1.1", -50, worker), day=today.day, period=self.words["current"])
        row = Rectification.objects.get(finding__on_sheet=sheet)
        row.finding.photos.add(store_photo(picture(), team=team, actor=leader))
        rectifications.assign(row, worker, due_on=today, note="今天弄好", actor=leader)
        photos = [store_photo(picture(), team=team, actor=worker) for _ in range(3)]
        rectifications.report(row, "擦干净了", photos=photos, actor=worker)
        rectifications.refuse(row, "角落里还有", actor=self.people["assessor"])
        rectifications.report(row, "角落也擦了", photos=photos[:1], actor=worker)
        rectifications.add_statement(row.finding, "当时在抢修", actor=worker)
        return row

    def _spending(self, team):
        """An expense and an award that wait, one each that is paid, money in both purses."""
        photo, people = store_photo(picture(), team=team, actor=self.people["leader"]), self.people
        union = make.give_role(team.unit, "union")
        world = SimpleNamespace(
            team=team, people=people | {"union": union}, person=people["worker"], photo=photo, closed=PERIOD
        )
        add_spending(world)
        return {name: getattr(world, name).pk for name in ("expense", "paid_expense", "award", "paid_award")}

    def _add_plans(self, team, day):
        """A cross-check to make, spot checks of this week, one of them cancelled, and an item with an owner."""
        other = team.unit.teams.exclude(pk=team.pk).first()
        days = {"due_from": day, "due_on": day, "shown_from": day}
        mutual = CheckPlan.objects.create(unit=team.unit, team=other, by_team=team, kind="mutual", **days)
        plans.draw_spot_checks(team.unit, plans.monday_of(day), actor=None)
        plans.cancel(CheckPlan.objects.filter(kind="spot").last(), "停机", actor=self.people["assessor"])
        standard = StandardVersion.objects.get(pk=self.words["version"]).standard
        ItemOwner.objects.create(team=team, standard=standard, code="1.1", user=self.people["worker"])
        self.words["mutual_plan"] = mutual.pk

    def _honours(self, team):
        """Honours in each state of the team and of one of its people; returns one of them."""
        today, leader = timezone.localdate(), self.people["leader"]
        facts = {"level": "group", "granted_by": "集团公司工会", "granted_on": today - datetime.timedelta(days=400)}
        ends = [today + datetime.timedelta(days=days) for days in (-1, 300)]
        for number, end in enumerate([*ends, None]):
            for holder in (leader, team):
                honour = papers.add(
                    Honour, holder, actor=leader, name=f"安全生产先进 {number}", expires_on=end, **facts
                )
        return honour

    def _add_watches(self, team, day):
        leader, worker = self.people["leader"], self.people["worker"]
        own = Watch.objects.create(team=team, date=day, shift="night", user=leader)
        handed = Watch.objects.create(team=team, date=day, user=worker)
        watches.hand_over(handed, "设备：运行正常\n遗留问题：没有遗留问题", actor=leader)
        found = substitutions.record(team, day, worker, leader, note="看病", actor=leader)
        substitutions.withdraw(found, "记错人", actor=leader)
        substitutions.record(team, day, leader, worker, note="看病", actor=leader)
        following = periods.shift(self.words["current"], 1)
        self.words |= {"watch": own.pk, "handed_watch": handed.pk, "next": following}

    def address(self, page):
        name, *words = page.split()
        if name == "board":
            return reverse("bulletins:board", args=[self.boards[words[0]]])
        return reverse(name, args=[self.words.get(word, word) for word in words])


TURNS = 3


def visit_all(pages, people, address, device, new_page, colours=True, turns=range(TURNS)):
    for role, names in pages.items():
        visitor = Visitor(new_page(device, user=role and people[role]), colours)
        for place, name in enumerate(names):
            if place % TURNS in turns:
                visitor.open(address(name))


@pytest.mark.parametrize(
    ("device", "colours", "turns"),
    [
        pytest.param(PHONE, False, {0, 1}, id="phone"),
        pytest.param(DESKTOP, True, {2}, id="desktop"),
        pytest.param(PHONE, True, range(TURNS), id="phone, all", marks=pytest.mark.nightly),
        pytest.param(DESKTOP, True, range(TURNS), id="desktop, all", marks=pytest.mark.nightly),
    ],
)
def test_every_page_is_sound(device, colours, turns, new_page):
    """By day every page once, two thirds on the phone and the others on the desktop with their colours; at night all on both."""
    plant = Plant()
    visit_all(PAGES, plant.people, plant.address, device, new_page, colours, turns)


def test_pages_with_nothing_on_them_yet_are_sound(new_page):
    root = make.make_unit("本厂")
    people = {role: make.give_role(root, role) for role in EMPTY if role}
    visit_all(EMPTY, people, reverse, PHONE, new_page)


def test_no_page_is_left_out():
    def names(resolver, prefix=""):
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                yield from names(pattern, f"{pattern.namespace}:" if pattern.namespace else prefix)
            else:
                yield f"{prefix}{pattern.name}"

    visited = {page.split()[0] for pages in PAGES.values() for page in pages} - {"board"}
    assert set(names(get_resolver())) == visited | NO_PAGES | {"bulletins:board"}


@WIDTHS
def test_pages_that_refuse_are_sound(device, new_page):
    make.make_unit()
    visitor = Visitor(new_page(device, user=make.make_user()))
    page = visitor.page

    def refused(heading):
        page.problems.clear()  # the console names the status
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        visitor.look()

    page.goto(reverse("teams:team", args=[1]))
    refused("没有找到这一页")
    page.goto(reverse("trail"))
    refused("这一页您没有权限办理")

    page.context.clear_cookies()
    page.goto(reverse("login"))
    page.context.clear_cookies()
    page.get_by_role("button", name="登录").click()
    refused("页面放得太久，需要重来一次")

    for _ in range(5):
        page.goto(reverse("login"))
        page.get_by_label("工号").fill("4711")
        page.get_by_label("密码").fill("guess")
        with page.expect_navigation():
            page.get_by_role("button", name="登录").click()
    refused("这个工号暂时锁定了")


def test_a_long_name_leaves_the_phone_as_wide_as_it_is(new_page):
    person = make.make_member(make.make_team(), user=make.make_user(name="阿卜杜热西提·买买提艾力·吐尔逊江买"))
    Visitor(new_page(PHONE, user=person)).open(reverse("home"))


def test_the_password_is_shown_until_it_is_sent(new_page):
    page = new_page(PHONE)
    page.goto(reverse("login"))
    secret = page.locator("[name=password]")
    page.get_by_role("button", name="显示密码").click()
    expect(secret).to_have_attribute("type", "text")
    page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_role("button", name="登录").click()
    expect(secret).to_have_attribute("type", "password")


def test_a_printed_board_is_the_sheet_alone(new_page):
    plant = Plant()
    page = new_page(DESKTOP, user=plant.people["worker"])
    page.goto(plant.address("board bonus"))
    page.emulate_media(media="print")
    for shown in (".board-title h2", ".seal", ".board-qr img", ".board-proof", "tfoot"):
        expect(page.locator(shown)).to_be_visible()
    expect(page.locator(".seal")).to_have_text("班组长：单位负责人：盖章：")
    for hidden in (".topbar", ".side-nav", ".tab-bar", ".page-head", ".page-actions", ".site-foot"):
        expect(page.locator(hidden)).to_be_hidden()
    for own in ("这个数怎么来的", "（我）"):
        expect(page.get_by_text(own)).to_be_hidden()
    expect(page.locator("tbody tr")).to_have_count(
        DistributionLine.objects.filter(distribution__team=plant.words["team"], distribution__period=PERIOD).count()
    )
    # A team of fourteen fits on one sheet, the attendance across.
    grow = "(body) => { while (body.rows.length < 14) body.append(body.rows[0].cloneNode(true)); }"
    for kind in ("bonus", "attendance", "scores"):
        page.goto(plant.address(f"board {kind}"))
        page.locator(".board tbody").evaluate(grow)
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


@WIDTHS
def test_the_switch_of_team_and_month_opens_in_sight(device, new_page):
    plant = Plant()
    visitor = Visitor(new_page(device, user=plant.people["manager"]))
    visitor.open(plant.address("assessments:score team PERIOD"))
    for name, choice in (("选择月份", "2026年9月"), ("选择班组", "运行部 · 化学运行班")):
        visitor.page.get_by_role("button", name=name).click()
        link = visitor.page.get_by_role("link", name=choice, exact=True)
        on_top = "(node) => { const box = node.getBoundingClientRect(); return node.contains(document.elementFromPoint(box.x + 9, box.y + 9)); }"
        assert link.evaluate(on_top), f"{choice} is covered or cut off"
        visitor.look()
        with visitor.arriving():
            link.click()
    visitor.reads("化学运行班2026年9月得分")


def test_all_three_switches_of_a_report_can_be_read_on_the_phone(new_page):
    team = make.make_team(make.make_unit("设备检修部"), "电气检修一班")
    page = new_page(PHONE, user=make.make_member(team, "leader"))
    page.goto(reverse("assessments:report", args=["teams", team.pk, "quarter", PERIOD]))
    labels = page.locator(".context-switch > .dropdown > .btn .text-truncate")
    expect(labels).to_have_text(["季度", "设备检修部 · 电气检修一班", "2026年第四季度"])
    assert labels.evaluate_all("all => all.every((one) => one.clientWidth && one.scrollWidth <= one.clientWidth)")
