"""Filters of the trail."""

from django import forms

from teams.forms import WordsField, dated


class TrailForm(forms.Form):
    """Filters of the trail; each is optional: who (name or number), what (kind and name), which deed, from when to when."""

    who = WordsField(max_length=60)
    kind = WordsField(max_length=40)
    what = WordsField(max_length=60)
    verb = WordsField(max_length=40)
    since = forms.DateField(required=False, error_messages={"invalid": "起始日期无效，请写成 2026-10-05 这样。"})
    until = forms.DateField(required=False, error_messages={"invalid": "截止日期无效，请写成 2026-10-05 这样。"})
    refused = forms.BooleanField(required=False)

    def clean_since(self):
        return self.cleaned_data["since"] and dated(self.cleaned_data["since"])

    def clean_until(self):
        return self.cleaned_data["until"] and dated(self.cleaned_data["until"])

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            raise forms.ValidationError("截止日期早于起始日期，请核对。")
