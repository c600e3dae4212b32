"""What people type about objections."""

import re
from urllib.parse import urlsplit

from django import forms
from django.urls import Resolver404, resolve

from bulletins.models import Objection
from bulletins.objections.lists import MINE
from bulletins.services.objections import GROUNDS
from teams import periods as months
from teams.figures import whole_number
from teams.forms import SearchForm, posted_files, text_field

MAX_PHOTOS = 6
VERDICTS = [("kept", "维持：榜上的数没有错"), ("upheld", "应当更正：异议成立")]
CELL_ERRORS = {"required": "请选是哪{}。", "invalid_choice": "这张榜上没有这{}，请从列表里选。"}
GROUND_CHOICES = [("", "请选择"), *GROUNDS.items()]


class ObjectionForm(forms.Form):
    """One figure of a Line of a board, what it should be, why, and photos that show it."""

    cell = forms.ChoiceField()
    wanted = text_field("您认为应当是", 200, required=False, help_text="不知道可以不填。")
    reason = text_field("理由", 500, rows=3, help_text="写清楚错在哪里、怎么知道的。")

    def __init__(self, *args, line, **kwargs):
        super().__init__(*args, **kwargs)
        one = "一格" if line.of_nobody else "个数"
        self.fields["cell"].label = f"哪{one}"
        self.fields["cell"].error_messages |= {name: said.format(one) for name, said in CELL_ERRORS.items()}
        self.cells = {cell.column: cell for cell in line.cells}
        shown = [(cell.column, f"{cell.label}：{cell.shown or '空'}") for cell in line.cells]
        self.fields["cell"].choices = [("", "请选择"), *shown] if len(shown) > 1 else shown

    def clean(self):
        self.cleaned_data["photos"] = posted_files(self, "photos", MAX_PHOTOS)

    @property
    def chosen(self):
        """The Cell, with its text as it hangs on the board."""
        return self.cells[self.cleaned_data["cell"]]


def line_named(lines, key):
    """The Line with this key; without one the first, which is the own row where there is one. None for an unknown key."""
    return next((line for line in lines if line.key == key), None) if key else lines[0]


class RefuseForm(forms.Form):
    """One of the usual reasons for not taking an objection up, and what is to be said besides."""

    ground = forms.ChoiceField(
        label="不受理的原因",
        choices=GROUND_CHOICES,
        error_messages={"required": "请选不受理的原因。", "invalid_choice": "请从列出的原因里选。"},
    )
    note = text_field("补充说明", 400, rows=3, required=False)


class AnswerForm(forms.Form):
    """Whether the figure stays, and why."""

    verdict = forms.ChoiceField(
        label="结论",
        choices=VERDICTS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选维持还是应当更正。", "invalid_choice": "请选维持还是应当更正。"},
    )
    answer = text_field("答复", 500, rows=3, help_text="怎么查的、依据是什么。提出人和附议的人都看得到。")


class PathField(forms.RegexField):
    """A page of this site, with what is asked of it and the place on it; the address of no page here is refused."""

    def to_python(self, value):
        """``"https://host/checks/sheet/12/?a=1#end"`` is ``"/checks/sheet/12/?a=1#end"``."""
        return re.sub(r"\Ahttps?://[^/]+", "", super().to_python(value))

    def clean(self, value):
        address = super().clean(value)
        try:
            resolve(urlsplit(address).path) if address else None
        except Resolver404 as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        return address


class CorrectionForm(forms.Form):
    """Where and how an upheld objection was corrected."""

    text = text_field(
        "怎么更正的",
        200,
        help_text="会作为更正说明贴在榜上，不要写姓名和个人金额。例如：少算的一个夜班已在11月补记。",
    )
    url = PathField(
        r"\A/(?!/)[\w\-./?=&%]+(#[\w\-]*)?\Z",
        label="更正记录的地址",
        max_length=200,
        required=False,
        help_text="打开更正的那一页，把浏览器里的地址贴在这里；没有可以不填。",
        error_messages={
            "invalid": "这不是本系统里的地址，请从浏览器的地址栏里复制，例如 /checks/sheet/12/。",
            "max_length": "地址最多 200 个字。",
        },
    )


class FilterForm(SearchForm):
    """Filters of the list of objections; each is optional."""

    mine = forms.ChoiceField(required=False, choices=[("", "全部"), *MINE.items()])
    state = forms.ChoiceField(required=False, choices=[("", "全部状态"), *Objection.State.choices])
    unit = forms.CharField(required=False, max_length=20)
    period = forms.CharField(required=False, max_length=20)

    def clean_unit(self):
        return self.cleaned_data["unit"] and (whole_number(self.cleaned_data["unit"]) or 0)

    def clean_period(self):
        period = self.cleaned_data["period"] and whole_number(self.cleaned_data["period"])
        return period if period and months.is_period(period) else ""

    @property
    def asked(self):
        """{name: text} of the filters that were given."""
        return {name: self.data[name] for name in ("q", "mine", "state", "unit", "period") if self.data.get(name)}
