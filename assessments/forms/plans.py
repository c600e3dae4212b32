"""What people choose about checks to come and item owners, cleaned before any service sees it."""

import datetime

from django import forms
from django.utils import timezone

from assessments.models import Check, CheckPlan
from assessments.plans import draws
from assessments.services.plans import SPOT_CHECKS, monday_of
from teams import periods
from teams.figures import whole_number
from teams.forms import day_field, unknown_fields
from teams.models import Team, Unit

LONGEST_PLAN = datetime.timedelta(days=92)


class PlanForm(forms.Form):
    """A check that the assessor sets by hand: of which team, of which kind, on which days."""

    team = forms.ModelChoiceField(
        label="被查班组",
        queryset=Team.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择班组。", "invalid_choice": "这个班组不在这个单位里，请重新选择。"},
    )
    kind = forms.ChoiceField(
        label="检查类型",
        choices=[(kind.value, kind.label) for kind in (Check.Kind.SUPERIOR, Check.Kind.SPECIAL)],
        error_messages={"required": "请选择检查类型。", "invalid_choice": "请选择上级检查或专项检查。"},
    )
    first = day_field("从哪天")
    last = day_field("到哪天")

    def __init__(self, *args, teams, **kwargs):
        today = timezone.localdate()
        super().__init__(*args, initial={"first": today, "last": today}, **kwargs)
        self.fields["team"].queryset = teams

    def clean(self):
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", "截止日期早于起始日期，请核对。")
        elif first and last and last - first > LONGEST_PLAN:
            self.add_error("last", f"一次最多安排 {LONGEST_PLAN.days} 天，请分开安排。")


class SpotDrawForm(forms.Form):
    """Which week, this one or the next, and how many spot checks a team."""

    week = forms.TypedChoiceField(
        label="哪一周",
        coerce=datetime.date.fromisoformat,
        error_messages={"required": "请选择哪一周。", "invalid_choice": "只能抽本周或下周，请重新选择。"},
    )
    number = forms.TypedChoiceField(
        label="每个班组",
        choices=[(number, f"{number} 次") for number in range(1, 6)],
        initial=SPOT_CHECKS,
        coerce=int,
        error_messages={"required": "请选择次数。", "invalid_choice": "每个班组一周抽 1 到 5 次，请重新选择。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        monday = monday_of(timezone.localdate())
        following = monday + datetime.timedelta(days=7)
        self.fields["week"].choices = [
            (f"{day}", f"{name}（{periods.day_text(day)}起）") for day, name in ((monday, "本周"), (following, "下周"))
        ]


class MutualDrawForm(forms.Form):
    """Whether the teams of a sister unit take part in the draw."""

    sister = forms.ModelChoiceField(
        label="和谁抽",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="本单位内部",
        error_messages={"invalid_choice": "这个单位不是您管的兄弟单位，请重新选择。"},
    )

    def __init__(self, *args, sisters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sister"].queryset = sisters


class PlanFilterForm(forms.Form):
    """Filters of the list; each is optional."""

    kind = forms.ChoiceField(
        label="类型",
        required=False,
        choices=[("", "全部类型"), *[choice for choice in Check.Kind.choices if choice[0] != Check.Kind.SELF]],
        error_messages={"invalid_choice": "没有这个检查类型，请从列表里选。"},
    )
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部状态"), *CheckPlan.State.choices],
        error_messages={"invalid_choice": "没有这个状态，请从列表里选。"},
    )

    def conditions(self):
        """What the list is narrowed to, as arguments of filter; a wrong filter matches nothing."""
        if not self.is_valid():
            return {"pk": 0}
        return {name: value for name, value in self.cleaned_data.items() if value}


class OwnersForm(forms.Form):
    """The owner of each item of a team's standard (`o-<code>`), and who the page showed (`s-<code>`).

    With `propose` the empty places are filled so that everybody gets about as many items; nothing is stored by that.
    """

    def __init__(self, data=None, *, criteria, members, owners, propose=False):
        super().__init__(data)
        self.criteria, self.people = criteria, {member.user_id: member.user.name for member in members}
        self.owners = owners
        self.stored = {code: row.user_id for code, row in owners.items() if not row.gone}
        codes = [criterion.code for criterion in criteria]
        self.proposed = draws.shares(codes, self.stored, list(self.people)) if propose else {}

    def groups(self):
        """Categories with their rows as the template shows them; what was typed survives a refusal."""
        groups = {}
        for criterion in self.criteria:
            groups.setdefault(criterion.category, []).append(self._row(criterion))
        return list(groups.items())

    def _row(self, criterion):
        code, gone = criterion.code, None
        shown = self.stored.get(code)
        if code in self.owners and shown is None:
            gone = self.owners[code].user.name
        chosen = self._person("o", code) if self.is_bound else self.proposed.get(code, shown)
        shown = self._person("s", code) if self.is_bound else shown
        return {"criterion": criterion, "chosen": chosen, "shown": shown, "gone": gone, "new": code in self.proposed}

    def clean(self):
        """`changes`: {code: (who the page showed, who was chosen)} of the items that were changed; ids or None."""
        if unknown_fields(self.data, "o-", {criterion.code for criterion in self.criteria}):
            self.add_error(None, "考核标准刚换了一版，请刷新页面后重新分配。")
        pairs = {c.code: (self._person("s", c.code), self._person("o", c.code)) for c in self.criteria}
        self.cleaned_data["changes"] = {code: pair for code, pair in pairs.items() if pair[0] != pair[1]}
        strangers = [code for code, (_, chosen) in self.cleaned_data["changes"].items() if self._is_stranger(chosen)]
        if strangers:
            self.add_error(None, f"{'、'.join(strangers[:3])} 选的人不是本班组成员，请重新选择。")

    def _is_stranger(self, chosen):
        return chosen is not None and chosen not in self.people

    def _person(self, prefix, code):
        """A posted id; None when the field is empty or was not sent."""
        text = self.data.get(f"{prefix}-{code}", "").strip()
        return whole_number(text) if text else None
