"""Finance marks the bonuses of many teams as paid: chosen in a list, named once more with their total, then done."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bulletins.models import Bulletin
from bulletins.objections.lists import number_open
from incentives.forms.sign_offs import SettleForm
from incentives.services.settlements import settle_all
from incentives.settlements import settled_by, too_early, total, waiting
from teams.access import require
from teams.actions import first_errors
from teams.figures import whole_number, yuan_text
from teams.selectors import page_of
from teams.switches import month_links


@require_http_methods(["GET", "HEAD", "POST"])
def settle_many(request, period):
    """The list; a POST of ticked teams names them with their total, and settles them once it is `confirmed`."""
    require(request.user, "bonus.settle")
    if request.method != "POST":
        return _list(request, period, SettleForm())
    form = SettleForm(request.POST)
    confirmed, ticked = "confirmed" in request.POST, settled_by(request.user, period).filter(team__in=_seen(request))
    ticked = ticked if confirmed else waiting(ticked)
    problem = _problem(form, ticked)
    if problem:
        messages.error(request, problem)
        return _list(request, period, form)
    return (_settled if confirmed else _named)(request, period, form, ticked)


def _seen(request):
    """{team id: what the page showed of its distribution} of the ticked teams."""
    fields = [name for name in request.POST if name.startswith("team-")]
    return {whole_number(name.removeprefix("team-")): request.POST[name] for name in fields}


def _problem(form, ticked):
    """In words why nothing can be done with what was ticked; empty when something can."""
    if not form.is_valid():
        return first_errors(form)
    if not ticked:
        return "请至少选一个班组。"
    return too_early(waiting(ticked), form.cleaned_data["paid_on"])


def _list(request, period, form):
    page = page_of(waiting(settled_by(request.user, period)), request)
    months = month_links(period, lambda month: reverse("incentives:settle-many", args=[month]))
    disputes = number_open(Bulletin.Kind.BONUS, period, [row.team_id for row in page])
    seen = _seen(request) or {row.team_id for row in page} - disputes.keys()
    ticked = [row for row in page if row.team_id in seen]
    context = {"period": period, "form": form, "page": page, "months": months, "disputes": disputes}
    context |= {"ticked": ticked, "total": total(ticked)}
    return render(request, "incentives/settle_many.html", context)


def _named(request, period, form, ticked):
    disputes = number_open(Bulletin.Kind.BONUS, period, [row.team_id for row in ticked])
    rows = [(row, disputes.get(row.team_id)) for row in ticked]
    context = {"period": period, "rows": rows, "total": total(ticked), "said": form.cleaned_data, "disputes": disputes}
    return render(request, "incentives/settle_confirm.html", context)


def _settled(request, period, form, ticked):
    done, refused = settle_all(ticked, **form.cleaned_data, actor=request.user, seen=_seen(request))
    if done:
        names = "、".join(row.team.name for row in done)
        messages.success(request, f"已登记 {len(done)} 个班组发放，共 {yuan_text(total(done))} 元：{names}。")
    for row, why in refused:
        messages.error(request, f"{row.team}没有登记：{why}")
    return redirect("incentives:settle-many", period)
