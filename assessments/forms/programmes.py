"""What union staff type about programmes of honours and about what keeps somebody from being named."""

from django import forms

from assessments.forms.programme_rows import COLUMNS, Table
from assessments.honours.content import APPLICANTS, CASES, QUOTA_MOST, RECHECK, REVIEW_MOST
from assessments.models import Programme
from teams.access import subtree_ids
from teams.figures import short_text
from teams.forms import (
    WRONG,
    HundredthsField,
    SearchForm,
    WordsField,
    choice_filter,
    day_field,
    text_field,
    whole_field,
)
from teams.models import Team, Unit, User

HATS = {code: name for hats in APPLICANTS.values() for code, name in hats.items()}
PLAIN = ("name", "title", "purpose", "notice_days", "valid_months")
SWITCHES = {
    "quota": ("one_for_one",),
    "review": ("is_blind", "drop_extremes", "needs_visit", "needs_defence", "needs_vote"),
    "recheck": (),
}
FIGURES = {"quota": tuple(QUOTA_MOST), "review": ("reviewers", "group_percent"), "recheck": tuple(RECHECK)[:1]}
MONTHS = ("result_months", "rectify_months")


def count_field(label, least, most, **options):
    """A whole number in a range; left out it is nothing."""
    return whole_field(label, least, most, **{"required": False} | options)


def points_field(label, most, **options):
    """Points or yuan that may be left out; hundredths up to `most`."""
    return HundredthsField(label=label, required=False, max_length=14, **options)


def tick_field(label):
    return forms.BooleanField(label=label, required=False)


def one_of_field(rows, label, **options):
    """One row of a queryset; a foreign id is refused in our own words."""
    wrong = {"required": f"请选择{label}。", "invalid_choice": WRONG}
    return forms.ModelChoiceField(rows, label=label, error_messages=wrong, **options)


class ProgrammeFilterForm(SearchForm):
    subject = choice_filter([("", "评什么都看"), *Programme.Subject.choices])
    state = choice_filter([("", "在用的"), ("retired", "停用的")])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)


