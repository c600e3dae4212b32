"""What people type about goals: the goal, its progress, its measures, its end, the filters of tree and task board."""

from django import forms
from django.utils import timezone

from activities.forms.ideas import hinted_field
from activities.goals.figures import LEVELS, choices_for
from activities.models import Goal
from activities.services.goals import Content
from teams.forms import (
    WRONG,
    HundredthsField,
    SearchForm,
    choice_filter,
    day_field,
    model_filter,
    person_field,
    to_come,
)
from teams.models import Team

State = Goal.State
BY_HAND = "人工登记"


def number_field(label, **options):
    errors = {"required": f"请填{label}。", "max_length": f"{label}太长，请核对。"}
    return HundredthsField(label=label, max_length=18, error_messages=errors, **options)


class GoalForm(forms.Form):
    """A goal of a unit, a team or a person (`level`); `parents` are those that it may support."""

    title = hinted_field("目标", 100, hint="比如：全年得分稳定在 90 分以上")
    horizon = forms.ChoiceField(
        label="期限", choices=Goal.Horizon.choices, initial="short", error_messages={"invalid_choice": WRONG}
    )
    figure = forms.ChoiceField(
        label="数从哪里来",
        required=False,
        help_text="选了系统里已有的数，进展自动读取，不用登记。",
        error_messages={"invalid_choice": WRONG},
    )
    measure = hinted_field("衡量指标", 60, hint="比如：月度得分")
    measured_in = hinted_field("计量单位", 10, hint="分、条、%、元", required=False)
    baseline = number_field("起点值", required=False, help_text="现在是多少。填了才能看出快慢，不填只看有没有达到。")
    target = number_field("目标值")
    lower_is_better = forms.BooleanField(label="越低越好（比如隐患、费用、名次）", required=False)
    starts_on = day_field("开始日期")
    due_on = day_field("完成日期")
    parent = forms.ModelChoiceField(
        Goal.objects.none(),
        label="支撑哪个上级目标",
        required=False,
        empty_label="没有上级目标",
        error_messages={"invalid_choice": "上级目标不在可选的范围里，请重新选择。"},
    )

    def __init__(self, *args, level, parents, owner, **kwargs):
        super().__init__(*args, **kwargs)
        self.level, self.owner = level, owner
        self.fields["figure"].choices = [("", BY_HAND), *choices_for(level)]
        self.fields["parent"].queryset = parents

    def clean(self):
        super().clean()
        first, last, parent = (self.cleaned_data.get(name) for name in ("starts_on", "due_on", "parent"))
        if first and last and last <= first:
            self.add_error("due_on", "完成日期要在开始日期之后。")
        if parent and self._is_own(parent) and self.cleaned_data.get("horizon") != Goal.Horizon.SHORT:
            self.add_error("parent", "自己的长远目标只能由短期目标来支撑。")

    def _is_own(self, parent):
        return (parent.unit, parent.team, parent.user) == self.owner or (parent.user and parent.user == self.owner[2])

    def content(self):
        """The Content of a valid form."""
        return Content(**self.cleaned_data)


class ProgressForm(forms.Form):
    """The value of a goal's measure on a day."""

    date = day_field("日期")
    value = number_field("现在的值")
    note = hinted_field("说明", 200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="progress-%s", **kwargs)
        self.fields["date"].initial = timezone.localdate()


class MoveForm(forms.Form):
    """Who does a measure by which day; `people` may, and `choices` are they as the page shows them when it has them already."""

    owner = person_field("负责人")
    due_on = day_field("完成日期")

    def __init__(self, *args, people, choices=None, **kwargs):
        kwargs.setdefault("auto_id", "measure-%s")
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people
        if choices:
            self.fields["owner"].choices = choices


class MeasureForm(MoveForm):
    """A new measure."""

    text = hinted_field("措施", 200, hint="做什么，做到什么程度")
    field_order = ["text", "owner", "due_on"]

    def clean_due_on(self):
        return to_come(self.cleaned_data["due_on"])


class EndForm(forms.Form):
    """How a goal ended, and what is to be said about it."""

    state = forms.ChoiceField(
        label="结果",
        choices=[choice for choice in State.choices if choice[0] != State.OPEN],
        error_messages={"required": "请选择结果。", "invalid_choice": WRONG},
    )
    outcome = hinted_field("总结", 300, rows=2, hint="达到了什么，没达到是为什么，下一步")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="end-%s", **kwargs)


class GoalFilterForm(SearchForm):
    """Each filter is optional; without a state open goals are shown."""

    level = choice_filter([("", "全部层级"), *LEVELS.items()])
    state = choice_filter(
        [("", "进行中"), *[choice for choice in State.choices if choice[0] != State.OPEN], ("all", "全部")]
    )
    lamp = choice_filter(
        [
            *(("", "全部进度"), ("on_track", "按进度"), ("behind", "落后"), ("short", "还没达到")),
            *(("late", "到期没达到"), ("reached", "已达到"), ("unknown", "还没有数")),
        ]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)


class TaskFilterForm(SearchForm):
    """Filters of the task board; `teams` are those to choose from."""

    team = model_filter(Team.objects.none(), "全部班组")
    owner = choice_filter([("", "全部的人"), ("own", "我负责的")])
    late = choice_filter([("", "全部期限"), ("late", "只看逾期")])

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["team"].queryset = teams
