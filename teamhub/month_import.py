"""Bringing a past month into TeamHub: facts, then the same close, bonus and boards as any month, in one transaction."""

from itertools import groupby

from django.db import transaction

from assessments import selectors as assessment
from assessments.models import Criterion, MonthClose, TeamScore
from assessments.services import checks, closes, conditions, standards
from assessments.tasks import compute_close
from incentives import selectors as incentive
from incentives.models import DistributionLine
from incentives.services import approvals, distributions, pools, publishing, rules
from teamhub.month_folder import naming, read_folder
from teams import attendance_sheet, figures, periods
from teams.errors import TeamError
from teams.models import Team, Unit, User
from teams.services import attendance, roster


@transaction.atomic
def import_month(folder, period, *, plant, actor=None):
    """Import a month's folder below the root unit `plant`, close it, divide the bonus, post the boards.

    Returns the report (see `report`). Raises TeamError with everything that is wrong; then nothing is imported.
    """
    month = read_folder(folder, period)
    plan, teams = _import_facts(month, plant, actor)
    _close(teams, period, actor)
    for team in teams.values():
        if team.name in month.pools:
            _divide(team, period, actor)
    return report(plan, list(teams.values()), period)


def _import_facts(month, plant, actor):
    root = Unit.objects.open().filter(parent__isnull=True, name=plant).first() or Unit.objects.create(name=plant)
    plan = _import_roster(month, root, actor)
    teams = _teams_by_name(root, month)
    _refuse_closed(teams.values(), month.period)
    _import_attendance(month, teams, actor)
    _import_standard(month, root, actor)
    _import_findings(month, teams, actor)
    _import_context(month, teams, actor)
    _install_rule(root, month.period, actor)
    for name, amount in month.pools.items():
        pools.set_pool(teams[name], month.period, amount, actor=actor)
    return plan, teams


def _import_roster(month, root, actor):
    with naming("roster.xlsx"), month.roster.open("rb") as file:
        batch = roster.stage_roster(file, root=root, effective_on=periods.first_day(month.period), actor=actor)
    return roster.apply_roster(batch, actor=actor, without_bad_rows=True)


def _teams_by_name(root, month):
    teams = {team.name: team for team in Team.objects.open().filter(unit__parent=root).select_related("unit")}
    named = {
        *month.attendance,
        *month.pools,
        *month.not_applicable,
        *month.vetoes,
        *(row.team for row in month.findings),
    }
    unknown = sorted(named - set(teams))
    if unknown:
        raise TeamError(f"花名册里没有这些班组：{'、'.join(unknown)}。请核对各文件里的班组名称。")
    last = periods.last_day(month.period)
    absent = [name for name, team in teams.items() if team.formed_on <= last and name not in month.attendance]
    if absent:
        raise TeamError(f"attendance.xlsx：缺少这些班组的工作表：{'、'.join(absent)}。")
    return {name: team for name, team in teams.items() if name in month.attendance}


def _refuse_closed(teams, period):
    closed = [team.name for team in teams if assessment.is_closed(team, period)]
    if closed:
        raise TeamError(f"{periods.label(period)}已经关账的班组：{'、'.join(closed)}。关账的月份不能再导入。")


def _import_attendance(month, teams, actor):
    for name, members in month.attendance.items():
        problems = attendance_sheet.check_members(name, members, teams[name], month.period)
        if problems:
            raise TeamError("attendance.xlsx：" + "；".join(f"“{p.sheet}”{p.reason}" for p in problems))
        values = {member.employee_no: (member.codes, member.overtime) for member in members}
        saved = attendance.save_month(teams[name], month.period, values, actor=actor, source="attendance.xlsx")
        attendance.accept_past_month(saved, actor=actor)


def _import_standard(month, root, actor):
    content = next(iter(standards.presets().values())) | {
        "name": "班组考核标准",
        "categories": [
            {"name": name, "criteria": [[row[2], figures.short_text(row[3])] for row in rows]}
            for name, rows in groupby(month.standard, key=lambda row: row[1])
        ],
    }
    in_force = assessment.version_for(root, month.period)
    if in_force and _same_criteria(in_force, month.standard):
        return
    version = standards.create_version(root, content, actor=actor)
    if not _same_criteria(version, month.standard):
        raise TeamError("standard.csv：编号要从 1.1 起逐条连续，大项一个接一个。请核对后重新导入。")
    standards.put_in_force(version, month.period, actor=actor)


def _same_criteria(version, rows):
    stored = Criterion.objects.filter(version=version).values_list("code", "name", "points")
    return set(stored) == {(code, name, points) for code, _, name, points in rows}


