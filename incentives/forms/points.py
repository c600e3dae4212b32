"""What people type about points of Party members: an entry, a scheme, the unit and year of a new one."""

from django import forms
from django.utils import timezone

from assessments.forms.checks import MAX_PHOTOS
from incentives.models import PointIndicator
from teams.figures import short_text
from teams.forms import HundredthsField, day_field, posted_files, text_field
from teams.models import Unit

FIELDS = PointIndicator.Field
GRADES = range(1, 6)
"""A scheme has up to five grades besides the lowest one."""
SPARE = 3
"""Empty lines for further indicators."""
MOST = 100_000
"""A thousand points: no figure of a scheme is higher."""


class EntryForm(forms.Form):
    """Points for one person: the indicator, the day, what happened, photos or why there are none."""

    person = forms.TypedChoiceField(
        label="党员",
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "请选择党员。", "invalid_choice": "这个人不在可以登记的党员里，请重新选择。"},
    )
    indicator = forms.TypedChoiceField(
        label="指标",
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "请选择指标。", "invalid_choice": "请从列表里选指标。"},
    )
    date = day_field("日期")
    points = HundredthsField(label="分值", required=False, max_length=8)
    what = text_field("事由", 200)
    why_none = text_field("没有凭据的原因", 60, required=False)

    def __init__(self, *args, members, indicators, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = {member.user_id: member for member in members}
        self.indicators = {indicator.pk: indicator for indicator in indicators}
        named = [(pk, f"{row.user}（{row.team}）") for pk, row in self.members.items()]
        self.fields["person"].choices = [("", "请选择"), *named]
        self.fields["indicator"].choices = [("", "请选择"), *self._grouped()]
        self.fields["date"].widget.attrs["max"] = f"{timezone.localdate()}"

    def _grouped(self):
        for field in FIELDS:
            lines = [line for line in self.indicators.values() if line.field == field]
            if lines:
                yield field.label, [(line.pk, f"{line.name} {signed(line.points)} 分") for line in lines]

    def clean(self):
        self.cleaned_data["uploads"] = posted_files(self, "photos", MAX_PHOTOS)

    def facts(self):
        """The valid form as (membership, indicator, the rest of what points.propose takes, uploads)."""
        said = dict(self.cleaned_data)
        member, indicator = self.members[said.pop("person")], self.indicators[said.pop("indicator")]
        uploads, points = said.pop("uploads"), said.pop("points")
        return member, indicator, said | {"points": indicator.points if points is None else points}, uploads


def signed(points):
    """Hundredths with an ASCII sign, as a field takes them back."""
    return f"{'+' if points > 0 else ''}{short_text(points)}"


class NewSchemeForm(forms.Form):
    """The unit and the year of a new scheme."""

    unit = forms.ModelChoiceField(
        label="单位",
        queryset=Unit.objects.none(),
        empty_label=None,
        error_messages={"required": "请选择单位。", "invalid_choice": "请从列表里选单位。"},
    )
    year = forms.TypedChoiceField(
        label="年份",
        coerce=int,
        error_messages={"required": "请选择年份。", "invalid_choice": "请从列表里选年份。"},
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        year = timezone.localdate().year
        self.fields["unit"].queryset = units
        self.fields["year"].choices = [(number, f"{number} 年") for number in (year, year + 1)]


def _figure(label, **options):
    return HundredthsField(label=label, required=False, max_length=10, **options)


class SchemeForm(forms.Form):
    """The content of a draft; `content()` is what the scheme holds once the form is valid.

    Of each grade there are `grade-<n>` and `least-<n>`, of each field `cap-<field>`, of each indicator `field-<n>`,
    `name-<n>`, `points-<n>` and `most-<n>`. A grade or indicator whose name is empty is none.
    """

    base = _figure("每月基础分")
    lowest_grade = text_field("最低等级", 20)

    def __init__(self, *args, content, **kwargs):
        super().__init__(*args, initial=_initial(content), **kwargs)
        self.lines = range(1, len(content["indicators"]) + SPARE + 1)
        for number in GRADES:
            self.fields[f"grade-{number}"] = text_field(f"第 {number} 个等级", 20, required=False)
            self.fields[f"least-{number}"] = _figure(f"第 {number} 个等级的分数线")
        for field in FIELDS:
            self.fields[f"cap-{field}"] = _figure(f"{field.label}每月最多加")
        for number in self.lines:
            self.fields[f"field-{number}"] = _field_choice(number)
            self.fields[f"name-{number}"] = text_field(f"第 {number} 个指标", 100, required=False)
            self.fields[f"points-{number}"] = _figure(f"第 {number} 个指标的分值")
            self.fields[f"most-{number}"] = _figure(f"第 {number} 个指标的每月上限")

    @property
    def grade_rows(self):
        return [(self[f"grade-{number}"], self[f"least-{number}"]) for number in GRADES]

    @property
    def cap_rows(self):
        return [self[f"cap-{field}"] for field in FIELDS]

    @property
    def indicator_rows(self):
        names = ("field", "name", "points", "most")
        return [{"number": number} | {name: self[f"{name}-{number}"] for name in names} for number in self.lines]

    def clean(self):
        self._require("base", 0)
        self._clean_grades()
        for field in FIELDS:
            if self.cleaned_data.get(f"cap-{field}") is not None:
                self._require(f"cap-{field}", 0)
        for number in self.lines:
            self._clean_indicator(number)

    def _require(self, name, least, words="要填 {} 到 1000 的数。"):
        value = self.cleaned_data.get(name)
        if name not in self.errors and (value is None or not least <= value <= MOST):
            self.add_error(name, self.fields[name].label + words.format(short_text(least)))

    def _clean_grades(self):
        said = self.cleaned_data
        named = [number for number in GRADES if said.get(f"grade-{number}")]
        for number in set(GRADES) - set(named):
            if said.get(f"least-{number}") is not None and f"grade-{number}" not in self.errors:
                self.add_error(f"grade-{number}", f"第 {number} 个等级有分数线没有名称，请补上名称或者把分数线清空。")
        if not named:
            self.add_error(None, "至少要有一个等级和它的分数线。")
        for number in named:
            self._require(f"least-{number}", 0)
        limits = [said.get(f"least-{number}") or 0 for number in named]
        if limits != sorted(set(limits), reverse=True):
            self.add_error(None, "等级的分数线要从高到低，不能一样。")

    def _clean_indicator(self, number):
        points, most = (self.cleaned_data.get(f"{name}-{number}") for name in ("points", "most"))
        if not self.cleaned_data.get(f"name-{number}"):
            if (points, most) != (None, None) and f"name-{number}" not in self.errors:
                self.add_error(f"name-{number}", f"第 {number} 个指标有分值没有名称，请补上名称或者把这一行清空。")
            return
        if f"points-{number}" not in self.errors and (not points or abs(points) > MOST):
            self.add_error(f"points-{number}", "分值要填不是 0 的数，扣分的前面写减号。")
        elif most is not None and not abs(points or 0) <= most <= MOST:
            self.add_error(f"most-{number}", "每月上限不能少于一次的分值。")

    def content(self):
        """What the valid form says, as services.point_schemes.content_of gives it."""
        said = self.cleaned_data
        caps = {field.value: said[f"cap-{field}"] for field in FIELDS if said[f"cap-{field}"] is not None}
        named = [number for number in self.lines if said[f"name-{number}"]]
        return {
            "base": said["base"],
            "grades": [[said[f"grade-{n}"], said[f"least-{n}"]] for n in GRADES if said[f"grade-{n}"]],
            "lowest_grade": said["lowest_grade"],
            "field_caps": caps,
            "indicators": [[said[f"{name}-{n}"] for name in ("field", "name", "points", "most")] for n in named],
        }


def _field_choice(number):
    said = f"第 {number} 个指标的方面请从列表里选。"
    errors = {"required": said, "invalid_choice": said}
    return forms.ChoiceField(label="方面", choices=FIELDS.choices, error_messages=errors)


def _initial(content):
    """The fields of a SchemeForm that say what a content says."""
    fields = {"base": short_text(content["base"]), "lowest_grade": content["lowest_grade"]}
    for number, (name, least) in enumerate(content["grades"], start=1):
        fields |= {f"grade-{number}": name, f"least-{number}": short_text(least)}
    fields |= {f"cap-{field}": short_text(cap) for field, cap in content["field_caps"].items()}
    for number, (field, name, points, most) in enumerate(content["indicators"], start=1):
        fields |= {f"field-{number}": field, f"name-{number}": name, f"points-{number}": short_text(points)}
        fields[f"most-{number}"] = "" if most is None else short_text(most)
    return fields
