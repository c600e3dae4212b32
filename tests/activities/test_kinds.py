"""Kinds of activities: the shipped ones, an administrator's own, what a change means for records, and that all works at once."""

import io

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from activities import records
from activities.errors import ActivityError, StaleState
from activities.fields import TYPES, definition_problems
from activities.forms.kinds import KindForm
from activities.models import Activity, ActivityKind, Duty
from activities.services import activities, duties, kinds
from teams.models import AuditEntry, Membership, UnitRole
from tests import factories as make
from tests.recording import MEETING, TALK, VALUES, write

pytestmark = pytest.mark.django_db
ROLES = {*Membership.Role.values, *UnitRole.Role.values}
FORM = {"name": "夜校", "group": "study", "subject": "team", "recorders": ["leader"], "taking_part": "ticked"}
FORM |= {"privacy": "unit", "cadence": "none", "rows": "2", "label-1": "题目", "type-1": "text", "required-1": "on"}
FORM |= {"label-2": "效果", "type-2": "choice", "choices-2": "好、一般"}


@pytest.fixture
def plant():
    return make.make_unit("本厂")


@pytest.fixture
def admin(plant):
    return make.give_role(plant, "admin")


# -- The shipped ones ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", kinds.presets(), ids=lambda preset: preset["code"])
def test_a_shipped_kind_can_be_recorded(preset):
    assert definition_problems(preset["fields"]) == []
    assert preset["practices"]
    assert set(preset["practices"]) <= kinds.PRACTICES
    assert len(set(preset["practices"])) == len(preset["practices"])
    assert set(preset["recorders"]) <= ROLES
    kind = ActivityKind(**preset)
    kind.clean_fields(exclude=["unit", "created_by", "criterion", "practices"])
    assert not (kind.is_confidential and kind.taking_part == "signed")
    assert not (kind.subject == "unit" and set(preset["recorders"]) & set(Membership.Role.values))


def test_all_shipped_kinds_are_installed_once(plant, admin):
    assert len(kinds.presets()) >= 70
    assert kinds.install_presets(plant, actor=admin) == len(kinds.presets())
    assert ActivityKind.objects.filter(unit=plant).count() == len(kinds.presets())
    with pytest.raises(ActivityError, match="都已经有了"):
        kinds.install_presets(make.make_unit(parent=plant), actor=admin)


def test_a_shipped_kind_whose_name_is_taken_is_left_out(plant, admin):
    kinds.add(plant, actor=admin, **MEETING)
    assert kinds.install_presets(plant, actor=admin) == len(kinds.presets()) - 1


def test_the_editor_shows_every_shipped_kind_as_it_is(plant, admin):
    kinds.install_presets(plant, actor=admin)
    for kind in ActivityKind.objects.all():
        form = KindForm(posted(KindForm(kind=kind)), kind=kind)
        assert form.is_valid(), (kind, form.errors)
        assert {name: getattr(kind, name) for name in form.wanted} == form.wanted, kind


def posted(form):
    """What a browser sends of an unchanged form."""
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    for row in form.rows:
        data |= {f"{name}-{row['number']}": row[name] for name in ("key", "label", "type", "choices", "unit", "help")}
        data |= {f"required-{row['number']}": "on"} if row.get("required") else {}
    query = QueryDict(mutable=True)
    for name, value in (data | {"rows": len(form.rows)}).items():
        query.setlist(name, value if isinstance(value, list) else [str(value)])
    return query


# -- What cannot be -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"recorders": []}, "还没有选谁来记"),
        ({"fields": [{"key": "x", "label": "", "type": "text"}]}, "第 1 个栏目：名称要有"),
        ({"privacy": "confidential"}, "保密的活动不扫码签到"),
        ({"privacy": "confidential", "taking_part": "ticked", "points": 100}, "保密的活动不加分"),
        ({"cadence": "cycle"}, "要写明几天一次"),
        ({"is_asked": True}, "列入待办的活动要写明多久一次"),
        ({"practices": ["1", "187"]}, "没有编号是187的做法"),
        ({"name": "班前会"}, "已有同名的活动种类"),
    ],
)
def test_a_kind_that_cannot_be_is_refused_in_words(plant, change, sentence):
    kinds.add(plant, actor=None, **MEETING)
    with pytest.raises(ActivityError, match=sentence):
        kinds.add(plant, actor=None, **MEETING | {"name": "班后会"} | change)
    assert ActivityKind.objects.count() == 1


