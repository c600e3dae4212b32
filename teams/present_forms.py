"""How a team presents itself."""

from django import forms

from teams.models import Team

HIDDEN_SIGNS = "里有看不见的控制字符，请删掉后再提交。"


class PresentForm(forms.ModelForm):
    """Slogan and vision."""

    class Meta:
        model = Team
        fields = ["slogan", "vision"]
        widgets = {"vision": forms.Textarea(attrs={"rows": 3})}
        error_messages = {
            "slogan": {"max_length": "口号最多 60 个字。", "null_characters_not_allowed": f"口号{HIDDEN_SIGNS}"},
            "vision": {"max_length": "愿景最多 300 个字。", "null_characters_not_allowed": f"愿景{HIDDEN_SIGNS}"},
        }


class TeamPhotoForm(forms.Form):
    """The photo of the whole team."""

    photo = forms.FileField(
        label="选一张合影",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": "请先选一张照片。", "empty": "照片是空的，请重新选一张。"},
    )
