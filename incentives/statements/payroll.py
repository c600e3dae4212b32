"""工资发放表: what finance pays out for a unit's month, as a sheet; and the people's own payslips."""

from incentives.inputs import figures_behind
from incentives.models import Distribution, DistributionLine
from teams import periods
from teams.access import subtree_ids
from teams.downloads import Figure, Sheet
from teams.figures import capital_yuan, decimal_text, yuan_text
from teams.models import Team

HEADERS = [
    "序号",
    "工号",
    "姓名",
    "班组",
    "分配所得（元）",
    "班长津贴（元）",
    "奖罚（元）",
    "结转（元）",
    "应得（元）",
    "签字",
]
WIDTHS = [6, 12, 12, 20, 14, 14, 12, 12, 14, 14]


def payslips_of(user):
    """A person's lines that stand in the ledger, the latest month first."""
    lines = DistributionLine.objects.filter(user=user, distribution__state__in=Distribution.IN_LEDGER)
    return lines.select_related("distribution__team__unit").order_by("-distribution__period", "distribution__team")


def payslips_in(distribution):
    """The lines of a distribution for its payslips, by employee number."""
    return distribution.lines.select_related("user", "distribution__team__unit", "distribution__rule_version__rule")


def paid_out(unit, period):
    """The distributions of a unit and below in a month that stand in the ledger, in the order of units and teams."""
    found = Distribution.objects.filter(
        team__unit__in=subtree_ids(unit), period=period, state__in=Distribution.IN_LEDGER
    )
    return list(found.select_related("team__unit").order_by("team"))


def payroll_sheet(unit, period, distributions):
    """The Sheet of these distributions: people as text and figures, a sum for each team and of all."""
    rows, total, number = [], [0] * 5, 0
    for distribution in distributions:
        people = _people(distribution)
        sums = [sum(column) for column in zip(*(figures for _, figures in people), strict=True)] or [0] * 5
        for user, figures in people:
            number += 1
            rows.append(
                [Figure(str(number)), user.employee_no, user.name, distribution.team.name, *_money(figures), ""]
            )
        rows.append(["", "", "小计", distribution.team.name, *_money(sums), ""])
        total = [one + other for one, other in zip(total, sums, strict=True)]
    rows.append(["", "", "合计", f"{number} 人次", *_money(total), ""])
    title = f"{unit}{periods.label(period)}绩效奖金发放表"
    return Sheet(
        "发放表", HEADERS, rows, title=title, after=_after(unit, period, distributions, total[-1]), widths=WIDTHS
    )


def _people(distribution):
    """[(person, [share, allowance, awards and deductions, carried, payable] in fen)] of a distribution."""
    lines = list(distribution.lines.select_related("user"))
    factors = figures_behind(distribution, lines)
    return [(line.user, _figures(line, factors[line.user.employee_no].get("allowance", 0))) for line in lines]


def _figures(line, allowance):
    return [line.amount, allowance, line.adjusted - allowance, line.carried, line.payable]


def _money(figures):
    return [Figure(decimal_text(fen), money=True) for fen in figures]


def _after(unit, period, distributions, total):
    """The total in words, the teams that are not in it, and who signs."""
    shown = {distribution.team_id for distribution in distributions}
    there = Team.objects.open().filter(unit__in=subtree_ids(unit), formed_on__lte=periods.last_day(period))
    missing = "、".join(there.exclude(pk__in=shown).values_list("name", flat=True))
    lines = [[f"应得合计：{yuan_text(total)} 元"], [f"人民币大写：{capital_yuan(total)}"]]
    lines += [[f"还没有入账、不在表里的班组：{missing}"]] if missing else []
    return [*lines, ["制表：", "", "审核：", "", "负责人：", "", "日期："]]
