"""The pages of programmes, rounds and bars: what the editor stores, what is refused, who is shown what, and their queries."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.honours.content import CONTENT, frozen_of
from assessments.models import Application, Bar, Programme, Round
from teams.models import AuditEntry
from teams.workbooks import read_workbook
from tests import factories as make
from tests.access.programme_pages import NEW_PROGRAMME
from tests.access.programmes import add_many
from tests.assessments.honours import DAY, filed, make_programme, opened, prepared, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def union(client):
    officer = make.give_role(make.make_unit(), "union")
    client.force_login(officer)
    return officer


@pytest.fixture
def unit(union):
    return union.unit_roles.get().unit


def get(client, page, /, *args, **query):
    return client.get(reverse(f"assessments:{page}", args=args), query).content.decode()


def post(client, page, /, *args, **body):
    return client.post(reverse(f"assessments:{page}", args=args), body, follow=True).content.decode()


def typed(form):
    """What a browser would send of an editor's form that nobody changed."""
    body = {}
    for field in form:
        value = field.value()
        if value not in (None, "", False):
            body[field.name] = [getattr(one, "pk", one) for one in value] if isinstance(value, list) else value
    for table in form.tables:
        body[f"{table.name}-rows"] = len(table.rows)
        for row in table.rows:
            start = f"{table.name}-{row['number']}-"
            body[f"{start}code"] = row["code"]
            body |= {start + column.name: value for column, value in row["cells"] if value not in ("", False, [])}
    return body | {"pool": getattr(body.get("pool"), "pk", body.get("pool", ""))}


@pytest.mark.parametrize("code", ["six_good", "seven_have", "studio_scored", "vanguard", "best_leader"])
def test_an_editor_that_nobody_changed_says_what_was_stored(client, union, unit, code):
    programme = make_programme(unit, union, code)
    form = client.get(reverse("assessments:programme-edit", args=[programme.pk])).context["form"]
    assert "和现在的一样" not in get(client, "programme", programme.pk)
    before = frozen_of(programme)
    post(client, "programme-edit", programme.pk, **typed(form))
    after = frozen_of(Programme.objects.get(pk=programme.pk))
    for name in ("levels", "applicants", "criteria", "conditions", "materials"):
        assert after[name] == before[name]
    for name in ("quota", "review", "recheck"):
        assert {key: value for key, value in after[name].items() if value} == {
            key: value for key, value in before[name].items() if value
        }
    assert {name: after[name] for name in after if name not in CONTENT} == {
        name: before[name] for name in before if name not in CONTENT
    }


def test_a_new_programme_is_stored_as_typed(client, union, unit):
    more = {"reward": "5000", "pass_line": "8", "recheck_line": "6", "every_months": "12", "rectify_months": "3"}
    more |= {"materials-rows": "1", "materials-1-name": "照片", "materials-1-must": "on", "front_line_percent": "50"}
    page = post(client, "programme-new", **NEW_PROGRAMME | more | {"unit": unit.pk})
    assert "“五好班组”加好了" in page
    found = Programme.objects.get()
    assert found.criteria == [
        {
            "code": "1",
            "name": "安全无事故",
            "group": "安全",
            "method": "score",
            "must": False,
            "evidence": [],
            "points": 1000,
        }
    ]
    assert found.levels == [{"name": "工会推荐", "at": "unit", "roles": ["union"]}]
    assert found.conditions == [{"code": "accident", "text": "发生事故", "kind": "veto", "bar_months": 12}]
    assert found.materials == [{"code": "m1", "name": "照片", "must": True}]
    assert found.recheck == {"every_months": 12, "pass_line": 600, "rectify_months": 3}
    assert (found.reward, found.pass_line, found.quota["front_line_percent"]) == (500_000, 800, 50)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "请填名称"),
        ({"criteria-1-points": "十"}, "评选条件第 1 行：“十”不是数字"),
        ({"criteria-1-points": "1001"}, "满分要大于 0，最多 1000"),
        ({"criteria-1-name": ""}, "评选条件还没有写"),
        ({"criteria-1-gone": "on"}, "评选条件还没有写"),
        ({"criteria-1-evidence": "rumour"}, "依据的种类不对"),
        ({"criteria-1-name": "条件\x00"}, "看不见的控制字符"),
        ({"conditions-1-case": ""}, "否决的要选是哪种情形"),
        ({"conditions-1-bar_months": "x"}, "几个月不能评请填整数"),
        ({"levels-1-roles": "worker"}, "请选由谁推荐"),
        ({"applicants": "studio_leader"}, "谁能申报要从"),
        ({"pass_line": "99"}, "超过了各条加起来的满分"),
        ({"notice_days": "0"}, "请填 1 到 60 的整数"),
        ({"recheck_line": "6"}, "要写几个月复评一次"),
        ({"reward": "-1"}, "要在 0 到"),
        ({"pool": "99999"}, "没有这一项"),
        ({"unit": "99999"}, "没有这一项"),
    ],
)
def test_what_is_typed_wrongly_is_told_and_nothing_is_stored(client, unit, change, said):
    page = post(client, "programme-new", **NEW_PROGRAMME | {"unit": unit.pk} | change)
    assert said in page
    assert not Programme.objects.exists()


