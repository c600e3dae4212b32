"""What people type on the assessment floor, cleaned before any service sees it."""

import re
import uuid

from django import forms
from django.utils import timezone

from assessments.models import Check, Criterion
from assessments.selectors import criteria_in_force
from assessments.services.checks import Deviation
from teams import periods
from teams.figures import decimal_text, hundredths
from teams.forms import TickedField, dated, posted_files, unknown_fields

MAX_PHOTOS = 3
TICK = re.compile(r"c-[0-9]{1,18}")
"""The name of the toggle of a criterion."""


class CheckSheetForm(forms.Form):
    """A check sheet by exception: date, shift and kind, and per criterion the fields of its deviation.

    Criterion fields are `c-<id>` (the toggle), `c-<id>-points`, `-person`, `-note`, `-photos`; the award outside the
    standard (加分) of an inspection is `c-award`. The points of a scored line (打分) are what it is given, else what is
    taken or awarded. Whoever inspects others says why; a team's own sheet may be silent.
    With a `plan` it is a cross-check on one of its days, without awards. `owners` are names by code, `phrases` notes
    by (code, name) of an item, None for the award; `asked` is what whoever led here has filled in already.
    After cleaning, `deviations()` gives what deviates.
    """

    key = forms.CharField(widget=forms.HiddenInput(attrs={"data-keep": ""}), max_length=60)
    date = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "请填日期。", "invalid": "日期无效，请重新选择。"},
    )
    shift = forms.ChoiceField(label="班次", choices=Check.Shift)
    kind = forms.ChoiceField(label="检查类型", choices=Check.Kind)
    late = forms.BooleanField(label="迟到的记录", required=False)

    def __init__(
        self,
        *args,
        team,
        categories,
        members,
        inspecting,
        shift=Check.Shift.DAY,
        plan=None,
        owners=None,
        phrases=None,
        asked=None,
        **kwargs,
    ):
        initial = {"date": timezone.localdate(), "shift": shift, "kind": Check.Kind.SPOT, "key": uuid.uuid4().hex}
        initial |= asked or {}
        super().__init__(*args, initial=initial, **kwargs)
        self.team, self.categories, self.inspecting = team, categories, inspecting
        self.plan, self.owners, self.awards = plan, owners or {}, inspecting and plan is None
        self.phrases = phrases or {}
        self._wrong, self._carried = {}, {}
        self.people = {str(member.user_id): member.user for member in members}
        if self.awards:
            self.fields["kind"].choices = [choice for choice in Check.Kind.choices if choice[0] != Check.Kind.SELF]
        else:
            del self.fields["kind"], self.fields["late"]

    def clean_date(self):
        date = dated(self.cleaned_data["date"])
        if self.plan and not self.plan.due_from <= date <= self.plan.due_on:
            raise forms.ValidationError(
                f"这次互查安排在 {self.plan.due_from:%Y-%m-%d} 到 {self.plan.due_on:%Y-%m-%d}，请选这几天里的日期。"
            )
        return date

    @property
    def kind_value(self):
        """The kind to store: what was chosen for an inspection, else a self check."""
        return self.cleaned_data["kind"] if self.awards else Check.Kind.SELF

    def groups(self):
        """Categories with their rows, as the template shows them; typed values survive a refusal."""
        return [
            {"category": category, "rows": [self._row(str(c.pk), c) for c in self._lines(category)]}
            for category in self.categories
            if self._lines(category)
        ]

    def _lines(self, category):
        """What can be found on the sheet: award lines (加分) only on an inspection, for nobody awards the own team."""
        lines = category.criteria.all()
        return [line for line in lines if self.awards or line.method != Criterion.Method.AWARD]

    def award_row(self):
        """The row for an award outside the standard."""
        return self._row("award", None)

    def _row(self, key, criterion):
        source = self._carried.get(key, key)

        def typed(name, otherwise=""):
            return self.data.get(f"c-{source}{name}", otherwise) if self.is_bound else otherwise

        return {
            "key": key,
            "criterion": criterion,
            "owner": criterion and self.owners.get(criterion.code),
            "phrases": self.phrases.get(criterion and (criterion.code, criterion.name), []),
            "on": bool(typed("")),
            "award": criterion is None or criterion.method == Criterion.Method.AWARD,
            "scored": _is_scored(criterion),
            "points": typed("-points", _proposed(criterion)),
            "person": typed("-person"),
            "note": typed("-note"),
            "wrong": {part: self._wrong.get(f"c-{key}-{part}") for part in ("points", "person", "note")},
        }

    def clean(self):
        criteria = [criterion for category in self.categories for criterion in self._lines(category)]
        rows = [(str(criterion.pk), criterion) for criterion in criteria]
        if self.awards:
            rows.append(("award", None))
        if unknown_fields([*self.data, *self.files], "c-", {key for key, _ in rows}):
            self.add_error(None, f"这一天执行的是另一版标准，项目已换成那一版，{self._carry(criteria)}后再提交。")
        self._found = [self._deviation(key, criterion) for key, criterion in rows if self.data.get(f"c-{key}")]

    def _carry(self, criteria):
        """Take what was ticked on lines of another version over to the lines of the same name; says what is left to do."""
        ticked = {name.removeprefix("c-") for name in self.data if TICK.fullmatch(name)}
        before = list(criteria_in_force(ticked - {str(criterion.pk) for criterion in criteria}))
        same = {criterion.name: str(criterion.pk) for criterion in criteria}
        self._carried = {same[old.name]: str(old.pk) for old in before if old.name in same}
        gone = "、".join(f"“{old}”" for old in before if old.name not in same)
        moved = f"{len(self._carried)} 条已经搬到同名的小项，照片要重新选，" if self._carried else ""
        return f"{moved}{gone + '那一版里没有，' if gone else ''}请{'核对' if moved else '重新勾选'}"

    def _deviation(self, key, criterion):
        """What was typed into a row; full marks of a scored line are zero points, and need no words."""
        name, points = criterion or "加分", self._points(key, criterion)
        if points == 0 and _is_scored(criterion):
            return Deviation(criterion, 0)
        person = self.data.get(f"c-{key}-person", "")
        if person and person not in self.people:
            self._refuse(key, "person", f"“{name}”：选的责任人不是本班组成员，请重新选择。")
        photos = posted_files(self, f"c-{key}-photos", MAX_PHOTOS, f"“{name}”：照片")
        note = self.data.get(f"c-{key}-note", "").strip()
        if "\0" in note:
            self._refuse(key, "note", f"“{name}”：说明里有看不见的字符，请重新输入。")
        if len(note) > 500:
            self._refuse(key, "note", f"“{name}”：说明最多 500 字，现在有 {len(note)} 字。")
        if self.inspecting and not note:
            self._refuse(key, "note", f"“{name}”：请写说明，当事人要看得懂为什么扣分或加分。")
        return Deviation(criterion, points, self.people.get(person), note[:500], photos)

    def _points(self, key, criterion):
        try:
            points = hundredths(self.data.get(f"c-{key}-points", ""))
        except ValueError:
            points = -1
        most = criterion.points if criterion else 1000
        if _is_scored(criterion):
            if not 0 <= points <= most:
                self._refuse(key, "points", f"“{criterion}”的得分要在 0 到 {decimal_text(most)} 分之间。")
            return points - most
        least = self._least(criterion)
        if not least <= points <= most:
            low = "要大于 0" if least == 1 else f"每次至少 {decimal_text(least)} 分"
            self._refuse(key, "points", f"“{criterion or '加分'}”的分值{low}、不超过 {decimal_text(most)} 分。")
        return points if criterion is None or criterion.method == Criterion.Method.AWARD else -points

    def _least(self, criterion):
        """The fewest points of a deduction: one step of the line, but for a late record, which may correct an earlier one."""
        stepwise = criterion is not None and criterion.method == Criterion.Method.DEDUCT
        return min(criterion.step, criterion.points) if stepwise and not self.cleaned_data.get("late") else 1

    def _refuse(self, key, part, sentence):
        self.add_error(None, sentence)
        self._wrong[f"c-{key}-{part}"] = sentence

    @property
    def refusals(self):
        """[(id of the field that is wrong or "", sentence)] in the order of the page."""
        ids = {sentence: field for field, sentence in self._wrong.items()}
        named = [
            (self[name].id_for_label, error)
            for name, errors in self.errors.items()
            if name in self.fields
            for error in errors
        ]
        return named + [(ids.get(error, ""), error) for error in self.non_field_errors()]

    def deviations(self):
        """The Deviations of the sheet; their photos are still uploads."""
        return self._found


def _is_scored(criterion):
    return criterion is not None and criterion.method == Criterion.Method.SCORE


def _proposed(criterion):
    """The points that a row starts with: one step, of a yes-no line all of them; of a scored line one step less than full."""
    if criterion is None:
        return "1.00"
    if _is_scored(criterion):
        return decimal_text(max(criterion.points - criterion.step, 0))
    return decimal_text(criterion.points if criterion.method == Criterion.Method.YES_NO else criterion.step)


class ConditionsForm(forms.Form):
    """Which criteria do not apply to a team in a month."""

    criteria = TickedField(
        None,
        label="不适用的小项",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(
            ("invalid_choice", "invalid_pk_value"), "有的小项不在这个标准里，请刷新页面后重新勾选。"
        ),
    )

    def __init__(self, *args, version, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["criteria"].queryset = version.criteria.select_related("category")


class MonthForm(forms.Form):
    """A month typed as 2026-10."""

    period = forms.CharField(
        label="从哪个月起执行",
        widget=forms.TextInput(attrs={"placeholder": "2026-10", "inputmode": "numeric"}),
        error_messages={"required": "请填月份，如 2026-10。"},
    )

    def clean_period(self):
        return periods.parse(self.cleaned_data["period"])
