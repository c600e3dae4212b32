"""A serial number as it is read off a sheet of paper and typed with a thumb."""

import re
import unicodedata

from django import forms

from bulletins.models import Bulletin

EXAMPLE = "202610J0012-1"
TAKEN_FOR = str.maketrans("OIL—–‐−", "011----")
"""What is taken for another sign on paper, or typed instead of it; a serial holds none of them."""
SERIAL = re.compile(r"\d{6}[A-Z]U?\d+(-\d+){1,2}")
EXPECTED = Bulletin._meta.get_field("serial").max_length
BOARDS = Bulletin.objects.select_related("unit", "team", "closing").prefetch_related("corrections")


class SerialForm(forms.Form):
    """The serial of a board, in whatever case, width and grouping; cleans to its Bulletin."""

    serial = forms.CharField(
        label="编号",
        max_length=200,
        error_messages={"required": "请输入编号。", "max_length": "编号没有这么长，请只输“编号”后面那一串。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_serial(self):
        serial = normal(self.cleaned_data["serial"])
        bulletin = BOARDS.filter(serial=serial).first()
        if bulletin is None:
            raise forms.ValidationError(
                f"没有编号是 {serial[:EXPECTED]} 的榜。请对照纸上再输一次，连最后的版次（如 -1）一起输；编号没有输错，"
                f"这张纸就不是从这里张出来的，请告诉单位负责人或审计员。"
            )
        return bulletin


def normal(text):
    """``normal("编号： 202610j ００12－1") == "202610J0012-1"``; what stands around a serial, as in an address, is left out."""
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split()).translate(TAKEN_FOR)
    found = SERIAL.search(plain)
    return found.group() if found else plain
