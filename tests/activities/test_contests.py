"""Contests: entered, scored, ranked, corrected before posting, posted once with honours for the first ones."""

import io

import pytest
from django.urls import reverse

from activities.errors import ActivityError, StaleState
from activities.learning import contests as reads
from activities.learning.waiting import waiting_for
from activities.models import Contest
from activities.services import contests
from bulletins.models import Bulletin
from teams.models import AuditEntry, Honour
from teams.workbooks import read_workbook
from tests import factories as make
from tests.activities.learning import CONTEST, DAY, contest, today
from tests.races import race

pytestmark = pytest.mark.django_db
HONOURS = {"honoured": 3, "level": "unit", "granted_by": "运行部"}


@pytest.fixture
def unit():
    return make.make_unit("运行部")


@pytest.fixture
def union(unit):
    return make.give_role(unit, "union")


@pytest.fixture
def people(unit):
    team = make.make_team(unit)
    return [make.make_member(team) for _ in range(4)]


def standings(found):
    return {row.user or row.team: row.rank for row in found.entrants.all()}


def test_ranked_by_score_with_equal_ones_alike(unit, union, people):
    found = contest(unit, union, *people, state="running")
    rows = list(found.entrants.order_by("id"))
    contests.enter_scores(found, dict(zip(rows, [1250, 1100, 1250, None], strict=True)), actor=union)
    contests.rank(found, actor=union)
    assert standings(found) == dict(zip(people, [2, 1, 2, None], strict=True))
    assert [row.user for row in reads.entrants_of(found)] == [people[1], people[0], people[2], people[3]]


def test_scores_are_corrected_before_posting_and_not_after(unit, union, people):
    found = contest(unit, union, *people, state="ranked")
    last = found.entrants.order_by("id").last()
    with pytest.raises(StaleState, match="不在进行中"):
        contests.enter_scores(found, {last: 1}, actor=union)
    contests.reopen(found, actor=union)
    contests.enter_scores(found, {last: 1}, actor=union)
    contests.rank(found, actor=union)
    assert standings(found)[people[3]] == 1
    contests.post(found, **HONOURS, actor=union)
    with pytest.raises(ActivityError, match="已经张榜"):
        contests.reopen(found, actor=union)


def test_posting_hangs_the_ranking_and_honours_the_first_places_with_their_equals(unit, union, people):
    found = contest(unit, union, *people, state="running")
    rows = list(found.entrants.order_by("id"))
    contests.enter_scores(found, dict(zip(rows, [1000, 1000, 1200, 1300], strict=True)), actor=union)
    contests.rank(found, actor=union)
    posted = contests.post(found, **(HONOURS | {"honoured": 2}), actor=union)
    assert [(row["cells"]["rank"], row["cells"]["score"]) for row in posted.content["rows"]] == [
        ("1", "10"),
        ("1", "10"),
        ("3", "12"),
        ("4", "13"),
    ]
    assert (posted.kind, posted.unit, posted.topic) == ("contest", unit, f"contest:{found.pk}")
    assert list(Honour.objects.order_by("user").values_list("user", "name", "level")) == [
        (user.pk, f"{CONTEST['name']}第一名", "unit") for user in people[:2]
    ]
    assert [row.honour and row.honour.user for row in rows_of(found)] == [people[0], people[1], None, None]


def rows_of(found):
    return found.entrants.order_by("id").select_related("honour__user")


def test_posting_without_honours_leaves_one_row_and_each_honour_one_of_its_own(unit, union, people):
    plain, honoured = (contest(unit, union, *people, state="ranked", name=name) for name in ("甲", "乙"))
    counts = []
    for found, many in ((plain, 0), (honoured, 2)):
        before = AuditEntry.objects.count()
        contests.post(found, **(HONOURS | {"honoured": many}), actor=union)
        counts.append([row.verb for row in AuditEntry.objects.order_by("id")[before:]])
    assert counts == [["board.published"], ["board.published", "honour.recorded", "honour.recorded"]]


def test_posted_once(unit, union, people):
    found = contest(unit, union, *people, state="ranked")
    contests.post(found, **HONOURS, actor=union)
    with pytest.raises(StaleState, match="已经张榜"):
        contests.post(found, **HONOURS, actor=union)
    assert (Bulletin.objects.count(), Honour.objects.count()) == (1, 3)


def test_a_refused_honour_keeps_the_board_from_hanging(unit, union, people):
    found = contest(unit, union, *people, state="ranked")
    first = {"name": f"{CONTEST['name']}第一名", "level": "unit", "granted_by": "运行部", "granted_on": today()}
    Honour.objects.create(user=people[0], recorded_by=union, **first)
    with pytest.raises(Exception, match="已经登记过了"):
        contests.post(found, **HONOURS, actor=union)
    assert not Bulletin.objects.exists()
    assert Honour.objects.count() == 1


def test_teams_compete_and_are_honoured(unit, union):
    teams = [make.make_team(unit) for _ in range(2)]
    found = contest(unit, union, *teams, subject="team", state="ranked")
    contests.post(found, **(HONOURS | {"honoured": 1}), actor=union)
    assert Honour.objects.get().team == teams[0]


def test_a_contest_needs_two_to_begin_and_a_score_to_be_ranked(unit, union, people):
    found = contest(unit, union, people[0])
    with pytest.raises(ActivityError, match="至少要有两个"):
        contests.start(found, actor=union)
    contests.enter(found, people[1:2], actor=union)
    contests.start(found, actor=union)
    with pytest.raises(ActivityError, match="还没有成绩"):
        contests.rank(found, actor=union)
    found.refresh_from_db()
    assert found.state == "running"


