"""Fields and small forms that the other form modules share: what people type, cleaned before any service sees it."""

from django import forms
from django.utils import timezone

from teams import periods, wording
from teams.figures import hundredths, whole_number
from teams.models import User

HIDDEN_SIGNS = "里有看不见的控制字符，请删掉后再提交。"
PICK_A_DATE = {"required": "请选择日期。", "invalid": "日期无效，请重新选择。"}


DIGITS = {"inputmode": "numeric", "autocomplete": "off"}
"""A line for a whole number without the arrows of a browser."""
CHOOSE = {"class": "form-select", "data-autosubmit": True}
"""A select that narrows a list at once."""
WRONG = wording.WRONG


def unknown_fields(names, prefix, known):
    """Posted names `<prefix><key>` or `<prefix><key>-...` whose key the form does not know: the page was out of date."""
    keys = {name: name.removeprefix(prefix).split("-")[0] for name in names if name.startswith(prefix)}
    return [name for name, key in keys.items() if key not in known]


def dated(date):
    """A typed date; refuses what is no date of a plant's life, such as the year 20. A validator of every day_field."""
    if not periods.is_period(periods.period_of(date)):
        raise forms.ValidationError("日期无效，请重新选择。")
    return date


def to_come(date):
    """The date of a day_field, which is not over."""
    if date < timezone.localdate():
        raise forms.ValidationError("日期已经过去了，请选今天或以后的日期。")
    return date


def day_field(label, **options):
    """A date of a plant's life with the browser's own picker."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, validators=[dated], error_messages=PICK_A_DATE, **options)


def text_field(label, most, *, verb="填", rows=0, **options):
    """A text of at most `most` signs: a line, or with `rows` several; `verb` stands in the sentence that asks for it."""
    errors = {
        "required": f"请{verb}{label}。",
        "max_length": f"{label}最多 {most} 个字。",
        "null_characters_not_allowed": f"{label}{HIDDEN_SIGNS}",
    }
    options |= {"widget": forms.Textarea(attrs={"rows": rows})} if rows else {}
    return forms.CharField(label=label, max_length=most, error_messages=errors, **options)


def choice_field(label, choices, **options):
    """One of `choices`."""
    errors = {"required": f"请选择{label}。", "invalid_choice": WRONG}
    return forms.ChoiceField(label=label, choices=choices, error_messages=errors, **options)


def whole_field(label, least, most, *, name="", **options):
    """A whole number in a range, refused with one sentence whatever is wrong; `name` stands in it where the label does not fit."""
    said = f"{name or label}请填 {least} 到 {most} 的整数。"
    errors = dict.fromkeys(("required", "invalid"), said)
    errors |= dict.fromkeys(("min_value", "max_value"), said.replace("%", "%%"))  # Django fills these two in
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages=errors, **options)


def posted_files(form, name, most, what="照片", counted="张", *, there=0):
    """The files that were posted with a form; more than `most`, with those `there` already, are an error of the form."""
    files = form.files.getlist(name) if form.files else []
    count = len(files) + there
    if count > most:
        form.add_error(None, f"{what}最多 {most} {counted}，现在有 {count} {counted}。")
    return files


class WordsField(forms.CharField):
    """A short text that may be left out; what cannot be searched for is refused in our own words."""

    default_error_messages = {
        "max_length": "搜索的内容太长，最多 %(limit_value)d 个字。",
        "null_characters_not_allowed": "搜索的内容里有看不见的控制字符，请删掉后再搜。",
    }

    def __init__(self, **options):
        super().__init__(required=False, **options)


class SearchForm(forms.Form):
    """Words to search a list for."""

    q = WordsField(max_length=60)


def choice_filter(choices=(), wrong=WRONG, **options):
    """A filter of a list by one of `choices`, which begin with what is shown without it."""
    return forms.ChoiceField(
        choices=choices,
        required=False,
        widget=forms.Select(attrs=CHOOSE),
        error_messages={"invalid_choice": wrong},
        **options,
    )


def model_filter(rows, every, wrong=WRONG, **options):
    """A filter of a list by one of `rows`; `every` says what is shown without it."""
    return forms.ModelChoiceField(
        rows,
        empty_label=every,
        required=False,
        widget=forms.Select(attrs=CHOOSE),
        error_messages={"invalid_choice": wrong},
        **options,
    )


def year_filter(wrong="没有这一年，请从列表里选。", **options):
    """A filter of a list by one of the years that the form sets."""
    return forms.TypedChoiceField(
        required=False,
        coerce=int,
        widget=forms.Select(attrs=CHOOSE),
        error_messages={"invalid_choice": wrong},
        **options,
    )


class HundredthsField(forms.CharField):
    """A decimal of at most two places that cleans to integer hundredths (or fen)."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return hundredths(text)
        except ValueError as error:
            raise forms.ValidationError(f"{error}，请写成 12.50 这样。") from error


class TickedField(forms.ModelMultipleChoiceField):
    """Some rows of a list, ticked; an id that no row can have never reaches the database, whose numbers end somewhere."""

    def clean(self, value):
        for pk in value if isinstance(value, list | tuple) else ():
            if not whole_number(str(pk)):
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], params={"pk": pk})
        return super().clean(value)


class PersonField(forms.ModelChoiceField):
    """Somebody, with the number that tells people of one name apart."""

    def label_from_instance(self, obj):
        return f"{obj.name}（{obj.employee_no}）"


def person_field(label, wrong="", **options):
    """Somebody of a list that the form sets; `wrong` is said of others."""
    errors = {"required": f"请选择{label}。", "invalid_choice": wrong or f"{label}不在名单里，请重新选择。"}
    options = {"empty_label": "请选择"} | options
    return PersonField(User.objects.none(), label=label, error_messages=errors, **options)


def offer_units(form, units):
    """Let a form choose its `unit` among `units`; None takes the field away."""
    if units is None:
        del form.fields["unit"]
    else:
        form.fields["unit"].queryset = units


class WorkbookForm(forms.Form):
    """An uploaded workbook."""

    file = forms.FileField(
        label="工作簿（.xlsx）",
        error_messages={"required": "请先选择文件。", "empty": "文件是空的，请检查后重新选择。"},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class OtherVersionForm(forms.Form):
    """The other version of a comparison, of those that belong together."""

    other = forms.ModelChoiceField(
        label="和哪一版比",
        queryset=None,
        empty_label=None,
        error_messages={"invalid_choice": "选的版本不在可以比较的范围里，请重新选择。", "required": "请选择一个版本。"},
    )

    def __init__(self, *args, versions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = versions


class ReasonForm(forms.Form):
    """One sentence of reason or question."""

    reason = forms.CharField(
        label="原因",
        max_length=200,
        error_messages={
            "required": "请写明原因。",
            "max_length": "原因最多 200 字。",
            "null_characters_not_allowed": "原因里有看不见的控制字符，请删掉后再提交。",
        },
    )
