"""Form fields made from the definitions of a kind (activities/fields.py)."""

from django import forms

from activities import fields as kind_fields
from teams.figures import decimal_text
from teams.forms import HIDDEN_SIGNS, PersonField, TickedField


class PeopleField(TickedField):
    """Some of the people who are there, ticked."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj):
        return obj.name


def name_of(field):
    """What the form field of a definition is called."""
    return f"field-{field['key']}"


def form_field(field, people, *, as_draft=False):
    """The form field of a definition; its value is text, a list, or people among `people`. A draft may leave out anything."""
    unit = f"（{field['unit']}）" if field.get("unit") else ""
    options = {"label": f"{field['label']}{unit}", "help_text": field.get("help", "")}
    options |= {"required": bool(field.get("required")) and not as_draft}
    if field["type"] in kind_fields.PEOPLE:
        return _of_people(field, people, options)
    if field["type"] == "choices":
        wrong = f"“{field['label']}”里有不在选项中的内容，请重新选择。"
        return forms.MultipleChoiceField(
            choices=_same(field["choices"]),
            widget=forms.CheckboxSelectMultiple,
            error_messages=_missing(field) | {"invalid_choice": wrong, "invalid_list": wrong},
            **options,
        )
    wrong = _missing(field) | {"null_characters_not_allowed": f"“{field['label']}”{HIDDEN_SIGNS}"}
    return forms.CharField(error_messages=wrong, widget=_widget(field), **options)


def _of_people(field, people, options):
    wrong = f"“{field['label']}”里的人不在名单里，请重新选择。"
    messages = _missing(field) | dict.fromkeys(("invalid_choice", "invalid_pk_value", "invalid_list"), wrong)
    if field["type"] == "person":
        return PersonField(people, empty_label="请选择", error_messages=messages, **options)
    return PeopleField(people, error_messages=messages, **options)


def _missing(field):
    return {"required": f"“{field['label']}”还没有填。"}


def _widget(field):
    if field["type"] == "yes_no":
        return forms.RadioSelect(choices=[("yes", "是"), ("no", "否")])
    if field["type"] == "choice":
        return forms.RadioSelect(choices=_same(field["choices"]))
    return WIDGETS.get(field["type"], forms.TextInput)()


def _same(choices):
    return [(choice, choice) for choice in choices]


def _figure():
    return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


WIDGETS = {
    "long": lambda: forms.Textarea(attrs={"rows": 3}),
    "date": lambda: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    "time": lambda: forms.TimeInput(attrs={"type": "time"}),
    **dict.fromkeys(("whole", "number", "money", "seconds"), _figure),
}


def first_values(fields, values):
    """What the form shows first of stored values: text as it was typed."""
    return {name_of(field): _typed(field, values[field["key"]]) for field in fields if field["key"] in values}


def _typed(field, value):
    if field["type"] in ("number", "money"):
        return decimal_text(value)
    return ("yes" if value else "no") if field["type"] == "yes_no" else value