def test_who_is_in_it_is_entered_once_and_can_leave_before_the_ranking(unit, union, people):
    found = contest(unit, union, *people[:2])
    assert contests.enter(found, people[1:3], actor=union) == 1
    with pytest.raises(ActivityError, match="已经在参赛名单"):
        contests.enter(found, people[:1], actor=union)
    contests.leave(found.entrants.get(user=people[2]), actor=union)
    assert set(standings(found)) == set(people[:2])


def test_once_begun_the_rules_stay_and_once_ranked_the_entrants(unit, union, people):
    found = contest(unit, union, *people, state="running")
    facts = CONTEST | {"starts_on": today(), "ends_on": today()}
    with pytest.raises(StaleState, match="不能再改规则"):
        contests.change(found, actor=union, **(facts | {"rules": "改了"}))
    ranked = contest(unit, union, *people, state="ranked")
    with pytest.raises(StaleState):
        contests.leave(ranked.entrants.first(), actor=union)


def test_who_competes_changes_only_while_nobody_is_entered(unit, union, people):
    found, facts = contest(unit, union), CONTEST | {"starts_on": today(), "ends_on": today()}
    contests.change(found, actor=union, **(facts | {"subject": "team"}))
    found.refresh_from_db()
    contests.change(found, actor=union, **facts)
    found.refresh_from_db()
    contests.enter(found, people, actor=union)
    with pytest.raises(ActivityError, match="已经有人报名"):
        contests.change(found, actor=union, **(facts | {"subject": "team"}))


def test_cancelled_with_a_reason_and_not_after_the_ranking(unit, union, people):
    found, ranked = contest(unit, union, *people, state="running"), contest(unit, union, *people, state="ranked")
    contests.cancel(found, "机组抢修", actor=union)
    assert (found.state, found.reason) == ("cancelled", "机组抢修")
    with pytest.raises(StaleState):
        contests.cancel(ranked, "不比了", actor=union)


def test_a_score_that_somebody_changed_meanwhile_is_not_overwritten(unit, union, people):
    found = contest(unit, union, *people, state="running")
    seen = found.entrants.first()
    contests.enter_scores(found, {found.entrants.get(pk=seen.pk): 1500}, actor=union)
    with pytest.raises(StaleState, match="别人改过"):
        contests.enter_scores(found, {seen: 900}, actor=union)
    seen.refresh_from_db()
    assert seen.score == 1500


def test_scores_wait_for_whoever_runs_it_from_the_last_day_on(unit, union, people):
    contest(unit, union, *people, state="running")
    later = contest(unit, union, *people, state="running", name="明年的", ends_on=today() + DAY)
    assert [line.text for line in waiting_for(union)] == [f"填竞赛成绩：{CONTEST['name']}"]
    assert waiting_for(people[0]) == []
    Contest.objects.filter(pk=later.pk).update(ends_on=today())
    assert len(waiting_for(union)) == 2


def test_names_of_people_are_masked_for_strangers_on_the_board(client, unit, union, people):
    found = contest(unit, union, *people, state="ranked")
    posted = contests.post(found, **HONOURS, actor=union)
    address = reverse("bulletins:board", args=[posted.serial])
    outside = client.get(address).content.decode()
    assert CONTEST["name"] in outside
    assert people[0].name not in outside
    client.force_login(people[1])
    assert people[0].name in client.get(address).content.decode()


def test_the_pages_carry_a_contest_from_plan_to_board(client, unit, union, people):
    client.force_login(union)
    body = CONTEST | {"unit": unit.pk, "starts_on": today(), "ends_on": today(), "lower_is_better": ""}
    client.post(reverse("activities:contest-create"), body)
    found = Contest.objects.get()

    def page(name, **posted):
        return client.post(reverse(f"activities:contest-{name}", args=[found.pk]), posted, follow=True).content.decode()

    outsider = make.make_member(make.make_team())
    assert "不在本单位" in page("enter", holders=[people[0].pk, outsider.pk])
    assert "请先勾选" in page("enter")
    page("enter", holders=[user.pk for user in people[:2]])
    page("start")
    rows = list(found.entrants.order_by("id"))
    assert "写成 12.50 这样" in page("scores", **{f"s-{rows[0].pk}": "很快"})
    assert "名单刚刚有变动" in page("scores", **{"s-999999": "5"})
    page("scores", **{f"s-{rows[0].pk}": "88.5", f"s-{rows[1].pk}": "92"})
    page("rank")
    assert "已张榜" in page("post", honoured="1", level="unit", granted_by="运行部工会")
    honour = Honour.objects.get()
    assert (honour.user, honour.granted_by) == (people[1], "运行部工会")
    book = client.post(reverse("activities:contest-export", args=[found.pk]))
    (sheet,) = read_workbook(io.BytesIO(book.content)).values()
    assert [row[0:2] for row in sheet[1:]] == [[1.0, people[1].name], [2.0, people[0].name]]


def test_members_read_what_concerns_them_and_run_nothing(client, unit, union, people):
    found = contest(unit, union, *people)
    client.force_login(people[0])
    assert client.get(reverse("activities:contest", args=[found.pk])).status_code == 200
    assert client.post(reverse("activities:contest-start", args=[found.pk])).status_code == 403
    client.force_login(make.make_member(make.make_team()))
    assert client.get(reverse("activities:contest", args=[found.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_posted_at_once_by_many_it_hangs_once(unit, union, people):
    found = contest(unit, union, *people, state="ranked")
    outcomes = race(lambda row: contests.post(row, **HONOURS, actor=union), found, 6)
    assert outcomes == ["done", *["polite: 名次已经张榜了。"] * 5]
    assert (Bulletin.objects.count(), Honour.objects.count()) == (1, 3)
