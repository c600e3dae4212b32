"""Naming a round: all of its list at once, with titles, honours, the board and the histories; or a refusal that says why."""

import datetime

import pytest
from django.urls import reverse

from assessments.errors import AssessmentError, StaleState
from assessments.models import Application, ApplicationStep, Challenge, Title, TitleStep
from assessments.services import naming
from bulletins.models import Bulletin
from teams.errors import TeamError
from teams.honours import with_pages
from teams.models import AuditEntry, Honour
from tests import factories as make
from tests import titles as make_titles
from tests.titles import DAY, Scene

pytestmark = pytest.mark.django_db
DOCUMENT = "工发〔2026〕9号"


@pytest.fixture
def scene():
    return Scene()


def name(scene, on=None, document=DOCUMENT):
    return naming.name_round(scene.round, document, on or scene.today, actor=scene.company)


def test_every_name_on_the_list_becomes_a_title(scene):
    scene.listed()
    before = AuditEntry.objects.latest("id").pk
    first, second = name(scene)
    assert [title.team for title in (first, second)] == [scene.team, scene.other_team]
    assert first.serial == f"PTEAM-{scene.today.year}-00001"
    assert second.serial.endswith("-00002")
    assert (first.valid_from, first.name, first.document, first.state) == (scene.today, "六好班组", DOCUMENT, "valid")
    assert first.valid_to == naming.valid_to(scene.today, 12)
    scene.round.refresh_from_db()
    assert (scene.round.state, scene.round.document, scene.round.named_on) == ("named", DOCUMENT, scene.today)
    assert set(scene.round.applications.values_list("state", flat=True)) == {"named"}
    assert ApplicationStep.objects.filter(action="name", state="named", text=DOCUMENT).count() == 2
    assert [step.title for step in TitleStep.objects.all()] == [first, second]
    assert [row.verb for row in AuditEntry.objects.filter(pk__gt=before)] == ["board.published"]


def test_the_honour_stands_on_the_page_of_the_team(client, scene):
    scene.listed(scene.team)
    (title,) = name(scene)
    honour = Honour.objects.get(team=scene.team)
    assert title.honour == honour
    assert (honour.level, honour.granted_by, honour.document) == ("company", "本厂", DOCUMENT)
    assert (honour.granted_on, honour.expires_on) == (title.valid_from, title.valid_to)
    client.force_login(scene.worker)
    page = client.get(f"/teams/{scene.team.pk}/").content.decode()
    assert "六好班组" in page
    assert reverse("assessments:title", args=[title.pk]) in page


def test_an_honour_without_a_title_or_with_one_out_of_sight_leads_nowhere(scene):
    scene.listed(scene.team)
    (title,) = name(scene)
    other = Honour.objects.create(
        team=scene.team, name="红旗班", level="city", granted_on=scene.today, recorded_by=scene.leader
    )
    foreign = make.give_role(make.make_unit("别的厂"), "manager")
    pages = [[row.page for row in with_pages(who, [title.honour, other])] for who in (scene.worker, foreign)]
    assert pages == [[reverse("assessments:title", args=[title.pk]), None], [None, None]]


def test_naming_asks_with_what_was_typed(client, scene):
    scene.listed(scene.team)
    client.force_login(scene.company)
    page = client.get(reverse("assessments:round-name", args=[scene.round.pk])).content.decode()
    for words in (
        'data-confirm="按 {document}，1 个一起命名：称号从 {named_on} 起生效',
        'data-confirm-title="命名 1 个"',
    ):
        assert words in page


def test_the_board_tells_who_was_named(scene):
    scene.listed(scene.team)
    name(scene)
    board = naming.announcement_of(scene.round)
    assert board.kind == Bulletin.Kind.NAMING
    assert board.unit == scene.root
    (row,) = board.content["rows"]
    assert list(row["cells"].values())[2] == "一值"
    assert DOCUMENT in board.content["notes"][0]["text"]


def test_a_person_is_named(scene):
    title = make_titles.of_person(scene)
    assert (title.user, title.honour.user, title.holder) == (scene.worker, scene.worker, scene.worker)
    assert naming.announcement_of(title.application.round).content["rows"][0]["cells"]["c2"] == scene.worker.name


def test_a_studio_is_named_and_its_leader_bears_the_honour():
    found = make_titles.StudioScene()
    title = found.title()
    found.studio.refresh_from_db()
    assert (found.studio.state, title.honour.user) == ("named", found.leader)
    assert title.honour.name == f"创新工作室（{found.studio}）"


def test_the_reserve_stays_the_reserve(scene):
    reserve = make_titles.shortlist(scene.round, scene.other_team, scene.leader, state="reserve")
    scene.listed(scene.team)
    assert len(name(scene)) == 1
    reserve.refresh_from_db()
    assert reserve.state == "reserve"


# -- Refusals -----------------------------------------------------------------------------------------------------------


def refused(scene, **how):
    """The sentence of the refusal; nothing was changed."""
    with pytest.raises(AssessmentError) as caught:
        name(scene, **how)
    assert not Title.objects.exists()
    assert not Honour.objects.exists()
    assert not Application.objects.filter(state="named").exists()
    return str(caught.value)


def test_refused_with_all_that_hinders_it(scene):
    scene.listed(scene.team, over=False)
    Challenge.objects.create(application=scene.round.applications.get(), filed_by=scene.stranger, text="有出入")
    said = refused(scene, on=scene.today + DAY)
    assert "公示到" in said
    assert "1 件异议" in said
    assert "命名日期要在" in said


def test_refused_before_the_round_began(scene):
    scene.listed(scene.team)
    assert "命名日期要在" in refused(scene, on=scene.round.opens_on - DAY)


def test_refused_for_a_studio_that_is_not_mature():
    found = make_titles.StudioScene()
    type(found.studio).objects.filter(pk=found.studio.pk).update(state="growing")
    with pytest.raises(AssessmentError, match="要先认定成熟"):
        found.title()
    assert not Title.objects.exists()


def test_refused_unless_the_list_hangs(scene):
    for state in ("draft", "open", "reviewing", "shortlisted", "named"):
        type(scene.round).objects.filter(pk=scene.round.pk).update(
            state=state, document="x", named_on=datetime.date(2026, 1, 1)
        )
        with pytest.raises(StaleState):
            name(scene)
    assert not Title.objects.exists()


def test_refused_when_the_honour_is_there_already(scene):
    scene.listed(scene.team)
    Honour.objects.create(
        team=scene.team, name="六好班组", level="company", granted_on=scene.today, recorded_by=scene.leader
    )
    with pytest.raises(TeamError, match="已经登记过了"):
        name(scene)
    assert not Title.objects.exists()


def test_numbers_go_on_in_a_year_and_begin_anew_in_the_next():
    letters = naming.letters
    assert (letters("six_good"), letters("own_ab12"), letters("六好")) == ("SIXGOOD", "OWNAB12", "CH")
    scene = Scene()
    scene.named(scene.team)
    other = make_titles.applying.open_round(scene.programme, scene.company, name="2027年")
    make_titles.shortlist(other, scene.other_team, scene.leader)
    make_titles.post_list(other, scene.company)
    (title,) = naming.name_round(other, DOCUMENT, scene.today, actor=scene.company)
    assert title.serial == f"PTEAM-{scene.today.year}-00002"
