"""What people type about money for teams: pools of a month, a unit's pool, budgets of a year, and which rows they see."""

from django import forms

from incentives.models import UnitPool
from incentives.progress import STANDINGS
from teams.figures import decimal_text
from teams.forms import HundredthsField, WordsField, unknown_fields


class OverBudgetField(WordsField):
    """Why more is handed out than the budget of the year allows."""

    default_error_messages = {
        "max_length": "超预算的原因最多 %(limit_value)d 个字。",
        "null_characters_not_allowed": "超预算的原因里有看不见的控制字符，请删掉后再提交。",
    }

    def __init__(self):
        super().__init__(label="超预算的原因", max_length=200)


class AmountsForm(forms.Form):
    """One amount for each of several things, named `<prefix>-<id>`; an emptied field takes the amount back.

    Beside each field the page carries `was-<id>`, the amount that it showed: nobody overwrites or takes back an amount
    that they have not seen. Subclasses say `prefix_of_fields`, and what to tell when others are there by now: other
    things (`gone`), other amounts (`outdated`).
    """

    prefix_of_fields = ""
    gone = ""
    outdated = ""

    def __init__(self, *args, things, amounts, **kwargs):
        super().__init__(*args, **kwargs)
        self.things = things
        self.shown = {thing.pk: decimal_text(amounts[thing.pk]) if amounts.get(thing.pk) else "" for thing in things}
        for thing in things:
            field = HundredthsField(label=thing.name, required=False, max_length=20, initial=self.shown[thing.pk])
            self.fields[self.name_of(thing)] = field

    def name_of(self, thing):
        return f"{self.prefix_of_fields}-{thing.pk}"

    def entry(self, thing):
        """The field of a thing, with the name and the value of what the page showed."""
        was = f"was-{thing.pk}"
        return self[self.name_of(thing)], was, self.data.get(was, self.shown[thing.pk])

    def clean(self):
        if unknown_fields(self.data, f"{self.prefix_of_fields}-", {str(thing.pk) for thing in self.things}):
            self.add_error(None, self.gone)
        if any(self.data.get(f"was-{thing}", shown) != shown for thing, shown in self.shown.items()):
            self.add_error(None, self.outdated)

    def amounts(self):
        """[(thing, fen or None)] of the fields that say something: an empty one only where an amount was shown."""
        values = [(thing, self.cleaned_data[self.name_of(thing)]) for thing in self.things]
        return [(thing, fen) for thing, fen in values if fen is not None or self.data.get(f"was-{thing.pk}")]


class PoolsForm(AmountsForm):
    """The pools of several teams for a month."""

    prefix_of_fields = "team"
    gone = "单位的班组刚刚有变动。请刷新页面后重新填写。"
    outdated = "有人刚刚改过奖金总额。请刷新页面，看过新的总额再填。"
    reason = OverBudgetField()


class BudgetsForm(AmountsForm):
    """The budgets of several units for a year."""

    prefix_of_fields = "unit"
    gone = "您管的单位刚刚有变动。请刷新页面后重新填写。"
    outdated = "有人刚刚改过奖金预算。请刷新页面，看过新的预算再填。"


class UnitPoolForm(forms.Form):
    """A unit's pool of a month and what it is divided by."""

    amount = HundredthsField(label="单位总额", max_length=20, error_messages={"required": "请填单位总额。"})
    basis = forms.ChoiceField(
        label="分法",
        choices=UnitPool.Basis,
        error_messages={"required": "请选分法。", "invalid_choice": "没有这种分法。"},
    )
    reason = OverBudgetField()


class MonthForm(forms.Form):
    """Which teams of a month are shown: of one unit, as far as one standing, found by name."""

    q = WordsField(max_length=60)
    unit = forms.ModelChoiceField(
        queryset=None, required=False, error_messages={"invalid_choice": "没有这个单位，请重新选择。"}
    )
    state = forms.ChoiceField(
        choices=[("", "全部"), *((key, word) for key, (_, word) in STANDINGS.items())],
        required=False,
        error_messages={"invalid_choice": "没有这种进度，请重新选择。"},
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    @property
    def asked(self):
        """{name: what is asked for} of the filters in use."""
        return {name: self.data[name] for name in self.fields if self.data.get(name)}
