"""What is typed about people: roles, the list, post coefficients."""

from django import forms
from django.db.models import Q

from teams.access import subtree_ids
from teams.account_state import STATES
from teams.figures import coefficient_text
from teams.forms import HundredthsField, dated, model_filter
from teams.models import Membership, Team, Unit, UnitRole
from teams.roster import full_number


class RoleForm(forms.Form):
    """Whom to give which role, and where."""

    employee_no = forms.CharField(label="工号", max_length=20, error_messages={"required": "请填工号。"})
    role = forms.ChoiceField(
        label="职务", choices=[("", "请选择"), *UnitRole.Role.choices], error_messages={"required": "请选择职务。"}
    )
    unit = forms.ModelChoiceField(
        label="单位",
        queryset=Unit.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择管到哪个单位。"},
    )

    def __init__(self, *args, units, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.people = people

    def clean_employee_no(self):
        number = full_number(self.cleaned_data["employee_no"])
        person = self.people.filter(employee_no=number, is_active=True).first()
        if person is None:
            raise forms.ValidationError(f"没有工号为 {number} 的在用账号。请核对工号。")
        return person


class PeopleForm(forms.Form):
    """Filters of the list of people; each is optional."""

    q = forms.CharField(required=False, max_length=60, error_messages={"max_length": "查找的字最多 60 个。"})
    state = forms.ChoiceField(
        required=False, choices=[("", "全部账号"), *((value, label) for value, (label, _) in STATES.items())]
    )
    unit = model_filter(Unit.objects.none(), "全部单位", "没有这个单位，请从列表里选。")
    team = model_filter(Team.objects.none(), "全部班组", "没有这个班组，请从列表里选。")

    def __init__(self, *args, access, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = access.units("people.view")
        self.fields["team"].queryset = access.teams("people.view")

    def clean(self):
        """Whoever picks another unit has left the team that was picked before."""
        unit, team = self.cleaned_data.get("unit"), self.cleaned_data.get("team")
        if unit and team and team.unit_id not in subtree_ids(unit):
            self.cleaned_data["team"] = None

    @property
    def teams(self):
        """The teams to pick from: of the unit that was picked, for a plant has too many for one list."""
        unit = self.is_valid() and self.cleaned_data["unit"]
        return self.fields["team"].queryset.filter(unit=unit) if unit else ()


def person_matches(people, filters):
    """People narrowed by cleaned PeopleForm filters."""
    if filters.get("q"):
        people = people.filter(employee_no__icontains=filters["q"]) | people.filter(name__icontains=filters["q"])
    if filters.get("state"):
        _, choose = STATES[filters["state"]]
        people = choose(people)
    if filters.get("unit"):
        people = _placed(people, subtree_ids(filters["unit"]))
    if filters.get("team"):
        people = people.filter(pk__in=Membership.objects.open().filter(team=filters["team"]).values("user"))
    return people


def _placed(people, units):
    """Those who are now in a team of these units, or hold a role in one."""
    members = Membership.objects.open().filter(team__unit__in=units).values("user")
    roles = UnitRole.objects.filter(ended_on__isnull=True, unit__in=units).values("user")
    return people.filter(Q(pk__in=members) | Q(pk__in=roles))


class MemberField(forms.ModelChoiceField):
    """A member of the team, shown with the present coefficient."""

    def label_from_instance(self, obj):
        return f"{obj.user}（{obj.user.employee_no}，现在 {coefficient_text(obj.coefficient)}）"


class CoefficientForm(forms.Form):
    """A proposal to change one member's coefficient from a day on."""

    member = MemberField(
        label="成员",
        queryset=Membership.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择成员。", "invalid_choice": "请选择本班组的成员。"},
    )
    new = HundredthsField(
        label="新系数", max_length=6, error_messages={"required": "请填新系数。", "max_length": "系数太长。"}
    )
    effective_on = forms.DateField(
        label="从哪天起",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "请填生效日期。", "invalid": "日期无效，请重新选择。"},
    )
    reason = forms.CharField(
        label="理由", max_length=200, error_messages={"required": "请写明理由。", "max_length": "理由最多 200 字。"}
    )

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members

    def clean_effective_on(self):
        return dated(self.cleaned_data["effective_on"])
