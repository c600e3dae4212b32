"""The pages of activities: what the form offers and refuses, what it keeps, the list, the ledger, signing in by address."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from activities.models import Activity
from activities.services import activities, kinds, sign_ins
from teams.models import Attendance, AuditEntry, Watch
from tests import factories as make
from tests.access.world import picture
from tests.recording import MEETING, TALK, VALUES, write

pytestmark = pytest.mark.django_db
ENTRY = {"title": "班前会", "field-tasks": "巡检", "field-risks": "地面滑", "field-mood": "状态都好"}


@pytest.fixture
def crew(client):
    """A team whose leader looks at the pages, and the kinds of tests/recording.py."""
    crew = type("Crew", (), {})()
    crew.unit = make.make_unit("运行部")
    crew.team = make.make_team(crew.unit, "一值")
    crew.leader, crew.one, crew.two = (make.make_member(crew.team, role) for role in ("leader", "worker", "worker"))
    crew.today = timezone.localdate()
    crew.meeting, crew.talk = (kinds.add(crew.unit, actor=None, **facts) for facts in (MEETING, TALK))
    client.force_login(crew.leader)
    return crew


@pytest.fixture
def five(crew, monkeypatch):
    """The clock stands at five in the morning, when whoever works two shifts is on nights."""
    now = timezone.make_aware(datetime.datetime.combine(crew.today, datetime.time(5)))
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def address(name, *args):
    return reverse(f"activities:{name}", args=args)


def send(client, crew, kind=None, **fields):
    """Post the form of a kind with everybody there; the response."""
    people = [crew.leader.pk, crew.one.pk]
    body = ENTRY | {"date": crew.today, "people": people} | {key.replace("__", "-"): v for key, v in fields.items()}
    return client.post(address("activity-record", (kind or crew.meeting).pk), body)


# -- The form -----------------------------------------------------------------------------------------------------------


def test_the_form_begins_with_today_everybody_ticked_and_the_words_of_the_last_time(client, crew, five):
    form = client.get(address("activity-record", crew.meeting.pk)).context["form"]
    everybody = [(user, True, False, None) for user in (crew.leader, crew.one, crew.two)]
    assert (form.tick_rows, form.ticked) == (everybody, (3, 0))
    assert form["date"].value() == crew.today
    write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one], values=VALUES, shift="night")
    form = client.get(address("activity-record", crew.meeting.pk)).context["form"]
    assert (form["field-tasks"].value(), form["shift"].value()) == ("巡检三号泵", "night")


@pytest.mark.parametrize(
    ("code", "ticked", "word"),
    [
        ("√", True, None),
        ("公", True, None),
        ("病", False, "假"),
        ("年", False, "年休"),
        *[(c, False, w) for c, w in (("休", "轮休"), ("借", "借调"))],
    ],
)
def test_whom_the_attendance_of_the_day_has_elsewhere_is_not_ticked_but_may_be(client, crew, code, ticked, word):
    make.make_day(crew.one, crew.team, crew.today, code)
    answer = client.get(address("activity-record", crew.meeting.pk))
    form, page = answer.context["form"], answer.content.decode()
    assert form.tick_rows[1] == (crew.one, ticked, False, word)
    assert form.ticked == ((3, 0) if ticked else (2, 1))
    assert f"参加 <b>{2 + ticked}</b> 人" in page
    assert "病假" not in page
    send(client, crew)
    assert crew.one.pk in Activity.objects.get().participants.values_list("user", flat=True)


def test_the_attendance_that_counts_is_that_of_the_day_of_the_record(client, crew):
    make.make_day(crew.one, crew.team, crew.today, "病")
    yesterday = {"date": crew.today - datetime.timedelta(days=1)}
    assert client.get(address("activity-record", crew.meeting.pk), yesterday).context["form"].away == {}
    assert client.get(address("activity-record", crew.talk.pk)).context["form"].away == {}


def test_whoever_is_not_at_work_is_not_proposed_as_host(client, crew):
    page = address("activity-record", crew.meeting.pk)
    assert client.get(page).context["form"]["host"].value() == crew.leader.pk
    make.make_day(crew.leader, crew.team, crew.today, "事")
    assert client.get(page).context["form"]["host"].value() is None


def test_the_form_begins_with_the_shift_of_the_days_attendance(client, crew):
    kinds.change(crew.meeting, actor=None, cadence="shift")
    for shift in ("day", "night"):
        write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one], values=VALUES, shift=shift)
    day = make.make_day(crew.one, crew.team, crew.today, "夜")
    for code, shift in (("夜", "night"), ("√", "day")):
        Attendance.objects.filter(pk=day.pk).update(code=code)
        form = client.get(address("activity-record", crew.meeting.pk)).context["form"]
        assert form["shift"].value() == shift


def test_the_form_begins_with_the_first_shift_of_today_that_is_still_due(client, crew, five):
    for shift in ("day", "night"):
        Watch.objects.create(team=crew.team, date=crew.today, shift=shift, user=crew.leader)
    crew.meeting = kinds.change(crew.meeting, actor=None, cadence="shift", is_asked=True)
    for shift in ("day", "night", "night"):
        form = client.get(address("activity-record", crew.meeting.pk)).context["form"]
        assert form["shift"].value() == shift
        facts = {"people": [crew.one], "values": VALUES, "shift": shift, "date": crew.today}
        write(crew.meeting, crew.team, actor=crew.leader, **facts)


def test_a_record_is_kept_and_shown_and_the_same_form_does_it_once(client, crew):
    key = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
    page = client.get(send(client, crew, key=key).headers["Location"])
    assert "班前会已登记" in page.content.decode()
    found = Activity.objects.get()
    assert [row.user for row in found.participants.order_by("user_id")] == [crew.leader, crew.one]
    again = client.get(send(client, crew, key=key, title="改过的").headers["Location"])
    assert "已经登记过了" in again.content.decode()
    assert Activity.objects.get().title == "班前会"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "请写主题。"),
        ({"title": "长" * 101}, "主题最多 100 个字。"),
        ({"title": "a\0b"}, "看不见的控制字符"),
        ({"date": "0020-01-01"}, "日期无效"),
        ({"date": "明天"}, "日期无效"),
        ({"shift": "noon"}, "没有这个班次"),
        ({"people": ["999999"]}, "不在名单上的人"),
        ({"people": ["x"]}, "不在名单上的人"),
        ({"people": []}, "还没有参加人"),
        ({"field__mood": "很好"}, "不在选项中"),
        ({"field__tasks": ""}, "“今天的任务”还没有填。"),
        ({"host": "999999"}, "主持人不在名单里"),
        ({"guests": "查无此人"}, "没有找到：查无此人"),
        ({"todo__1": "修灯"}, "第 1 件跟进事项"),
        ({"todo__1": "修灯", "owner__1": "999999", "due__1": "2026-12-01"}, "第 1 件跟进事项"),
        ({"todo__2": "长" * 201}, "最多 200 个字"),
        ({"key": "not-a-uuid"}, "请刷新页面后重新填写"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, crew, fields, sentence):
    response = send(client, crew, **fields)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Activity.objects.exists()


def test_a_refused_form_keeps_what_was_typed(client, crew):
    crew.meeting = kinds.change(crew.meeting, actor=None, votes=True)
    typed = {"topic__1": "奖金", "agreed__1": "x", "resolution__1": "通过", "todo__1": "修灯", "title": ""}
    html = send(client, crew, **typed).content.decode()
    for words in ("票数要填 0 到 999 的整数", 'value="奖金"', ">通过</textarea>", 'value="修灯"', "巡检"):
        assert words in html
    assert f'value="{crew.one.pk}" checked' in html
    assert f'value="{crew.two.pk}" checked' not in html


def test_a_draft_may_leave_fields_empty_and_is_the_recorders_alone(client, crew):
    send(client, crew, draft="1", field__tasks="", people=[])
    draft = Activity.objects.get()
    assert draft.state == "draft"
    assert list(client.get(address("activities")).context["page"].object_list) == [draft]
    client.force_login(crew.one)
    assert list(client.get(address("activities")).context["page"].object_list) == []
    assert client.get(address("activity", draft.pk)).status_code == 404


def test_others_are_named_by_name_or_number(client, crew):
    guest, double = make.make_member(make.make_team(crew.unit)), make.make_member(make.make_team(crew.unit))
    elsewhere = make.make_member(make.make_team())
    send(client, crew, guests=f"{guest.name}、{double.employee_no}")
    assert {guest, double} <= {row.user for row in Activity.objects.get().participants.all()}
    double.name = guest.name
    double.save()
    assert "不止一个人，请写工号" in send(client, crew, guests=guest.name).content.decode()
    assert "没有找到" in send(client, crew, guests=elsewhere.name).content.decode()


def test_somebody_who_came_later_is_not_ticked_for_an_earlier_day(client, crew):
    late = make.make_member(crew.team, started_on=crew.today)
    yesterday = crew.today - timezone.timedelta(days=1)
    assert "还不在或已不在这个班组" in send(client, crew, date=yesterday, people=[late.pk]).content.decode()
    assert send(client, crew, people=[late.pk]).status_code == 302


def test_a_personal_record_is_ones_own_and_a_leader_may_write_it_for_another(client, crew):
    study = kinds.add(
        crew.unit,
        actor=None,
        name="自学",
        group="study",
        subject="person",
        recorders=["worker", "leader"],
        taking_part="none",
    )
    body = {"title": "自学", "date": crew.today}
    client.post(address("activity-record", study.pk), body | {"person": crew.two.pk})
    assert Activity.objects.get().participants.get().user == crew.two
    client.force_login(crew.one)
    refused = client.post(address("activity-record", study.pk), body | {"person": crew.two.pk})
    assert "请选择是谁的" in refused.content.decode()
    client.post(address("activity-record", study.pk), body | {"person": crew.one.pk})
    mine = Activity.objects.get(recorded_by=crew.one)
    assert client.get(address("activity-edit", mine.pk)).status_code == 200
    assert client.get(address("activity-edit", Activity.objects.exclude(pk=mine.pk).get().pk)).status_code == 403


# -- Photos and files ---------------------------------------------------------------------------------------------------


def test_photos_are_needed_kept_and_taken_away(client, crew):
    kinds.change(crew.meeting, actor=None, photos_needed=1)
    assert "至少要 1 张照片" in send(client, crew).content.decode()
    assert send(client, crew, files=[picture(), picture()]).status_code == 302
    found = Activity.objects.get()
    first, second = found.photos.order_by("id")
    edit = ENTRY | {"date": crew.today, "people": [crew.one.pk]}
    client.post(address("activity-edit", found.pk), edit | {"kept": [second.pk]})
    assert list(found.photos.all()) == [second]
    found.refresh_from_db()
    gone = client.post(address("activity-edit", found.pk), edit | {"seen": found.edited_at.isoformat()})
    assert "至少要 1 张" in gone.content.decode()
    foreign = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.one], photos=[first])
    client.post(
        address("activity-edit", found.pk), edit | {"kept": [first.pk, second.pk], "seen": found.edited_at.isoformat()}
    )
    assert list(found.photos.all()) == [second]
    assert foreign.photos.get() == first


def test_what_is_no_document_is_refused_and_nothing_is_kept(client, crew):
    html = send(client, crew, files=SimpleUploadedFile("说明.exe", b"MZ")).content.decode()
    assert "alert-danger" in html
    assert not Activity.objects.exists()


# -- Editing and correcting --------------------------------------------------------------------------------------------


def test_an_edit_that_somebody_else_overtook_is_refused(client, crew):
    send(client, crew)
    found = Activity.objects.get()
    edit = ENTRY | {"date": crew.today, "people": [crew.one.pk], "seen": ""}
    assert client.post(address("activity-edit", found.pk), edit).status_code == 302
    refused = client.post(address("activity-edit", found.pk), edit | {"title": "后来的"})
    assert activities.CHANGED in refused.content.decode()
    found.refresh_from_db()
    assert found.title == "班前会"


def test_a_record_of_a_settled_month_is_corrected_on_its_page(client, crew, monkeypatch):
    send(client, crew)
    found = Activity.objects.get()
    monkeypatch.setattr("teams.months.is_settled", lambda unit, team, period: period == found.period)
    edit = ENTRY | {"date": crew.today, "people": [crew.one.pk], "title": "早会"}
    assert "请写更正原因" in client.post(address("activity-edit", found.pk), edit).content.decode()
    page = client.post(address("activity-edit", found.pk), edit | {"reason": "题目写错"}, follow=True)
    assert "题目写错" in page.content.decode()
    assert "看更正后的记录" in client.get(address("activity", found.pk)).content.decode()
    assert client.get(address("activity-edit", found.pk)).status_code == 302
    assert list(client.get(address("activities")).context["page"].object_list) == [Activity.objects.get(title="早会")]


# -- Confidential ones --------------------------------------------------------------------------------------------------


def test_who_stands_in_a_field_of_a_confidential_record_is_within(client, crew):
    body = {"title": "谈心谈话", "date": crew.today, "field-topic": "家事", "field-about": crew.one.pk}
    client.post(address("activity-record", crew.talk.pk), body | {"people": [crew.one.pk]})
    found = Activity.objects.get()
    assert found.participants.get().part == "subject"
    assert found.host is None
    for user, status in ((crew.one, 200), (crew.two, 404), (make.give_role(crew.unit, "manager"), 404)):
        client.force_login(user)
        assert client.get(address("activity", found.pk)).status_code == status


def test_after_a_confidential_record_only_those_within_get_something_to_do(client, crew):
    body = {"title": "谈心谈话", "date": crew.today, "field-topic": "家事", "people": [crew.one.pk]}
    body |= {"todo-1": "再谈一次", "due-1": crew.today}
    refused = client.post(address("activity-record", crew.talk.pk), body | {"owner-1": crew.two.pk})
    assert "第 1 件跟进事项" in refused.content.decode()
    client.post(address("activity-record", crew.talk.pk), body | {"owner-1": crew.leader.pk})
    assert Activity.objects.get().follow_ups.get().owner == crew.leader


# -- Lists, the ledger, signing in --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "filters", [{"kind": "9" * 30}, {"team": "x"}, {"period": "2026-13"}, {"state": "lost"}, {"q": "\0"}]
)
def test_a_wrong_filter_is_said_and_shows_and_exports_nothing(client, crew, filters):
    send(client, crew)
    page = client.get(address("activities"), filters)
    assert list(page.context["page"].object_list) == []
    assert "alert-danger" in page.content.decode()
    assert client.post(address("activity-export"), filters).status_code == 302


def test_a_workbook_of_several_kinds_has_their_fields_in_one_column(client, crew):
    send(client, crew)
    write(crew.talk, crew.team, actor=crew.leader, people=[crew.one], values={"topic": "家事"})
    content = client.post(address("activity-export")).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    said = [dict(zip(rows[0], row, strict=True))["内容"] for row in rows[1:]]
    assert sorted(said) == ["今天的任务：巡检；风险和对策：地面滑；人员状态：状态都好", "谈的事：家事"]
    assert AuditEntry.objects.get(verb="activity.exported").after == {"rows": 2}


def test_the_ledger_of_a_month_leaves_out_what_is_confidential(client, crew):
    send(client, crew)
    write(crew.talk, crew.team, actor=crew.leader, people=[crew.one], values={"topic": "家事"})
    period = crew.today.year * 100 + crew.today.month
    page = client.get(address("activity-month", crew.team.pk, period))
    assert page.context["counts"] == [("班前会", 1)]
    assert "家事" not in page.content.decode()


def test_a_scanned_address_leads_through_the_sign_in_of_the_product(client, crew):
    found = write(crew.meeting, crew.team, actor=crew.leader, people=[crew.leader])
    sign = address("sign-in", sign_ins.open_sign_in(found, actor=crew.leader))
    client.logout()
    asked = client.get(sign)
    assert asked.headers["Location"] == f"/login/?next={sign}"
    crew.one.set_password("Banzu-2026")
    crew.one.save()
    entered = client.post(
        asked.headers["Location"], {"username": crew.one.employee_no, "password": "Banzu-2026", "next": sign}
    )
    assert entered.headers["Location"] == sign
    assert "我到了" in client.get(sign).content.decode()
    assert "已签到" in client.post(sign).content.decode()
    assert "已签到" in client.get(sign).content.decode()
    assert found.participants.get(user=crew.one).how == "signed"
