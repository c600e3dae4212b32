"""The report of a month, quarter, half-year or year of a team or a unit (阶段报告)."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.period_reports.docx import document, document_response
from assessments.period_reports.figures import LENGTH_NAMES, LENGTHS, Report, stage_of
from assessments.period_reports.tables import facts, tables, warnings
from teams import audit, periods
from teams.access import access_of, require, subtree_ids, team_for, unit_for, usual_place
from teams.models import Team

BACK = {"month": 12, "quarter": 8, "half": 4, "year": 3}
"""How many stages before the present one the switch offers."""


@require_safe
def current(request):
    """The month before this one of the topmost unit in reach, else of the own team."""
    require(request.user, "check.analyse")
    subject = usual_place(request.user, "check.analyse")
    return redirect(_address(subject, "month", periods.shift(periods.current_period(), -1)))


def _address(subject, length, period):
    kind = "teams" if isinstance(subject, Team) else "units"
    return reverse("assessments:report", args=[kind, subject.pk, length, period])


def _report(request, kind, pk, length, period):
    if kind not in ("teams", "units") or length not in LENGTHS:
        raise Http404
    subject = (team_for if kind == "teams" else unit_for)(request.user, pk, "check.analyse")
    unit = subject.unit if kind == "teams" else subject
    return Report(subject, unit, stage_of(length, period), timezone.localdate())


@require_safe
def overview(request, kind, pk, length, period):
    report = _report(request, kind, pk, length, period)
    context = {"report": report, "warnings": warnings(report), "facts": facts(report), "tables": tables(report)}
    context |= {"switch": {"teams": _subjects(request.user, report), "months": _stages(report)}}
    context |= {"lengths": _lengths(report), "address": [kind, pk, length, period]}
    return render(request, "assessments/period_report.html", context)


def _subjects(user, report):
    """Units in reach and the teams near this one, or the own teams, as links to their report of the same stage."""
    access = access_of(user)
    units = list(access.units("check.analyse"))
    teams = access.teams("check.analyse").select_related("unit")
    near = teams.filter(unit__in=subtree_ids(report.unit)) if units else teams
    named = [(str(unit), unit) for unit in units] + [(f"{team.unit} · {team}", team) for team in near]
    return [_link(label, subject, report.stage, subject == report.subject) for label, subject in named]


def _link(label, subject, stage, active):
    return {"label": label, "url": _address(subject, stage.length, stage.first), "active": active}


def _stages(report):
    """The last stages of the same length as links, latest first."""
    stage, size = report.stage, LENGTHS[report.stage.length]
    latest = max(stage_of(stage.length, periods.current_period()).first, stage.first)
    firsts = dict.fromkeys([*(periods.shift(latest, -size * back) for back in range(BACK[stage.length])), stage.first])
    stages = [stage_of(stage.length, first) for first in firsts]
    return [_link(str(other), report.subject, other, other == stage) for other in stages]


def _lengths(report):
    """The same subject by month, quarter, half-year and year."""
    return [
        _link(name, report.subject, stage_of(length, report.stage.last), length == report.stage.length)
        for length, name in LENGTH_NAMES.items()
    ]


@require_POST
def export(request, kind, pk, length, period):
    """The report as a document; leaves a trail."""
    report = _report(request, kind, pk, length, period)
    title = f"{report.subject}{report.stage}报告"
    content = document(title, warnings(report), facts(report), tables(report), report.today)
    stage = {"length": length, "first": report.stage.first}
    audit.record("report.exported", report.subject, actor=request.user, unit=report.unit, after=stage)
    return document_response(content, title)
