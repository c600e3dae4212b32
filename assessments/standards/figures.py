"""What a version says besides its lines, as the form of the editor: every figure cleaned, every mistake named."""

from django import forms

from assessments.models import StandardVersion
from assessments.scoring import FULL
from assessments.standards.content import CHOICES, FIGURES, LEVEL_MARK, STARS, TEXTS
from teams.figures import hundredths, short_text
from teams.forms import HundredthsField

MOST = 100_000
"""1000 points in hundredths: no figure of a standard is larger."""
GRADES = 6
"""As many grade lines as the page offers; empty ones do not count."""
STEPS, MOST_RANK, MOST_RATIO = 20, 999, 1000
NUMBERS = ("awards_cap", "member_base", "member_min", "member_max")
FIELDS = (
    *(*NUMBERS, *CHOICES, *TEXTS, "rank_points", *(f"star-{number}" for number in STARS)),
    *(f"{kind}-{number}" for number in range(1, GRADES + 1) for kind in ("grade", "least")),
)
"""Every field of the form."""


def words(label, length, required=True, **options):
    """A field for a short text, refused in our own words."""
    messages = {
        "required": "请填写。",
        "max_length": "最多 %(limit_value)d 个字，现在有 %(show_value)d 个。",
        "null_characters_not_allowed": "有看不见的控制字符，请删掉后重填。",
    }
    return forms.CharField(label=label, max_length=length, required=required, error_messages=messages, **options)


def figure(label):
    """A field for points that must be there."""
    return HundredthsField(label=label, error_messages={"required": "请填写。"})


def choice(name):
    """A field for one of the choices of a figure."""
    labels = "、".join(f"“{label}”" for label in CHOICES[name].labels)
    messages = {"required": "请选择。", "invalid_choice": f"要在{labels}里选一个。"}
    return forms.ChoiceField(label=FIGURES[name], choices=CHOICES[name], error_messages=messages)


