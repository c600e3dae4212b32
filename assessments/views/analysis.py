"""Analysis of the checks, and the questions that their records raise."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments import signals
from assessments.analysis import reports as analysis_reports
from assessments.analysis.losses import Span, deductions, is_span
from assessments.analysis.reports import MOST_TEAMS, Scope, comparison, report
from assessments.forms.analysis import AnalysisForm, FindingsForm
from teams import audit, periods
from teams.access import access_of, require, subtree_ids, team_for, unit_for, usual_place
from teams.downloads import workbook_of, workbook_response
from teams.models import Team
from teams.selectors import page_of
from teams.switches import unit_month_switch

MONTHS = 3
"""How many months the analysis shows unless another span is chosen."""


@require_safe
def current(request):
    """The last months of the topmost unit in reach, else of the own team."""
    require(request.user, "check.analyse")
    subject, last = usual_place(request.user, "check.analyse"), periods.current_period()
    return redirect("assessments:analysis", *_scope_of(subject, periods.shift(last, 1 - MONTHS), last).address)


def _scope_of(subject, first, last):
    unit = subject.unit if isinstance(subject, Team) else subject
    return Scope(subject, unit, Span(first, last, timezone.localdate()))


def _scope(request, kind, pk, first, last):
    if kind not in ("units", "teams") or not is_span(first, last):
        raise Http404
    open_for = team_for if kind == "teams" else unit_for
    return _scope_of(open_for(request.user, pk, "check.analyse"), first, last)


@require_safe
def overview(request, kind, pk, first, last):
    scope = _scope(request, kind, pk, first, last)
    form = AnalysisForm(request.GET, span=scope.span)
    asked = form.cleaned_data if form.is_valid() else {}
    of_kind, day = asked.get("kind", ""), asked.get("day")
    context = {"scope": scope, "form": form, "most_teams": MOST_TEAMS, "note": analysis_reports.NOTE}
    context["report"] = report(scope, of_kind)
    context["change"] = comparison(scope, day, of_kind) if day else None
    context["can_ask"] = access_of(request.user).on_unit("check.analyse", scope.unit.pk)
    context["plans_of"] = _plans_of(request.user, scope)
    context["switch"] = {"teams": _subjects(request.user, scope), "months": _spans(scope)}
    return render(request, "assessments/analysis.html", context)


def _plans_of(user, scope):
    """The address of the branch's plan that a weak item can be put into, for whoever keeps it; else nothing."""
    keeps = access_of(user).on_unit("party.keep", scope.unit.pk)
    return keeps and reverse("activities:party-mechanisms", args=[scope.unit.pk, timezone.localdate().year])


def _subjects(user, scope):
    """Units in reach and the teams of this one, or the own teams, as links to their analysis of the same months."""
    access = access_of(user)
    teams = access.teams("check.analyse").select_related("unit")
    units = list(access.units("check.analyse"))
    near = teams.filter(unit__in=subtree_ids(scope.unit)) if units else teams
    return [_link(str(unit), unit, scope) for unit in units] + [_link(f"{t.unit} · {t}", t, scope) for t in near]


def _link(label, subject, scope):
    there = _scope_of(subject, scope.span.first, scope.span.last)
    return {
        "label": label,
        "url": reverse("assessments:analysis", args=there.address),
        "active": subject == scope.subject,
    }


def _spans(scope):
    """The usual spans as links to the same page; the present one, too, when it is none of them."""
    this, span = periods.current_period(), scope.span
    usual = {(periods.shift(this, 1 - months), this): f"近 {months} 个月" for months in (MONTHS, 6, 12)}
    usual |= {(month, month): periods.label(month) for month in (this, periods.shift(this, -1))}
    usual.setdefault((span.first, span.last), f"{periods.label(span.first)}到{periods.label(span.last)}")
    return [
        {
            "label": label,
            "url": reverse("assessments:analysis", args=_scope_of(scope.subject, *months).address),
            "active": months == (span.first, span.last),
        }
        for months, label in usual.items()
    ]


@require_safe
def findings(request, kind, pk, first, last):
    """The deductions behind a figure of the analysis."""
    scope = _scope(request, kind, pk, first, last)
    form = FindingsForm(request.GET, span=scope.span)
    rows = deductions(scope.teams, scope.span.start, scope.span.end).select_related(
        "criterion", "team", "person", "on_sheet__checker"
    )
    found = form.filtered(rows).order_by("-date", "-pk") if form.is_valid() else rows.none()
    context = {"scope": scope, "form": form, "page": page_of(found, request)}
    return render(request, "assessments/analysis_findings.html", context)


@require_POST
def export(request, kind, pk, first, last):
    """The tables of the analysis as a workbook; leaves a trail."""
    scope = _scope(request, kind, pk, first, last)
    form = AnalysisForm(request.POST, span=scope.span)
    of_kind = form.cleaned_data.get("kind", "") if form.is_valid() else ""
    facts = {"first": first, "last": last, "kind": of_kind}
    sheets = analysis_reports.workbook_sheets(scope, report(scope, of_kind))
    audit.record("analysis.exported", scope.subject, actor=request.user, unit=scope.unit, after=facts)
    return workbook_response(workbook_of(*sheets), f"{scope.subject}检查分析 {first}-{last}")


@require_safe
def questions(request, unit_id, period):
    """What the records of a month make one ask, without a point for it."""
    unit = unit_for(request.user, unit_id, "check.analyse")
    units = access_of(request.user).units("check.analyse")
    context = {
        "unit": unit,
        "period": period,
        "signals": signals.signals_of(unit, period, timezone.localdate()),
        "switch": unit_month_switch("assessments:signals", unit, period, units),
    }
    return render(request, "assessments/signals.html", context)
