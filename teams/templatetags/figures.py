"""Template filters that turn stored integers into what people read."""

import json

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.text import Truncator

from teams import figures, periods, phones, security

register = template.Library()
register.filter("points", figures.decimal_text)
register.filter("short", figures.short_text)
register.filter("yuan", figures.yuan_text)
register.filter("signed", figures.signed_text)
register.filter("signed_points", figures.signed_yuan_text)
register.filter("signed_yuan", figures.signed_yuan_text)
register.filter("coefficient", figures.coefficient_text)
register.filter("capital_yuan", figures.capital_yuan)
register.filter("month", periods.label)
register.filter("masked_phone", phones.masked)
register.simple_tag(security.profile, name="security_profile")


@register.filter
def item(mapping, key):
    """``mapping[key]`` for keys that are variables; None when missing."""
    return mapping.get(key)


@register.filter
@stringfilter
def shortened(text, length):
    """At most this many characters of the text, with …… at the end where something is left out."""
    return Truncator(text).chars(length, truncate="……")


@register.filter("json")
def as_json(value):
    """A kept value as readable JSON."""
    return json.dumps(value, ensure_ascii=False)
