"""Fixtures for tests in a real browser: Chromium, driven by Playwright against the live server.

    @pytest.mark.browser
    def test_leader_records_a_shift(phone_page):
        phone_page.goto("/")
        assert axe(phone_page) == []

A page fails its test if the console showed an error or the content security policy was broken. A test that provokes
such errors empties the list itself: ``page.problems.clear()``. That a page was left while it still sent something, as an
autosave may, is no error: the form that is sent has it all.
"""

import os
import shutil
from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings
from django.test import Client

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1366, "height": 900}}
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there is taken; the first of them is a fifth faster, for it has no windows to draw."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync", "--js-flags=--no-opt --no-maglev"]
"""A script lives as long as its page, a second or two: compiling it for speed takes longer than it saves."""
GIVEN_UP = ("htmx:sendAbort", "htmx:afterRequest")
"""What htmx says when a page is left during a request. A request that fails is told as htmx:sendError or :responseError too."""
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert executable, "Chromium is missing. As root: apt-get install chromium-headless-shell fonts-noto-cjk"
    # Playwright keeps an event loop in this thread, which Django would otherwise take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium, live_server):
    """Opens pages, each in a context of its own, i.e. as another person: ``new_page(PHONE, user=leader)``."""
    pages = []

    def open_page(device, user=None):
        context = chromium.new_context(
            base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **device
        )
        context.add_init_script(AXE)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.site, page.problems = live_server.url, []
        pages.append(page)
        page.on("console", lambda message: is_error(message) and page.problems.append(message.text))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        if user:
            sign_in(page, user)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert [problem for page in pages for problem in page.problems] == []


@pytest.fixture
def phone_page(new_page):
    return new_page(PHONE)


@pytest.fixture
def desktop_page(new_page):
    return new_page(DESKTOP)


def is_error(message):
    return message.type == "error" and not message.text.startswith(GIVEN_UP)


def sign_in(page, user):
    """Give the page's context a session of `user` without walking through the sign-in form."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": session.key, "value": session.value, "url": page.site}])


def axe(page, part=None, colours=True):
    """The serious and critical accessibility violations of the page (or of the part with this selector), one sentence each.

    The contrast of `colours` takes two thirds of the time.
    """
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}}
    run = "([part, options]) => axe.run(part || document, options).then(results => results.violations)"
    violations = page.evaluate(run, [part, options])
    return [
        f"{violation['id']}: {violation['help']}: {', '.join(node['html'] for node in violation['nodes'])}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ]
