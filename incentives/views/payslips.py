"""Payslips of people, and the payroll of a unit's month."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from incentives.explain import explain
from incentives.models import Distribution, DistributionLine
from incentives.statements.payroll import paid_out, payroll_sheet, payslips_of
from teams import audit, periods
from teams.access import access_of, unit_for
from teams.downloads import workbook_of, workbook_response
from teams.selectors import page_of


@require_safe
def own(request):
    """The own payslips, the latest first."""
    return render(request, "incentives/payslips.html", {"page": page_of(payslips_of(request.user), request)})


@require_safe
def payslip(request, line_id):
    """For the person of a line in the ledger, and for those who handle the team's bonus."""
    lines = DistributionLine.objects.select_related(
        "user", "distribution__team__unit", "distribution__rule_version__rule", "distribution__close__version__standard"
    )
    line = get_object_or_404(lines, pk=line_id)
    own = line.user_id == request.user.pk and line.distribution.state in Distribution.IN_LEDGER
    if not own and not access_of(request.user).on_team("bonus.view", line.distribution.team):
        raise Http404
    return render(request, "incentives/payslip.html", {"line": line, "explanation": explain(line), "own": own})


@require_POST
def payroll(request, unit_id, period):
    """What finance pays out, as a workbook; leaves a trail, for it names people and money."""
    unit = unit_for(request.user, unit_id, "bonus.settle")
    found = paid_out(unit, period)
    if not found:
        messages.error(request, f"{unit}{periods.label(period)}还没有入账的奖金，没有东西可以导出。")
        return redirect("incentives:month", period)
    facts = {"period": period, "teams": len(found)}
    audit.record("payroll.exported", unit, actor=request.user, unit=unit, after=facts)
    content = workbook_of(payroll_sheet(unit, period, found))
    return workbook_response(content, f"{unit}{periods.label(period)}绩效奖金发放表")
