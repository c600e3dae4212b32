"""What union staff type about the list of a round: decisions on several applications, and changes to a list that stands."""

from django import forms

from assessments.forms.applications import LONGEST_OPINION, SendForm
from assessments.honours.name_lists import PROPOSALS
from assessments.models import Application
from assessments.services.name_lists import DECISIONS
from teams.forms import WRONG, text_field

State = Application.State


class DecideForm(SendForm):
    """What becomes of the ticked applications of a round, and why."""

    reason = text_field("理由", LONGEST_OPINION, required=False)
    do = forms.ChoiceField(
        choices=[(action, action) for action in DECISIONS],
        error_messages={"required": "请点下面的按钮，列为拟命名、备选，或者不列入。", "invalid_choice": WRONG},
    )
    chosen = forms.MultipleChoiceField(
        error_messages={
            "required": "请先勾选申报。",
            "invalid_choice": "勾选的里面有不归您定的（本人、本班组、本工作室的），或者已经不在评审里，请刷新页面重新选。",
        }
    )


class ProposalForm(forms.Form):
    """For what names are to be proposed."""

    propose = forms.ChoiceField(choices=[(name, name) for name in PROPOSALS])


def _one_of(rows, label):
    errors = {"required": f"请选{label}。", "invalid_choice": f"选的不在{label}里，请刷新页面重新选。"}
    field = forms.ModelChoiceField(rows, empty_label=f"请选{label}", error_messages=errors)
    field.label_from_instance = lambda row: f"{row.subject}（{row.unit}）"
    return field


class StrikeOffForm(forms.Form):
    """A name of the list that stands, and why it leaves."""

    reason = text_field("原因", LONGEST_OPINION)

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, auto_id="strike-%s", **kwargs)
        self.fields["application"] = _one_of(rows.filter(state=State.SHORTLISTED), "拟命名的")


class StepInForm(forms.Form):
    """A reserve name that steps in."""

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, auto_id="step-in-%s", **kwargs)
        self.fields["application"] = _one_of(rows.filter(state=State.RESERVE), "备选")
