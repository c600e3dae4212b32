"""What people type about an activity: what every record has, and the fields of its kind."""

import uuid

from django import forms
from django.utils import timezone

from activities import fields as kind_fields
from activities.access import people_to_choose
from activities.models import Participant
from activities.services.activities import Content
from teams.figures import decimal_text
from teams.forms import HIDDEN_SIGNS, HundredthsField, dated, day_field
from teams.models import User

MOST_FILES, MOST_ROWS = 9, 5
SEVERAL = ("choices", "people")
SHIFTS = [("", "不分班次"), ("day", "白班"), ("morning", "早班"), ("middle", "中班"), ("night", "夜班")]


class ActivityForm(forms.Form):
    """A record of a kind for a team or a unit; `content` is what the service takes once it is valid.

    `members` are {user: ticked} in order; `first` holds values of an earlier record to go on from.
    """

    key = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)
    title = forms.CharField(
        label="主题", max_length=100, error_messages={"required": "请写主题。", "max_length": "主题最多 100 个字。"}
    )
    date = day_field("日期")
    shift = forms.ChoiceField(
        label="班次", choices=SHIFTS, required=False, error_messages={"invalid_choice": "没有这个班次，请从列表里选。"}
    )
    place = forms.CharField(
        label="地点", max_length=60, required=False, error_messages={"max_length": "地点最多 60 个字。"}
    )
    host = forms.ModelChoiceField(
        User.objects.none(),
        label="主持人",
        required=False,
        error_messages={"invalid_choice": "主持人不在名单里，请重新选择。"},
    )
    minutes = forms.CharField(
        label="记录",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "记录最多 5000 个字。"},
    )
    hours = HundredthsField(label="学时", required=False, max_length=6)

    def __init__(self, *args, kind, unit, team, ticked=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        people = User.objects.filter(pk__in=people_to_choose(unit, team, timezone.localdate()).values("user"))
        self.people = list(people.order_by("employee_no"))
        self.fields["host"].queryset = people
        self.ticked = {user.pk for user in self.people} if ticked is None else ticked
        if not kind.hours:
            del self.fields["hours"]
        for field in kind.fields:
            self.fields[f"field-{field['key']}"] = form_field(field, people)

    @property
    def own_fields(self):
        """The bound fields of the kind, in order."""
        return [self[f"field-{field['key']}"] for field in self.kind.fields]

    @property
    def tick_rows(self):
        """(person, ticked) of everybody who may be ticked."""
        chosen = set(self.data.getlist("people")) if self.is_bound else None
        return [
            (user, str(user.pk) in chosen if chosen is not None else user.pk in self.ticked) for user in self.people
        ]

    def clean_date(self):
        return dated(self.cleaned_data["date"])

    def clean(self):
        values, problems = kind_fields.cleaned(self.kind.fields, self._typed())
        for key, sentence in problems.items():
            if f"field-{key}" not in self.errors:
                self.add_error(f"field-{key}", sentence)
        files = self.files.getlist("files") if self.files else []
        if len(files) > MOST_FILES:
            self.add_error(None, f"照片和附件最多 {MOST_FILES} 个，现在有 {len(files)} 个。")
        self.cleaned_data |= {"values": values, "files": files, "people": self._people()}
        self.cleaned_data |= {"resolutions": self._resolutions(), "follow_ups": self._follow_ups()}

    def _typed(self):
        """{key: text or list of what was typed} as activities/fields.py takes it; people as their ids."""
        typed = {}
        for field in self.kind.fields:
            value = self.cleaned_data.get(f"field-{field['key']}")
            if field["type"] == "person":
                value = value and value.pk
            elif field["type"] == "people":
                value = [user.pk for user in value] if value else None
            typed[field["key"]] = value
        return typed

    def _people(self):
        by_id = {str(user.pk): user for user in self.people}
        chosen = self.data.getlist("people")
        if set(chosen) - set(by_id):
            self.add_error(None, "参加人里有不在名单上的人，请刷新页面重新点名。")
        return {by_id[pk]: Participant.Part.MEMBER for pk in chosen if pk in by_id}

    def _resolutions(self):
        rows = []
        for number in range(1, MOST_ROWS + 1) if self.kind.votes else ():
            topic, text = (self._text(f"{name}-{number}") for name in ("topic", "resolution"))
            if topic or text:
                rows.append({"topic": topic, "text": text} | self._votes(number, topic and text))
        return rows

    def _votes(self, number, is_whole):
        if not is_whole:
            self.add_error(None, f"第 {number} 个议题：议题和决议都要写。")
        counts = {name: self._text(f"{name}-{number}") or "0" for name in ("agreed", "opposed", "abstained")}
        if not all(text.isascii() and text.isdigit() and int(text[:6]) <= 999 for text in counts.values()):
            self.add_error(None, f"第 {number} 个议题：票数要填 0 到 999 的整数。")
            return dict.fromkeys(counts, 0)
        return {name: int(text) for name, text in counts.items()}

    def _follow_ups(self):
        by_id, rows = {str(user.pk): user for user in self.people}, []
        for number in range(1, MOST_ROWS + 1):
            text, owner, due = (self._text(f"{name}-{number}") for name in ("todo", "owner", "due"))
            if not text:
                continue
            try:
                rows.append({"text": text[:200], "owner": by_id[owner], "due_on": forms.DateField().clean(due)})
            except (KeyError, forms.ValidationError):
                self.add_error(None, f"第 {number} 件跟进事项：要选负责人，写完成日期。")
        return rows

    def _text(self, name):
        text = self.data.get(name, "").strip()
        if "\x00" in text:
            self.add_error(None, f"填写的内容{HIDDEN_SIGNS}")
        return text.replace("\x00", "")[:500]

    def content(self, files):
        """The Content of a valid form with its stored files."""
        names = ("title", "date", "shift", "place", "host", "values", "minutes", "people", "resolutions", "follow_ups")
        facts = {name: self.cleaned_data[name] for name in names}
        hours = self.cleaned_data.get("hours")
        return Content(**facts, hours=self.kind.hours if hours is None else hours, photos=files)


def form_field(field, people):
    """The form field of a definition; its value is text, a list, or people among `people`."""
    options = {"label": field["label"], "required": False, "help_text": field.get("help", "")}
    if field["type"] in ("person", "people"):
        several = field["type"] == "people"
        kind = forms.ModelMultipleChoiceField if several else forms.ModelChoiceField
        wrong = {"invalid_choice": f"“{field['label']}”里的人不在名单里，请重新选择。", "invalid_list": "请重新选择。"}
        return kind(people, error_messages=wrong, **options)
    if field["type"] == "yes_no":
        options["widget"] = forms.RadioSelect(choices=[("yes", "是"), ("no", "否")])
    elif field["type"] == "choice":
        options["widget"] = forms.RadioSelect(choices=[(choice, choice) for choice in field["choices"]])
    elif field["type"] == "choices":
        wrong = {
            "invalid_choice": f"“{field['label']}”里有不在选项中的内容，请重新选择。",
            "invalid_list": "请重新选择。",
        }
        choices = [(choice, choice) for choice in field["choices"]]
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, error_messages=wrong, **options
        )
    else:
        options["widget"] = WIDGETS.get(field["type"], forms.TextInput)()
    wrong = {"null_characters_not_allowed": f"“{field['label']}”{HIDDEN_SIGNS}"}
    return forms.CharField(error_messages=wrong, **options)


def _decimal():
    return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


WIDGETS = {
    "long": lambda: forms.Textarea(attrs={"rows": 3}),
    "date": lambda: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    "time": lambda: forms.TimeInput(attrs={"type": "time"}),
    **dict.fromkeys(("whole", "number", "money", "seconds"), _decimal),
}


def first_values(fields, values):
    """What the form shows first of stored values: text as it was typed."""
    return {f"field-{field['key']}": _typed(field, values[field["key"]]) for field in fields if field["key"] in values}


def _typed(field, value):
    if field["type"] in ("number", "money"):
        return decimal_text(value)
    return ("yes" if value else "no") if field["type"] == "yes_no" else value
