"""Every item of a team's standard has somebody who answers for it, or is plainly vacant."""

import pytest
from django.urls import reverse

from assessments.errors import AssessmentError, StaleState
from assessments.models import ItemOwner
from assessments.selectors import version_for
from assessments.services import owners
from teams import periods
from teams.models import AuditEntry, Membership
from tests import factories as make

pytestmark = pytest.mark.django_db
CODES = ["1.1", "1.2", "2.1", "2.2", "2.3"]


@pytest.fixture
def team():
    unit = make.make_unit()
    make.make_standard(unit)
    team = make.make_team(unit, "一值")
    make.make_member(team, "leader", user=make.make_user("000001", "周建国"))
    make.make_member(team, user=make.make_user("000002", "宋明远"))
    return team


def standard(team):
    return version_for(team.unit, periods.current_period()).standard


def person(team, name="宋明远"):
    return team.memberships.get(user__name=name).user


def stored(team):
    return dict(ItemOwner.objects.filter(team=team).values_list("code", "user__name"))


def page(client, team, who, query=""):
    client.force_login(who)
    return client.get(reverse("assessments:owners", args=[team.pk]) + query).content.decode()


def post(client, team, who, **fields):
    client.force_login(who)
    return client.post(reverse("assessments:owners", args=[team.pk]), fields, follow=True).content.decode()


def leave(team, name="宋明远"):
    Membership.objects.filter(team=team, user__name=name).update(ended_on=make.LONG_AGO)


def test_items_are_given_changed_and_taken_with_one_row_of_the_trail_each(team):
    me, other = person(team).pk, person(team, "周建国").pk
    code = {"1.1": (None, me), "2.1": (None, other)}
    assert owners.assign(team, standard(team), code, actor=None) == 2
    assert stored(team) == {"1.1": "宋明远", "2.1": "周建国"}
    assert owners.assign(team, standard(team), {"1.1": (me, other), "2.1": (other, None)}, actor=None) == 2
    assert stored(team) == {"1.1": "周建国"}
    last = AuditEntry.objects.filter(verb="items.assigned").latest("id")
    assert last.before == {"1.1": "宋明远", "2.1": "周建国"}
    assert last.after == {"1.1": "周建国", "2.1": None}
    assert AuditEntry.objects.filter(verb="items.assigned").count() == 2


def test_what_is_so_already_leaves_no_row(team):
    me = person(team).pk
    owners.assign(team, standard(team), {"1.1": (None, me)}, actor=None)
    assert owners.assign(team, standard(team), {"1.1": (None, me)}, actor=None) == 0
    assert AuditEntry.objects.filter(verb="items.assigned").count() == 1


def test_a_third_owner_meanwhile_refuses_everything(team):
    me, other = person(team).pk, person(team, "周建国").pk
    owners.assign(team, standard(team), {"1.1": (None, other)}, actor=None)
    with pytest.raises(StaleState, match="1.1 已改由周建国负责。什么都没有保存"):
        owners.assign(team, standard(team), {"1.1": (None, me), "1.2": (None, me)}, actor=None)
    assert stored(team) == {"1.1": "周建国"}


def test_people_of_other_teams_own_nothing(team):
    stranger = make.make_member(make.make_team())
    with pytest.raises(AssessmentError, match="1.1 选的人已不在一值"):
        owners.assign(team, standard(team), {"1.1": (None, stranger.pk)}, actor=None)


def test_whoever_left_the_team_leaves_the_item_vacant(team, client):
    leader, gone = person(team, "周建国"), person(team)
    owners.assign(team, standard(team), {"1.1": (None, gone.pk)}, actor=None)
    leave(team)
    assert "空缺（宋明远已离开）" in page(client, team, leader)
    assert "宋明远负责" not in client.get(reverse("assessments:self-check", args=[team.pk])).content.decode()
    told = post(client, team, leader, **{"o-1.1": leader.pk, "s-1.1": ""})
    assert "已保存，改了 1 项。" in told
    assert stored(team) == {"1.1": "周建国"}


def test_saving_a_page_with_a_vacant_item_untouched_changes_nothing(team, client):
    leader, gone = person(team, "周建国"), person(team)
    owners.assign(team, standard(team), {"1.1": (None, gone.pk)}, actor=None)
    leave(team)
    assert "已保存，没有改动。" in post(client, team, leader, **{"o-1.1": "", "s-1.1": ""})
    assert AuditEntry.objects.filter(verb="items.assigned").count() == 1


def test_the_even_share_is_a_proposal_until_it_is_saved(team, client):
    leader = person(team, "周建国")
    html = page(client, team, leader, "?propose")
    assert "已替您填好 5 个空缺，还没有保存" in html
    assert html.count(f'<option value="{leader.pk}" selected>') == 3
    assert stored(team) == {}
    chosen = {f"o-{code}": leader.pk for code in CODES} | {f"s-{code}": "" for code in CODES}
    assert "已保存，改了 5 项。" in post(client, team, leader, **chosen)
    assert set(stored(team)) == set(CODES)


@pytest.mark.parametrize(
    ("field", "sentence"),
    [("o-9.9", "考核标准刚换了一版"), ("o-1.1", "1.1 选的人不是本班组成员")],
)
def test_a_wrong_page_is_refused_with_a_sentence(team, client, field, sentence):
    assert sentence in post(client, team, person(team, "周建国"), **{field: "999999"})
    assert stored(team) == {}


def test_members_see_the_own_items_and_the_sheet_names_the_owner(team, client):
    worker, leader = person(team), person(team, "周建国")
    owners.assign(team, standard(team), {"1.2": (None, worker.pk)}, actor=None)
    html = page(client, team, worker)
    assert "宋明远" in html
    assert 'class="own-row"' in html
    assert "<select" not in html
    home = client.get(reverse("home")).content.decode()
    assert "我负责的小项" in home
    assert "1.2 违章" in home
    client.force_login(leader)
    assert "宋明远负责" in client.get(reverse("assessments:self-check", args=[team.pk])).content.decode()
    assert "我负责的小项" not in client.get(reverse("home")).content.decode()


def test_without_a_standard_the_page_says_what_is_missing(client):
    team = make.make_team()
    assert "还没有执行中的考核标准" in page(client, team, make.make_member(team, "leader"))