class ProgrammeForm(forms.Form):
    """A programme with its four tables; `wanted` are the values of Programme's fields once the form is valid.

    `units` and the subject are asked for of a new one alone; `source` is the programme that is changed or copied.
    """

    unit = one_of_field(Unit.objects.none(), "主办单位", empty_label=None, help_text="这个单位和下级单位都能参加。")
    subject = forms.ChoiceField(
        label="评什么",
        choices=Programme.Subject.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择评什么。", "invalid_choice": WRONG},
    )
    name = text_field("名称", 40)
    title = text_field("称号", 40, help_text="评上以后叫什么，印在证书上。")
    purpose = text_field("说明", 300, rows=2, required=False)
    applicants = forms.MultipleChoiceField(
        label="谁能申报",
        choices=HATS.items(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择谁能申报。", "invalid_choice": WRONG, "invalid_list": WRONG},
    )
    pool = one_of_field(
        Programme.objects.none(),
        "只从哪个称号里选",
        required=False,
        empty_label="不限",
        help_text="如十大标杆只从评上过模范班组的里面选。",
    )
    pass_line = points_field("达标分", 100_000, help_text="空着是不设。")
    notice_days = count_field("公示几个工作日", 1, 60, required=True, initial=5)
    valid_months = count_field("有效期（月）", 1, 120, required=True, initial=12)
    reward = points_field("奖励（元）", 10**10)
    total = count_field("名额", 1, QUOTA_MOST["total"], help_text="空着是不限。")
    per_unit = count_field("每个单位最多", 1, QUOTA_MOST["per_unit"], help_text="空着是不限。")
    front_line_percent = count_field("一线至少占百分之几", 0, 100)
    reserve_percent = count_field("备选占名额的百分之几", 0, 100)
    one_for_one = tick_field("推荐一名管理人员，要同时推荐一名一线职工")
    reviewers = count_field("每份申报几位评委", 1, REVIEW_MOST["reviewers"], required=True, initial=3)
    divergence = points_field("打分相差超过几分要复核", REVIEW_MOST["divergence"], initial="15")
    group_percent = count_field("每一类至少达到百分之几", 0, 100)
    is_blind = tick_field("匿名评审：评委互相不知道是谁评的")
    drop_extremes = tick_field("去掉一个最高分和一个最低分（三位以上评委）")
    needs_visit, needs_defence, needs_vote = map(tick_field, ("要现场考察", "要答辩", "要表决"))
    every_months = count_field("几个月复评一次", 0, RECHECK["every_months"], initial=12, help_text="空着是不复评。")
    recheck_line = points_field("复评及格分", RECHECK["pass_line"])
    result_months = count_field("工作室几个月没有成果要整改", 0, RECHECK["result_months"])
    rectify_months = count_field("限几个月整改", 0, RECHECK["rectify_months"])

    def __init__(self, *args, units=None, pools, source=None, **kwargs):
        super().__init__(*args, initial=_first(source), **kwargs)
        self.fields["pool"].queryset = pools
        self.subject_given = source.subject if source and units is None else None
        if units is None:
            del self.fields["unit"], self.fields["subject"]
        else:
            self.fields["unit"].queryset = units
        data = self.data if self.is_bound else None
        self.tables = [Table(name, data, getattr(source, name, [])) for name in COLUMNS]

    def clean(self):
        for table in self.tables:
            self.cleaned_data[table.name], wrong = table.cleaned()
            for sentence in wrong:
                self.add_error(None, sentence)
        for name, most in (
            ("pass_line", 100_000),
            ("recheck_line", 100_000),
            ("divergence", 100_000),
            ("reward", 10**10),
        ):
            value = self.cleaned_data.get(name)
            if value is not None and not 0 <= value <= most:
                self.add_error(name, f"{self.fields[name].label}要在 0 到 {most // 100:,} 之间。")

        rules = ("recheck_line", *MONTHS)
        if any(self.cleaned_data.get(name) for name in rules) and not self.cleaned_data.get("every_months"):
            self.add_error("every_months", "写了复评的规则，要写几个月复评一次。")

    @property
    def wanted(self):
        """Values of Programme's fields, without its unit."""
        data = self.cleaned_data
        found = {name: data[name] for name in (*PLAIN, "applicants", "pool", *COLUMNS)}
        found |= {"pass_line": data["pass_line"] or 0, "reward": data["reward"] or 0}
        found |= {name: self._figures(name) for name in FIGURES}
        found["review"]["divergence"] = data["divergence"] or 0
        if found["recheck"]:
            found["recheck"] |= {"pass_line": data["recheck_line"]} if data["recheck_line"] else {}
            found["recheck"] |= {name: data[name] for name in MONTHS if data[name]}
        return found if self.subject_given else found | {"subject": data["subject"]}

    def _figures(self, name):
        numbers = {key: self.cleaned_data[key] for key in FIGURES[name] if self.cleaned_data[key]}
        return numbers | {key: self.cleaned_data[key] for key in SWITCHES[name]}


def _first(source):
    if source is None:
        return {"subject": "team", "applicants": ["leader", "deputy"], "is_blind": True}
    review, recheck = source.review, source.recheck
    return {
        **{name: getattr(source, name) for name in (*PLAIN, "subject", "applicants", "pool")},
        **source.quota,
        **review,
        **{name: recheck.get(name) for name in ("every_months", *MONTHS)},
        "pass_line": _points(source.pass_line),
        "reward": _points(source.reward),
        "divergence": _points(review.get("divergence", 0)),
        "recheck_line": _points(recheck.get("pass_line", 0)),
    }


def _points(value):
    return short_text(value) if value else ""


class BarFilterForm(SearchForm):
    state = choice_filter([("", "有效的"), ("lifted", "已取消的")])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)


class BarForm(forms.Form):
    """A case: of a unit, or of one of its teams, or of one of its people."""

    unit = one_of_field(
        Unit.objects.none(), "单位", empty_label=None, help_text="只选单位的，这个单位和下级单位的班组都受影响。"
    )
    team = one_of_field(Team.objects.none(), "班组", required=False, empty_label="不限于一个班组")
    number = WordsField(label="工号", max_length=20, help_text="只算在一个人身上的才填。")
    code = forms.ChoiceField(
        label="情形",
        choices=[(code, name) for code, name in CASES.items() if code != "closed_month"],
        error_messages={"required": "请选择情形。", "invalid_choice": WRONG},
    )
    happened_on = day_field("发生日期")
    text = text_field("说明", 200, help_text="文件名称、文号或者发生了什么。")

    def __init__(self, *args, units, teams, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset, self.fields["team"].queryset, self.people = units, teams, people

    def clean_number(self):
        number = self.cleaned_data["number"].strip()
        if not number:
            return None
        person = self.people.filter(employee_no=number).first()
        if person is None:
            raise forms.ValidationError("没有这个工号的人，或者不归您管，请核对。")
        return person

    def clean(self):
        unit, team, person = (self.cleaned_data.get(name) for name in ("unit", "team", "number"))
        if team and person:
            self.add_error("number", "班组和个人只能选一样，请空着一样。")
        if unit and team and team.unit_id not in subtree_ids(unit):
            self.add_error("team", f"{team}不在{unit}，请重新选择。")

    @property
    def facts(self):
        """Keyword arguments of services.bars.record, with its unit."""
        data = self.cleaned_data
        team: Team | None = data["team"]
        user: User | None = data["number"]
        facts = {name: data[name] for name in ("code", "text", "happened_on")}
        return facts | {"unit": team.unit if team else data["unit"], "team": team, "user": user}
