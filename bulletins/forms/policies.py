from django import forms

from bulletins.models import BoardPolicy, Bulletin
from bulletins.policies import notice_days
from teams.forms import whole_field


class PolicyForm(forms.Form):
    """How a unit posts; begins with what holds now."""

    bonus_mode = forms.ChoiceField(
        label="奖金表给谁看",
        choices=BoardPolicy.BonusMode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选奖金表给谁看。", "invalid_choice": "请从列出的几种里选奖金表给谁看。"},
    )
    mask_names = forms.BooleanField(label="外班组的人看到的姓名打码（张*）", required=False)
    publish_on_posting = forms.BooleanField(label="奖金入账后自动张榜，不用再点一次", required=False)
    restart_notice = forms.BooleanField(label="更正后另出一版，公示期重新算", required=False)
    anonymous_objections = forms.BooleanField(label="答复异议的人看不到是谁提的", required=False)
    accept_days = whole_field("几个工作日内受理异议", 1, 30)
    answer_days = whole_field("几个工作日内答复异议", 1, 60)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, policy, **kwargs):
        super().__init__(*args, **kwargs)
        plain = ("bonus_mode", "mask_names", "publish_on_posting", "restart_notice", "anonymous_objections")
        self.initial |= {name: getattr(policy, name) for name in (*plain, "accept_days", "answer_days")}
        for kind, label in Bulletin.Kind.choices:
            self.fields[f"days_{kind}"] = whole_field(label, 1, 30)
            self.initial[f"days_{kind}"] = notice_days(policy, kind)

    def day_fields(self):
        """The bound fields of the notice periods, one a kind of board."""
        return [self[f"days_{kind}"] for kind in Bulletin.Kind.values]

    def chosen(self):
        """The cleaned fields as a BoardPolicy keeps them."""
        days = {kind: self.cleaned_data[f"days_{kind}"] for kind in Bulletin.Kind.values}
        plain = {name: value for name, value in self.cleaned_data.items() if not name.startswith("days_")}
        plain.pop("seen")
        return plain | {"notice_days": days}
