"""Payslips as a PDF: what the page of a line says, as plain texts, one sheet a person."""

from pathlib import Path

from django.utils import timezone

from bulletins.paper.printing import papers
from bulletins.paper.sheets import printable
from bulletins.watermarks import watermark
from incentives.explain import beside_of, part_of
from incentives.inputs import figures_behind
from incentives.rules.definition import read_rule
from teams import periods
from teams.figures import capital_yuan, coefficient_text, decimal_text, short_text, signed_yuan_text, yuan_text

TEMPLATE = Path(__file__).resolve().parent / "payslip.typ"


def payslip_pdf(distribution, lines, *, title, reader):
    """Bytes of a PDF with a payslip of each of these lines of the distribution, marked with who reads it and when.

    Raises PaperRefused for a sign that the font lacks.
    """
    rule = read_rule(distribution.rule_version.definition)
    factors = figures_behind(distribution, distribution.lines.select_related("user"))
    sheets = [printable(_sheet(line, rule, factors)) for line in lines]
    return papers(TEMPLATE, sheets, title=title, watermark=watermark(reader))


def _sheet(line, rule, factors):
    found, month = line.distribution, periods.label(line.distribution.period)
    place = f"{found.team.unit} {found.team}"
    return {
        "title": f"{line.user.name}{month}绩效奖金工资条",
        "heading": f"{month}绩效奖金工资条",
        "who": f"{line.user.name}（{line.user.employee_no}）",
        "place": f"{place}　{_paid(found)}",
        "facts": _facts(line, factors[line.user.employee_no]),
        "lines": [*_parts(line, rule, factors), *_beside(line, factors), _row("应得", line.payable, is_sum=True)],
        "capital": capital_yuan(line.payable),
        "rule": f"办法：{found.rule_version}",
    }


def _paid(found):
    posted = f"{timezone.localdate(found.posted_at)} 入账" if found.posted_at else found.get_state_display()
    return f"{posted}　{found.settled_on:%Y-%m-%d} 发放" if found.settled_on else posted


def _facts(line, own):
    facts = [
        ["岗位系数", coefficient_text(line.coefficient)],
        ["出勤", f"{line.days} 天"],
        ["工时", f"{short_text(line.hours)} 时"],
        ["个人得分", f"{decimal_text(line.score)} 分"],
    ]
    return [*facts, ["工分", f"{short_text(own['points'])} 分"]] if "points" in own else facts


def _row(label, fen, note="", *, signed=False, is_sum=False):
    amount = signed_yuan_text(fen) if signed else yuan_text(fen)
    return {"label": label, "note": note, "amount": amount, "sum": is_sum}


def _parts(line, rule, factors):
    for part in rule.parts:
        shown = part_of(rule, part, factors, line)
        yield _row(shown.name, shown.amount, f"全班 {yuan_text(shown.pot)} 元，占 {shown.percent}")
    if line.levelled:
        yield _row("封顶、保底和班长规定的调剂", line.levelled, signed=True)


def _beside(line, factors):
    """What is paid besides the share or taken off it, as on the page."""
    beside = beside_of(line, factors)
    if not beside:
        return
    yield _row("分配所得", line.amount, is_sum=True)
    if beside.allowance:
        yield _row("班长津贴", beside.allowance, signed=True)
    for row in beside.adjustments:
        yield _row(f"{row.basis.get_kind_display()}：{row.basis}", row.amount, row.reason, signed=True)
    rest = {"超过扣罚上限，不扣": beside.spared, "以前月份结转": beside.carried_in, "结转下月": beside.carried_out}
    for label, fen in rest.items():
        if fen:
            yield _row(label, fen, signed=True)