def test_more_rows_keep_what_was_typed(client, unit):
    page = post(client, "programme-new", **NEW_PROGRAMME | {"unit": unit.pk, "more": "criteria"})
    assert 'name="criteria-4-name"' in page
    assert 'value="安全无事故"' in page
    assert not Programme.objects.exists()


def test_a_pool_of_another_plant_is_refused(client, unit):
    foreign = make_programme(make.make_unit())
    assert "没有这一项" in post(client, "programme-new", **NEW_PROGRAMME | {"unit": unit.pk, "pool": foreign.pk})
    assert "没有这一项" in post(client, "programme-new", **NEW_PROGRAMME | {"unit": foreign.unit_id})
    assert list(Programme.objects.all()) == [foreign]


def test_a_copy_begins_with_everything_and_a_name_of_its_own(client, union, unit):
    programme = make_programme(unit, union)
    form = client.get(reverse("assessments:programme-new"), {"copy": programme.pk}).context["form"]
    post(client, "programme-new", **typed(form) | {"unit": unit.pk})
    copied = Programme.objects.exclude(pk=programme.pk).get()
    assert copied.name == "六好模范班组二"
    assert copied.criteria == programme.criteria
    assert client.get(reverse("assessments:programme-new"), {"copy": "99999"}).status_code == 404


def test_words_and_filters_narrow_the_lists(client, union, unit):
    make_programme(unit, union)
    make_programme(unit, union, "seven_have")
    assert "六好模范班组</a>" in get(client, "programmes", q="模范")
    assert "七有创新工作室</a>" not in get(client, "programmes", q="模范")
    assert "六好模范班组</a>" not in get(client, "programmes", subject="studio")
    assert "没有这样的评选项目" in get(client, "programmes", state="retired")
    assert "请从列表里选" in get(client, "programmes", subject="moon")
    assert "请从列表里选" in get(client, "rounds", state="moon")


