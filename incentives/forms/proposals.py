"""What the forms share that propose something: the photos of its papers, and a key by which it is one thing however often it is sent."""

import uuid

from django import forms

from teams.forms import posted_files


class PapersForm(forms.Form):
    """A form with photos of its papers: `least` to `most` of them, in `photos` once it is valid.

    `key` names the form as the page showed it; without it nobody can tell whether it is sent twice.
    """

    least, most, papers = 0, 6, "凭据"
    key = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)

    def clean(self):
        super().clean()
        if self.errors.pop("key", None):
            self.add_error(None, "这一页不完整，请重新打开再填。")
        photos = posted_files(self, "photos", self.most, self.papers)
        if len(photos) < self.least:
            self.add_error(None, f"请拍下或选择{self.papers}的照片。")
        self.cleaned_data["photos"] = photos
