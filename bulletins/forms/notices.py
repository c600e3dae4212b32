from django import forms
from django.core import signing

from bulletins.notice_sheets import read_table
from bulletins.services.notices import BY_HAND
from bulletins.tables import Audience
from teams.access import access_of
from teams.forms import text_field, whole_field
from teams.workbooks import WorkbookRefused, read_workbook

AUDIENCES = [
    (Audience.TEAM, "本班组的人（整个单位的通知不能选）"),
    (Audience.UNIT, "本单位的人"),
    (Audience.SIGNED_IN, "登录的人"),
    (Audience.PUBLIC, "所有人，不登录也能看"),
]
PACKED = "bulletins.notice.table"
"""Salt of the table that a page carries from one look to the next."""


class NoticeForm(forms.Form):
    """A notice to be posted: where, to whom and what. `read` is the table, signed, of a file that was looked at before."""

    read = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.RegexField(
        r"\A[0-9a-f]{12}\Z", widget=forms.HiddenInput, error_messages={"invalid": "请刷新页面再发。"}
    )
    place = forms.ChoiceField(
        label="张在哪里",
        error_messages={
            "required": "请选是哪个单位或班组的通知。",
            "invalid_choice": "这个单位或班组的通知不归您发，请重新选。",
        },
    )
    kind = forms.ChoiceField(
        label="张什么榜",
        choices=[(kind.value, kind.label) for kind in BY_HAND],
        initial=BY_HAND[0],
        required=False,
        error_messages={"invalid_choice": "没有这种榜，请从列表里选。"},
    )
    title = text_field("标题", 60, help_text="标题谁都看得到，不要写姓名和金额。")
    text = text_field("正文", 2000, widget=forms.Textarea(attrs={"rows": 8}))
    audience = forms.TypedChoiceField(
        label="正文给谁看",
        choices=AUDIENCES,
        coerce=int,
        initial=Audience.UNIT,
        error_messages={"required": "请选给谁看。", "invalid_choice": "请从列出的几种里选给谁看。"},
    )
    days = whole_field("张贴几个工作日", 1, 30, initial=3)
    file = forms.FileField(
        label="名单或成绩表（.xlsx，可不传）",
        required=False,
        help_text="第一行是列名（最多 8 列），下面一行一条（最多 300 行）；正文给谁看，表就给谁看。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"empty": "文件是空的，请检查后重新选择。"},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        access = access_of(user)
        units, teams = access.units("board.notice"), access.teams("board.notice").select_related("unit")
        self.places = {f"unit-{unit.pk}": {"unit": unit} for unit in units}
        self.places |= {f"team-{team.pk}": {"team": team} for team in teams}
        self.fields["place"].choices = [
            *((f"unit-{unit.pk}", f"{unit}（整个单位）") for unit in units),
            *((f"team-{team.pk}", f"{team.unit} · {team.name}") for team in teams),
        ]

    def clean_kind(self):
        return self.cleaned_data["kind"] or BY_HAND[0]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("place", "").startswith("unit-") and cleaned.get("audience") == Audience.TEAM:
            self.add_error("audience", "整个单位的通知请选本单位的人、登录的人或所有人。")
        if cleaned.get("place", "").startswith("team-") and cleaned.get("kind") not in (None, BY_HAND[0]):
            self.add_error("kind", "评选公示、命名公告和竞赛评比板由单位张，请在“张在哪里”里选单位。")
        cleaned["table"] = self._table(cleaned.get("file"), cleaned.get("read"))
        return cleaned

    def _table(self, upload, packed):
        try:
            if upload:
                return read_table(read_workbook(upload))
            return signing.loads(packed, salt=PACKED) if packed else None
        except WorkbookRefused as error:
            self.add_error("file", str(error))
        except signing.BadSignature:
            self.add_error("file", "读入的名单不完整，请重新选文件。")

    def packed(self):
        """The table of the valid form for `read`; an empty text when there is none."""
        table = self.cleaned_data["table"]
        return signing.dumps(table, salt=PACKED, compress=True) if table else ""

    @property
    def chosen_place(self):
        """{"unit": Unit} or {"team": Team}."""
        return self.places[self.cleaned_data["place"]]
