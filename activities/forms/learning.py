"""What people type about learning: filters of its lists, own visions and study plans, agreements of mentor and apprentice."""

import datetime

from django import forms
from django.utils import timezone

from activities.learning import growth, hours
from activities.learning.visions import STANDINGS
from activities.models import Mentorship
from teams.forms import (
    HundredthsField,
    SearchForm,
    choice_filter,
    day_field,
    model_filter,
    person_field,
    text_field,
    to_come,
    year_filter,
)
from teams.models import Team

FULL_MARKS = 10_000
"""A hundred points in hundredths."""
HALF_YEAR = datetime.timedelta(days=182)
BY = {"people": "按人", "teams": "按班组"}


class ListForm(SearchForm):
    """Words, and a team among `teams` where the list has teams."""

    def __init__(self, *args, teams=None, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        if teams is not None:
            self.fields["team"].queryset = teams


class YearForm(ListForm):
    """A list that is about a year, this one unless another is chosen."""

    year = year_filter()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year}年") for year in growth.years()]
        self.fields["year"].initial = growth.years()[0]

    def clean_year(self):
        return self.cleaned_data["year"] or growth.years()[0]


class HoursForm(YearForm):
    """Filters of the hours; `by` is what a line is about."""

    team = model_filter(Team.objects.none(), "全部班组")
    by = choice_filter(BY)


class LecturerForm(YearForm):
    level = choice_filter([("", "全部课堂"), *hours.TAUGHT.items()])


class GrowthForm(YearForm):
    team = model_filter(Team.objects.none(), "全部班组")
    who = choice_filter([("", "全部人员"), *growth.WHO.items()])


class VisionFilterForm(ListForm):
    team = model_filter(Team.objects.none(), "全部班组")
    standing = choice_filter([("", "全部"), *STANDINGS.items()])


class MentorshipFilterForm(ListForm):
    team = model_filter(Team.objects.none(), "全部班组")
    state = choice_filter([("", "全部状态"), *Mentorship.State.choices])


# -- Own visions ---------------------------------------------------------------------------------------------------------


class VisionForm(forms.Form):
    """The own vision; `people` are those who may be the mentor."""

    statement = text_field(
        "愿景", 300, rows=3, help_text="想成为什么样的人，两三句话。改了这里就是另写一份，原来的留在下面。"
    )
    review_on = day_field("下次回顾", help_text="到这天和辅导人谈谈，一般半年一次。")
    mentor = person_field("辅导人", required=False, empty_label="没有，由班长回顾")
    is_shown = forms.BooleanField(label="给班组里的人看", required=False)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mentor"].queryset = people
        self.fields["review_on"].initial = timezone.localdate() + HALF_YEAR


class StudyItemForm(forms.Form):
    text = text_field("学什么", 100)
    how = text_field("怎么学", 100, required=False)
    due_on = day_field("哪天前学完")

    def clean_due_on(self):
        return to_come(self.cleaned_data["due_on"])


class OutcomeForm(forms.Form):
    """What came of a line of the plan."""

    outcome = text_field("结果", 200, required=False)


class VisionReviewForm(forms.Form):
    text = text_field("谈了什么", 500, rows=3)
    review_on = day_field("下次回顾")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["review_on"].initial = timezone.localdate() + HALF_YEAR


# -- Mentor and apprentice -----------------------------------------------------------------------------------------------


class MentorshipForm(forms.Form):
    """An agreement for an apprentice of a team."""

    apprentice = person_field("徒弟", "这个人不在本班组，或者已有师徒协议，请重新选择。")
    mentor = person_field("师傅", "这个人不在本单位的班组里，请重新选择。")
    aims = text_field("培养目标", 1000, help_text="学会什么、达到什么水平，出师时照这个考。", rows=4)
    starts_on = day_field("开始日期")
    ends_on = day_field("结束日期")

    def __init__(self, *args, apprentices, mentors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["apprentice"].queryset, self.fields["mentor"].queryset = apprentices, mentors
        today = timezone.localdate()
        self.fields["starts_on"].initial, self.fields["ends_on"].initial = today, today + 2 * HALF_YEAR


class ExamForm(forms.Form):
    """How the apprentice did, as somebody else than the two found."""

    exam_on = day_field("考核日期")
    score = HundredthsField(label="成绩（分）", max_length=6, error_messages={"required": "请填成绩。"})
    passed = forms.ChoiceField(
        label="结果",
        choices=[("yes", "通过，出师"), ("no", "没有通过")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选通过还是没有通过。", "invalid_choice": "请选通过还是没有通过。"},
    )
    outcome = text_field("评语", 300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["exam_on"].initial = timezone.localdate()

    def clean_score(self):
        if not 0 <= self.cleaned_data["score"] <= FULL_MARKS:
            raise forms.ValidationError("成绩要在 0 到 100 分之间。")
        return self.cleaned_data["score"]

    def clean_passed(self):
        return self.cleaned_data["passed"] == "yes"
