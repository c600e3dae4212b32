"""Filters of accounts and statements."""

from django import forms
from django.core.exceptions import ValidationError

from incentives.models import Account
from teams import periods
from teams.forms import WordsField


class MonthField(forms.CharField):
    """A month with the browser's own picker, cleaned to a period; may be left out."""

    widget = forms.TextInput(attrs={"type": "month"})

    def __init__(self, **options):
        super().__init__(required=False, **options)

    def clean(self, value):
        text = super().clean(value)
        return periods.parse(text) if text else None


class AccountsForm(forms.Form):
    """Which accounts: words for owner and unit, and the kind."""

    q = WordsField(max_length=60)
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部种类"), *Account.KINDS.items()])


class StatementForm(forms.Form):
    """Which entries: words of the memo, first and last month."""

    q = WordsField(max_length=60)
    first = MonthField(label="从")
    last = MonthField(label="到")

    def clean(self):
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and first > last:
            raise ValidationError(f"开始月份{periods.label(first)}在结束月份{periods.label(last)}之后，请对调。")
        return self.cleaned_data

    @property
    def chosen(self):
        """The filters that are right, as far as they are; none that contradict each other."""
        return self.cleaned_data if self.is_valid() else {}
