"""What people type about bonus rules: a draft's content, the meeting that passes it, a comparison."""

from django import forms
from django.utils import timezone

from assessments.forms.checks import MAX_PHOTOS
from incentives.rules.definition import FACTORS, read_rule
from incentives.rules.words import LEADER_WORDS, UNIT_WORDS
from teams.figures import decimal_text, short_text
from teams.forms import DIGITS, HundredthsField, day_field, posted_files, text_field, whole_field
from teams.models import Attendance, Team

PARTS = range(1, 5)
"""A rule has up to four parts."""
MOST = 10**9
"""Ten million yuan in fen: no bound is higher."""
ALL_CODES = "".join(Attendance.Code.values)


def _whole(label, least, most, **options):
    return whole_field(label, least, most, widget=forms.TextInput(attrs=DIGITS), **options)


def _choice(label, choices):
    errors = {"required": f"请选择{label}。", "invalid_choice": f"{label}请从列表里选。"}
    return forms.ChoiceField(label=label, choices=choices, error_messages=errors)


class RuleForm(forms.Form):
    """The content of a draft; `definition()` is what the version holds once the form is valid.

    Of each part there are `name-<n>`, `share-<n>`, `factors-<n>` and `short-<n>`, the share for those with few years of
    service; a part whose fields are all empty is none. `keys` are those of the parts that the draft has.
    """

    reserve = HundredthsField(label="留存（%）", required=False)
    rounding = _choice("取整", [(key, f"算到{word}") for key, word in UNIT_WORDS.items()])
    cap_kind = _choice("封顶", [("none", "不封顶"), ("amount", "每人最多（元）"), ("average", "最多是平均数的（%）")])
    cap_value = HundredthsField(label="封顶数", required=False)
    floor = HundredthsField(label="保底（元）", required=False)
    leader = _choice("班长", LEADER_WORDS.items())
    allowance = HundredthsField(label="班长津贴（元）", required=False)
    consent = HundredthsField(label="会签比例（%）", required=False)
    deduction_cap = HundredthsField(label="扣罚上限（所得的 %）", required=False)
    short_years = _whole("工龄不满几年", 0, 40, required=False)
    worked_codes = text_field("算出勤的符号", len(ALL_CODES))
    hours_per_day = _whole("每天工时", 1, 24)
    excluding_codes = text_field("不参加分配的符号", len(ALL_CODES), required=False)
    excluding_days = _whole("满几天", 1, 31, required=False)

    def __init__(self, *args, keys=(), **kwargs):
        super().__init__(*args, **kwargs)
        free = [key for key in map("part{}".format, range(1, 9)) if key not in keys]
        self.keys = dict(zip(PARTS, [*keys, *free], strict=False))
        for number in PARTS:
            self.fields[f"name-{number}"] = text_field(f"第 {number} 部分的名称", 12, required=False)
            self.fields[f"share-{number}"] = _whole(f"第 {number} 部分的比例", 1, 1000, required=False)
            self.fields[f"factors-{number}"] = forms.MultipleChoiceField(
                label="权重",
                choices=FACTORS.items(),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "权重的因素请从列表里选。"},
            )
            self.fields[f"short-{number}"] = _whole(f"第 {number} 部分给工龄短的人的比例", 1, 1000, required=False)

    def part_rows(self):
        """The fields of every part, for the page."""
        for number in PARTS:
            names = ("name", "share", "factors", "short")
            yield {"number": number} | {name: self[f"{name}-{number}"] for name in names}

    def clean_worked_codes(self):
        return self._codes("worked_codes")

    def clean_excluding_codes(self):
        return self._codes("excluding_codes")

    def clean(self):
        self.cleaned_data["parts"] = [part for part in map(self._part, PARTS) if part]
        if not self.cleaned_data["parts"] and not self.errors:
            self.add_error(None, "至少要有一个部分：填名称、比例，勾选权重。")
        self._check_bounds()
        if not self.errors:
            self._read()

    def definition(self, name):
        """The definition of a rule with this name, once the form is valid."""
        facts = self.cleaned_data
        said = {"name": name, "hours_per_day": facts["hours_per_day"], "worked_codes": facts["worked_codes"]}
        parts = [{key: part[key] for key in ("key", "name", "share", "factors")} for part in facts["parts"]]
        return said | {"parts": parts} | {key: value for key, value in self._options() if value}

    def _options(self):
        facts = self.cleaned_data
        yield "reserve", facts["reserve"]
        yield "rounding", facts["rounding"] if facts["rounding"] != "fen" else ""
        if facts["cap_kind"] != "none":
            yield "cap", {"kind": facts["cap_kind"], "value": facts["cap_value"]}
        yield "floor", facts["floor"]
        yield "consent", facts["consent"]
        if facts["leader"] != "same":
            apart = facts["leader"] == "apart" and facts["allowance"]
            yield "leader", {"policy": facts["leader"]} | ({"allowance": facts["allowance"]} if apart else {})
        yield "deduction_cap", facts["deduction_cap"]
        if facts["short_years"]:
            shares = {part["key"]: part["short"] for part in facts["parts"]}
            yield "short", {"years": facts["short_years"], "shares": shares}
        if facts["excluding_codes"]:
            yield "excluding", {"codes": facts["excluding_codes"], "days": facts["excluding_days"] or 1}

    def _part(self, number):
        part = {name: self.cleaned_data.get(f"{name}-{number}") for name in ("name", "share", "factors", "short")}
        if not any(part.values()):
            return None
        for name, said in (("name", "名称"), ("share", "比例"), ("factors", "权重")):
            if not part[name] and f"{name}-{number}" not in self.errors:
                self.add_error(f"{name}-{number}", f"第 {number} 部分还没有填{said}；不要这个部分就全部清空。")
        if self.cleaned_data.get("short_years") and not part["short"] and f"short-{number}" not in self.errors:
            self.add_error(f"short-{number}", f"第 {number} 部分还没有填给工龄短的人的比例。")
        return part | {"key": self.keys[number]}

    def _check_bounds(self):
        facts = self.cleaned_data
        if (
            facts.get("cap_kind") not in (None, "none")
            and not facts.get("cap_value")
            and "cap_value" not in self.errors
        ):
            self.add_error("cap_value", "选了封顶，就要填封顶数。")
        for name in ("cap_value", "floor", "allowance"):
            if not 0 <= (facts.get(name) or 0) <= MOST:
                self.add_error(name, f"{self.fields[name].label}要在 0 到 {short_text(MOST)} 之间。")
        names = [part["name"] for part in facts["parts"] if part["name"]]
        if len(set(names)) < len(names):
            self.add_error(None, "各部分的名称不能相同。")

    def _read(self):
        try:
            read_rule(self.definition(""))
        except ValueError as error:
            self.add_error(None, str(error))

    def _codes(self, name):
        codes = "".join(self.cleaned_data[name].split())
        strange = [code for code in codes if code not in ALL_CODES]
        if strange:
            raise forms.ValidationError(f"不认识的考勤符号“{strange[0]}”，请用考勤表里的符号。")
        return "".join(dict.fromkeys(codes))


