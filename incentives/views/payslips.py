"""Payslips of people, on a page and on paper, and the payroll of a unit's month."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from bulletins.paper.printing import PaperRefused
from incentives import selectors
from incentives.explain import explain
from incentives.models import Distribution, DistributionLine
from incentives.remedies import righted_behind
from incentives.statements.payroll import paid_out, payroll_sheet, payslips_in, payslips_of
from incentives.statements.payslip_papers import payslip_pdf
from incentives.views.distributions import entrance_of
from teams import audit, periods
from teams.access import access_of, team_for, unit_for
from teams.downloads import pdf_response, workbook_of, workbook_response
from teams.selectors import page_of


@require_safe
def own(request):
    """The own payslips, the latest first."""
    context = {
        "page": page_of(payslips_of(request.user), request),
        "sees_pieces": access_of(request.user).has("piece.view"),
    }
    return render(request, "incentives/payslips.html", context)


def line_for(user, pk):
    """(line, whether it is the person's own): for the person of a line in the ledger, and for those who handle the team's bonus."""
    lines = DistributionLine.objects.select_related(
        "user", "distribution__team__unit", "distribution__rule_version__rule", "distribution__close__version__standard"
    )
    line = get_object_or_404(lines, pk=pk)
    own = line.user_id == user.pk and line.distribution.state in Distribution.IN_LEDGER
    if not own and not access_of(user).on_team("bonus.view", line.distribution.team):
        raise Http404
    return line, own


@require_safe
def payslip(request, line_id):
    line, own = line_for(request.user, line_id)
    context = {
        "line": line,
        "explanation": explain(line),
        "own": own,
        "entrance": own and entrance_of(request.user, line),
        "righted": righted_behind(request.user, line),
    }
    return render(request, "incentives/payslip.html", context)


@require_POST
def paper(request, line_id):
    """One payslip as a PDF; leaves a trail, for it leaves the product."""
    line, _ = line_for(request.user, line_id)
    title = f"{line.user.name}{periods.label(line.distribution.period)}工资条"
    note = partial(audit.record, "payslip.printed", line)
    return _printed(request, line.distribution, [line], title, note)


@require_POST
def team_papers(request, team_id, period):
    """The payslips of a team's month in one PDF, for finance; leaves a trail."""
    team = team_for(request.user, team_id, "bonus.settle")
    found = selectors.distribution_of(team, period)
    if found is None or found.state not in Distribution.IN_LEDGER:
        messages.error(request, f"{team}{periods.label(period)}的奖金还没有入账，没有工资条。")
        return redirect("incentives:distribution", team.pk, period)
    lines = list(payslips_in(found))
    note = partial(audit.record, "payslips.printed", found)
    return _printed(request, found, lines, f"{team}{periods.label(period)}工资条", note)


def _printed(request, distribution, lines, title, note):
    """The PDF with its row in the trail, which `note` leaves; or back with the reason why there is none."""
    try:
        content = payslip_pdf(distribution, lines, title=title, reader=request.user)
    except PaperRefused as error:
        messages.error(request, str(error))
        return redirect("incentives:payslip", lines[0].pk)
    note(actor=request.user, unit=distribution.team.unit, after={"people": len(lines)})
    return pdf_response(content, title, is_download=True)


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
