"""The rules that ship with the product: each can be read, edited without loss, and gives the figures of its source."""

import datetime

import pytest

from incentives.distribution import divide
from incentives.forms.rules import RuleForm, initial_of
from incentives.rules.definition import FACTORS, factors_of, read_rule, standing_of, takes_part
from incentives.rules.words import clauses
from incentives.services.rules import presets
from tests.factories import PERIOD

FORMULAS = [f"rule_f{number:02d}_" for number in range(1, 13)]


def shipped(number):
    """The Rule of the formula with that number."""
    return read_rule(
        next(definition for key, definition in presets().items() if key.startswith(f"rule_f{number:02d}_"))
    )


def crew(**people):
    """{key: factors} from the few figures that matter; a month of full attendance and 100 points otherwise."""
    usual = {"coefficient": 100, "days": 20, "hours": 16000, "score": 10000, "points": 0, "equal": 1}
    return {key: usual | figures for key, figures in people.items()}


def fen(number, amount, **people):
    division = divide(amount, shipped(number).scheme, crew(**people))
    return [share.amount for share in division.shares.values()], division.reserve


def test_every_formula_of_the_trade_is_shipped():
    assert [[key for key in presets() if key.startswith(start)] != [] for start in FORMULAS] == [True] * 12


@pytest.mark.parametrize("key", presets())
def test_the_editor_keeps_what_a_preset_says(key):
    definition = presets()[key]
    keys = [part["key"] for part in definition["parts"]]
    form = RuleForm(initial_of(definition), keys=keys)
    assert form.is_valid(), form.errors
    assert form.definition(definition["name"]) == definition


def test_only_the_price_list_needs_work_points():
    assert [key for key, definition in presets().items() if read_rule(definition).uses("points")] == [
        "rule_f09_piece_points"
    ]


def test_f1_gives_the_table_and_short_service_forty_to_sixty():
    rule = shipped(1)
    assert [(part.share, part.short) for part in rule.parts] == [(30, 40), (70, 60)]
    people = {
        "A": {"coefficient": 120, "days": 22, "hours": 16000},
        "B": {"coefficient": 110, "days": 22, "hours": 17000},
        "C": {"coefficient": 100, "days": 20, "hours": 15000},
        "D": {"coefficient": 100, "days": 22, "hours": 16500},
        "E": {"coefficient": 90, "days": 15, "hours": 11000},
    }
    assert fen(1, 1_900_000, **people)[0] == [463847, 443641, 359022, 394924, 238566]


def test_f2_takes_a_thousand_of_twenty_thousand_for_twenty_people():
    amounts, reserve = fen(2, 2_000_000, **{f"{number:02d}": {} for number in range(20)})
    assert (amounts, reserve) == ([95_000] * 20, 100_000)


def test_f3_multiplies_attendance_by_efficiency_and_quality():
    # 0.5 and 1.5 are the limits of the sheet; half the hours at 1.0 count as much as all of them at 0.5.
    assert fen(3, 90_000, a={"score": 5000}, b={"score": 15000}, c={"hours": 8000})[0] == [18_000, 54_000, 18_000]


def test_f4_weighs_scores_by_post():
    assert (
        fen(4, 100_000, a={"coefficient": 150, "score": 8000}, b={"coefficient": 100, "score": 12000})[0]
        == [50_000] * 2
    )


def test_f5_pays_every_point_the_same():
    assert fen(5, 30_000, a={"score": 9000}, b={"score": 11000}, c={"score": 10000})[0] == [9_000, 11_000, 10_000]


def test_f6_pays_multiples_of_the_trades():
    multiples = [110, 110, 110, 140, 80, 60]
    people = {f"{number}": {"coefficient": value} for number, value in enumerate(multiples)}
    assert fen(6, 610_000, **people)[0] == [value * 1000 for value in multiples]


