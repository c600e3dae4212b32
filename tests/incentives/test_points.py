"""The arithmetic of points: the worked example of docs/points.md, and what holds for every month whatever was done."""

from hypothesis import given
from hypothesis import strategies as st

from incentives.models import PointIndicator
from incentives.points import selectors as point_selectors
from incentives.points.arithmetic import Deed, field_sums, grade, mean, ranks, total
from incentives.services.point_schemes import preset
from tests.docs import items, number, table
from tests.test_house import FLOORS, imported

PRESET = preset()
LINES = {name: (key, field, points, cap) for key, (field, name, points, cap) in enumerate(PRESET["indicators"])}
LABELS = {field.value: field.label for field in PointIndicator.Field}


def deed(text):
    """A cell such as "发现一般隐患 × 3"."""
    name, _, times = (part.strip() for part in text.partition("×"))
    key, field, points, cap = LINES[name]
    return [Deed(key, field, points, cap)] * int(times or 1)


# -- The example of the page -------------------------------------------------------------------------------------------


def test_the_month_of_the_page_is_what_the_scheme_gives():
    rows = table("points.md", "例一：一个月")
    totals = {}
    for row in rows:
        deeds = [one for text in items(row["这个月的事"]) for one in deed(text)]
        sums = field_sums(deeds, PRESET["field_caps"])
        shown = {field: number(row[LABELS[field]]) for field in LABELS if row[LABELS[field]] != "—"}
        assert sums == shown, row["姓名"]
        totals[row["姓名"]] = total(PRESET["base"], sums)
        assert totals[row["姓名"]] == number(row["合计"])
    assert ranks(totals) == {row["姓名"]: int(row["名次"]) for row in rows}


def test_the_year_of_the_page_is_its_mean_and_grade():
    rows = table("points.md", "例二：一年")
    for row in rows:
        found = mean([number(row[month]) for month in ("8月", "9月", "10月") if row[month] != "—"])
        assert found == number(row["月均"])
        assert grade(found, PRESET["grades"], PRESET["lowest_grade"]) == row["等级"]
    assert len(rows) == 4


def test_the_shipped_scheme_gives_a_hundred_at_most():
    assert PRESET["base"] + sum(PRESET["field_caps"].values()) == 10000
    assert (
        set(PRESET["field_caps"]) == {field for field, *_ in PRESET["indicators"]} == set(PointIndicator.Field.values)
    )


# -- What always holds -------------------------------------------------------------------------------------------------

INDICATORS = st.tuples(
    st.integers(0, 7), st.sampled_from(PointIndicator.Field.values), st.one_of(st.none(), st.integers(0, 2000))
)


@st.composite
def months(draw):
    """(deeds, caps of the fields): a few indicators, each of one field and with one cap."""
    lines = {key: (field, cap) for key, field, cap in draw(st.lists(INDICATORS, max_size=8))}
    keys = st.sampled_from(sorted(lines)) if lines else st.nothing()
    done = draw(st.lists(st.tuples(keys, st.integers(-1000, 1000)), max_size=30)) if lines else []
    caps = draw(st.dictionaries(st.sampled_from(PointIndicator.Field.values), st.integers(0, 3000)))
    return [Deed(key, lines[key][0], points, lines[key][1]) for key, points in done], caps


@given(months())
def test_no_field_adds_more_than_its_cap_and_no_total_is_below_zero(month):
    deeds, caps = month
    sums = field_sums(deeds, caps)
    assert all(sums[field] <= cap for field, cap in caps.items() if field in sums)
    assert set(sums) == {deed.field for deed in deeds}
    assert total(6000, sums) >= 0


@given(months(), st.randoms())
def test_the_order_of_the_deeds_does_not_matter(month, random):
    deeds, caps = month
    shuffled = deeds[:]
    random.shuffle(shuffled)
    assert field_sums(deeds, caps) == field_sums(shuffled, caps)


@given(months(), st.integers(0, 29), st.integers(1, 500))
def test_more_points_for_a_deed_never_mean_fewer_in_all(month, place, more):
    deeds, caps = month
    if deeds:
        old = deeds[place % len(deeds)]
        better = [*deeds, Deed(old.indicator, old.field, more, old.month_cap)]
        assert total(6000, field_sums(better, caps)) >= total(6000, field_sums(deeds, caps))


@given(months())
def test_an_indicator_alone_stays_within_its_cap(month):
    deeds, _ = month
    for key in {deed.indicator for deed in deeds}:
        own = [deed for deed in deeds if deed.indicator == key]
        (points,) = field_sums(own, {}).values()
        assert own[0].month_cap is None or abs(points) <= own[0].month_cap


def test_control_capping_entry_by_entry_depends_on_the_order():
    """Why sums are capped, not running totals: +8 +8 −8 within 10 is 2 one way and 8 the other."""

    def running(points, cap=1000):
        result = 0
        for one in points:
            result = min(cap, result + one)
        return result

    points = [800, 800, -800]
    assert running(points) != running(points[::-1])
    sums = [field_sums([Deed(1, "safety", one) for one in order], {"safety": 1000}) for order in (points, points[::-1])]
    assert sums == [{"safety": 800}] * 2


@given(st.dictionaries(st.integers(0, 50), st.integers(0, 20), min_size=1))
def test_equal_points_share_a_rank_and_ranks_count_those_before(totals):
    found = ranks(totals)
    assert found == {key: 1 + sum(other > points for other in totals.values()) for key, points in totals.items()}


@given(st.lists(st.integers(0, 20000), min_size=1, max_size=12))
def test_the_mean_is_rounded_once_half_up(totals):
    assert abs(mean(totals) * len(totals) - sum(totals)) * 2 <= len(totals)
    assert mean([1, 2]) == 2
    assert min(totals) <= mean(totals) <= max(totals)


def test_the_arithmetic_imports_nothing_of_ours():
    with open(point_selectors.points.__file__, encoding="utf-8") as source:
        assert not [name for name in imported(source.read()) if name.split(".")[0] in FLOORS]
