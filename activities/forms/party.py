"""What people type about Party building and the reserve of leaders."""

import unicodedata

from django import forms
from django.utils import timezone

from activities.models import CommitmentCheck, PartyPost, Reserve
from activities.party.access import PARTY, committee_of, party_people, teams_below
from activities.services.commitments import presets
from activities.services.reserves import NEXT
from teams.access import people_in_reach
from teams.forms import (
    WRONG,
    SearchForm,
    choice_filter,
    day_field,
    model_filter,
    person_field,
    text_field,
    whole_field,
)
from teams.models import Membership, Team, Unit, User

AREA = forms.Textarea(attrs={"rows": 3})


def team_field(label="班组", **options):
    """A team of a list that the form sets."""
    said = {"required": f"请选择{label}。", "invalid_choice": f"{label}不在这个单位里，请重新选择。"}
    field = forms.ModelChoiceField(Team.objects.none(), label=label, error_messages=said, **options)
    field.label_from_instance = lambda team: f"{team.unit} · {team.name}"
    return field


def today_field(label):
    """A date that is today unless said otherwise."""
    return day_field(label, initial=timezone.localdate)


class LiaisonForm(forms.Form):
    """Who is in touch with which team from when on."""

    team = team_field(empty_label="请选择")
    user = person_field("支委")
    started_on = today_field("开始日期")

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_below(unit)
        self.fields["user"].queryset = committee_of(unit)


class GroupForm(forms.Form):
    """A Party group to be formed."""

    name = text_field("名称", 40)
    team = team_field(required=False, empty_label="跨班组")
    leader = person_field("组长")
    formed_on = today_field("成立日期")

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_below(unit)
        self.fields["leader"].queryset = party_people(unit)


class JoinForm(forms.Form):
    """A Party member who joins a group; an expert of an office comes from anywhere, by employee number."""

    number = text_field("工号", 20, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}))
    speciality = text_field("技术专业", 40, required=False, help_text="机关科室划入的技术专业党员填，例如“汽机”。")
    joined_on = today_field("加入日期")

    def clean_number(self):
        number = unicodedata.normalize("NFKC", self.cleaned_data["number"])
        found = User.objects.filter(employee_no=number, is_active=True).first()
        if found is None or found.political_status not in PARTY:
            raise forms.ValidationError("没有这个工号的党员，请核对工号和政治面貌。")
        self.cleaned_data["user"] = found
        return found.employee_no


class LeaderForm(forms.Form):
    """Another leader of a group, out of its members."""

    user = person_field("组长")

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(
            pk__in=group.members.filter(left_on__isnull=True).values("user")
        )


class PostForm(forms.Form):
    """An area or a post that somebody answers for."""

    kind = forms.ChoiceField(
        label="种类", choices=PartyPost.Kind, error_messages={"required": "请选种类。", "invalid_choice": WRONG}
    )
    team = team_field(empty_label="请选择")
    name = text_field("名称", 60, help_text="例如“1 号机油站”。")
    user = person_field("责任人")
    duties = text_field("职责或承诺", 300, widget=AREA)
    started_on = today_field("开始日期")

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_below(unit)
        self.fields["user"].queryset = party_people(unit)


class OutcomeForm(forms.Form):
    """What came of something that ends."""

    outcome = text_field("成效", 300)


class PromiseForm(forms.Form):
    """A promise; who does not keep the pages writes the own one."""

    user = person_field("承诺人")
    text = text_field("承诺", 200, widget=AREA)

    def __init__(self, *args, unit, own=None, **kwargs):
        super().__init__(*args, **kwargs)
        people = party_people(unit)
        self.fields["user"].queryset = people.filter(pk=own.pk) if own else people
        if own:
            self.fields["user"].initial, self.fields["user"].empty_label = own.pk, None


class CheckForm(forms.Form):
    """How far a promise was kept in a quarter."""

    quarter = whole_field("季度", 1, 4)
    result = forms.ChoiceField(
        choices=CommitmentCheck.Result, error_messages={"required": "请选结果。", "invalid_choice": WRONG}
    )
    note = text_field("说明", 200)


