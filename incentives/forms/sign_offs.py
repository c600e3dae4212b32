"""Forms about a proposed or posted distribution: a member's word, a word from the paper list, the payment."""

from django import forms
from django.utils import timezone

from teams.forms import day_field, text_field
from teams.models import User

AGREE, OBJECT = "agree", "object"


class SignForm(forms.Form):
    """A member's word: agrees, or objects with a reason."""

    word = forms.ChoiceField(
        label="意见",
        choices=[(AGREE, "同意"), (OBJECT, "不同意")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择同意或者不同意。"),
    )
    reason = text_field("理由", 300, required=False)

    @property
    def said(self):
        """What the services of sign-offs ask for, once the form is valid."""
        return {"agrees": self.cleaned_data["word"] == AGREE, "reason": self.cleaned_data["reason"]}


class PaperForm(SignForm):
    """A member's word from the paper list."""

    user = forms.ModelChoiceField(
        label="组员",
        queryset=User.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择组员。", "invalid_choice": "选的人不参加这份分配，请重新选择。"},
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people


class SettleForm(forms.Form):
    """The day on which everybody was paid, and a note such as the number of the payroll."""

    paid_on = day_field("发放日期")
    note = text_field("说明", 200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"paid_on": timezone.localdate()}, **kwargs)
        self.fields["paid_on"].widget.attrs["max"] = f"{timezone.localdate()}"

    def clean_paid_on(self):
        day = self.cleaned_data["paid_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("发放日期还没有到。钱发到人手里以后再登记。")
        return day
