"""What people type about applications: the draft, who applies, proofs to pick, files, opinions, the filters of the lists."""

import datetime

from django import forms

from assessments.forms.marks import mark_field
from assessments.honours.application_ends import shut
from assessments.honours.application_lacks import LONGEST_STORY, Draft, full_of, promise
from assessments.models import Application
from teams.figures import decimal_text
from teams.forms import (
    HIDDEN_SIGNS,
    WRONG,
    SearchForm,
    TickedField,
    choice_filter,
    day_field,
    posted_files,
    text_field,
)

LONGEST_NOTE, LONGEST_OPINION, MOST_FILES = 300, 500, 9


class StoryField(forms.CharField):
    """A long text in which a new line counts as one sign, as it does in the browser."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class SeenField(forms.CharField):
    """The moment of the last saving that the page knew."""

    widget = forms.HiddenInput

    def clean(self, value):
        try:
            found = datetime.datetime.fromisoformat(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError("这一页不完整，请刷新页面再改。") from error
        if found.tzinfo is None:
            raise forms.ValidationError("这一页不完整，请刷新页面再改。")
        return found


class ApplicationForm(forms.Form):
    """The draft of an application: fields by the criteria and conditions that its round froze."""

    seen = SeenField()
    story = StoryField(
        label="事迹",
        max_length=LONGEST_STORY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={
            "max_length": f"事迹最多 {LONGEST_STORY} 个字，现在有 %(show_value)d 个。",
            "null_characters_not_allowed": f"事迹{HIDDEN_SIGNS}",
        },
    )
    declared = forms.TypedMultipleChoiceField(required=False, coerce=int, error_messages={"invalid_choice": WRONG})
    reply = text_field("对退回意见的答复", LONGEST_OPINION, required=False)

    def __init__(self, data=None, *, application):
        super().__init__(data, initial=_initial(application), auto_id="id_%s")
        self.application, frozen = application, application.round.frozen
        self.criteria = frozen["criteria"]
        for place, row in enumerate(self.criteria):
            self.fields[f"score-{place}"] = mark_field(row, full_of(row), chosen="自评", typed="自评分")
            self.fields[f"note-{place}"] = text_field(f"{row['name']}说明", LONGEST_NOTE, required=False)
        self.fields["declared"].choices = [(place, row["text"]) for place, row in enumerate(frozen["conditions"])]

    def clean(self):
        super().clean()
        if said := shut(self.application):
            self.add_error(None, said)

    @property
    def is_returned(self):
        """Whether a reply is asked for."""
        return self.application.state == Application.State.RETURNED

    @property
    def conditions(self):
        """(place, what is promised, ticked) of each condition."""
        ticked = {str(value) for value in self["declared"].value() or []}
        rows = enumerate(self.application.round.frozen["conditions"])
        return [(place, promise(row), str(place) in ticked) for place, row in rows]

    def pair(self, place):
        """The bound fields of a criterion: (self score, words)."""
        return self[f"score-{place}"], self[f"note-{place}"]

    def draft(self):
        """The Draft that a valid form says."""
        data = self.cleaned_data
        scores = {row["code"]: data[f"score-{place}"] for place, row in enumerate(self.criteria)}
        notes = {row["code"]: data[f"note-{place}"] for place, row in enumerate(self.criteria)}
        return Draft(
            data["story"],
            {code: text for code, text in notes.items() if text},
            {code: points for code, points in scores.items() if points is not None},
            sorted(data["declared"]),
            data["reply"] if self.is_returned else "",
        )


def _initial(application):
    scores, notes = application.self_scores, application.answers
    found = {name: getattr(application, name) for name in ("story", "declared", "reply")}
    found["seen"] = application.saved_at.isoformat()
    for place, row in enumerate(application.round.frozen["criteria"]):
        given = scores.get(row["code"])
        shown = given if row["method"] == "yes_no" or given is None else decimal_text(given)
        found |= {f"score-{place}": shown, f"note-{place}": notes.get(row["code"], "")}
    return found


class StartForm(forms.Form):
    """For whom somebody applies, among the Applicants that may still do so."""

    applicant = forms.ChoiceField(
        label="为谁申报", error_messages={"required": "请选择为谁申报。", "invalid_choice": WRONG}
    )

    def __init__(self, *args, applicants, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {row.key: row for row in applicants}
        self.fields["applicant"].choices = [(key, f"{row.subject}（{row.unit}）") for key, row in self.by_key.items()]

    @property
    def chosen(self):
        """The Applicant of a valid form."""
        return self.by_key[self.cleaned_data["applicant"]]


class ProofsForm(SearchForm):
    """Which kind of proof, with which words, of which days."""

    kind = choice_filter()
    first = day_field("从", required=False)
    last = day_field("到", required=False)

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.kinds = kinds
        self.fields["kind"].choices = [
            (code, f"{name}（可以作依据）" if asked else name) for code, name, asked in kinds
        ]

    @property
    def asked(self):
        """(the chosen kind, or the first one; the filters of a valid form)."""
        data = dict(self.cleaned_data) if self.is_valid() else {}
        kind = data.pop("kind", "") or self.kinds[0][0]
        return kind, data


class PickForm(forms.Form):
    """The rows that somebody ticked, among those that may be picked."""

    rows = TickedField(
        None,
        error_messages={
            "required": "请先勾选。",
            "invalid_choice": "选的里面有看不到的或已作废的，请刷新页面重新选。",
            "invalid_pk_value": "选的不对，请刷新页面重新选。",
            "invalid_list": "选的不对，请刷新页面重新选。",
        },
    )

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rows"].queryset = rows


class FilesForm(forms.Form):
    """Files of a criterion or a material, and a word about them."""

    note = text_field("说明", 200, required=False)

    def clean(self):
        super().clean()
        self.cleaned_data["files"] = posted_files(self, "files", MOST_FILES, "一次上传的文件", "个")
        if not self.cleaned_data["files"]:
            self.add_error(None, "请先选择文件。")


class OpinionForm(forms.Form):
    """An opinion with its reason."""

    reason = text_field("意见", LONGEST_OPINION)


class WithdrawForm(forms.Form):
    """Why an application is taken back, if somebody likes to say it."""

    reason = text_field("原因", LONGEST_OPINION, required=False)


class SendForm(OpinionForm):
    """The applications of a desk that are sent up, among those that wait there."""

    chosen = forms.MultipleChoiceField(
        error_messages={
            "required": "请先勾选要推荐的申报。",
            "invalid_choice": "勾选的申报里有已经办过的，请刷新页面重新选。",
        }
    )

    def __init__(self, *args, waiting, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {str(row.pk): row for row in waiting}
        self.fields["chosen"].choices = [(key, key) for key in self.by_key]

    @property
    def ticked(self):
        """The applications that are ticked on the page, whether the form is valid or not."""
        return [row for key, row in self.by_key.items() if key in (self["chosen"].value() or [])]

    @property
    def picked(self):
        """The chosen applications of a valid form, in the order of the list."""
        return [row for key, row in self.by_key.items() if key in self.cleaned_data["chosen"]]


class ApplicationFilterForm(SearchForm):
    """Filters of the list of applications."""

    state = choice_filter([("", "全部状态"), *Application.State.choices])
    whose = choice_filter([("", "全部"), ("own", "我申报的"), ("waiting", "等我推荐的")])