class MechanismForm(forms.Form):
    """A shipped mechanism for a year, or one of one's own with a line an item."""

    preset = forms.ChoiceField(label="机制", error_messages={"required": "请选机制。", "invalid_choice": WRONG})
    name = text_field("自己的名称", 40, required=False)
    items = text_field("自己的事项", 2000, rows=4, required=False, help_text="一行一项，写成“事项：目标”。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["preset"].choices = [
            *((code, row["name"]) for code, row in presets().items()),
            ("own", "自己定的"),
        ]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("preset") != "own":
            return cleaned
        if not cleaned.get("name"):
            self.add_error("name", "请填自己的名称。")
        cleaned["items"] = self._items(cleaned.get("items", ""))
        return cleaned

    def _items(self, text):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        rows = [dict(zip(("name", "aim"), _halves(line), strict=True)) for line in lines]
        names = [row["name"] for row in rows]
        if not rows:
            self.add_error("items", "请写事项，一行一项。")
        if len(set(names)) < len(names):
            self.add_error("items", "有两行是同一个事项，请合并。")
        if any(not name or len(name) > 60 for name in names) or any(len(row["aim"]) > 200 for row in rows):
            self.add_error("items", "事项最多 60 个字，目标最多 200 个字。")
        return rows


def _halves(line):
    name, _, aim = line.replace(":", "：", 1).partition("：")
    return name.strip(), aim.strip()


class ItemForm(forms.Form):
    """A thing to get going."""

    name = text_field("事项", 60)
    aim = text_field("目标", 200, required=False)


class StepForm(forms.Form):
    """What was done about an item, and how far it is."""

    item = forms.ChoiceField(
        label="事项", error_messages={"required": "请选事项。", "invalid_choice": "没有这个事项，请刷新页面再选。"}
    )
    percent = whole_field("完成（%）", 0, 100)
    text = text_field("做了什么", 300, widget=AREA)

    def __init__(self, *args, mechanism, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [(row["name"], row["name"]) for row in mechanism.items]


class TouchFilterForm(SearchForm):
    """Filters of the teams with their liaisons."""

    only = choice_filter([("", "全部班组"), ("without", "没有联系支委"), ("unvisited", "本月没走访")])


class PostFilterForm(SearchForm):
    """Filters of areas and posts."""

    kind = choice_filter([("", "全部种类"), *PartyPost.Kind.choices])
    team = model_filter(Team.objects.none(), "全部班组")
    ended = forms.BooleanField(required=False)

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["team"].queryset = teams_below(unit)


class PromiseFilterForm(SearchForm):
    """Filters of promises."""

    unchecked = choice_filter([("", "全部承诺"), *((f"{number}", f"第 {number} 季度没检查") for number in range(1, 5))])


class EnlistForm(forms.Form):
    """Somebody to be put on the reserve; the person and the coach come from the unit."""

    user = person_field("后备人选")
    coach = person_field("培养人", required=False)
    listed_on = today_field("入库日期")
    text = text_field("入库理由", 300, widget=AREA)

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        members = Membership.objects.open().filter(team__in=teams_below(unit))
        listed = Reserve.objects.filter(ended_on__isnull=True)
        people = User.objects.filter(is_active=True, pk__in=members.values("user"))
        self.fields["user"].queryset = people.exclude(pk__in=listed.values("user"))
        self.fields["coach"].queryset = people


class CoachForm(forms.Form):
    """Another coach, or none."""

    coach = person_field("培养人", required=False)

    def __init__(self, *args, reserve, keeper, **kwargs):
        super().__init__(*args, **kwargs)
        people = people_in_reach(keeper, "reserve.keep").filter(is_active=True)
        self.fields["coach"].queryset = people.exclude(pk=reserve.user_id)
        self.fields["coach"].initial = reserve.coach_id


class ReserveStepForm(forms.Form):
    """A step of the training."""

    stage = forms.ChoiceField(
        label="阶段",
        error_messages={"required": "请选阶段。", "invalid_choice": "现在不能直接到这个阶段，请刷新页面再选。"},
    )
    text = text_field("记录", 300, widget=AREA)

    def __init__(self, *args, reserve, keeps, **kwargs):
        super().__init__(*args, **kwargs)
        current = (reserve.stage, f"{reserve.get_stage_display()}（不变，只记一笔）")
        following = [(stage, Reserve.Stage(stage).label) for stage in NEXT[reserve.stage]] if keeps else []
        self.fields["stage"].choices = [current, *following]


class ReserveFilterForm(SearchForm):
    """Filters of the reserve."""

    unit = model_filter(Unit.objects.none(), "全部单位")
    stage = choice_filter([("", "在库的"), *Reserve.Stage.choices])

    def __init__(self, *args, seen, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=seen.values("unit"))