def test_a_change_holds_for_what_is_recorded_from_now_on(plant):
    team = make.make_team(plant)
    leader, other = make.make_member(team, "leader"), make.make_member(team)
    kind = kinds.add(plant, actor=None, **TALK)
    old = write(kind, team, actor=leader, values={"topic": "家事"}, people=[leader])
    changed = kinds.change(kind, actor=None, privacy="unit", fields=[{"key": "new", "label": "新的", "type": "text"}])
    old.refresh_from_db()
    assert (old.privacy, old.fields) == ("confidential", TALK["fields"])
    assert records.activity_for(other, old.pk) is None
    assert records.kind_of(records.activity_for(leader, old.pk)).is_confidential
    new = write(changed, team, actor=leader, values={"new": "x"}, people=[leader])
    assert records.activity_for(other, new.pk) == new
    with pytest.raises(ActivityError, match="没有要改的"):
        kinds.change(changed, actor=None, privacy="unit")


def test_votes_of_a_record_survive_that_its_kind_has_none_any_more(plant):
    team = make.make_team(plant)
    leader = make.make_member(team, "leader")
    kind = kinds.add(plant, actor=None, **MEETING | {"votes": True})
    votes = [{"topic": "奖金", "agreed": 2, "opposed": 0, "abstained": 1, "text": "通过"}]
    found = write(kind, team, actor=leader, people=[leader], resolutions=votes)
    kinds.change(kind, actor=None, votes=False, taking_part="none")
    now = records.kind_of(records.activity_for(leader, found.pk))
    assert (now.votes, now.taking_part) == (True, "ticked")


def test_a_kind_is_retired_and_comes_back_once(plant):
    kind = kinds.add(plant, actor=None, **MEETING)
    kinds.retire(kind, actor=None)
    with pytest.raises(StaleState):
        kinds.retire(kind, actor=None)
    other = kinds.add(plant, actor=None, **MEETING)
    with pytest.raises(ActivityError, match="同名"):
        kinds.restore(kind, actor=None)
    kinds.retire(other, actor=None)
    kinds.restore(kind, actor=None)
    with pytest.raises(StaleState):
        kinds.restore(kind, actor=None)
    assert AuditEntry.objects.filter(verb="activity_kind.restored").count() == 1


# -- In the browser -----------------------------------------------------------------------------------------------------


def test_a_new_kind_works_at_once_everywhere(client, plant, admin):
    team = make.make_team(make.make_unit(parent=plant), "一值")
    leader = make.make_member(team, "leader")
    client.force_login(admin)
    asked = {"cadence": "monthly", "is_asked": "on", "unit": plant.pk}
    client.post(reverse("activities:kind-add"), FORM | asked)
    kind = ActivityKind.objects.get(name="夜校")

    client.force_login(leader)
    assert "夜校" in client.get(reverse("activities:activity-choose")).content.decode()
    form = client.get(reverse("activities:activity-record", args=[kind.pk])).content.decode()
    assert "题目" in form
    assert "一般" in form
    duties.raise_due(timezone.localdate())
    assert Duty.objects.filter(team=team, title__contains="夜校").exists()
    entry = {"title": "夜校", "date": timezone.localdate(), "people": leader.pk, "field-f1": "电机", "field-f2": "好"}
    response = client.post(reverse("activities:activity-record", args=[kind.pk]), entry)
    found = Activity.objects.get(kind=kind)
    assert response.headers["Location"] == reverse("activities:activity", args=[found.pk])
    assert found.values == {"f1": "电机", "f2": "好"}
    page = client.get(reverse("activities:activities"), {"kind": kind.pk, "q": "电机"}).context["page"]
    assert list(page.object_list) == [found]
    sheet = client.post(reverse("activities:activity-export"), {"kind": kind.pk}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    line = dict(zip(*rows[:2], strict=True))
    assert (line["题目"], line["效果"], line["参加人数"]) == ("电机", "好", 1)
    assert not Duty.objects.filter(team=team, title__contains="夜校", state="open").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "请写名称。"),
        ({"recorders": []}, "请选择谁来记。"),
        ({"choices-2": "好"}, "第 2 个栏目：选项要有 2 到 20 个"),
        ({"label-1": "\0题"}, "看不见的控制字符"),
        ({"type-1": "formula"}, "没有“formula”这种类型"),
        ({"points": "101"}, "加分要在 0 到 100 之间"),
        ({"cadence": "cycle", "cycle_days": "0"}, "周期（天）请填 1 到 1100 的整数。"),
        ({"key-1": "f2", "key-2": "f2"}, "用了两次"),
        ({"practices": "2、999"}, "没有编号是999的做法"),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(client, plant, admin, change, sentence):
    client.force_login(admin)
    response = client.post(reverse("activities:kind-add"), FORM | {"unit": plant.pk} | change)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert "效果" in response.content.decode()
    assert not ActivityKind.objects.exists()


