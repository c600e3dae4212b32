"""Activities as people record them: once, by whom, from when to when they are edited, corrected, voided, signed and followed up."""

import datetime
import uuid
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from activities import records
from activities.access import may_change, visible_to
from activities.errors import ActivityError, StaleState
from activities.models import Activity, FollowUp, Participant
from activities.services import activities, follow_ups, kinds, sign_ins
from activities.services.activities import Content
from teams.models import AuditEntry, Membership
from tests import factories as make
from tests.races import at_once
from tests.recording import MEETING, TALK, VALUES, write

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 10, 16)


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *given: given[0].date() if given else TODAY)


@pytest.fixture
def crew():
    """A team with its leader and two members, and the kinds of tests/recording.py."""
    unit = make.make_unit("运行部")
    team = make.make_team(unit, "一值")
    crew = type("Crew", (), {})()
    crew.unit, crew.team = unit, team
    crew.leader, crew.one, crew.two = make.make_member(team, "leader"), make.make_member(team), make.make_member(team)
    crew.meeting, crew.talk = (kinds.add(unit, actor=None, **facts) for facts in (MEETING, TALK))
    return crew


def content(*people, **facts):
    there = dict.fromkeys(people, Participant.Part.MEMBER)
    return Content(**{"title": "班前会", "date": TODAY, "values": VALUES, "people": there} | facts)


def verbs():
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


# -- Recording -----------------------------------------------------------------------------------------------------------


def test_a_record_keeps_what_it_consists_of_and_leaves_one_row(crew):
    to_do = [{"text": "修灯", "owner": crew.one, "due_on": TODAY}]
    votes = [{"topic": "奖金", "agreed": 2, "opposed": 0, "abstained": 1, "text": "通过"}]
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one], follow_ups=to_do, resolutions=votes)
    assert (found.state, found.period, found.counts_in, found.fields) == ("kept", 202610, 202610, MEETING["fields"])
    assert [person.user for person in found.participants.all()] == [crew.one]
    assert found.resolutions.get().agreed == 2
    assert found.follow_ups.get().owner == crew.one
    assert verbs()[-1] == "activity.recorded"


def test_the_same_form_sent_again_is_the_same_record(crew):
    source = uuid.uuid4()
    first = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one], source=source)
    again = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.two], source=source)
    assert again == first
    assert verbs().count("activity.recorded") == 1
    with pytest.raises(ActivityError, match="没有存下"):
        write(crew.meeting, crew.team, actor=crew.one, people=[crew.two], source=source)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"date": TODAY + datetime.timedelta(days=1)}, "日期还没有到"),
        ({"date": TODAY - datetime.timedelta(days=93)}, "只能登记最近 92 天"),
        ({"people": {}}, "还没有参加人"),
    ],
)
def test_what_cannot_be_recorded_is_said(crew, facts, sentence):
    place = {"unit": crew.unit, "team": crew.team, "actor": crew.leader, "source": uuid.uuid4()}
    with pytest.raises(ActivityError, match=sentence):
        activities.record(crew.meeting, content(crew.one, **facts), **place)
    assert not Activity.objects.exists()


def test_somebody_who_has_left_stands_only_in_records_of_days_before(crew):
    Membership.objects.filter(user=crew.two).update(ended_on=TODAY - datetime.timedelta(days=3))
    crew.two.is_active = False
    crew.two.save()
    with pytest.raises(ActivityError, match="那天不在册"):
        write(crew.meeting, crew.team, actor=crew.leader, people=[crew.two])
    write(crew.meeting, crew.team, actor=crew.leader, people=[crew.two], date=TODAY - datetime.timedelta(days=4))


def test_a_draft_may_be_of_a_day_to_come_and_is_kept_later(crew):
    tomorrow = TODAY + datetime.timedelta(days=1)
    draft = write(crew.meeting, crew.team, actor=crew.leader, date=tomorrow, as_draft=True)
    assert not visible_to(crew.one).exists()
    assert not may_change(make.make_member(crew.team, "deputy"), draft)
    activities.edit(draft, content(crew.one), actor=crew.leader)
    assert draft.state == "kept"
    assert visible_to(crew.one).get() == draft


# -- Editing, correcting, voiding ---------------------------------------------------------------------------------------


