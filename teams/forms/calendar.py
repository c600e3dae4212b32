"""What the system administrator types about working days."""

from django import forms

from teams.forms import day_field, text_field


class DaysForm(forms.Form):
    """From one day to another."""

    first = day_field("从")
    last = day_field("到")


class WorkDaysForm(DaysForm):
    """Whether the days are worked or off, and why."""

    is_workday = forms.TypedChoiceField(
        label="这几天",
        choices=[("no", "休息"), ("yes", "上班")],
        coerce=lambda value: value == "yes",
        error_messages={"required": "请选择上班还是休息。", "invalid_choice": "请选择上班还是休息。"},
    )
    note = text_field("说明", 100, required=False, help_text="例如：停产检修、端午调休。")
