import pytest
from tests.access.test_markup import marked, Elements, PAGES, SHOWING, url_of
pytestmark = pytest.mark.django_db
def test_it(marked, client):
    client.force_login(marked.chief)
    for page in PAGES:
        if any(w in page.name for w in ("expense", "award", "incentives:reserve")):
            r = client.get(url_of(marked, page), follow=True)
            html = r.content.decode()
            assert r.status_code == 200, page
            assert Elements(html).foreign == [], page.name
            assert "&lt;xss" in html or page.name not in SHOWING, page.name
