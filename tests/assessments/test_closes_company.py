"""The close of all units in one step: what is shown, what is done, and that one refusal leaves the others done."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import company_close, selectors, stamps, tasks
from assessments.models import MonthClose
from assessments.services import closes
from assessments.services.company_closes import take_step
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def woken(monkeypatch):
    ids = []
    monkeypatch.setattr(tasks.compute_close, "delay", ids.append)
    return ids


def ready_unit(root, name):
    unit = make.make_ready_unit(teams=1)
    unit.name, unit.parent = name, root
    unit.save()
    return unit


@pytest.fixture
def company():
    """A plant with an assessor, and units: one whose month is open, one computed, one confirmed, one not ready."""
    root = make.make_unit("本厂")
    units = {name: ready_unit(root, name) for name in ("甲", "乙", "丙")}
    units["丁"] = make.make_unit("丁", root)
    make.make_standard(units["丁"])
    make.make_team(units["丁"], "没填考勤的班")
    make.compute_month(units["乙"])
    closes.confirm(make.compute_month(units["丙"]), actor=None)
    return make.give_role(root, "assessor"), units


def rows(units):
    return company_close.rows_of(list(units.values()), PERIOD)


def parted(units, step):
    ready, others = company_close.parted(rows(units), step)
    return [row.unit.name for row in ready], {row.unit.name: why for row, why in others}


def post(client, step, units, **changes):
    fields = {f"unit-{row.unit.pk}": row.seen for row in rows(units)} | changes
    return client.post(reverse("assessments:close-all", args=[PERIOD, step]), fields, follow=True).content.decode()


def state(unit):
    close = MonthClose.objects.get(unit=unit, period=PERIOD)
    return close.state, close.job


def verbs():
    return list(AuditEntry.objects.filter(verb__startswith="close.").order_by("id").values_list("verb", flat=True))


def test_each_step_says_which_units_it_takes_and_why_not_the_others(company):
    _, units = company
    waits = "考勤还没有审批的班组：没填考勤的班。请班组长确认、单位负责人审批后再计算。"
    again = "已经计算，算好以后没有新的登记"
    assert parted(units, "compute") == (["甲"], {"乙": again, "丙": "已经确认", "丁": waits})
    assert parted(units, "confirm") == (["乙"], {"甲": "还没有计算", "丙": "已经确认", "丁": "还没有计算"})
    assert parted(units, "finish") == (["丙"], {"甲": "还没有计算", "乙": "还没有确认", "丁": "还没有计算"})
    closes.request_computation(closes.close_of(units["甲"], PERIOD), actor=None)
    assert parted(units, "compute")[1]["甲"] == "正在计算，算完再办"
    MonthClose.objects.filter(unit=units["乙"]).update(job="failed")
    assert parted(units, "confirm")[1]["乙"] == "最近一次计算没有完成，请重新计算"


def test_the_page_names_the_units_before_anything_is_done(client, company):
    assessor, units = company
    client.force_login(assessor)
    before = verbs()
    page = client.get(reverse("assessments:close-all", args=[PERIOD, "compute"])).content.decode()
    assert "将计算 1 个单位" in page
    assert "这次不计算 3 个单位" in page
    assert f'name="unit-{units["甲"].pk}"' in page
    assert f'name="unit-{units["丁"].pk}"' not in page
    assert verbs() == before


def test_who_confirms_all_reads_which_teams_are_asked_about(client, company):
    assessor, units = company
    silent = make.make_team(units["乙"], "没查过的班")
    make.make_member(silent)
    make.approve_attendance(silent)
    client.force_login(assessor)
    address = reverse("assessments:close-all", args=[PERIOD, "confirm"])
    assert "确认前问一句" not in client.get(address).content.decode()
    make.compute_month(units["乙"])
    assert "确认前问一句：没查过的班</small>" in client.get(address).content.decode()


def test_computing_all_wakes_a_worker_for_each_unit_and_leaves_a_row_each(client, company, woken):
    assessor, units = company
    units["戊"] = ready_unit(units["甲"].parent, "戊")
    client.force_login(assessor)
    before = len(verbs())
    page = post(client, "compute", {name: units[name] for name in ("甲", "戊")})
    assert "已交给后台计算 2 个单位：" in page
    assert sorted(woken) == sorted(MonthClose.objects.filter(job="queued").values_list("pk", flat=True))
    assert verbs()[before:] == ["close.requested"] * 2
    assert "2 个单位正在计算" in page
    assert "hx-get" in page


def test_scores_that_were_overtaken_are_not_offered_for_confirming_but_computed_again_with_the_others(
    client, company, woken
):
    assessor, units = company
    client.force_login(assessor)
    make.file_findings(units["乙"].teams.get(), ("2.1", -100, None))
    addresses = {step: reverse("assessments:close-all", args=[PERIOD, step]) for step in ("compute", "confirm")}
    page = client.get(addresses["confirm"]).content.decode()
    assert "将确认 0 个单位" in page
    assert "算好以后又有登记或改动，要先重算" in page
    assert f'{addresses["compute"]}">去重算（1）</a>' in page
    assert "将计算 2 个单位" in client.get(addresses["compute"]).content.decode()
    assert "已交给后台计算 2 个单位：" in post(client, "compute", units)
    assert len(woken) == 2


def test_scores_whose_last_computation_failed_are_computed_again_with_the_others(company):
    _, units = company
    MonthClose.objects.filter(unit=units["乙"]).update(job="failed")
    assert parted(units, "compute")[0] == ["甲", "乙"]


def test_one_refusal_leaves_the_others_done_and_is_told(client, company):
    assessor, units = company
    client.force_login(assessor)
    units["戊"] = ready_unit(units["甲"].parent, "戊")
    make.compute_month(units["戊"])
    make.file_findings(units["乙"].teams.get(), ("2.1", -100, None))
    page = post(client, "confirm", units)
    assert "已确认得分 1 个单位：戊。" in page
    assert "乙没有确认：计算之后又有登记或改动，得分已经不是最新的。请重新计算后再确认。" in page
    assert "甲没有确认：还没有计算。" in page
    assert [state(units[name])[0] for name in ("乙", "戊")] == ["computed", "confirmed"]


def stamped(monkeypatch):
    """The units of each time that the facts are compared to confirm or close."""
    asked, stamps_now = [], closes.stamps_now
    monkeypatch.setattr(
        closes, "stamps_now", lambda versions, period: asked.append(set(versions)) or stamps_now(versions, period)
    )
    return asked


def take(units, step):
    shown = company_close.parted(rows(units), step)[0]
    done, refused = take_step(shown, step, actor=None, seen={row.unit.pk: row.seen for row in shown})
    return {close.unit_id for close in done}, {unit.pk for unit, _ in refused}


def test_units_that_can_all_take_a_step_have_their_facts_compared_together(company, monkeypatch):
    _, units = company
    make.compute_month(units["甲"])
    asked, both = stamped(monkeypatch), {units["甲"].pk, units["乙"].pk}
    assert take(units, "confirm") == (both, set())
    assert asked == [both]
    everybody = both | {units["丙"].pk}
    assert take(units, "finish") == (everybody, set())
    assert asked == [both, everybody]
    assert verbs().count("close.closed") == 3


def test_a_refusal_has_the_others_taken_one_by_one_with_a_row_of_the_trail_each(company):
    _, units = company
    make.compute_month(units["甲"])
    make.file_findings(units["甲"].teams.get(), ("2.1", -100, None))
    before = len(verbs())
    assert take(units, "confirm") == ({units["乙"].pk}, {units["甲"].pk})
    assert verbs()[before:] == ["close.confirmed"]
    assert [state(units[name])[0] for name in ("甲", "乙")] == ["computed", "confirmed"]


def test_facts_of_many_units_are_compared_in_as_many_queries_as_of_one(company, django_assert_num_queries):
    _, units = company
    some = [unit.pk for unit in units.values() if selectors.version_for(unit, PERIOD)]
    versions = selectors.versions_for(some, PERIOD)
    assert len(some) > 2
    with CaptureQueriesContext(connection) as one:
        alone = stamps.stamps_now({some[0]: versions[some[0]]}, PERIOD)
    with django_assert_num_queries(len(one)):
        together = stamps.stamps_now(versions, PERIOD)
    assert together[some[0]] == alone[some[0]]
    assert len(set(together.values())) == len(some)


def test_a_unit_computed_again_since_the_page_was_opened_is_not_confirmed(client, company):
    assessor, units = company
    client.force_login(assessor)
    page = post(client, "confirm", {"乙": units["乙"]}, **{f"unit-{units['乙'].pk}": "0" * 64})
    assert "乙没有确认：您打开页面之后，得分又重新算过。" in page
    assert state(units["乙"])[0] == "computed"


def test_closing_all_closes_what_was_confirmed(client, company):
    assessor, units = company
    client.force_login(assessor)
    assert "已关账 1 个单位：丙。" in post(client, "finish", {"丙": units["丙"]})
    assert [state(units[name])[0] for name in ("乙", "丙")] == ["computed", "closed"]


def test_units_that_the_page_did_not_show_are_left_alone(client, company):
    assessor, units = company
    client.force_login(assessor)
    assert "没有可以关账的单位，什么也没有改动。" in post(client, "finish", {})
    assert state(units["丙"])[0] == "confirmed"


def test_units_out_of_reach_are_neither_shown_nor_done(client, company):
    _, units = company
    client.force_login(make.give_role(units["乙"], "assessor"))
    page = post(client, "finish", units)
    assert "丙" not in page.replace("丙班", "")
    assert state(units["丙"])[0] == "confirmed"


def test_a_step_twice_at_the_same_time_is_taken_once(company):
    _, units = company
    row = next(row for row in rows(units) if row.unit.name == "丙")
    first, second = (take_step([row], "finish", actor=None, seen={row.unit.pk: row.seen}) for _ in range(2))
    assert (len(first[0]), len(second[0]), len(second[1])) == (1, 0, 1)
    assert verbs().count("close.closed") == 1


def test_the_list_says_who_is_behind_since_when_and_what_is_missing(client, company):
    assessor, _ = company
    client.force_login(assessor)
    page = client.get(reverse("assessments:close-list", args=[PERIOD])).content.decode()
    assert "4 个单位，已关账 0 个" in page
    assert "1 项必须先办" in page
    assert "2026-11-01" in page
    for step, count in (("计算", 1), ("确认", 1), ("关账", 1)):
        assert f"全部{step}（{count}）" in page


def test_who_closes_no_unit_sees_the_list_without_the_steps(client, company):
    _, units = company
    client.force_login(make.give_role(units["甲"], "manager"))
    page = client.get(reverse("assessments:close-list", args=[PERIOD])).content.decode()
    assert "全部计算" not in page


@pytest.mark.parametrize("name", ["close-list", "close-list-progress"])
def test_who_has_no_role_in_a_unit_is_told_where_the_scores_are(client, company, name):
    _, units = company
    client.force_login(units["甲"].teams.first().memberships.first().user)
    answer = client.get(reverse(f"assessments:{name}", args=[PERIOD]))
    assert (answer.status_code, "自己班组的得分和名次在“得分”里看。" in answer.content.decode()) == (403, True)


def test_the_progress_reloads_the_page_when_all_are_done(client, company):
    assessor, units = company
    client.force_login(assessor)
    address = reverse("assessments:close-list-progress", args=[PERIOD])
    assert client.get(address)["HX-Refresh"] == "true"
    close = closes.close_of(units["甲"], PERIOD)
    closes.request_computation(close, actor=None)
    answer = client.get(address)
    assert "HX-Refresh" not in answer
    assert "1 个单位正在计算" in answer.content.decode()


def test_the_progress_counts_the_units_done_of_those_asked_for_together(client, company):
    assessor, units = company
    client.force_login(assessor)
    asked = [closes.close_of(units[name], PERIOD) for name in ("甲", "乙")]
    closes.request_all(asked, actor=None)
    address = reverse("assessments:close-list-progress", args=[PERIOD])
    assert 'value="0" max="2"' in client.get(address).text
    closes.compute(asked[1].pk)
    page = client.get(address).text
    assert ("1 个单位正在计算，已算好 1 个" in page, 'value="1" max="2"' in page) == (True, True)


def test_more_units_need_no_more_questions(django_assert_num_queries):
    for number in (1, 3):
        units = [make.make_ready_unit(teams=number) for _ in range(number)]
        with django_assert_num_queries(14):
            company_close.rows_of(units, PERIOD)


def test_a_unit_with_which_somebody_took_the_step_meanwhile_is_told_as_done(client, company):
    assessor, units = company
    client.force_login(assessor)
    fields = {f"unit-{units['丙'].pk}": ""}
    closes.finish(MonthClose.objects.get(unit=units["丙"]), actor=assessor)
    page = client.post(reverse("assessments:close-all", args=[PERIOD, "finish"]), fields, follow=True)
    assert [(message.level_tag, str(message)) for message in page.context["messages"]] == [("info", "丙已经关账。")]
