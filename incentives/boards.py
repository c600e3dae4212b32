"""The bonus table as it is posted."""

from django.urls import reverse

from assessments.boards import distinct_names, explained, name_column, people
from bulletins.tables import Audience, Board, Column, Fact, Row
from incentives.inputs import work_points
from incentives.pay import columns_beside, exclusions_of
from incentives.rules.definition import read_rule
from incentives.rules.words import sentences
from teams import periods
from teams.figures import coefficient_text, decimal_text, short_text, signed_yuan_text, yuan_text


def bonus_board(distribution):
    """绩效奖金表: the pool for everybody, each member's inputs and amount for the unit, with a way to the explanation."""
    rule = read_rule(distribution.rule_version.definition)
    lines = list(distribution.lines.select_related("user"))
    table = _Table(distribution, rule, lines)
    return Board(
        kind="bonus",
        title=f"{distribution.team.name}{periods.label(distribution.period)}绩效奖金表",
        facts=explained(
            [
                _sum("奖金总额", distribution.amount),
                *([_sum("留存", distribution.reserve)] if distribution.reserve else []),
                Fact("参加分配", f"{len(lines)} 人"),
                *(_sum(rule.names[part.key], distribution.parts[part.key]) for part in rule.parts),
                *_without_part(distribution),
            ],
            reverse("incentives:distribution", args=[distribution.team_id, distribution.period]),
            "bonus.view",
        ),
        columns=table.columns(),
        rows=[
            Row(line.user_id, table.cells(line, name), reverse("incentives:explain", args=[line.pk]), "bonus.view")
            for line, name in zip(lines, distinct_names(lines), strict=True)
        ],
        total=table.total(),
        notes=[f"办法：{distribution.rule_version}。{'。'.join(sentences(rule))}。", *table.notes()],
        parties={
            "proposers": people(distribution.drafted_by_id, distribution.proposed_by_id),
            "checkers": people(distribution.approved_by_id, distribution.posted_by_id),
        },
        spread="amount",
    )


def _sum(label, fen):
    return Fact(label, f"{yuan_text(fen)} 元", sums=True)


def _without_part(distribution):
    """Who takes no part and why, for the unit."""
    rows = exclusions_of(distribution.team, distribution.period)
    said = "、".join(f"{row.user.name}（{row.reason}）" for row in rows)
    return [Fact("不参加分配", said, audience=Audience.UNIT)] if said else []


class _Table:
    """The columns that this distribution needs, and what stands in them."""

    def __init__(self, distribution, rule, lines):
        self.distribution, self.rule, self.lines = distribution, rule, lines
        self.levelled = any(line.levelled for line in lines)
        self.beside = columns_beside(distribution, lines)
        self.points = work_points(distribution, lines)

    def columns(self):
        return [
            name_column(),
            Column("coefficient", "岗位系数"),
            Column("days", "出勤", unit="天"),
            Column("hours", "工时", unit="时"),
            Column("score", "得分", unit="分"),
            *([Column("work_points", "工分", unit="分")] if self.points else []),
            *(Column(part.key, self.rule.names[part.key], unit="元") for part in self.rule.parts),
            *([Column("levelled", "封顶保底调剂", unit="元")] if self.levelled else []),
            *([Column("share", "分配所得", unit="元")] if self.beside else []),
            *(Column(column.key, column.label, unit="元") for column in self.beside),
            Column("amount", "应得", unit="元"),
        ]

    def cells(self, line, name):
        said = {
            "name": name,
            "coefficient": coefficient_text(line.coefficient),
            "days": str(line.days),
            "hours": short_text(line.hours),
            "score": decimal_text(line.score),
            "amount": yuan_text(line.payable),
        }
        said |= {"work_points": short_text(self.points[line.user_id])} if self.points else {}
        said |= {key: yuan_text(amount) for key, amount in line.parts.items()}
        said |= {"levelled": signed_yuan_text(line.levelled)} if self.levelled else {}
        said |= {"share": yuan_text(line.amount)} if self.beside else {}
        return said | {column.key: signed_yuan_text(column.fen[line.user_id]) for column in self.beside}

    def total(self):
        said = {"name": "合计", "amount": yuan_text(sum(line.payable for line in self.lines))}
        said |= {"work_points": short_text(sum(self.points.values()))} if self.points else {}
        said |= {part.key: yuan_text(self.distribution.parts[part.key]) for part in self.rule.parts}
        said |= {"levelled": signed_yuan_text(sum(line.levelled for line in self.lines))} if self.levelled else {}
        said |= {"share": yuan_text(self.distribution.shared)} if self.beside else {}
        return said | {column.key: signed_yuan_text(column.total) for column in self.beside}

    def notes(self):
        """What the further columns are about."""
        if self.beside:
            yield "应得＝分配所得＋班长津贴、奖罚和结转；奖罚归个人，不再分给别人，也不占奖金总额。"
