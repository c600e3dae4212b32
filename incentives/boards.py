"""The bonus table as it is posted."""

from django.urls import reverse

from assessments.boards import distinct_names, explained, name_column, people
from bulletins.tables import Board, Column, Fact, Row
from incentives.rule_words import sentences
from incentives.rules import read_rule
from teams import periods
from teams.figures import coefficient_text, decimal_text, short_text, signed_yuan_text, yuan_text


def bonus_board(distribution):
    """绩效奖金表: the pool for everybody, each member's inputs and amount for the unit, with a way to the explanation."""
    rule = read_rule(distribution.rule_version.definition)
    lines = list(distribution.lines.select_related("user"))
    levelled = any(line.levelled for line in lines)
    return Board(
        kind="bonus",
        title=f"{distribution.team.name}{periods.label(distribution.period)}绩效奖金表",
        facts=explained(
            [
                _sum("奖金总额", distribution.amount),
                *([_sum("留存", distribution.reserve)] if distribution.reserve else []),
                Fact("参加分配", f"{len(lines)} 人"),
                *(_sum(rule.names[part.key], distribution.parts[part.key]) for part in rule.parts),
            ],
            reverse("incentives:distribution", args=[distribution.team_id, distribution.period]),
            "bonus.view",
        ),
        columns=[
            name_column(),
            Column("coefficient", "岗位系数"),
            Column("days", "出勤", unit="天"),
            Column("hours", "工时", unit="时"),
            Column("score", "得分", unit="分"),
            *(Column(part.key, rule.names[part.key], unit="元") for part in rule.parts),
            *([Column("levelled", "封顶保底调剂", unit="元")] if levelled else []),
            Column("amount", "应得", unit="元"),
        ],
        rows=[
            Row(line.user_id, _cells(line, name, levelled), reverse("incentives:explain", args=[line.pk]), "bonus.view")
            for line, name in zip(lines, distinct_names(lines), strict=True)
        ],
        total={"name": "合计"}
        | {part.key: yuan_text(distribution.parts[part.key]) for part in rule.parts}
        | ({"levelled": signed_yuan_text(sum(line.levelled for line in lines))} if levelled else {})
        | {"amount": yuan_text(distribution.shared)},
        notes=[f"办法：{distribution.rule_version}。{'。'.join(sentences(rule))}。"],
        parties={
            "proposers": people(distribution.drafted_by_id, distribution.proposed_by_id),
            "checkers": people(distribution.approved_by_id, distribution.posted_by_id),
        },
        spread="amount",
    )


def _sum(label, fen):
    return Fact(label, f"{yuan_text(fen)} 元", sums=True)


def _cells(line, name, levelled):
    cells = {
        "name": name,
        "coefficient": coefficient_text(line.coefficient),
        "days": str(line.days),
        "hours": short_text(line.hours),
        "score": decimal_text(line.score),
        "amount": yuan_text(line.amount),
    } | {key: yuan_text(amount) for key, amount in line.parts.items()}
    return cells | {"levelled": signed_yuan_text(line.levelled)} if levelled else cells
