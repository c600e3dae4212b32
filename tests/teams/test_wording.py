"""No field of any form answers nonsense in the words of Django."""

import copy
import importlib
import pkgutil

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import gettext

from teams import wording
from tests import factories as make

OURS = ("teams", "bulletins", "activities", "assessments", "incentives")
NONSENSE = ("\0", "x\0", "x", "-1", "9" * 40, "2026-13-45")
FOREIGN = (
    "Null characters are not allowed.",
    "Select a valid choice. %(value)s is not one of the available choices.",
    "Select a valid choice. That choice is not one of the available choices.",
    "“%(pk)s” is not a valid value.",
    "Enter a list of values.",
    "Enter a valid date.",
    "Enter a whole number.",
    "Enter a valid UUID.",
    "No file was submitted. Check the encoding type on the form.",
)


def forms_of_ours():
    """Every form class of the product."""
    for app in OURS:
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".forms" in module.name:
                importlib.import_module(module.name)
    waiting, found = [forms.BaseForm], set()
    while waiting:
        waiting += (below := waiting.pop().__subclasses__())
        found.update(row for row in below if row.__module__.split(".")[0] in OURS and hasattr(row, "base_fields"))
    return found


def refusals(field):
    """What a field says to each piece of nonsense; a list is offered to a field for several."""
    several = isinstance(field, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField))
    for nonsense in NONSENSE:
        if hasattr(field, "queryset") and field.queryset is None:
            continue
        try:
            field.clean([nonsense] if several else nonsense)
        except ValidationError as error:
            yield from (str(row.message) for row in error.error_list)


def in_words_of_django():
    foreign = {gettext(sentence) for sentence in FOREIGN}
    for form in forms_of_ours():
        for name, field in form.base_fields.items():
            said = foreign & set(refusals(copy.deepcopy(field)))
            if said:
                yield f"{form.__module__}.{form.__name__}.{name}", said


@pytest.mark.django_db
def test_every_field_refuses_nonsense_in_our_words():
    assert len(forms_of_ours()) > 100
    assert dict(in_words_of_django()) == {}


@pytest.mark.django_db
def test_control_a_field_in_the_words_of_django_is_found():
    wordy = forms.ChoiceField(error_messages={"invalid_choice": gettext(FOREIGN[1])})
    assert gettext(FOREIGN[1]) in set(refusals(wordy))


def test_a_field_with_its_own_sentence_keeps_it():
    field = forms.DateField(error_messages={"invalid": "哪一天？"})
    with pytest.raises(ValidationError, match="哪一天？"):
        field.clean("x")
    assert settings.LANGUAGE_CODE == "zh-hans"
    upload = SimpleUploadedFile("a.txt", b"x")
    assert forms.FileField().clean(upload) is upload


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["activities:duties", "activities:ideas", "activities:elections", "activities:activities"]
)
def test_a_filter_with_a_hidden_sign_gets_a_sentence(client, name):
    client.force_login(make.make_member(make.make_team(), "leader"))
    answer = client.get(reverse(name), {"team": "\0"})
    assert answer.status_code == 200
    assert wording.HIDDEN in answer.content.decode()
