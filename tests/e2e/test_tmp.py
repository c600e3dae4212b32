import pytest
from tests.browser import PHONE, DESKTOP
from tests.e2e.test_pages import Plant
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
def test_shots(new_page):
    plant = Plant()
    page = new_page(PHONE, user=plant.people["manager"])
    page.goto(plant.address("assessments:score team PERIOD"))
    page.get_by_role("button", name="选择班组").tap()
    page.wait_for_timeout(300)
    page.screenshot(path="/tmp/shots/x1.png")
    page.get_by_role("button", name="选择月份").tap()
    page.wait_for_timeout(300)
    page.screenshot(path="/tmp/shots/x2.png")
