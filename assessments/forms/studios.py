"""What people type about studios: founding, describing, members, rules, results, money, and the steps of their life."""

import uuid

from django import forms
from django.utils import timezone

from activities.access import colleagues_of
from activities.models import Activity
from assessments.honours.studio_lists import log_of
from assessments.models import Studio, StudioMember, StudioMoney, StudioResult
from teams.forms import (
    DIGITS,
    HIDDEN_SIGNS,
    HundredthsField,
    SearchForm,
    choice_field,
    choice_filter,
    day_field,
    model_filter,
    person_field,
    posted_files,
    text_field,
    whole_field,
)
from teams.models import Unit, User

MOST_FILES = 9
REFRESH = "这一页不完整，请重新打开再填。"


def file_field(label, accept, help_text):
    widget = forms.ClearableFileInput(attrs={"accept": accept})
    errors = {"empty": "文件是空的，请检查后重新选择。", "max_length": "文件名太长，请改短后再上传。"}
    return forms.FileField(label=label, required=False, widget=widget, help_text=help_text, error_messages=errors)


class NumberField(forms.CharField):
    """An employee number that cleans to the person; `people` are those who may be named."""

    people = User.objects.none()

    def __init__(self, label):
        errors = {
            "required": f"请填{label}。",
            "max_length": f"{label}太长，请核对。",
            "null_characters_not_allowed": f"{label}{HIDDEN_SIGNS}",
        }
        super().__init__(label=label, max_length=20, error_messages=errors)
        self.widget.attrs |= {"autocomplete": "off", "inputmode": "numeric"}

    def clean(self, value):
        number = super().clean(value)
        person = self.people.filter(employee_no=number).first()
        if person is None:
            raise forms.ValidationError(f"本厂没有工号“{number}”的人，请核对。")
        return person


class RecordField(forms.ModelChoiceField):
    """A record of the log."""

    def label_from_instance(self, obj):
        return f"{obj.date:%Y-%m-%d} {obj.title}"


class FoundForm(forms.Form):
    """A new studio of a unit."""

    leader = NumberField("领军人工号")
    name = text_field("名称", 60, help_text="不填就叫“领军人姓名＋创新工作室”。", required=False)
    kind = choice_field("类型", Studio.Kind.choices)
    founded_on = day_field("成立日期")
    aims = text_field("宗旨", 300, rows=2, required=False)
    plan = text_field("创建方案", 3000, rows=5, required=False, help_text="目标、课题、步骤；方案要报上级工会。")

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leader"].people = colleagues_of(unit)


class DescribeForm(forms.Form):
    """What the studio is and has."""

    kind = choice_field("类型", Studio.Kind.choices)
    aims = text_field("宗旨", 300, rows=2, required=False)
    plan = text_field("创建方案", 3000, rows=5, required=False)
    place = text_field("场所", 100, required=False, help_text="楼号、房间号。")
    area = whole_field("面积（平方米）", 0, 10_000, required=False, widget=forms.TextInput(attrs=DIGITS))
    equipment = text_field("设备清单", 2000, rows=3, required=False, help_text="图书、电脑、仪器、工具。")
    plaque = file_field("挂牌照片", "image/*", "换一张就上传，不换就不选。")


class MemberForm(forms.Form):
    """Somebody joins."""

    user = NumberField("工号")
    skill = text_field("专长", 60, required=False)
    joined_on = day_field("加入日期")

    def __init__(self, *args, studio, **kwargs):
        super().__init__(*args, auto_id="member-%s", **kwargs)
        self.fields["user"].people = colleagues_of(studio.unit)


class LeaveForm(forms.Form):
    """Somebody leaves."""

    left_on = day_field("离开日期")


class RuleForm(forms.Form):
    """One of the seven rules."""

    text = text_field("内容", 5000, rows=10, required=False)
    file = file_field(
        "或者上传文件", ".pdf,.docx,.xlsx,.pptx,image/*", "PDF、Word、Excel、PowerPoint 或照片，15 MB 以内。"
    )
    set_on = day_field("实行日期")


