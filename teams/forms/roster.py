"""An uploaded roster."""

from django import forms

from teams.forms import WorkbookForm, dated
from teams.models import Unit


class RosterForm(WorkbookForm):
    """A roster and what it holds for."""

    unit = forms.ModelChoiceField(label="导入到", queryset=Unit.objects.none(), empty_label=None)
    effective_on = forms.DateField(
        label="变动从哪天起生效",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="新进人员的起始日期，换班组、换职务、换系数的生效日期。调动的人在这一天以后不能已经记了原班组的考勤。",
        error_messages={"required": "请选择日期。", "invalid": "日期无效，请重新选择。"},
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.order_fields(["unit", "effective_on", "file"])

    def clean_effective_on(self):
        return dated(self.cleaned_data["effective_on"])
