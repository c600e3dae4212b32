"""What is typed about units and teams, and what a team says of itself."""

from django import forms
from django.utils import timezone

from teams.forms import HIDDEN_SIGNS, dated
from teams.models import Team, Unit

NAME = {"required": "请填名称。", "max_length": "名称最多 60 个字。"}


class UnitForm(forms.Form):
    """A unit's name and the unit above it."""

    name = forms.CharField(label="名称", max_length=60, error_messages=NAME)
    parent = forms.ModelChoiceField(label="上级单位", queryset=Unit.objects.none(), required=False, empty_label=None)

    def __init__(self, *args, parents, fixed=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents
        self.fields["parent"].required = not fixed
        if fixed:
            del self.fields["parent"]


class TeamForm(forms.ModelForm):
    """A team: name, unit, shift pattern, trade, and what it says of itself."""

    class Meta:
        model = Team
        fields = ["name", "unit", "shift_pattern", "trade", "slogan", "vision", "style", "formed_on"]
        widgets = {
            "formed_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "vision": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {
            "name": NAME,
            "formed_on": {"invalid": "日期无效，请重新选择。", "required": "请填成立日期。"},
        }

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].empty_label = None
        self.fields["formed_on"].initial = timezone.localdate()
        if self.instance.pk:
            del self.fields["formed_on"]

    def clean_formed_on(self):
        return dated(self.cleaned_data["formed_on"])

    def validate_unique(self):
        """The service tells about a taken name."""

    def validate_constraints(self):
        """Likewise."""


class PresentForm(forms.ModelForm):
    """Slogan, vision and style."""

    class Meta:
        model = Team
        fields = ["slogan", "vision", "style"]
        widgets = {"vision": forms.Textarea(attrs={"rows": 3})}
        error_messages = {
            "slogan": {"max_length": "口号最多 60 个字。", "null_characters_not_allowed": f"口号{HIDDEN_SIGNS}"},
            "vision": {"max_length": "愿景最多 300 个字。", "null_characters_not_allowed": f"愿景{HIDDEN_SIGNS}"},
            "style": {"max_length": "班风最多 100 个字。", "null_characters_not_allowed": f"班风{HIDDEN_SIGNS}"},
        }


class TeamPhotoForm(forms.Form):
    """The photo of the whole team."""

    photo = forms.FileField(
        label="选一张合影",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": "请先选一张照片。", "empty": "照片是空的，请重新选一张。"},
    )