def initial_of(definition):
    """The fields of a RuleForm that say what a definition says."""
    cap, leader = definition.get("cap", {}), definition.get("leader", {})
    short, excluding = definition.get("short", {}), definition.get("excluding", {})
    fields = {
        "reserve": short_text(definition.get("reserve", 0)),
        "rounding": definition.get("rounding", "fen"),
        "cap_kind": cap.get("kind", "none"),
        "cap_value": short_text(cap["value"]) if cap else "",
        "floor": decimal_text(definition["floor"]) if definition.get("floor") else "",
        "leader": leader.get("policy", "same"),
        "consent": short_text(definition["consent"]) if definition.get("consent") else "",
        "allowance": decimal_text(leader["allowance"]) if leader.get("allowance") else "",
        "deduction_cap": short_text(definition["deduction_cap"]) if definition.get("deduction_cap") else "",
        "short_years": short.get("years", ""),
        "worked_codes": definition["worked_codes"],
        "hours_per_day": definition["hours_per_day"],
        "excluding_codes": excluding.get("codes", ""),
        "excluding_days": excluding.get("days", ""),
    }
    for number, part in enumerate(definition["parts"], start=1):
        fields |= {f"{name}-{number}": part[name] for name in ("name", "share", "factors")}
        fields[f"short-{number}"] = short["shares"][part["key"]] if short else ""
    return fields


class TryForm(forms.Form):
    """The team on whose latest month a rule is tried."""

    team = forms.ModelChoiceField(
        label="用哪个班组试算",
        queryset=Team.objects.none(),
        empty_label=None,
        required=False,
        error_messages={"invalid_choice": "请从列表里选班组。"},
    )

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams

    def chosen(self):
        """The team that was chosen, else the first."""
        found = self.cleaned_data.get("team") if self.is_valid() else None
        return found or self.fields["team"].queryset.first()


class MeetingForm(forms.Form):
    """When the members' meeting passed a draft, with what votes; minutes and photos of them."""

    passed_on = day_field("会议日期")
    votes_for = _whole("同意", 1, 10_000)
    votes_against = _whole("不同意", 0, 10_000, initial=0)
    votes_abstained = _whole("弃权", 0, 10_000, initial=0)
    minutes = text_field("会议纪要", 1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passed_on"].widget.attrs["max"] = f"{timezone.localdate()}"

    def clean(self):
        self.cleaned_data["photos"] = posted_files(self, "photos", MAX_PHOTOS)