def test_a_round_goes_from_the_plan_to_the_review_on_its_pages(client, union, unit):
    programme = make_programme(unit, union)
    days = {"opens_on": today(), "apply_until": today() + DAY, "review_until": today() + DAY}
    post(client, "round-new", programme.pk, name="2026年度", invitation="请申报", **days)
    found = Round.objects.get()
    assert 'data-confirm-title="开始申报" data-confirm-ok="开始申报"' in get(client, "round", found.pk)
    post(client, "round-open", found.pk)
    filed(found, make.make_team(unit), union)
    assert "还能申报 2 天" in post(client, "round-invite", found.pk)
    page = post(
        client, "round-put-off", found.pk, apply_until=today() + 2 * DAY, review_until=today() + 3 * DAY, reason="停机"
    )
    assert f"推迟到 {today() + 2 * DAY}：停机" in page
    assert "还有 1 份还没有推荐" in page
    assert 'data-confirm-title="提前转入评审" data-confirm="' in page
    assert "才截止" in post(client, "round-begin-review", found.pk)
    post(client, "round-begin-review", found.pk, early="1")
    assert "已取消：条件变了" in post(client, "round-cancel", found.pk, reason="条件变了")
    assert Application.objects.get().state == "submitted"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"name": ""}, "请填批次"),
        ({"apply_until": "2026-13-01"}, "日期无效"),
        ({"opens_on": "0020-01-01"}, "日期无效"),
        ({"review_until": "2026-01-01"}, "日期要一个比一个晚"),
    ],
)
def test_a_round_with_wrong_days_is_not_stored(client, union, unit, body, said):
    programme = make_programme(unit, union)
    right = {"name": "年度", "opens_on": "2026-12-01", "apply_until": "2026-12-10", "review_until": "2026-12-20"}
    assert said in post(client, "round-new", programme.pk, **right | body)
    assert not Round.objects.exists()


def test_a_reader_sees_the_frozen_copy_and_no_draft(client, union, unit):
    found = opened(make_programme(unit, union), union)
    Programme.objects.update(notice_days=9)
    planned = prepared(found.programme, union, name="第二批")
    client.force_login(make.make_member(make.make_team(unit)))
    page = get(client, "round", found.pk)
    assert "5 个工作日" in page
    assert "开始申报" not in page
    assert "走到哪一步" not in page
    assert client.get(reverse("assessments:round", args=[planned.pk])).status_code == 404


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"number": "9999"}, "没有这个工号的人"),
        ({"team": "99999"}, "没有这一项"),
        ({"code": "closed_month"}, "没有这一项"),
        ({"happened_on": "2099-01-01"}, "今天以后"),
        ({"text": ""}, "请填说明"),
    ],
)
def test_a_case_that_cannot_be_is_told_and_not_stored(client, unit, body, said):
    right = {"unit": unit.pk, "code": "accident", "happened_on": "2026-10-01", "text": "灭火"}
    assert said in post(client, "bar-new", **right | body)
    assert not Bar.objects.exists()


def test_a_case_of_a_team_belongs_to_the_unit_of_the_team(client, unit):
    team = make.make_team(make.make_unit(parent=unit))
    member = make.make_member(team)
    right = {"unit": unit.pk, "code": "accident", "happened_on": "2026-10-01", "text": "灭火", "team": team.pk}
    assert "只能选一样" in post(client, "bar-new", **right | {"number": member.employee_no})
    assert "已登记" in post(client, "bar-new", **right)
    assert (Bar.objects.get().unit, Bar.objects.get().team) == (team.unit, team)
    assert "安全事故" in get(client, "bars", q=team.name)


def test_figures_go_out_as_a_workbook(client, union, unit):
    found = opened(make_programme(unit, union), union)
    filed(found, make.make_team(unit), union, state="named")
    answer = client.post(reverse("assessments:round-figures-export"), {"year": today().year})
    sheets = read_workbook(io.BytesIO(answer.content))
    assert list(sheets) == ["单位", "评选项目", "年份"]
    assert [unit.name, 1, 1, 1, 100, 1, 100] in sheets["单位"]
    assert AuditEntry.objects.get(verb="round.exported").after == {"rows": 1, "year": today().year}


QUERIES = {
    "programmes": 15,
    "programme": 9,
    "programme-edit": 10,
    "rounds": 11,
    "round": 14,
    "bars": 7,
    "round-figures": 8,
}


@pytest.mark.parametrize("many", [1, 3], ids=["one", "three"])
def test_a_page_asks_the_same_questions_of_one_row_and_of_three(client, union, unit, many):
    found, programme = add_many(unit, many, union)
    arguments = {"programme": [programme.pk], "programme-edit": [programme.pk], "round": [found.pk]}
    asked = {}
    for name in QUERIES:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"assessments:{name}", args=arguments.get(name))).status_code == 200
        asked[name] = len(queries)
    assert asked == QUERIES
