"""What people type about challenges to posted names."""

from django import forms

from assessments.models import Challenge, Round
from teams.forms import WRONG, SearchForm, choice_filter, model_filter, posted_files, text_field

MOST_FILES = 6
LONGEST_ANSWER = 500
SEALED = [("", "请选择"), ("real", "实名"), ("sealed", "不公开姓名（只有调查的工会干事看得到）")]
VERDICTS = [("upheld", "属实：取消拟命名"), ("dismissed", "不属实，或者不影响：名单不变")]


class ChallengeForm(forms.Form):
    """What is doubted, with or without the name, and files that show it."""

    text = text_field("异议内容", 1000, rows=5, help_text="写清楚什么时间、什么事、您怎么知道的。")
    sealed = forms.ChoiceField(
        label="用不用真名", choices=SEALED, error_messages={"required": "请选用不用真名。", "invalid_choice": WRONG}
    )

    def clean(self):
        super().clean()
        self.cleaned_data["files"] = posted_files(self, "files", MOST_FILES, "材料", "个")

    @property
    def is_sealed(self):
        return self.cleaned_data["sealed"] == "sealed"


class VerdictForm(forms.Form):
    """What the investigation came to."""

    verdict = forms.ChoiceField(
        label="结论",
        choices=VERDICTS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选属实还是不属实。", "invalid_choice": "请选属实还是不属实。"},
    )
    answer = text_field(
        "调查结果", LONGEST_ANSWER, rows=4, help_text="怎么查的、依据是什么。提出人看得到；属实的，申报人也看得到。"
    )


class ChallengeFilterForm(SearchForm):
    """Words, one of `rounds` and a state."""

    in_round = model_filter(Round.objects.none(), "全部批次", "没有这一批，请从列表里选。")
    state = choice_filter([("", "全部状态"), *Challenge.State.choices])

    def __init__(self, *args, rounds, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["in_round"].queryset = rounds
