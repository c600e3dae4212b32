"""What people type about clauses, personal awards and deductions, and who takes no part."""

from django import forms

from assessments.forms.checks import MAX_PHOTOS
from incentives.forms.proposals import PapersForm
from incentives.models import Clause, Remedy
from incentives.models.adjustments import MOST
from teams.figures import decimal_text, yuan_text
from teams.forms import HundredthsField, SearchForm, person_field, text_field

CHOOSE, TYPE, COUNT = ({"class": name} for name in ("form-select", "form-control", "form-control num"))


def _amount(label, **options):
    return HundredthsField(label=label, max_length=20, error_messages={"required": f"请填{label}。"}, **options)


class ClauseForm(forms.Form):
    """One clause of a price list; where only one amount is given, it is the amount each time."""

    code = text_field("编号", 10)
    name = text_field("条款", 100)
    kind = forms.ChoiceField(
        label="奖还是罚",
        choices=Clause.Kind.choices,
        error_messages={"required": "请选择奖还是罚。", "invalid_choice": "只有奖和罚，请从列表里选。"},
    )
    least = _amount("每次最少（元）")
    most = _amount("每次最多（元）", required=False, help_text="固定金额的不用填。")
    note = text_field("说明", 200, required=False)

    def clean(self):
        least, most = self.cleaned_data.get("least"), self.cleaned_data.get("most")
        if least is None or "most" in self.errors:
            return
        self.cleaned_data["most"] = most = least if most is None else most
        if not 0 < least <= MOST:
            self.add_error("least", f"金额要大于 0，不超过 {yuan_text(MOST)} 元。")
        elif not least <= most <= MOST:
            self.add_error("most", f"最多不能小于最少，也不能超过 {yuan_text(MOST)} 元。")


def initial_of(clause):
    """The fields of a ClauseForm that say what a clause says."""
    facts = {name: getattr(clause, name) for name in ("code", "name", "kind", "note")}
    most = decimal_text(clause.most) if clause.most != clause.least else ""
    return facts | {"least": decimal_text(clause.least), "most": most}


class ClauseSearchForm(SearchForm):
    """Words to search a price list for; `all` also shows what has ended."""

    all = forms.BooleanField(required=False)

    def narrowed(self, rows):
        """The clauses that the form asks for; all that are in force when it makes no sense."""
        said = self.cleaned_data if self.is_valid() else {}
        words = said.get("q", "")
        rows = rows if said.get("all") else rows.filter(ended_on__isnull=True)
        return rows.filter(name__icontains=words) | rows.filter(code__icontains=words) if words else rows


class ClauseField(forms.ModelChoiceField):
    """A clause in force."""

    def label_from_instance(self, obj):
        return f"{obj}（{obj.range_text}）"


def _remedies(objection):
    """The two Remedies of an objection to choose from, in the place of clauses."""
    ways = {kind: Remedy(objection, kind) for kind in Clause.Kind.values}
    said = "请选补发还是扣回。"
    return forms.TypedChoiceField(
        label="补发还是扣回",
        choices=[("", "请选择"), *((kind, str(way)) for kind, way in ways.items())],
        coerce=ways.get,
        widget=forms.Select(attrs=CHOOSE),
        error_messages={"required": said, "invalid_choice": said},
    )


class EffectForm(forms.Form):
    """Who gets how much by which clause, or by an `objection`: as much as is needed to see what it does."""

    user = person_field(
        "人员",
        "这个人的奖罚您不能提，或者他这个月不在本班组，请重新选择。",
        widget=forms.Select(attrs=CHOOSE),
    )
    clause = ClauseField(
        label="条款",
        queryset=Clause.objects.none(),
        empty_label="请选择",
        widget=forms.Select(attrs=CHOOSE),
        error_messages={
            "required": "请选择条款。",
            "invalid_choice": "这一条已经停用，或者不适用本班组，请重新选择。",
        },
    )
    amount = _amount(
        "金额（元）",
        required=False,
        help_text="写正数，罚款由系统减去；条款是固定金额的不用填。",
        widget=forms.TextInput(attrs=COUNT | {"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args, people, clauses, objection=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people
        self.fields["clause"].queryset = clauses
        if objection:
            self.fields["clause"] = _remedies(objection)
            self.fields["amount"].help_text, self.fields["amount"].required = "写正数，扣回由系统减去。", True

    @property
    def has_basis(self):
        """Whether there is anything to propose by."""
        return len(self.fields["clause"].choices) > 1

    def clean(self):
        clause, amount = self.cleaned_data.get("clause"), self.cleaned_data.get("amount")
        if amount is not None or "amount" in self.errors or not clause:
            return
        if clause.least == clause.most:
            self.cleaned_data["amount"] = clause.least
        else:
            self.add_error("amount", f"请填金额：“{clause}”{clause.range_text}。")

    def signed(self):
        """The amount of a valid form in fen, below zero for a deduction."""
        amount = self.cleaned_data["amount"]
        return amount if self.cleaned_data["clause"].kind == Clause.Kind.AWARD else -amount


class AdjustmentForm(PapersForm, EffectForm):
    """A personal award or deduction with its reason and photos."""

    most, papers = MAX_PHOTOS, "照片"
    reason = text_field("事由", 300, widget=forms.Textarea(attrs=TYPE | {"rows": 2}))


class ExclusionForm(forms.Form):
    """Somebody who takes no part in a month, with the reason."""

    user = person_field("人员", "这个人这个月不在本班组，请重新选择。", widget=forms.Select(attrs=CHOOSE))
    reason = text_field(
        "原因", 200, widget=forms.TextInput(attrs=TYPE | {"placeholder": "如：试用期、长期外派、劳务派遣"})
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people