def test_f7_pays_by_post_and_day():
    posts = {"captain": 200, "chief": 190, "deputy": 180, "engineer": 160, "surface": 140, "clerk": 95}
    people = {name: {"coefficient": value} for name, value in posts.items()}
    assert sorted(fen(7, 965_000, **people)[0]) == sorted(value * 1000 for value in posts.values())


def test_f8_pays_daily_points_and_holds_the_leader_at_the_average():
    # Six points a day for a worker and eight for the leader; without the rule the leader would get 400 of 1,000 yuan.
    people = {
        "leader": {"coefficient": 80, "leader": 1},
        "worker 1": {"coefficient": 60},
        "worker 2": {"coefficient": 60},
    }
    assert fen(8, 100_000, **people)[0] == [33_333, 33_334, 33_333]


def test_f9_divides_seven_tenths_by_piece():
    # Two heads cut (500 + 400) against nine large parts (200 each) and a day on the surface (60).
    amounts, _ = fen(9, 100_000, a={"points": 90_000}, b={"points": 186_000})
    assert amounts == [15_000 + 22_826, 15_000 + 47_174]


def test_f10_rounds_twelve_thousand_to_ten_yuan():
    coefficients = [120, 113, 105, 100, 95, 80]
    people = {f"{number}": {"coefficient": value} for number, value in enumerate(coefficients)}
    amounts, _ = fen(10, 1_200_000, **people)
    assert (sum(amounts), {value % 1000 for value in amounts}) == (1_200_000, {0})
    assert amounts == [235_000, 221_000, 205_000, 196_000, 186_000, 157_000]


def test_f11_pays_nothing_without_work():
    people = {"head": {"coefficient": 120}, "deputy": {"coefficient": 110}, "staff": {"coefficient": 90}}
    assert fen(11, 320_000, **people, away={"coefficient": 110, "days": 0})[0] == [120_000, 110_000, 90_000, 0]


def test_f12_keeps_a_tenth_back():
    assert fen(12, 100_000, a={"score": 9000}, b={"score": 9000}) == ([45_000, 45_000], 10_000)


def test_who_counts_as_short_in_service_and_who_takes_no_part():
    rule = shipped(1)
    last_day = datetime.date(2024, 10, 31)
    hired = {day: standing_of(rule, hired_on=day, leads=True, period=PERIOD) for day in (None, last_day)}
    assert hired == {None: {}, last_day: {}}
    assert standing_of(rule, hired_on=datetime.date(2024, 11, 1), leads=False, period=PERIOD) == {"short": 1}
    assert [takes_part(rule, codes) for codes in ({}, {"借": 14}, {"借": 15}, {"借": 7, "学": 8})] == [
        True,
        True,
        False,
        False,
    ]


def test_an_old_definition_asks_nothing_new_of_anybody():
    rule = read_rule(presets()["rule_attendance_work"])
    assert standing_of(rule, hired_on=None, leads=True, period=PERIOD) == {}
    facts = {"coefficient": 130, "codes": {"√": 20, "事": 1}, "overtime": 200, "score": 9950}
    assert factors_of(rule, **facts) == {"coefficient": 130, "days": 20, "hours": 16200, "score": 9950}
    assert list(clauses(rule)) == ["出勤部分", "工作部分", "班长", "出勤", "取整"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"parts": []}, "至少要有一个部分"),
        ({"reserve": 5001}, "留存要在 0 到 50% 之间"),
        ({"rounding": "jiao"}, "取整只能到分、到元、到十元"),
        ({"cap": {"kind": "average", "value": 9999}}, "封顶不能低于平均数的 100%"),
        ({"cap": {"kind": "amount", "value": 100}, "floor": 200}, "封顶的金额不能低于保底"),
        ({"leader": {"policy": "double"}}, "班长的分法不认识"),
        ({"floor": -1}, "保底不能是负数"),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_rule(presets()["rule_attendance_work"] | changes)


def test_the_factors_have_names():
    assert set(FACTORS) == set(crew(a={})["a"])
