from django import forms

from bulletins.tables import Audience
from teams.access import access_of
from teams.forms.papers import text_field

AUDIENCES = [
    (Audience.TEAM, "本班组的人（整个单位的通知不能选）"),
    (Audience.UNIT, "本单位的人"),
    (Audience.SIGNED_IN, "登录的人"),
    (Audience.PUBLIC, "所有人，不登录也能看"),
]


class NoticeForm(forms.Form):
    """A notice to be posted: where, to whom and what."""

    key = forms.RegexField(
        r"\A[0-9a-f]{12}\Z", widget=forms.HiddenInput, error_messages={"invalid": "请刷新页面再发。"}
    )
    place = forms.ChoiceField(
        label="哪里的通知",
        error_messages={
            "required": "请选是哪个单位或班组的通知。",
            "invalid_choice": "这个单位或班组的通知不归您发，请重新选。",
        },
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
    days = forms.IntegerField(
        label="张贴几个工作日",
        min_value=1,
        max_value=30,
        initial=3,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "张贴几个工作日请填 1 到 30 的整数。"
        ),
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

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("place", "").startswith("unit-") and cleaned.get("audience") == Audience.TEAM:
            self.add_error("audience", "整个单位的通知请选本单位的人、登录的人或所有人。")
        return cleaned

    @property
    def chosen_place(self):
        """{"unit": Unit} or {"team": Team}."""
        return self.places[self.cleaned_data["place"]]
