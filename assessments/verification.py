"""Closed months recomputed from what was frozen: the proof that no score has moved since."""

from dataclasses import dataclass

from assessments import results
from assessments.inputs import fingerprint
from assessments.models import MemberScore, MonthClose, TeamScore

STAGES = ((TeamScore, "team_id", results.team_rows), (MemberScore, "user_id", results.member_rows))


@dataclass(frozen=True)
class Difference:
    """One thing of a closed month that is not what its inputs say, in words."""

    close: MonthClose
    what: str

    def __str__(self):
        return f"{self.close.unit} {self.close.period}：{self.what}"


def closed_months():
    """Every closed month, oldest first."""
    closed = MonthClose.objects.filter(state=MonthClose.State.CLOSED)
    return closed.select_related("unit").order_by("period", "unit_id")


def verify(close):
    """Every Difference between a close's stored scores and those that its frozen inputs give; none when all is well.

    A score that an older release stored may lack figures that did not exist then; what it holds must be right.
    """
    if fingerprint(close.inputs) != close.inputs_hash:
        yield Difference(close, "输入与它的指纹不符")
    for model, key, rows_of in STAGES:
        yield from _differences(close, model, key, rows_of(close.inputs))


def _differences(close, model, key, rows):
    stored = {(row.team_id, getattr(row, key)): row for row in model.objects.filter(close=close)}
    for row in rows:
        found = stored.pop((row["team_id"], row[key]), None)
        wrong = [name for name, value in row.items() if found and getattr(found, name) != value]
        if not found or wrong:
            what = "、".join(model._meta.get_field(name).verbose_name for name in wrong) or "整行"
            yield Difference(
                close, f"{model._meta.verbose_name} {row[key]} 的{what}{'与输入不符' if found else '不见了'}"
            )
    for _, extra in stored:
        yield Difference(close, f"多出{model._meta.verbose_name} {extra}")
