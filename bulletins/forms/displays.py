from django import forms

from bulletins.models import Bulletin
from teams.access import subtree_ids
from teams.figures import whole_number
from teams.models import Team

RANGE = "每张停留请填 5 到 600 秒的整数。"


class TeamsField(forms.ModelMultipleChoiceField):
    """Teams below a unit, named with their unit."""

    def label_from_instance(self, obj):
        return f"{obj.unit} · {obj}"

    def clean(self, value):
        return super().clean([whole_number(pk) for pk in value or []])


class DisplayForm(forms.Form):
    """What a display of a unit shows."""

    name = forms.CharField(
        label="名称",
        max_length=60,
        help_text="挂在哪里就叫什么，例如：汽机房门口。",
        error_messages={"required": "请填写大屏的名称。"},
    )
    kinds = forms.MultipleChoiceField(
        label="放哪些榜",
        choices=Bulletin.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="大屏只放不登录也能看的内容，个人的奖金不会出现。",
        error_messages={"required": "请至少选一类榜。", "invalid_choice": "请从列出的类别里选。"},
    )
    seconds = forms.IntegerField(
        label="每张停留（秒）",
        min_value=5,
        max_value=600,
        initial=20,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), RANGE),
    )
    teams = TeamsField(
        label="只放这些班组的",
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一个都不选，就轮流放本单位所有班组的。",
        error_messages={"invalid_choice": "请从列出的班组里选。"},
    )

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["teams"].queryset = Team.objects.open().filter(unit__in=subtree_ids(unit)).select_related("unit")

    @staticmethod
    def initial_of(display=None):
        """What the form begins with: what a display shows now, for a new one every kind of board."""
        if display is None:
            return {"kinds": Bulletin.Kind.values}
        plain = {name: getattr(display, name) for name in ("name", "kinds", "seconds")}
        return plain | {"teams": list(display.teams.values_list("pk", flat=True))}
