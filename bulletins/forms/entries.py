"""Which entry corrects what an objection was right about."""

from django import forms


class EntryForm(forms.Form):
    """One of the Entries."""

    entry = forms.ChoiceField(
        label="更正的记录",
        widget=forms.RadioSelect,
        error_messages={"required": "请选更正的记录。", "invalid_choice": "没有这条记录，请从列出的里面选。"},
    )

    def __init__(self, *args, entries, **kwargs):
        super().__init__(*args, **kwargs)
        self.entries = {entry.key: entry for entry in entries}
        if len(entries) == 1:
            self.initial["entry"] = entries[0].key
        self.fields["entry"].choices = [(entry.key, f"{entry.text}（{entry.detail}）") for entry in entries]

    @property
    def chosen(self):
        return self.entries[self.cleaned_data["entry"]]
