"""What people choose and tick in leader appraisals, cleaned before any service sees it."""

import datetime
from itertools import pairwise

from django import forms
from django.utils import timezone

from assessments.appraisals.figures import LEVELS, SIDES, points_of
from assessments.services.appraisals import LONGEST
from teams.forms import HundredthsField, ReasonForm, day_field, text_field, whole_field

WEIGHTS = {"self": "自评占 %", "members": "民主测评占 %", "superior": "上级评价占 %"}


class RoundForm(forms.Form):
    """A round to be opened: its name and days, and the figures of the preset, which may be changed."""

    title = forms.CharField(
        label="名称",
        max_length=60,
        error_messages={
            "required": "请填名称，例如“2026年三季度班组长测评”。",
            "max_length": "名称最多 60 字。",
            "null_characters_not_allowed": "名称里有看不见的控制字符，请删掉后再提交。",
        },
    )
    opens_on = day_field("从哪天")
    ends_on = day_field("到哪天")
    least_answers = whole_field("至少几份测评才显示", 3, 50)

    def __init__(self, *args, preset, title, **kwargs):
        today = timezone.localdate()
        first = {"title": title, "opens_on": today, "ends_on": today + datetime.timedelta(days=6)}
        shown = {f"weight_{side}": percent for side, percent in preset.weights.items()}
        limits = {f"grade_{place}": f"{least // 100}" for place, (_, least) in enumerate(preset.grades)}
        initial = {**first, "least_answers": preset.least_answers, **shown, **limits}
        super().__init__(*args, initial=initial, **kwargs)
        self.preset = preset
        for side in SIDES:
            self.fields[f"weight_{side}"] = whole_field(WEIGHTS[side], 0, 100, name=WEIGHTS[side].removesuffix(" %"))
        for place, (name, _) in enumerate(preset.grades):
            self.fields[f"grade_{place}"] = HundredthsField(
                label=f"“{name}”从几分起", error_messages={"required": f"请填“{name}”从几分起。"}
            )

    def clean_opens_on(self):
        first = self.cleaned_data["opens_on"]
        if first < timezone.localdate():
            raise forms.ValidationError("开始日期已经过去，请选今天或以后的日子。")
        return first

    def clean(self):
        self._check_days()
        self._check_weights()
        self._check_grades()

    def _check_days(self):
        first, last = self.cleaned_data.get("opens_on"), self.cleaned_data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "截止日期早于开始日期，请核对。")
        elif first and last and last - first > LONGEST:
            self.add_error("ends_on", f"一轮测评最长 {LONGEST.days} 天。")

    def _check_weights(self):
        percents = [self.cleaned_data.get(f"weight_{side}") for side in SIDES]
        if None not in percents and sum(percents) != 100:
            self.add_error("weight_self", f"三项占比加起来要等于 100%，现在是 {sum(percents)}%。")

    def _check_grades(self):
        limits = [self.cleaned_data.get(f"grade_{place}") for place in range(len(self.preset.grades))]
        if None not in limits and not _falls([10001, *limits, 0]):
            self.add_error("grade_0", "等级线要一级比一级低，最高 100 分，最低高于 0 分。")

    @property
    def weights(self):
        """The bound fields of the three shares, for the template."""
        return [self[f"weight_{side}"] for side in SIDES]

    @property
    def limits(self):
        """The bound fields of the least points of each grade, for the template."""
        return [self[f"grade_{place}"] for place in range(len(self.preset.grades))]

    @property
    def facts(self):
        """Keyword arguments of services.appraisals.open_round."""
        said, preset = self.cleaned_data, self.preset
        names = [name for name, _ in preset.grades]
        return {name: said[name] for name in ("title", "opens_on", "ends_on", "least_answers")} | {
            "items": preset.items,
            "weights": {side: said[f"weight_{side}"] for side in SIDES},
            "grades": [(name, said[f"grade_{place}"]) for place, name in enumerate(names)],
            "lowest_grade": preset.lowest_grade,
        }


def _falls(figures):
    """Whether each figure is lower than the one before."""
    return all(high > low for high, low in pairwise(figures))


class RatingForm(forms.Form):
    """One level for each item (`item-0`, `item-1`, ...) and words; `scores` are hundredths an item.

    `seen` is what the page remembers of the answer that it shows, empty for none.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, items, label, most, scores=(), words="", seen=""):
        super().__init__(data, initial={"words": words, "seen": seen} | self._levels(items, scores))
        self.items = items
        choices = [(f"{level}", name) for level, (name, _) in enumerate(LEVELS)]
        for place, (name, _, _) in enumerate(items):
            wrong = f"第 {place + 1} 项“{name}”还没有选。"
            self.fields[f"item-{place}"] = forms.ChoiceField(
                label=name, choices=choices, error_messages={"required": wrong, "invalid_choice": wrong}
            )
        self.fields["words"] = text_field(label, most, rows=3, required=False)

    @staticmethod
    def _levels(items, scores):
        """The levels that gave these scores."""
        given = zip(items, scores, strict=False)
        found = [[points_of(level, item[2]) for level in range(len(LEVELS))].index(score) for item, score in given]
        return {f"item-{place}": f"{level}" for place, level in enumerate(found)}

    def rows(self):
        """(bound field, text, points) of each item for the template."""
        return [(self[f"item-{place}"], text, points) for place, (_, text, points) in enumerate(self.items)]

    @property
    def scores(self):
        chosen = (int(self.cleaned_data[f"item-{place}"]) for place in range(len(self.items)))
        return [points_of(level, item[2]) for level, item in zip(chosen, self.items, strict=True)]


class ExtendForm(ReasonForm):
    """A later last day of a round and why."""

    ends_on = day_field("推迟到哪天")
    field_order = ["ends_on", "reason"]


class CloseForm(forms.Form):
    """Whether the round is to end before its last day is over."""

    early = forms.BooleanField(required=False)
