from django import forms

from teams.models import User


class PaperSignatureForm(forms.Form):
    """Whose signature stands on the printed sheet."""

    user = forms.ModelChoiceField(
        label="组员",
        queryset=User.objects.none(),
        error_messages={"required": "请选择组员。", "invalid_choice": "选的人不在这张榜上，请重新选择。"},
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(pk__in=people)