class FiguresForm(forms.Form):
    """What a version says besides its lines: grades, the cap of awards, the figures of a member's score."""

    awards_cap = figure("每月加分上限")
    member_base = figure("个人基础分")
    member_min = figure("个人最低分")
    member_max = figure("个人最高分")
    lowest_grade = words("最低等级", 20)

    veto_effect = choice("veto_effect")
    veto_cap = words(FIGURES["veto_cap"], 20, required=False)
    na_rule = choice("na_rule")
    league = choice("league")
    ties = choice("ties")
    rank_points = words(FIGURES["rank_points"], 500, required=False)

    def __init__(self, data):
        super().__init__(data)
        for number, name in STARS.items():
            self.fields[f"star-{number}"] = HundredthsField(label=f"{name}最低分", required=False)
        for number in range(1, GRADES + 1):
            self.fields[f"grade-{number}"] = words(f"等级 {number}", 20, required=False)
            self.fields[f"least-{number}"] = HundredthsField(label=f"等级 {number} 最低分", required=False)

    def grade_rows(self):
        """Pairs of fields for the page."""
        return [(self[f"grade-{number}"], self[f"least-{number}"]) for number in range(1, GRADES + 1)]

    def star_fields(self):
        """The fields of the stars for the page, five stars first."""
        return [self[f"star-{number}"] for number in STARS]

    def clean_rank_points(self):
        rows = [row for row in self.cleaned_data["rank_points"].splitlines() if row.strip()]
        if len(rows) > STEPS:
            raise forms.ValidationError(f"最多 {STEPS} 档，现在有 {len(rows)} 档。")
        return tuple(_step(row) for row in rows)

    def clean(self):
        facts = self.cleaned_data
        for name in ("awards_cap", "member_base", "member_min", "member_max"):
            if not 0 <= facts.get(name, 0) <= MOST:
                self.add_error(name, f"要在 0 到 {short_text(MOST)} 分之间。")
        least, base, most = (facts.get(f"member_{name}") for name in ("min", "base", "max"))
        if None not in (least, base, most) and not least <= base <= most:
            self.add_error("member_base", "要不低于个人最低分、不高于个人最高分。")
        rows = list(self._grades())
        facts["grades"] = tuple((name, least) for _, name, least in rows)
        self._check_names(rows)
        self._check_limits("各等级的最低分要从高到低", [(f"least-{number}", least) for number, _, least in rows])
        facts["stars"] = tuple((n, least) for n in STARS if (least := facts.get(f"star-{n}")) is not None)
        self._check_limits("星级越高最低分要越高", [(f"star-{n}", least) for n, least in facts["stars"]])
        self._check_veto(facts)
        self._check_ranks(facts.get("rank_points", ()))

    def _grades(self):
        """(number, name, least score) of the lines that are filled in."""
        for number in range(1, GRADES + 1):
            name, least = (self.cleaned_data.get(f"{kind}-{number}") for kind in ("grade", "least"))
            if name and least is not None:
                yield number, name, least
            elif (name or least is not None) and not {f"grade-{number}", f"least-{number}"} & set(self.errors):
                self.add_error(f"grade-{number}", "名称和最低分要么都填，要么都不填。")

    def _check_names(self, rows):
        taken = {self.cleaned_data.get("lowest_grade")}
        for number, name, _ in rows:
            if name in taken:
                self.add_error(f"grade-{number}", "等级的名称不能相同，也不能和最低等级相同。")
            taken.add(name)

    def _check_limits(self, order, limits):
        """Every limit must be reachable and below those before it; `limits` are (field, least score) from the best down."""
        above = None
        for field, least in limits:
            if wrong := self._out_of_reach(least):
                self.add_error(field, wrong)
            elif above is not None and least >= above:
                self.add_error(field, f"{order}，不能相同：这里要低于 {short_text(above)} 分。")
            else:
                above = least

    def _out_of_reach(self, least):
        """Why no team can reach a limit, or every team does; '' for one that sets teams apart."""
        if least <= 0:
            return "要大于 0 分。"
        cap = self.cleaned_data.get("awards_cap")
        if cap is None or least <= FULL + cap:
            return ""
        full, more, most = map(short_text, (FULL, cap, FULL + cap))
        return f"不能超过 {most} 分：满分 {full} 分，每月加分最多 {more} 分。"

    def _check_veto(self, facts):
        names = [name for name, _ in facts["grades"][1:]]
        if facts.get("veto_effect") != StandardVersion.VetoEffect.CAP:
            facts["veto_cap"] = ""
        elif "veto_cap" in facts and facts["veto_cap"] not in names:
            self.add_error("veto_cap", "要填等级线里的一个等级，要比最高一等低。要直接最低的，上一项选“等级直接最低”。")

    def _check_ranks(self, steps):
        last, ratios = [rank for rank, _ in steps], [ratio for _, ratio in steps]
        if last != sorted(set(last)) or any(not 1 <= rank <= MOST_RANK for rank in last):
            self.add_error("rank_points", f"名次要一档比一档大，在 1 到 {MOST_RANK} 之间，不能相同。")
        elif ratios != sorted(ratios, reverse=True) or any(not 0 <= ratio <= MOST_RATIO for ratio in ratios):
            self.add_error("rank_points", f"折算要在 0 到 {short_text(MOST_RATIO)} 之间，名次靠后的不能比靠前的高。")

    def figures(self):
        """The fields of Content, once valid."""
        return {name: self.cleaned_data[name] for name in FIGURES}


def _step(row):
    last, _, ratio = row.replace("|", LEVEL_MARK).partition(LEVEL_MARK)
    try:
        rank, rest = divmod(hundredths(last), 100)
        if rest:
            raise ValueError("a rank is a whole number")
        return rank, hundredths(ratio)
    except ValueError as error:
        raise forms.ValidationError(f"“{row[:20]}”要写成“到第几名｜折算”，例如“3｜1”或“4｜0.98”。") from error


def figure_texts(content):
    """{field: text} of the form that shows the figures of a Content."""
    texts = {name: getattr(content, name) for name in (*CHOICES, *TEXTS)}
    texts |= {name: short_text(getattr(content, name)) for name in NUMBERS}
    texts["rank_points"] = "\n".join(f"{last}{LEVEL_MARK}{short_text(ratio)}" for last, ratio in content.rank_points)
    texts |= {f"star-{number}": short_text(least) for number, least in content.stars}
    for number, (name, least) in enumerate(content.grades, start=1):
        texts |= {f"grade-{number}": name, f"least-{number}": short_text(least)}
    return texts
