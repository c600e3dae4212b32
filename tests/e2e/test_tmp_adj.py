import pytest

from tests.browser import DESKTOP, PHONE
from tests.e2e import test_pages as t

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_mine(new_page):
    plant = t.Plant()
    names = ("clause", "adjust", "payslip", "explain", "distribution")
    pages = {role: [p for p in found if any(n in p for n in names)] for role, found in t.PAGES.items()}
    for device in (PHONE, DESKTOP):
        t.visit_all(pages, plant.people, plant.address, device, new_page)
