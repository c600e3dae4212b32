"""What reviewers type, and those who ask them: marks with notes, who reviews, what a visit, a defence or a vote brought."""

import re

from django import forms
from django.utils import timezone

from assessments.forms.marks import mark_field
from assessments.honours.assignments import candidates, experts
from assessments.honours.marks import full
from assessments.models import PanelRecord
from teams.figures import decimal_text
from teams.forms import (
    SearchForm,
    TickedField,
    choice_field,
    choice_filter,
    day_field,
    text_field,
    whole_field,
)
from teams.models import User

LONGEST_NOTE, LONGEST_NUMBERS, MOST_PEOPLE, MOST_VOTES = 300, 2000, 60, 1000
WHOLE = ""
"""The code under which the note about the whole stands."""


class ReviewForm(forms.Form):
    """The marks of a reviewer, by the criteria that the round froze, each with a note, and a note about the whole."""

    seen = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "这一页不完整，请刷新页面再评。"})
    whole = text_field("总评", LONGEST_NOTE, required=False)

    def __init__(self, data=None, *, review, seen):
        self.criteria = review.application.round.frozen["criteria"]
        super().__init__(data, initial=_initial(review, self.criteria) | {"seen": seen}, auto_id="id_%s")
        for place, row in enumerate(self.criteria):
            self.fields[f"mark-{place}"] = mark_field(row, full(row), chosen="评定", typed="得分")
            self.fields[f"note-{place}"] = text_field(f"{row['name']}评语", LONGEST_NOTE, required=False)

    def pair(self, place):
        """The bound fields of a criterion: (mark, note)."""
        return self[f"mark-{place}"], self[f"note-{place}"]

    @property
    def given(self):
        """{code: hundredths} that a valid form says."""
        return self._by_code("mark", lambda value: value is not None)

    @property
    def notes(self):
        """{code: words} that a valid form says."""
        whole = self.cleaned_data["whole"]
        return self._by_code("note", bool) | ({WHOLE: whole} if whole else {})

    def _by_code(self, name, keeps):
        rows = ((row["code"], self.cleaned_data[f"{name}-{place}"]) for place, row in enumerate(self.criteria))
        return {code: value for code, value in rows if keeps(value)}


def _initial(review, criteria):
    found = {"whole": review.notes.get(WHOLE, "")}
    for place, row in enumerate(criteria):
        given = review.marks.get(row["code"])
        shown = given if row["method"] == "yes_no" or given is None else decimal_text(given)
        found |= {f"mark-{place}": shown, f"note-{place}": review.notes.get(row["code"], "")}
    return found


class PeopleField(forms.CharField):
    """Employee numbers or names of people who may be asked, on lines or with signs between; cleans to the people."""

    def __init__(self, **options):
        errors = {
            "required": "请填评委的工号或姓名。",
            "max_length": f"最多 {LONGEST_NUMBERS} 个字。",
            "null_characters_not_allowed": "工号里有看不见的控制字符，请删掉后再提交。",
        }
        widget = forms.Textarea(
            attrs={"class": "form-control", "rows": 2, "placeholder": "工号或姓名，几个人就用空格或换行隔开"}
        )
        super().__init__(max_length=LONGEST_NUMBERS, widget=widget, error_messages=errors, **options)
        self.people = User.objects.none()

    def clean(self, value):
        words = list(dict.fromkeys(re.findall(r"[^\s,，、;；]+", super().clean(value))))
        if len(words) > MOST_PEOPLE:
            raise forms.ValidationError(f"一次最多 {MOST_PEOPLE} 位评委。")
        rows = list(self.people.filter(employee_no__in=words) | self.people.filter(name__in=words)) if words else []
        found = [self._one(word, rows) for word in words]
        return list(dict.fromkeys(found))

    def _one(self, word, rows):
        fitting = [who for who in rows if word in (who.employee_no, who.name)]
        if not fitting:
            raise forms.ValidationError(f"“{word}”不能当评委：没有这个人、已停用、不在主办单位范围内，或者管这次评选。")
        if len(fitting) > 1:
            raise forms.ValidationError(f"叫“{word}”的有 {len(fitting)} 位，请改填工号。")
        return fitting[0]


class AssignForm(forms.Form):
    """Who reviews one application."""

    people = PeopleField(label="加评委")

    def __init__(self, *args, round_, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].people = candidates(round_)


class DrawForm(forms.Form):
    """Among whom the missing reviewers are drawn: ticked ones and typed ones."""

    ticked = TickedField(
        None,
        required=False,
        error_messages={
            "invalid_choice": "勾选的人里有不能当评委的，请刷新页面重新选。",
            "invalid_pk_value": "勾选的不对，请刷新页面重新选。",
            "invalid_list": "勾选的不对，请刷新页面重新选。",
        },
    )
    people = PeopleField(label="还请谁", required=False)

    def __init__(self, *args, round_, **kwargs):
        super().__init__(*args, auto_id="draw_%s", **kwargs)
        self.fields["ticked"].queryset = experts(round_)
        self.fields["people"].people = candidates(round_)

    def clean(self):
        found = super().clean()
        chosen = dict.fromkeys([*found.get("ticked", ()), *found.get("people", ())])
        if not self.errors and not chosen:
            self.add_error(None, "请先勾选或填写参加抽签的评委。")
        found["chosen"] = sorted(chosen, key=lambda who: who.employee_no)


class PanelForm(forms.Form):
    """What a visit, a defence or a vote brought; a vote has its counts."""

    kind = choice_field("形式", PanelRecord.Kind.choices)
    date = day_field("日期")
    people = text_field("参加人", 200)
    text = text_field("记录", 1000, rows=3)
    agreed, opposed, abstained = (
        whole_field(label, 0, MOST_VOTES, name=f"{label}票数", required=False) for label in ("同意", "反对", "弃权")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="panel_%s", **kwargs)

    def clean_date(self):
        day = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise forms.ValidationError("日期还没到，请核对。")
        return day

    def clean(self):
        found = super().clean()
        votes = {name: found.get(name) or 0 for name in ("agreed", "opposed", "abstained")}
        is_vote = found.get("kind") == PanelRecord.Kind.VOTE
        if is_vote and not any(votes.values()):
            self.add_error(None, "表决要写同意、反对、弃权各几票。")
        if found.get("kind") and not is_vote and any(votes.values()):
            self.add_error(None, "票数只有表决才填。")
        return found | votes


class SummaryFilterForm(SearchForm):
    """Which rows of the summary are shown."""

    show = choice_filter(
        [("", "全部"), ("missing", "评审没做完的"), ("diverges", "打分相差大的"), ("lacks", "没达到要求的")]
    )