def _import_findings(month, teams, actor):
    version = assessment.version_for(next(iter(teams.values())).unit, month.period)
    criteria = {criterion.code: criterion for criterion in version.criteria.all()}
    people = {
        user.employee_no: user for user in User.objects.filter(employee_no__in=[r.person for r in month.findings])
    }
    _refuse_unknown(month.findings, criteria, people)

    def sheet(row):
        return row.team, row.kind, row.date

    for (team, kind, date), rows in groupby(sorted(month.findings, key=sheet), key=sheet):
        deviations = [
            checks.Deviation(criteria.get(row.code), row.points, people.get(row.person), row.note) for row in rows
        ]
        facts = {"kind": kind, "date": date, "key": f"import:{teams[team].pk}:{kind}:{date.isoformat()}"}
        with naming("findings.csv"):
            checks.file_check(teams[team], **facts, actor=actor, deviations=deviations, rectified=True)


def _refuse_unknown(findings, criteria, people):
    codes = sorted({row.code for row in findings if row.code is not None and row.code not in criteria})
    numbers = sorted({row.person for row in findings if row.person and row.person not in people})
    if codes:
        raise TeamError(f"findings.csv：标准里没有这些编号：{'、'.join(codes)}。")
    if numbers:
        raise TeamError(f"findings.csv：花名册里没有这些工号：{'、'.join(numbers)}。")


def _import_context(month, teams, actor):
    for name, codes in month.not_applicable.items():
        version = assessment.version_for(teams[name].unit, month.period)
        criteria = list(version.criteria.filter(code__in=codes))
        if len(criteria) < len(set(codes)):
            raise TeamError(f"context.json：{name}的不适用小项里有标准没有的编号。")
        conditions.set_not_applicable(teams[name], month.period, criteria, actor=actor)
    for name, reason in month.vetoes.items():
        conditions.add_veto(teams[name], month.period, reason, actor=actor)


def _install_rule(root, period, actor):
    if incentive.rule_for(root, period) is None:
        rules.put_in_force(rules.install_preset("rule_attendance_work", root, actor=actor), period, actor=actor)


def _close(teams, period, actor):
    for unit in dict.fromkeys(team.unit for team in teams.values()):
        close = closes.close_of(unit, period)
        closes.request_computation(close, actor=actor)
        compute_close(close.pk)
        close.refresh_from_db()
        if close.state != MonthClose.State.COMPUTED:
            raise TeamError(f"{unit}：{close.problem}")
        closes.confirm(close, actor=actor)
        closes.finish(close, actor=actor)


def _divide(team, period, actor):
    distribution = distributions.draft(team, period, actor=actor)
    approvals.propose(distribution, actor=actor)
    approvals.approve(distribution, actor=actor)
    approvals.post(distribution, actor=actor)
    publishing.publish_month(team, period, actor=actor)


def report(plan, teams, period):
    """What came out, read back from the database: people, refused rows, teams and members with their figures as text."""
    return {
        "month": periods.dashed(period),
        "people": len(plan.added) + len(plan.changed) + len(plan.unchanged),
        "roster_errors": [{"row": row.number, "reason": row.problems[0].reason} for row in plan.bad],
        "teams": [_team_report(score) for score in _scores(teams, period)],
        "members": [_member_report(line) for team in teams for line in _lines(team, period)],
    }


def _scores(teams, period):
    scores = {score.team_id: score for score in TeamScore.objects.filter(team__in=teams, period=period)}
    for team in teams:
        scores[team.pk].team = team
        yield scores[team.pk]


def _team_report(score):
    return {
        "unit": score.team.unit.name,
        "team": score.team.name,
        "score": figures.decimal_text(score.score),
        "vetoed": score.vetoed,
        "rank": score.rank,
        "grade": score.grade,
    }


def _lines(team, period):
    lines = DistributionLine.objects.filter(distribution__team=team, distribution__period=period)
    return lines.select_related("user", "distribution__team").order_by("user__employee_no")


def _member_report(line):
    return {
        "no": line.user.employee_no,
        "name": line.user.name,
        "team": line.distribution.team.name,
        "coefficient": figures.coefficient_text(line.coefficient),
        "days": line.days,
        "hours": figures.short_text(line.hours),
        "score": figures.decimal_text(line.score),
        "attendance_part": figures.decimal_text(line.parts["attendance"]),
        "work_part": figures.decimal_text(line.parts["work"]),
        "amount": figures.decimal_text(line.amount),
    }
