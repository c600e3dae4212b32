"""Signals of honesty: each is found where it is, and not found one step beside it."""

import datetime
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import signals
from assessments.models import Check, Finding, TeamScore
from assessments.signals import PhotoUse, Sheet
from teams.models import Attachment
from tests import factories as make
from tests.factories import PERIOD
from tests.rewriting import rewrite

FIRST = datetime.date(2026, 10, 1)
NOON = datetime.timedelta(hours=4)
"""Beijing noon, as UTC."""
LOSS = (("1.1", -50),)
_numbers = count(1)


def day(number):
    return FIRST + datetime.timedelta(days=number - 1)


def sheet(number, *, late=0, minutes=0, team=1, kind="self", found=(), entered=True):
    """A sheet of the October day `number`, handed in `late` days and some minutes after noon of that day."""
    noon = datetime.datetime.combine(day(number), datetime.time(), datetime.UTC) + NOON
    at = noon + datetime.timedelta(days=late, minutes=minutes)
    return Sheet(next(_numbers), team, kind, day(number), "day", at, found, entered)


def asked(questions):
    """What is asked of whom: (team, how many rows)."""
    return [(question.team, len(question.rows)) for question in questions]


# -- 补录很晚 ----------------------------------------------------------------------------------------------------------


def test_a_sheet_of_more_than_two_days_ago_is_late():
    sheets = [sheet(5, late=2), sheet(6, late=3), sheet(7, late=9), sheet(8, late=3, team=2)]
    assert asked(signals.late_entries(sheets, PERIOD)) == [(1, 2), (2, 1)]


def test_days_are_counted_by_the_clock_of_beijing():
    # 03:00 UTC after noon is still the same Beijing date, 13 hours later is the next one.
    assert not signals.late_entries([sheet(5, late=2, minutes=11 * 60)], PERIOD)
    assert signals.late_entries([sheet(5, late=2, minutes=12 * 60)], PERIOD)


def test_imported_sheets_and_those_of_other_months_are_not_late():
    assert not signals.late_entries([sheet(5, late=9, entered=False), sheet(-3, late=9)], PERIOD)


# -- 集中补 ------------------------------------------------------------------------------------------------------------


def filled_at_once(days, apart=2):
    return [sheet(number, late=20 - number, minutes=number * apart) for number in range(1, days + 1)]


def test_five_days_within_ten_minutes_are_a_burst():
    assert asked(signals.bursts(filled_at_once(5), PERIOD)) == [(1, 5)]
    assert asked(signals.bursts(filled_at_once(9), PERIOD)) == [(1, 9)]


def test_four_days_or_a_longer_time_are_no_burst():
    assert not signals.bursts(filled_at_once(4), PERIOD)
    assert not signals.bursts(filled_at_once(9, apart=3), PERIOD)


def test_many_sheets_of_the_same_day_are_no_burst():
    assert not signals.bursts([sheet(5, minutes=number) for number in range(8)], PERIOD)


def test_two_teams_together_are_no_burst():
    rows = filled_at_once(5)
    mixed = [Sheet(**vars(row) | {"team": row.pk % 2}) for row in rows]
    assert not signals.bursts(mixed, PERIOD)


# -- 天天一样 ----------------------------------------------------------------------------------------------------------


def test_five_sheets_with_the_same_findings_are_a_run():
    assert asked(signals.same_every_day([sheet(n, found=LOSS) for n in range(1, 6)], PERIOD)) == [(1, 5)]


def test_four_or_interrupted_sheets_are_no_run():
    assert not signals.same_every_day([sheet(n, found=LOSS) for n in range(1, 5)], PERIOD)
    broken = [sheet(n, found=(("1.2", -50),) if n == 4 else LOSS) for n in range(1, 9)]
    assert not signals.same_every_day(broken, PERIOD)


def test_a_run_that_ended_before_the_month_is_not_asked_about_again():
    assert not signals.same_every_day([sheet(n, found=LOSS) for n in range(-20, 1)], PERIOD)


def test_twenty_clean_sheets_are_a_run_only_where_an_inspection_found_something():
    clean = [sheet(n) for n in range(1, 21)]
    assert not signals.same_every_day(clean, PERIOD)
    assert not signals.same_every_day([*clean, sheet(9, kind="spot")], PERIOD)
    assert not signals.same_every_day([*clean, sheet(9, kind="spot", found=LOSS, team=2)], PERIOD)
    assert not signals.same_every_day([*clean[1:], sheet(9, kind="spot", found=LOSS)], PERIOD)
    assert asked(signals.same_every_day([*clean, sheet(9, kind="spot", found=LOSS)], PERIOD)) == [(1, 20)]