def test_more_rows_come_without_losing_anything_and_nothing_is_stored(client, plant, admin):
    client.force_login(admin)
    response = client.post(reverse("activities:kind-add"), FORM | {"unit": plant.pk, "more": "1"})
    assert [row["label"] for row in response.context["form"].rows] == ["题目", "效果", "", "", ""]
    assert not ActivityKind.objects.exists()


def test_rows_are_dropped_and_codes_stay(client, plant, admin):
    client.force_login(admin)
    client.post(reverse("activities:kind-add"), FORM | {"unit": plant.pk})
    kind = ActivityKind.objects.get()
    keys = {
        "key-1": "f1",
        "key-2": "f2",
        "key-3": "",
        "rows": "3",
        "gone-1": "on",
        "label-3": "学时数",
        "type-3": "whole",
    }
    client.post(reverse("activities:kind-edit", args=[kind.pk]), FORM | keys)
    kind.refresh_from_db()
    assert [(field["key"], field["label"]) for field in kind.fields] == [("f2", "效果"), ("f3", "学时数")]


def test_a_copy_begins_with_everything_but_the_name(client, plant, admin):
    kind = kinds.add(plant, actor=admin, **MEETING)
    client.force_login(admin)
    form = client.get(reverse("activities:kind-add"), {"copy": kind.pk}).context["form"]
    assert [row["label"] for row in form.rows if row["label"]] == [field["label"] for field in MEETING["fields"]]
    assert form.initial["name"] == "班前会二"
    assert client.get(reverse("activities:kind-add"), {"copy": "x"}).status_code == 404


def test_leaders_read_kinds_and_find_them(client, plant, admin):
    kinds.install_presets(plant, actor=admin)
    client.force_login(make.make_member(make.make_team(plant), "leader"))
    listed = client.get(reverse("activities:kinds"), {"q": "三板斧"}).content.decode()
    assert "应急演练" not in listed
    found = client.get(reverse("activities:kinds"), {"q": "演练"}).context["groups"]
    assert [kind.name for _, rows in found for kind in rows] == ["应急演练"]
    page = client.get(reverse("activities:kind", args=[found[0][1][0].pk])).content.decode()
    assert "总用时" in page
    assert "/edit/" not in page
    assert set(TYPES) >= {field["type"] for preset in kinds.presets() for field in preset["fields"]}


def test_a_draft_stays_editable_after_its_kind_was_changed(plant):
    team = make.make_team(plant)
    leader = make.make_member(team, "leader")
    kind = kinds.add(plant, actor=None, **MEETING)
    draft = write(kind, team, actor=leader, people=[leader], as_draft=True)
    kinds.change(kind, actor=None, fields=[])
    facts = activities.Content(title="x", date=draft.date, values=VALUES, people={leader: "member"})
    activities.edit(Activity.objects.get(pk=draft.pk), facts, actor=leader)
    assert Activity.objects.get().values == VALUES