def test_editing_puts_other_content_in_place_and_keeps_signatures_and_what_was_done(crew):
    to_do = [{"text": text, "owner": crew.one, "due_on": TODAY} for text in ("修灯", "擦地")]
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one, crew.leader], follow_ups=to_do)
    key = sign_ins.open_sign_in(found, actor=crew.leader)
    sign_ins.sign_in(key, user=crew.two)
    done, stays = found.follow_ups.order_by("id")
    follow_ups.finish(done, "修好了", actor=crew.one)
    found.refresh_from_db()
    wanted = [*to_do[1:], {"text": "领灯泡", "owner": crew.two, "due_on": TODAY}]
    activities.edit(found, content(crew.one, crew.two, follow_ups=wanted, title="早会"), actor=crew.leader)
    assert {(row.user, row.how) for row in found.participants.all()} == {(crew.one, "ticked"), (crew.two, "signed")}
    assert {(row.text, row.state) for row in found.follow_ups.all()} == {
        ("修灯", "done"),
        ("擦地", "open"),
        ("领灯泡", "open"),
    }
    assert FollowUp.objects.filter(pk=stays.pk).exists()
    before = AuditEntry.objects.get(verb="activity.edited").before
    assert (before["title"], before["people"]) == ("班前会", [crew.one.name, crew.leader.name, crew.two.name])


def test_whoever_edits_what_was_changed_meanwhile_is_told(crew):
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one])
    stale = Activity.objects.get(pk=found.pk)
    activities.edit(found, content(crew.one), actor=crew.leader)
    with pytest.raises(StaleState):
        activities.edit(stale, content(crew.two), actor=crew.leader)
    activities.void(found, "记重了", actor=crew.leader)
    with pytest.raises(StaleState):
        activities.void(stale, "记重了", actor=crew.leader)


@pytest.fixture
def settled(crew, monkeypatch):
    """A record of September, which is settled since."""
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one], date=datetime.date(2026, 9, 30))
    sign_ins.sign_in(sign_ins.open_sign_in(found, actor=crew.leader), user=crew.two)
    monkeypatch.setattr("teams.months.is_settled", lambda unit, team, period: period <= 202609)
    monkeypatch.setattr("teams.periods.current_period", lambda: 202610)
    found.refresh_from_db()
    return found


def test_a_record_of_a_settled_month_is_corrected_by_a_further_one(crew, settled):
    with pytest.raises(ActivityError, match="请用“更正”"):
        activities.edit(settled, content(crew.one), actor=crew.leader)
    wanted = content(crew.one, crew.two, date=settled.date, title="早会")
    signed_at = settled.participants.get(user=crew.two).at
    further = activities.correct(settled, wanted, actor=crew.leader, reason="题目写错", source=uuid.uuid4())
    settled.refresh_from_db()
    assert (settled.state, settled.title, further.title) == ("replaced", "班前会", "早会")
    assert (further.period, further.counts_in, further.corrects) == (202609, 202610, settled)
    assert further.participants.get(user=crew.two).at == signed_at
    assert records.activity_for(crew.leader, settled.pk).corrected_by == further
    assert verbs()[-1] == "activity.corrected"
    with pytest.raises(StaleState):
        activities.correct(settled, wanted, actor=crew.leader, reason="再改", source=uuid.uuid4())


def test_a_correction_earns_nothing_again_and_takes_along_what_is_to_do(crew, settled):
    Activity.objects.filter(pk=settled.pk).update(points=100)
    task = FollowUp.objects.create(activity=settled, text="修灯", owner=crew.one, due_on=TODAY)
    to_do = [{"text": "修灯", "owner": crew.one, "due_on": TODAY}]
    wanted = content(crew.one, date=settled.date, follow_ups=to_do)
    further = activities.correct(settled, wanted, actor=crew.leader, reason="补全", source=uuid.uuid4())
    assert further.points == 0
    assert list(records.open_follow_ups(crew.one)) == [task]


def test_a_correction_needs_a_reason_and_a_settled_month(crew, settled):
    with pytest.raises(ActivityError, match="原因"):
        activities.correct(settled, content(crew.one), actor=crew.leader, reason="", source=uuid.uuid4())
    fresh = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one])
    with pytest.raises(ActivityError, match="直接修改"):
        activities.correct(fresh, content(crew.one), actor=crew.leader, reason="改", source=uuid.uuid4())


def test_a_record_written_down_late_says_so(crew):
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one], date=TODAY)
    now = timezone.make_aware(datetime.datetime.combine(TODAY, datetime.time(12)))
    for days, late in ((0, False), (1, False), (2, True)):
        found.entered_at = now + datetime.timedelta(days=days)
        assert records.back_filled(found) is late


# -- What is to do afterwards -------------------------------------------------------------------------------------------


def test_a_follow_up_ends_once(crew):
    to_do = [{"text": "修灯", "owner": crew.one, "due_on": TODAY}]
    task = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one], follow_ups=to_do).follow_ups.get()
    with pytest.raises(ActivityError, match="原因"):
        follow_ups.drop(task, "", actor=crew.one)
    follow_ups.finish(task, "修好了", actor=crew.one)
    assert (task.state, task.outcome, task.ended_by) == ("done", "修好了", crew.one)
    with pytest.raises(StaleState):
        follow_ups.drop(task, "不修了", actor=crew.leader)
    assert not records.open_follow_ups(crew.one)


# -- Signing in ---------------------------------------------------------------------------------------------------------


