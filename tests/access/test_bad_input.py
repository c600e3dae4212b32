"""Whatever people, scripts or broken phones type: it is stored as typed or refused with a sentence, never a server error.

tests/access/forms.py lists every field; the nasty texts are tried in each, and Hypothesis makes up more of them.
"""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teams import periods
from tests.access.forms import FIELDS, arriving, send
from tests.access.world import client_of
from tests.sampling import by_turns

pytestmark = pytest.mark.django_db

NASTY = {
    "nothing": "",
    "spaces": "  \t ",
    "NUL": "a\0b",
    "only NUL": "\0",
    "lone surrogate": "\ud800",
    "a hundred thousand signs": "字" * 100_000,
    "negative": "-5",
    "huge": "9" * 30,
    "more digits than Python converts": "9" * 5000,
    "beyond the exponent": "1e9999999",
    "exponent": "1e5",
    "not a number": "NaN",
    "signalling": "sNaN",
    "infinity": "-Infinity",
    "three decimals": "0.005",
    "underscores": "1_0",
    "Chinese digits": "一二三",
    "full-width digits": "１２",
    "raised digit": "²",
    "Arabic digits": "٣",
    "month of raised digits": "²⁰²⁶-¹⁰",
    "impossible month": "2026-13",
    "impossible day": "2026-02-30",
    "year one": "0001-01-01",
    "far future": "9999-12-31",
    "formula": "=1+1",
    "markup": "<script>alert(1)</script>",
    "emoji": "👷‍♂️🔥",
    "right to left": "\u202eabc",
    "line breaks": "a\r\nb",
    "quotes": "'; DROP TABLE teams_team; --",
    "template": "{{ settings.SECRET_KEY }}",
    "path": "../../etc/passwd",
}


def judge(world, field, typed):
    answer = send(world, field, typed)
    assert answer.status in (200, 404)
    assert answer.accepted != answer.refused
    if answer.accepted:
        assert answer.stored == field.meaning(arriving(typed))
    else:
        assert answer.writes == []


def tried():
    """Every field with every text; by day one in twenty-four, so that each field and each text has its turn."""
    for place, name in enumerate(FIELDS):
        for number, kind in enumerate(NASTY):
            marks = pytest.mark.nightly if (place + number) % 24 else ()
            yield pytest.param(name, kind, id=f"{name}-{kind}", marks=marks)


@pytest.mark.parametrize(("name", "kind"), list(tried()))
def test_a_nasty_text_is_stored_as_typed_or_refused(world, name, kind):
    judge(world, FIELDS[name], NASTY[kind])


anything = st.one_of(
    st.text(max_size=40),
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(allow_nan=True, places=3).map(str),
    st.floats().map(repr),
    st.dates().map(str),
    st.from_regex(r"\d{1,4}[-/年.]\d{1,3}月?", fullmatch=True),
)


@pytest.mark.parametrize("name", by_turns(FIELDS, 8))
def test_made_up_texts_are_stored_as_typed_or_refused(world, name):
    @given(typed=anything)
    @settings(max_examples=6, suppress_health_check=list(HealthCheck))
    def check(typed):
        judge(world, FIELDS[name], typed)

    check()


def next_month():
    return periods.first_day(periods.shift(periods.current_period(), 1))


def test_control_a_right_value_is_accepted(world):
    right = {"veto": "发生轻伤", "sheet points": "1.5", "pool": "12.50", "overtime": "8", "attendance code": "夜"}
    right |= {
        "standard month": f"{next_month():%Y-%m}",
        "sheet note": "正常",
        "sheet shift": "morning",
        "inspection kind": "mutual",
    }
    assert [name for name, typed in right.items() if not send(world, FIELDS[name], typed).accepted] == []


# -- Addresses and query strings -----------------------------------------------------------------------------------------

QUERIES = {
    # address: the parameters, and what the page says when one of them is no sensible filter
    "/boards/": (["unit", "period", "kind"], "没有符合条件的公告"),
    "/trail/": (["since", "until"], "alert-danger"),
}
FREE = {"/boards/": ["q", "page"], "/trail/": ["who", "what", "kind", "verb", "page"], "/teams/": ["q", "page"]}
WRONG = [kind for kind in NASTY if kind not in ("nothing", "spaces", "year one", "far future", "Arabic digits")]


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize(("address", "name"), [(a, name) for a, (names, _) in QUERIES.items() for name in names])
def test_a_wrong_filter_is_not_ignored(world, address, name, kind):
    typed = quote(NASTY[kind][:2000], errors="surrogatepass")
    response = client_of(world, "auditor").get(f"{address}?{name}={typed}")
    assert response.status_code == 200
    assert QUERIES[address][1] in response.content.decode()


@pytest.mark.parametrize("kind", by_turns(NASTY, 3))
@pytest.mark.parametrize(("address", "name"), [(a, name) for a, names in FREE.items() for name in names])
def test_any_search_text_or_page_number_is_answered(world, address, name, kind):
    typed = quote(NASTY[kind][:2000], errors="surrogatepass")
    response = client_of(world, "auditor").get(f"{address}?{name}={typed}")
    assert response.status_code == 200


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", r"/\evil.example", "javascript:alert(1)", "///evil.example"]
)
def test_signing_in_never_leads_to_another_site(world, target):
    response = client_of(world, "worker").get("/login/", {"next": target})
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize(
    "address",
    [
        "/teams/99999999999999999999999999/",
        f"/teams/{'9' * 5000}/",
        "/teams/-1/",
        "/teams/0/",
        "/teams/%00/",
        "/teams/１/",
        "/attendance/2026-13/",
        "/attendance/999999/",
        "/attendance/1/2026-00/",
        "/closes/1/1999-12/",
        "/boards/%00/",
        "/boards/..%2f..%2fetc/",
        "/photos/9223372036854775808/",
        "/standards/18446744073709551616/",
        "/%ed%a0%80/",
    ],
)
def test_an_impossible_address_is_not_found(world, address):
    assert client_of(world, "auditor").get(address).status_code == 404
