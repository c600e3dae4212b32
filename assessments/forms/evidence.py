"""Filters of the lists of evidence, and which records somebody picked."""

from django import forms

from activities.models import ActivityKind
from teams.forms import SearchForm, TickedField, choice_filter, model_filter


class LinesForm(SearchForm):
    """Words, and whether only lines without evidence are shown."""

    show = choice_filter([("", "全部小项"), ("lacking", "还没有佐证的")])


class RecordsForm(SearchForm):
    """Words and the kind of the records to pick from, which are those of `records`."""

    kind = model_filter(ActivityKind.objects.none(), "全部种类", wrong="没有这个种类，请从列表里选。")

    def __init__(self, *args, records, **kwargs):
        super().__init__(*args, auto_id=False, **kwargs)
        kinds = records.order_by().values("kind")
        self.fields["kind"].queryset = ActivityKind.objects.filter(pk__in=kinds)


class PickForm(forms.Form):
    """The records that somebody ticked, among those that may be picked."""

    records = TickedField(
        None,
        error_messages={
            "required": "请先勾选记录。",
            "invalid_choice": "选的记录里有看不到的或已作废的，请刷新页面重新选。",
            "invalid_pk_value": "选的记录不对，请刷新页面重新选。",
            "invalid_list": "选的记录不对，请刷新页面重新选。",
        },
    )

    def __init__(self, *args, records, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["records"].queryset = records