def test_a_person_signs_once_and_stays_signed(crew):
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one])
    key = sign_ins.open_sign_in(found, actor=crew.leader)
    assert sign_ins.sign_in(key, user=crew.one) == sign_ins.sign_in(key, user=crew.one)
    assert [row.how for row in found.participants.all()] == ["signed"]
    assert verbs().count("activity.signed_in") == 1
    assert sign_ins.open_sign_in(Activity.objects.get(pk=found.pk), actor=crew.leader) == key


def test_signing_is_for_those_of_the_team_and_its_unit_while_it_is_open(crew):
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one])
    key = sign_ins.open_sign_in(found, actor=crew.leader)
    with pytest.raises(ActivityError, match="不在这次活动的班组"):
        sign_ins.sign_in(key, user=make.make_member(make.make_team(crew.unit)))
    sign_ins.sign_in(key, user=make.give_role(crew.unit, "manager"))
    with pytest.raises(ActivityError, match="签到码不对"):
        sign_ins.sign_in(uuid.uuid4(), user=crew.two)
    Activity.objects.update(sign_in_until=timezone.now() - datetime.timedelta(minutes=1))
    with pytest.raises(ActivityError, match="签到已经结束"):
        sign_ins.sign_in(key, user=crew.two)


def test_a_kind_without_signatures_has_no_code_and_a_voided_record_neither(crew):
    talk = write(crew.talk, crew.team, actor=crew.leader, people=[crew.one])
    with pytest.raises(ActivityError, match="不签到"):
        sign_ins.open_sign_in(talk, actor=crew.leader)
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one])
    key = sign_ins.open_sign_in(found, actor=crew.leader)
    activities.void(found, "记重了", actor=crew.leader)
    with pytest.raises(ActivityError, match="签到已经结束"):
        sign_ins.sign_in(key, user=crew.two)
    with pytest.raises(StaleState):
        sign_ins.open_sign_in(found, actor=crew.leader)


# -- Races --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twenty_times_at_once_is_one_record(crew):
    sent = {"actor": crew.leader, "people": [crew.one], "source": uuid.uuid4()}
    outcomes = at_once(*[partial(write, crew.meeting, crew.team, **sent)] * 20)
    assert outcomes == ["done"] * 20
    assert Activity.objects.count() == 1
    assert verbs().count("activity.recorded") == 1


@pytest.mark.django_db(transaction=True)
def test_control_twenty_forms_at_once_are_twenty_records(crew):
    sent = {"actor": crew.leader, "people": [crew.one]}
    at_once(*[partial(write, crew.meeting, crew.team, **sent)] * 20)
    assert Activity.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_are_two_and_one_who_signs_twice_is_one(crew):
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.leader])
    key = sign_ins.open_sign_in(found, actor=crew.leader)
    deeds = [partial(sign_ins.sign_in, key, user=user) for user in (crew.one, crew.one, crew.one, crew.two)]
    assert at_once(*deeds) == ["done"] * 4
    assert found.participants.filter(how="signed").count() == 2
    assert verbs().count("activity.signed_in") == 2


@pytest.mark.django_db(transaction=True)
def test_control_without_its_lock_a_signature_is_refused_or_noted_twice(crew, monkeypatch):
    """The same race against a bare insert: the database takes one, and the others fail."""
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.leader])
    bare = partial(Participant.objects.create, activity=found, user=crew.one, how="signed")
    outcomes = at_once(*[bare] * 4)
    assert outcomes.count("done") == 1
    assert sum("IntegrityError" in outcome for outcome in outcomes) == 3


# -- Searching ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("三号泵", True),
        ("号泵 早会", True),
        ("值", True),
        ("状态都好", True),
        ("五号泵", False),
        ("%", False),
        ("\\", False),
    ],
)
def test_words_are_found_inside_words_in_every_part_of_a_record(crew, words, is_found):
    write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one], values=VALUES, title="早会")
    assert records.listed(crew.leader, q=words).exists() is is_found


def test_people_are_found_by_name_and_counted_once(crew):
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one, crew.two], host=crew.leader)
    assert list(records.listed(crew.leader, q=crew.two.name)) == [found]
    assert records.listed(crew.leader, q="员工").get().heads == 2


def test_the_latest_record_is_gone_on_from_only_by_whoever_sees_it(crew):
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one])
    assert records.latest_of(crew.leader, crew.meeting, crew.team, crew.unit) == found
    assert records.latest_of(make.make_user(), crew.meeting, crew.team, crew.unit) is None
    write(crew.talk, crew.team, actor=crew.leader, people=[crew.one])
    assert records.latest_of(crew.leader, crew.talk, crew.team, crew.unit) is None


def test_a_record_that_is_over_stays_so_in_the_database(crew):
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one])
    activities.void(found, "记重了", actor=crew.leader)
    with pytest.raises(DatabaseError), transaction.atomic():
        Activity.objects.filter(pk=found.pk).update(state="kept")
