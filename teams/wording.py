"""What a field of a form says where its form says nothing of its own: our sentences in place of those of Django."""

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

HIDDEN = "里面有看不见的控制字符，请删掉后再试。"
WRONG = "没有这一项，请从列表里选。"
OUTDATED = "页面放得太久，请刷新后再试。"
SENTENCES = {
    forms.ChoiceField: {"invalid_choice": WRONG},
    forms.MultipleChoiceField: {"invalid_choice": WRONG, "invalid_list": WRONG},
    forms.ModelChoiceField: {"invalid_choice": WRONG},
    forms.ModelMultipleChoiceField: {"invalid_choice": WRONG, "invalid_list": WRONG, "invalid_pk_value": WRONG},
    forms.DateField: {"invalid": "日期无效，请写成 2026-10-05 这样。"},
    forms.IntegerField: {"invalid": "请填整数。"},
    forms.UUIDField: {"invalid": OUTDATED},
    forms.FileField: {"invalid": "没有收到文件，请重新选择。"},
}


def put_in_place():
    """Give the fields these sentences; a field with its own error_messages keeps them."""
    for field, sentences in SENTENCES.items():
        field.default_error_messages = field.default_error_messages | sentences
    ProhibitNullCharactersValidator.message = HIDDEN