# -- 照片用过两次 ------------------------------------------------------------------------------------------------------


def use(finding, sha256="a", number=5, team=1):
    return PhotoUse(finding, team, day(number), "1.1 班前会", sha256)


def test_one_photo_in_two_findings():
    assert asked(signals.photos_used_twice([use(1), use(2, team=2), use(3, "b")], PERIOD)) == [(2, 2)]
    assert asked(signals.photos_used_twice([use(1, number=-9), use(2)], PERIOD)) == [(1, 2)]


def test_one_photo_twice_in_one_finding_or_long_ago_is_nothing():
    assert not signals.photos_used_twice([use(1), use(1), use(2, "b")], PERIOD)
    assert not signals.photos_used_twice([use(1, number=-9), use(2, number=-8)], PERIOD)


# -- 从不扣分 ----------------------------------------------------------------------------------------------------------


def sixty_days(team, sheets=20, found=()):
    return [sheet(31 - n, team=team, found=found if n == 0 else ()) for n in range(sheets)]


def silent(sheets, units=None):
    return asked(signals.never_deducts(sheets, units or {1: 1, 2: 1}, day(31)))


def test_a_team_that_never_deducts_while_others_do():
    assert silent([*sixty_days(1), *sixty_days(2, found=LOSS)]) == [(1, 3)]


def test_no_question_where_nobody_deducts_or_only_another_unit():
    assert not silent([*sixty_days(1), *sixty_days(2)])
    assert not silent([*sixty_days(1), *sixty_days(2, found=LOSS)], {1: 1, 2: 2})


def test_no_question_with_few_sheets_or_a_single_deduction():
    assert not silent([*sixty_days(1, sheets=19), *sixty_days(2, found=LOSS)])
    assert not silent([*sixty_days(1, found=LOSS), *sixty_days(2, found=LOSS)])


def test_inspections_are_no_self_checks():
    inspected = [Sheet(**vars(row) | {"kind": "spot"}) for row in sixty_days(2, found=LOSS)]
    assert not silent([*sixty_days(1), *inspected])


# -- The page ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def team():
    """A team that fills in October in five minutes of November, with one photo in two findings."""
    unit = make.make_unit("运行部")
    make.make_standard(unit)
    team = make.make_team(unit, "一值")
    leader = make.make_member(team, "leader")
    for number in range(1, 8):
        make.file_findings(team, ("1.1", -50, None), day=number, kind="self")
    photos = [
        Attachment.objects.create(team=team, sha256="a" * 64, content_type="image/jpeg", size=1, uploaded_by=leader)
        for _ in range(2)
    ]
    for finding, photo in zip(Finding.objects.all()[:2], photos, strict=True):
        finding.photos.add(photo)
    at = datetime.datetime(2026, 11, 3, 2, tzinfo=datetime.UTC)
    rewrite(Check.objects.all(), checker=leader, submitted_at=at)
    return team


@pytest.mark.django_db
def test_the_page_asks_and_takes_nothing(team, client):
    client.force_login(make.give_role(team.unit, "assessor"))
    page = client.get(reverse("assessments:signals", args=[team.unit_id, PERIOD]))
    found = {signal.name: asked(signal.questions) for signal in page.context["signals"]}
    assert found == {
        "补录很晚": [(team.pk, 7)],
        "集中补": [(team.pk, 7)],
        "天天一样": [(team.pk, 7)],
        "照片用过两次": [(team.pk, 2)],
        "从不扣分": [],
    }
    html = page.content.decode()
    assert html.count("可以问问：") == 4
    assert "不扣分、不进得分" in html
    assert not TeamScore.objects.exists()


@pytest.mark.django_db
def test_a_voided_sheet_raises_no_question(team):
    Check.objects.update(voided_at=timezone.now(), void_reason="填错了")
    Finding.objects.update(voided_at=timezone.now(), void_reason="填错了")
    found = signals.signals_of(team.unit, PERIOD, datetime.date(2026, 11, 20))
    assert [signal.questions for signal in found] == [[], [], [], [], []]


@pytest.mark.django_db
def test_nobody_is_asked_about_another_unit(team):
    elsewhere = make.make_unit("检修部")
    found = signals.signals_of(elsewhere, PERIOD, datetime.date(2026, 11, 20))
    assert [signal.questions for signal in found] == [[], [], [], [], []]
