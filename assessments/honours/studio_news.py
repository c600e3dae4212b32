"""What of the studios waits for whom: results to verify, rectifications, yearly checks, leaders who left."""

from django.urls import reverse
from django.utils import timezone

from assessments.honours.own import own_studios
from assessments.honours.studio_lists import leaderless, unchecked, without_results
from assessments.models import Studio, StudioResult
from teams.access import access_of

State = Studio.State


def waiting_for(user):
    """(title, detail, address, kind of state, word) of each line for this person's home page."""
    access, today = access_of(user), timezone.localdate()
    yield from _results(user, access.unit_ids("studio.verify"))
    yield from _to_decide(user, access.unit_ids("studio.keep"), today)
    led = Studio.objects.filter(leader=user, state=State.RECTIFYING)
    yield from (_rectification("工作室整改", studio, today) for studio in led)


def _results(user, units):
    rows = StudioResult.objects.filter(studio__unit__in=units, state=StudioResult.State.CLAIMED)
    rows = rows.exclude(entered_by=user).exclude(own_studios(user, "studio__")).exclude(studio__state=State.REVOKED)
    for row in rows.select_related("studio").order_by("date", "id") if units else ():
        yield "核实工作室成果", f"{row.studio}：{row.name}", _address("result", row), "wait", "待核实"


def _to_decide(user, units, today):
    rows = Studio.objects.filter(unit__in=units).exclude(state=State.REVOKED).exclude(own_studios(user))
    studios = list(rows.select_related("unit", "leader")) if units else []
    for studio in studios:
        if studio.state == State.RECTIFYING:
            yield _rectification("验收工作室整改", studio, today)
    yield from _yearly_checks([studio for studio in studios if studio.state == State.NAMED], today)
    for studio in leaderless(studios):
        detail = f"{studio}的领军人{studio.leader.name}已离开，请换领军人或撤销"
        yield "工作室缺领军人", detail, _address("studio", studio), "warn", "待决定"


def _yearly_checks(named, today):
    idle = without_results(named, today)
    for studio in idle:
        detail = f"{studio}十二个月没有核实过的成果，建议限期整改"
        yield "工作室年检", detail, _address("studio", studio), "warn", "待决定"
    for studio in unchecked([studio for studio in named if studio not in idle], today):
        detail = f"{studio}命名或上次年检已满一年，七有核对过再记年检结果"
        yield "工作室年检", detail, _address("studio", studio), "wait", "待年检"


def _rectification(title, studio, today):
    over = studio.rectify_until < today
    detail = f"{studio}，{studio.rectify_until:%Y-%m-%d} 前：{studio.reason}"
    return title, detail, _address("studio", studio), "bad" if over else "wait", "已到期" if over else "整改中"


def _address(kind, row):
    return reverse({"studio": "assessments:studio", "result": "assessments:studio-result"}[kind], args=[row.pk])
