"""Two pages about the same leader: who is slower is told so and writes over nothing; and whose turn the list says it is."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.services import appraisals
from tests import factories as make
from tests.appraisals import GOOD, POOR, make_round, scores, ticked
from tests.assessments.test_appraisals import DAY, Place, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return Place()


def shown(client, who, name, about):
    """The hidden field and the words of a sheet that somebody has just opened."""
    form = seen(client, who, name, about.pk).context["form"]
    return {"seen": form["seen"].value(), "words": form["words"].value() or "继续努力"}


def answer(client, who, name, about, said, level=GOOD):
    """Send the sheet as that page held it."""
    client.force_login(who)
    return client.post(reverse(f"assessments:{name}", args=[about.pk]), ticked(about, level, **said))


def test_of_two_superiors_the_slower_is_told_who_rated_meanwhile_and_keeps_what_was_typed(place, client):
    other, about = make.give_role(place.unit, "manager"), place.about
    stale = shown(client, other, "appraisal-superior", about) | {"words": "我的意见"}
    first = shown(client, place.manager, "appraisal-superior", about) | {"words": "先评的"}
    assert answer(client, place.manager, "appraisal-superior", about, first).status_code == 302
    for _ in range(2):
        page = answer(client, other, "appraisal-superior", about, stale, POOR)
        assert re.search(rf"{place.manager} \d{{4}}-\d\d-\d\d \d\d:\d\d 先评了，这里没有保存", page.text)
        assert (page.context["form"]["words"].value(), page.context["form"]["item-0"].value()) == (
            "我的意见",
            f"{POOR}",
        )
    about.refresh_from_db()
    assert (about.superior, about.superior_words, about.superior_scores) == (place.manager, "先评的", [1000] * 4)
    page = seen(client, other, "appraisal-superior", about.pk)
    assert re.search(rf"{place.manager} [\d :-]+ 评过，下面就是", page.text)
    fresh = shown(client, other, "appraisal-superior", about) | {"words": "我的意见"}
    assert answer(client, other, "appraisal-superior", about, fresh, POOR).status_code == 302
    about.refresh_from_db()
    assert (about.superior, about.superior_words) == (other, "我的意见")


def test_a_leader_with_two_pages_open_does_not_write_over_the_own_answer(place, client):
    stale = shown(client, place.leader, "appraisal-self", place.about)
    answer(client, place.leader, "appraisal-self", place.about, stale | {"words": "第一页"})
    page = answer(client, place.leader, "appraisal-self", place.about, stale | {"words": "第二页"}, POOR)
    assert re.search(r"您 [\d :-]+ 在别的页面保存过，这里没有保存", page.text)
    place.about.refresh_from_db()
    assert (place.about.own_words, place.about.own_scores) == ("第一页", [1000] * 4)


def test_the_list_tells_a_superior_how_many_leaders_wait(place, client):
    other = make.make_team(place.unit)
    make.make_member(other, "leader", user=place.manager)
    make.make_member(make.make_team(place.unit), "leader")
    make_round(place.unit, actor=place.manager, opens_on=timezone.localdate() + DAY, title="还没开始")
    found = make_round(place.unit, actor=place.manager)
    told = {row.pk: row.waiting for row in seen(client, place.manager, "appraisals").context["rounds"]}
    assert sorted(told.values()) == [0, 1, 2]  # the own row does not wait for oneself
    assert told[found.pk] == 2
    assert "还有 2 名没有评" in seen(client, place.manager, "appraisals").text
    for about in found.leaders.exclude(leader=place.manager):
        appraisals.rate_as_superior(about, scores(about), "", actor=place.manager)
    assert "还有 2 名没有评" not in seen(client, place.manager, "appraisals").text
    union = make.give_role(place.unit, "union")
    assert "没有评" not in seen(client, union, "appraisals").text
