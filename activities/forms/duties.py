"""What people type about duties."""

from django import forms

from activities.models import Duty
from activities.selectors import OTHER_KINDS
from teams import periods
from teams.forms import SearchForm, unknown_fields, whole_field
from teams.models import Shift, Team

STATES = [("open", "待办"), ("overdue", "逾期"), ("undone", "没有办和逾期"), *Duty.State.choices[1:], ("all", "全部")]
LONGEST_GRACE = 30
MODES = [("above", "按上级"), ("on", "要办"), ("off", "不要求")]


class DutyFilterForm(SearchForm):
    """Filters of the list; each is optional, without a state it is what is still open. `kinds` are DutyKinds."""

    state = forms.ChoiceField(
        required=False, choices=STATES, error_messages={"invalid_choice": "没有这个状态，请从列表里选。"}
    )
    kind = forms.ChoiceField(
        required=False,
        error_messages={"invalid_choice": "没有这种任务，请从列表里选。"},
    )
    period = forms.CharField(required=False, max_length=20, error_messages={"max_length": "月份请写成 2026-10 这样。"})
    team = forms.ModelChoiceField(
        queryset=Team.objects.none(),
        required=False,
        error_messages={"invalid_choice": "这个班组不归您管，或者已经没有了，请从列表里选。"},
    )

    def __init__(self, *args, teams, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams
        self.fields["kind"].choices = [
            ("", "全部任务"),
            (OTHER_KINDS, "自查、整改以外"),
            *((kind.code, kind.name) for kind in kinds),
        ]

    @property
    def asked(self):
        """{name: text} of the filters that were given."""
        return {name: self.data[name] for name in self.fields if self.data.get(name)}

    def clean_state(self):
        return self.cleaned_data["state"] or "open"

    def clean_period(self):
        return self.cleaned_data["period"] and periods.parse(self.cleaned_data["period"])


class AskedForm(forms.Form):
    """The day and the shift of a duty, as the link to its form carries them."""

    date = forms.DateField(required=False)
    shift = forms.ChoiceField(required=False, choices=Shift.choices)


def asked_of(query):
    """{field: first value} of what a link to the form of a record asks for; what is no day or shift is left out."""
    form = AskedForm(query)
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


class RulesForm(forms.Form):
    """For each recurring kind: as above, asked with so many working days of grace, or not asked.

    `rules` are (kind, own Rule or None, Rule that holds without it); `wanted` after cleaning what the service takes.
    """

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.rules = rules
        for kind, own, above in rules:
            mode = "above" if own is None else "on" if own.is_on else "off"
            self.fields[f"mode-{kind.code}"] = _mode(kind, mode)
            self.fields[f"grace-{kind.code}"] = _grace(kind, (own or above).grace_days)

    @property
    def rows(self):
        """(kind, Rule that holds without the unit's own, field of the mode, field of the grace)."""
        return [(kind, above, self[f"mode-{kind.code}"], self[f"grace-{kind.code}"]) for kind, _, above in self.rules]

    def clean(self):
        known = {kind.code for kind, _, _ in self.rules}
        if unknown_fields(self.data, "mode-", known):
            raise forms.ValidationError("任务刚刚有变动，请刷新页面后重新填写。")
        self.cleaned_data["wanted"] = {kind.code: self._wanted(kind) for kind, _, _ in self.rules}

    def _wanted(self, kind):
        mode, grace = (self.cleaned_data.get(f"{name}-{kind.code}") for name in ("mode", "grace"))
        if mode == "on" and grace is None and f"grace-{kind.code}" not in self.errors:
            self.add_error(f"grace-{kind.code}", f"{kind.name}：请填宽限几个工作日，没有宽限填 0。")
        return None if mode == "above" else (mode == "on", grace or 0)


def _mode(kind, initial):
    wrong = f"{kind.name}：请选择按上级、要办还是不要求。"
    return forms.ChoiceField(
        label=f"{kind.name}要不要办",
        choices=MODES,
        initial=initial,
        error_messages={"required": wrong, "invalid_choice": wrong},
    )


def _grace(kind, initial):
    label, name = f"{kind.name}宽限几个工作日", f"{kind.name}：宽限"
    return whole_field(label, 0, LONGEST_GRACE, name=name, required=False, initial=initial)
