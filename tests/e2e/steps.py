"""Steps that people take in a browser. Every page they come to is looked at before they go on."""

import io
from contextlib import contextmanager

import pytest
from django.urls import reverse
from hypothesis import settings
from PIL import Image
from playwright.sync_api import expect

from tests.browser import DESKTOP, PHONE, axe


def _by_day(device, other):
    """A journey on one device by day and on both at night."""
    names = {id(PHONE): "phone", id(DESKTOP): "desktop"}
    at_night = pytest.param(other, id=names[id(other)], marks=pytest.mark.nightly)
    return pytest.mark.parametrize("device", [pytest.param(device, id=names[id(device)]), at_night])


ON_THE_PHONE = _by_day(PHONE, DESKTOP)
"""A journey that people make with the phone; at night it is made at the desk, too."""
AT_THE_DESK = _by_day(DESKTOP, PHONE)


MEASURES = "[document.querySelectorAll('h1').length, document.documentElement.scrollWidth, innerWidth]"


def problems_of(page, colours=True):
    """What no page may have, whoever opens it: accessibility violations, a wrong number of h1, sideways scrolling."""
    headings, wide, room = page.evaluate(MEASURES)
    width = page.viewport_size["width"]
    found = axe(page, colours=colours)
    if headings != 1:
        found.append(f"{headings} h1")
    if wide > width or room > width:
        found.append(f"{max(wide, room)} px wide on a screen of {width}")
    return found


LAYOUT = "[innerWidth, ...[...document.querySelectorAll('h2, label, button, th')].map(part => part.textContent)].join()"
"""What tells pages apart that are not the same page again with other words in it."""


def photo_file(name="现场.jpg", colour=(120, 60, 30)):
    """A small JPEG as a file chooser would hand it over."""
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(buffer, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


class Visitor:
    """A person at a device. Those who share what is `seen` do not look twice at the same headings, fields and buttons.

    The contrast of `colours` is looked at on every page by test_pages; on the way of a journey (None) at night.
    """

    def __init__(self, page, colours=None, seen=None):
        self.page, self.seen = page, seen
        self.colours = settings.get_current_profile_name() == "nightly" if colours is None else colours

    def look(self):
        """Note what is wrong with this page; it fails the test when the journey is over, like an error in the console."""
        if self.seen is not None:
            layout = self.page.evaluate(LAYOUT)
            if layout in self.seen:
                return
            self.seen.add(layout)
        self.page.problems += [f"{self.page.url}: {problem}" for problem in problems_of(self.page, self.colours)]

    def open(self, name, *arguments):
        """Go to the page of this URL name, or to a path."""
        path = name if "/" in name else reverse(name, args=arguments)
        answer = self.page.goto(path)
        assert answer.ok, f"{path}: {answer.status}"
        self.look()

    @contextmanager
    def arriving(self):
        """What is done inside leads to another page."""
        with self.page.expect_navigation():
            yield
        self.look()

    def follow(self, name):
        with self.arriving():
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def press(self, name):
        with self.arriving():
            self.page.get_by_role("button", name=name, exact=True).click()

    def agree(self, name, question):
        """Press a button that asks first, read the question in the dialog, and say yes."""
        self.page.get_by_role("button", name=name, exact=True).click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_contain_text(question)
        assert axe(self.page, "dialog") == []
        with self.arriving():
            dialog.get_by_role("button", name=name, exact=True).click()

    def choose_file(self, button, file):
        """Pick a file with the button or field of this name."""
        with self.page.expect_file_chooser() as chooser:
            button.click()
        chooser.value.set_files(file)

    def reads(self, *texts):
        """Every text stands on the page."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def row(self, name):
        """The table row of somebody or something."""
        return self.page.get_by_role("row").filter(has=self.page.get_by_role("rowheader").filter(has_text=name))

    def sign_in(self, employee_no, password):
        self.open("login")
        self.page.get_by_label("工号").fill(employee_no)
        self.page.get_by_label("密码").fill(password)
        self.press("登录")

    def sign_in_for_the_first_time(self, employee_no, issued, own):
        """With the password on paper, which only leads to choosing an own one."""
        self.sign_in(employee_no, issued)
        self.reads("先设一个自己的密码")
        self.open("home")
        assert self.page.url.endswith("/password/")
        for field, password in zip(self.page.locator("input[type=password]").all(), (issued, own, own), strict=True):
            field.fill(password)
        self.press("保存新密码")
        self.reads("密码已修改")


class Sheet:
    """The check sheet."""

    def __init__(self, page):
        self.page = page

    def row(self, code):
        return self.page.locator(".check-row").filter(has=self.page.get_by_text(code, exact=True))

    def deviate(self, chapter, code, *, points, person="", note="", photo=None):
        """Mark a criterion as not in order and say what is wrong."""
        row = self.row(code)
        if not row.is_visible():
            self.page.locator("summary", has_text=chapter).click()
        row.locator(".check-label").click()
        row.locator("input[type=number]").fill(points)
        if person:
            row.locator("select").select_option(label=person)
        row.get_by_label("说明").fill(note)
        if photo:
            row.locator("input[type=file]").set_input_files(photo)
            expect(row.locator(".photo-list li")).to_have_count(1)
