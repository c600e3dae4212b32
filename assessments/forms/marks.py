"""The field for the points of a criterion, as an applicant gives them to itself and as a reviewer gives them."""

from django import forms

from teams.figures import short_text
from teams.forms import HundredthsField


def mark_field(criterion, most, *, chosen, typed):
    """Points (hundredths) of a criterion: `most` or none where it is there or is not, else any up to `most`.

    The label is the criterion's name with `chosen` or `typed` behind it.
    """
    name = criterion["name"]
    is_chosen = criterion["method"] == "yes_no"
    return _Has(f"{name}{chosen}", most) if is_chosen else _Points(f"{name}{typed}", name, most)


class _Points(HundredthsField):
    def __init__(self, label, name, most):
        super().__init__(label=label, required=False, max_length=12)
        self.name, self.most = name, most

    def clean(self, value):
        found = super().clean(value)
        if found is not None and not 0 <= found <= self.most:
            raise forms.ValidationError(f"“{self.name}”要在 0 到 {short_text(self.most)} 分之间。")
        return found


class _Has(forms.TypedChoiceField):
    def __init__(self, label, most):
        super().__init__(
            label=label,
            required=False,
            choices=[("", "请选择"), (str(most), "有"), ("0", "没有")],
            coerce=int,
            empty_value=None,
            widget=forms.Select(attrs={"class": "form-select"}),
            error_messages={"invalid_choice": "请选“有”或“没有”。"},
        )
