"""Integers at heart, decimals at the edge; months as integers; working days by calendar."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from teams import figures, periods
from teams.models import WorkDay
from teams.workdays import is_workday, last_day_of_notice

# -- Texts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [("七个字的一句话", "七个字的一句话"), ("这一句话有八个字", "这一句话有……"), ("<b>粗</b>", "&lt;b&gt;粗&lt;……")],
)
def test_what_is_too_long_ends_as_chinese_sentences_do(text, shown):
    assert Template("{{ text|shortened:7 }}").render(Context({"text": text})) == shown


# -- Figures ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.05", 105),
        ("-3", -300),
        (" 2 ", 200),
        ("1,234.5", 123450),
        ("0", 0),
        (1.3, 130),
        (0.29, 29),
        (".5", 50),
        ("5.", 500),
        ("+1", 100),
        ("１２，３４５．６", 1234560),
        ("0001.500", 150),
        ("1,234,567", 123456700),
    ],
)
def test_typed_numbers_become_hundredths(text, value):
    assert figures.hundredths(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "一分",
        "1.005",
        "1..2",
        "nan",
        "inf",
        "-inf",
        "1e-3",
        "--1",
        "1e9",
        "1E2",
        "1_0",
        "1,5",
        "12,34",
        ",1",
        ".",
        "-",
        "٣",
        "+-1",
        "1." + "0" * 30 + "1",
    ],
)
def test_what_is_no_number_of_two_decimals_is_refused(text):
    with pytest.raises(ValueError, match="不是数字$|最多只能有两位小数$"):
        figures.hundredths(text)


@pytest.mark.parametrize("text", ["9" * 14, "9" * 5000])
def test_what_no_plant_has_is_too_much(text):
    assert figures.hundredths("9" * 13) == int("9" * 13 + "00")
    with pytest.raises(ValueError, match="”太大$"):
        figures.hundredths(text)


@pytest.mark.parametrize(
    ("function", "value", "text"),
    [
        (figures.decimal_text, 9050, "90.50"),
        (figures.decimal_text, -5, "-0.05"),
        (lambda value: figures.decimal_text(value, 1), 8125, "81.3"),
        (lambda value: figures.decimal_text(value, 1), 8135, "81.4"),
        (lambda value: figures.decimal_text(value, 1), 9995, "100.0"),
        (lambda value: figures.decimal_text(value, 0), 50, "1"),
        (figures.short_text, 18400, "184"),
        (figures.short_text, 17050, "170.5"),
        (figures.short_text, 1000, "10"),
        (figures.short_text, 0, "0"),
        (figures.yuan_text, 123456789, "1,234,567.89"),
        (figures.yuan_text, 5, "0.05"),
        (figures.signed_text, -200, "−2"),
        (figures.signed_text, 50, "+0.5"),
        (figures.signed_text, 0, "0"),
        (figures.coefficient_text, 130, "1.3"),
        (figures.coefficient_text, 100, "1.0"),
        (figures.coefficient_text, 105, "1.05"),
    ],
)
def test_integers_are_written_as_people_write_them(function, value, text):
    assert function(value) == text


@given(st.integers(-(10**12), 10**12))
def test_hundredths_survive_being_written_and_read(value):
    assert figures.hundredths(figures.decimal_text(value)) == value
    assert figures.hundredths(figures.short_text(value)) == value
    assert figures.hundredths(figures.yuan_text(value)) == value


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (107, "壹元零柒分"),
        (102040, "壹仟零贰拾元肆角整"),
        (168032, "壹仟陆佰捌拾元叁角贰分"),
        (10_000_00, "壹万元整"),
        (10_001_00, "壹万零壹元整"),
        (100_001_09, "壹拾万零壹元零玖分"),
        (1_000_000_00, "壹佰万元整"),
        (100_000_000_00, "壹亿元整"),
        (100_010_000_00, "壹亿零壹万元整"),
        (120_304_056_78, "壹亿贰仟零叁拾万肆仟零伍拾陆元柒角捌分"),
        (1_000_000_000_000_00, "壹万亿元整"),
        (-5000, "负伍拾元整"),
    ],
)
def test_amounts_are_said_in_capitals(fen, text):
    assert figures.capital_yuan(fen) == text


# -- Periods ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2026-10", "202610", "2026年10月", " 2026/10 ", 202610])
def test_a_month_is_read_however_it_is_written(text):
    assert periods.parse(text) == 202610


@pytest.mark.parametrize("text", ["", "10", "2026-13", "2026-00", "1999-12", "2100-01", "2026-10-05", "十月"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValidationError, match="不是月份，请写成 2026-10 这样。"):
        periods.parse(text)


@given(st.integers(0, 1199), st.integers(-1199, 1199))
def test_moving_on_and_back_leads_home(index, months):
    period = (2000 + index // 12) * 100 + index % 12 + 1
    assert periods.shift(periods.shift(period, months), -months) == period


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)))
def test_a_day_lies_in_its_month(day):
    period = periods.period_of(day)
    assert periods.is_period(period)
    assert periods.first_day(period) <= day <= periods.last_day(period)
    assert day in periods.days_of(period)
    assert periods.period_of(periods.last_day(period) + datetime.timedelta(days=1)) == periods.shift(period, 1)


@pytest.mark.parametrize(
    ("instant", "period"),
    [
        ("2025-12-31T15:59:59.999999+00:00", 202512),
        ("2025-12-31T16:00:00+00:00", 202601),  # midnight in Beijing
        ("2026-10-31T16:00:00+00:00", 202611),
    ],
)
def test_the_month_is_the_month_of_beijing(instant, period, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.datetime.fromisoformat(instant))
    assert periods.current_period() == period


def test_a_month_in_an_address_is_read_and_written():
    converter = periods.PeriodConverter()
    assert (converter.to_python("2026-01"), converter.to_url(202601)) == (202601, "2026-01")


# -- Working days -------------------------------------------------------------------------------------------------------


def october(*numbers):
    return [datetime.date(2026, 10, number) for number in numbers]


@pytest.mark.django_db
def test_october_2026_has_its_holidays_and_its_saturday_of_work():
    # State Council: 1 to 7 October off; Sunday 20 September and Saturday 10 October are worked instead.
    days = periods.days_of(202610)
    assert [day for day in days if not is_workday(day)] == october(*range(1, 8), *(11, 17, 18, 24, 25, 31))


@pytest.mark.django_db
def test_a_year_that_the_calendar_does_not_know_has_weeks_of_five_days():
    days = [datetime.date(2035, 10, number) for number in range(1, 8)]  # a Monday to a Sunday
    assert [is_workday(day) for day in days] == [True] * 5 + [False] * 2


@pytest.mark.django_db
def test_the_plants_own_days_win_over_the_calendar():
    WorkDay.objects.create(date=october(8)[0], is_workday=False, note="停产")
    WorkDay.objects.create(date=october(11)[0], is_workday=True, note="补班")
    assert [is_workday(day) for day in october(8, 9, 11)] == [False, True, True]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (8, 1, 8),
        (8, 3, 10),  # Thursday, Friday and the Saturday that is worked
        (8, 4, 12),
        (1, 3, 10),  # over the holidays
    ],
)
def test_a_notice_is_up_for_full_working_days(start, days, end):
    assert last_day_of_notice(*october(start), days) == october(end)[0]


@pytest.mark.django_db
def test_a_shutdown_prolongs_a_notice():
    for day in october(9, 10):
        WorkDay.objects.create(date=day, is_workday=False)
    assert last_day_of_notice(*october(8), 3) == october(13)[0]
