"""What people type about practice cards."""

from django import forms

from activities.models import Practice
from teams.forms import WordsField, WorkbookForm, choice_filter, offer_units, text_field
from teams.models import Unit

OLD_PAGE = "页面已经旧了，请刷新后重做。"


def unit_field(**options):
    errors = {"required": "请选择单位。", "invalid_choice": "这个单位的卡您不能写，请重新选择。"}
    return forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label=None, error_messages=errors, **options)


class CardForm(forms.Form):
    """A card; `units` are those for which the person writes cards, left out where a card exists."""

    unit = unit_field()
    trade = text_field("专业", 30, required=False, help_text="如：锅炉。大家都要会的不填。")
    question = text_field("题目", 300)
    answer = text_field("答案", 1000, rows=4)

    def __init__(self, *args, units=None, **kwargs):
        super().__init__(*args, **kwargs)
        offer_units(self, units)


class CardImportForm(WorkbookForm):
    unit = unit_field()
    field_order = ["unit", "file"]

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].initial = units.first()


class AnswerForm(forms.Form):
    """What somebody says about the card that the page showed."""

    card = forms.ModelChoiceField(
        None, error_messages=dict.fromkeys(("required", "invalid_choice"), "这张卡已经停用，请做下一张。")
    )
    result = forms.ChoiceField(
        choices=Practice.Result.choices,
        error_messages={"required": "请选会、不熟还是不会。", "invalid_choice": OLD_PAGE},
    )

    def __init__(self, *args, cards, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["card"].queryset = cards


class TradeForm(forms.Form):
    """Which trade's cards to practise; `trades` are those that cards name."""

    trade = choice_filter()

    def __init__(self, *args, trades, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        self.fields["trade"].choices = [("", "全部专业"), *((trade, trade) for trade in trades)]


class CardFilterForm(TradeForm):
    """Filters of the list of cards."""

    q = WordsField(max_length=60)
    retired = forms.BooleanField(required=False)