class ResultForm(forms.Form):
    """A result of the studio with its proof."""

    kind = choice_field("类别", StudioResult.Kind.choices)
    name = text_field("成果", 80)
    theme = text_field("方向", 20, required=False, help_text="降本、节能、技改、安全等。")
    text = text_field("说明", 500, rows=3, help_text="解决了什么、怎么做的、谁在用。")
    date = day_field("完成日期")
    people = whole_field("培训人数", 0, 10_000, required=False, widget=forms.TextInput(attrs=DIGITS))
    claimed = HundredthsField(
        label="申报年效益（元）",
        max_length=20,
        required=False,
        help_text="没有直接效益的不填。",
        error_messages={"max_length": "年效益太长，请核对。"},
    )
    activity = RecordField(
        Activity.objects.none(),
        label="活动记录",
        required=False,
        empty_label="不选",
        help_text="台账里的记录可以作证明；没有记录就上传材料。",
        error_messages={"invalid_choice": "这条记录不在工作室的台账里，请重新选。"},
    )

    def __init__(self, *args, studio, **kwargs):
        super().__init__(*args, **kwargs)
        records = log_of(studio)
        self.fields["activity"].queryset = Activity.objects.filter(pk__in=[row.pk for row in records])

    def clean(self):
        super().clean()
        self.cleaned_data["files"] = posted_files(self, "files", MOST_FILES, "证明材料", "个")
        for name in ("people", "claimed"):
            self.cleaned_data[name] = self.cleaned_data.get(name) or 0
        return self.cleaned_data


class VerifyForm(forms.Form):
    """What a result is worth a year."""

    benefit = HundredthsField(
        label="核实年效益（元）",
        max_length=20,
        error_messages={"required": "请填核实的年效益，没有直接效益的填 0。", "max_length": "年效益太长，请核对。"},
    )
    text = text_field("核实意见", 200, required=False, help_text="怎么核的、看了什么。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="verify-%s", **kwargs)


class MoneyForm(forms.Form):
    """A grant or a spending; grants only for those who decide about the studio."""

    source = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)
    kind = choice_field("科目", StudioMoney.Kind.choices)
    amount = HundredthsField(
        label="金额（元）",
        max_length=20,
        error_messages={"required": "请填金额。", "max_length": "金额太长，请核对。"},
    )
    date = day_field("日期")
    text = text_field("用途", 100)
    voucher = text_field("凭证或文号", 60)

    def __init__(self, *args, grants, **kwargs):
        super().__init__(*args, **kwargs)
        choices = StudioMoney.Kind.choices
        self.fields["kind"].choices = [row for row in choices if grants or row[0] not in StudioMoney.GRANTS]

    def clean(self):
        super().clean()
        if self.errors.pop("source", None):
            self.add_error(None, REFRESH)
        self.cleaned_data["source"] = self.cleaned_data.get("source") or uuid.uuid4()
        return self.cleaned_data


class RectifyForm(forms.Form):
    """By which day a studio has to mend what is wrong."""

    until = day_field("整改期限")
    text = text_field("原因", 200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="rectify-%s", **kwargs)
        self.fields["until"].widget.attrs["min"] = f"{timezone.localdate()}"


class RenameForm(forms.Form):
    """Who leads the studio from now on; one of its members."""

    leader = person_field("新领军人", "新领军人要先是工作室的成员。")
    name = text_field("新名称", 60, required=False, help_text="不填就叫“新领军人姓名＋创新工作室”。")
    text = text_field("原因", 200)

    def __init__(self, *args, studio, **kwargs):
        super().__init__(*args, auto_id="rename-%s", **kwargs)
        there = StudioMember.objects.filter(studio=studio, left_on__isnull=True).exclude(user=studio.leader_id)
        self.fields["leader"].queryset = User.objects.filter(pk__in=there.values("user"), is_active=True)


class StudioFilterForm(SearchForm):
    """Each filter is optional."""

    unit = model_filter(Unit.objects.none(), "全部单位")
    kind = choice_filter([("", "全部类型"), *Studio.Kind.choices])
    state = choice_filter([("", "在办的"), *Studio.State.choices])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=Studio.objects.values("unit"))


class StudioYearForm(forms.Form):
    """The year of the figures."""

    year = choice_filter()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        this = timezone.localdate().year
        self.fields["year"].choices = [(str(this - back), f"{this - back} 年") for back in range(5)]

    @property
    def chosen(self):
        """The year that was asked for, else this one."""
        asked = self.cleaned_data["year"] if self.is_valid() else ""
        return int(asked or timezone.localdate().year)
