"""Points of Party members: the table of a month and of a year, entries, closing a month."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incentives.correcting import points_asked
from incentives.forms.points import EntryForm
from incentives.points import boards as point_boards
from incentives.points import selectors
from incentives.points.posted import board_hanging
from incentives.services import points
from incentives.views.point_schemes import scheme_for, scheme_to_keep
from teams import audit, periods
from teams.access import access_of, team_for
from teams.actions import carried_out, carry_out, carry_out_with_reason
from teams.downloads import workbook_of, workbook_response
from teams.figures import whole_number
from teams.photos import storing_photos
from teams.selectors import page_of


def _of_year(user, scheme_id, period):
    """The scheme with this id; 404 for a month of another year or one to come."""
    scheme = scheme_for(user, scheme_id)
    if period // 100 != scheme.year or period > periods.current_period():
        raise Http404
    return scheme


def _months(scheme, period, name):
    """The months of the scheme's year up to now as links to the page of that name, latest first."""
    latest = min(periods.current_period(), scheme.year * 100 + 12)
    return [
        {"label": periods.label(month), "url": reverse(name, args=[scheme.pk, month]), "active": month == period}
        for month in range(latest, scheme.year * 100, -1)
    ]


@require_safe
def month(request, scheme_id, period):
    scheme = _of_year(request.user, scheme_id, period)
    access = access_of(request.user)
    context = {
        "scheme": scheme,
        "period": period,
        "table": point_boards.month_table(scheme, period),
        "posted": board_hanging(scheme, period),
        "waiting": selectors.waiting_in(access, scheme, period),
        "can_close": access.on_unit("points.manage", scheme.unit_id) and period < periods.current_period(),
        "can_enter": selectors.enters(access, scheme),
        "months": _months(scheme, period, "incentives:points-month"),
    }
    return render(request, "incentives/points_month.html", context)


@require_POST
def close(request, scheme_id, period):
    scheme, name = scheme_to_keep(request.user, scheme_id), periods.label(period)
    back = ("incentives:points-month", [scheme.pk, period])
    return carry_out(request, f"{name}的积分已结算，在支部内公布。", back, points.close, scheme, period)


@require_POST
def export(request, scheme_id, period):
    scheme = _of_year(request.user, scheme_id, period)
    return _exported(request, scheme, point_boards.month_sheet(scheme, period))


def _exported(request, scheme, sheet):
    after = {"title": sheet.title}
    audit.record("point.exported", scheme, actor=request.user, unit=scheme.unit, after=after)
    return workbook_response(workbook_of(sheet), sheet.title)


@require_safe
def year(request, scheme_id):
    scheme = scheme_for(request.user, scheme_id)
    closed, rows = selectors.year_of(scheme)
    context = {"scheme": scheme, "closed": closed, "rows": rows, "talks": [row for row in rows if row.talk]}
    context["month"] = selectors.month_to_show(scheme, timezone.localdate())
    return render(request, "incentives/points_year.html", context)


@require_POST
def year_export(request, scheme_id):
    scheme = scheme_for(request.user, scheme_id)
    return _exported(request, scheme, point_boards.year_sheet(scheme))


# -- Entries -----------------------------------------------------------------------------------------------------------


@require_safe
def entries(request, scheme_id, period):
    """What counts in a month: everything that the person keeps, and what is about the person; ?person= asks for one's alone."""
    scheme = _of_year(request.user, scheme_id, period)
    access = access_of(request.user)
    found = selectors.visible(access, selectors.entries_of(scheme, period))
    person = whole_number(request.GET.get("person", ""))
    context = {
        "scheme": scheme,
        "person": person,
        "period": period,
        "page": page_of(selectors.shown_entries(found.filter(user=person) if person else found), request),
        "can_enter": selectors.enters(access, scheme),
        "months": _months(scheme, period, "incentives:points-entries"),
    }
    return render(request, "incentives/point_entries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request, scheme_id):
    scheme, access = scheme_for(request.user, scheme_id), access_of(request.user)
    if not selectors.enters(access, scheme):
        raise PermissionDenied
    today = timezone.localdate()
    given = {"members": selectors.candidates(access, scheme, today), "indicators": scheme.indicators.all()}
    first = {"date": today} | points_asked(request.GET, scheme)
    form = EntryForm(request.POST or None, request.FILES or None, initial=first, **given)
    told = []
    if request.method == "POST" and form.is_valid() and carried_out(form, _propose, scheme, form, told, request.user):
        messages.success(request, _told(told[0]))
        return redirect("incentives:points-enter", scheme.pk)
    return render(request, "incentives/point_enter.html", {"scheme": scheme, "form": form})


def _propose(scheme, form, told, actor):
    """The entry with its photos, or neither; they are kept with the team of the member."""
    member, indicator, facts, uploads = form.facts()
    with storing_photos(team=member.team, actor=actor) as store:
        photos = [store(upload) for upload in uploads]
        told.append(points.propose(scheme, member.user, indicator, photos=photos, actor=actor, **facts))


def _told(entry):
    late = entry.period != periods.period_of(entry.date)
    counts = f"那个月已经结算，计入{periods.label(entry.period)}。" if late else ""
    return f"已登记{entry}，等另一个人确认。{counts}"


def entry_for(user, pk):
    """(entry, whether the person keeps it); 403 for those who only see the member's team, 404 for strangers."""
    found = selectors.entry(pk)
    if found is None:
        raise Http404
    access = access_of(user)
    if not selectors.visible(access, selectors.just(found)).exists():
        team = selectors.team_of(found)
        if team is None:
            raise Http404
        team_for(user, team.pk, "team.view")
        raise PermissionDenied
    return found, selectors.kept(access, selectors.just(found)).exists()


@require_safe
def entry(request, entry_id):
    found, keeps = entry_for(request.user, entry_id)
    others = request.user.pk not in (found.proposed_by_id, found.user_id)
    context = {
        "entry": found,
        "scheme": found.indicator.scheme,
        "photos": found.evidence.all(),
        "can_decide": keeps and others and found.state == "proposed",
        "can_revoke": selectors.may_revoke(access_of(request.user), found),
        "can_withdraw": keeps and found.proposed_by_id == request.user.pk and found.state == "proposed",
        "reads": selectors.reads(access_of(request.user), found.indicator.scheme),
    }
    return render(request, "incentives/point_entry.html", context)


def _kept(user, pk):
    found, keeps = entry_for(user, pk)
    if not keeps:
        raise PermissionDenied
    return found, ("incentives:points-entries", [found.indicator.scheme_id, found.period])


@require_POST
def refuse(request, entry_id):
    found, back = _kept(request.user, entry_id)
    return carry_out_with_reason(request, "已答复，这条不计分。", back, points.refuse, found)


@require_POST
def revoke(request, entry_id):
    """What was confirmed by mistake, taken back by those who keep the branch's points."""
    found, back = _kept(request.user, entry_id)
    if not access_of(request.user).on_unit("points.manage", found.indicator.scheme.unit_id):
        raise PermissionDenied
    return carry_out_with_reason(request, "已取消，不再计分。", back, points.revoke, found)


ENTRY_STEPS = {"confirm": (points.confirm, "已确认，计入本月积分。"), "withdraw": (points.withdraw, "已撤回。")}


@require_POST
def entry_step(request, entry_id, verb):
    found, back = _kept(request.user, entry_id)
    if verb not in ENTRY_STEPS:
        raise Http404
    service, done = ENTRY_STEPS[verb]
    return carry_out(request, done, back, service, found)
