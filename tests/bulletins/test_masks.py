"""Masks, the modes of a bonus table, and what a person's figures never do: hang where nobody signs in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins import masks
from bulletins.errors import BulletinError
from bulletins.models import BoardPolicy, Bulletin
from bulletins.policies import FEWEST_IN_A_BAR, OWN_ONLY, distribution_of, shaped
from bulletins.services import publish
from bulletins.tables import ANONYMOUS, Audience, Board, Column, Fact, Note, Row, Viewer, seen_by
from teams.figures import yuan_text
from tests import factories as make
from tests.factories import PERIOD

AMOUNTS = ["1,510.00", "1,620.50", "2,010.00", "2,480.10", "2,499.99"]
NEAR = {"team": Audience.TEAM, "unit": Audience.UNIT, "signed in": Audience.SIGNED_IN}
NAME = Column("name", "姓名", numeric=False, mask="name", plain=Audience.TEAM)


def bonus(amounts=AMOUNTS):
    rows = [
        Row(number, {"name": f"张{number}", "amount": amount}, f"/lines/{number}/", "bonus.view")
        for number, amount in enumerate(amounts, 1)
    ]
    facts = [Fact("奖金总额", "10,120.59 元", sums=True), Fact("参加分配", f"{len(rows)} 人")]
    columns = [NAME, Column("amount", "应得", unit="元")]
    return Board("bonus", "奖金表", facts, columns, rows, total={"amount": "10,120.59"}, spread="amount")


def posted(mode, amounts=AMOUNTS):
    return shaped(bonus(amounts), BoardPolicy(bonus_mode=mode)).content()


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        ("name", "张三", "张*"),
        ("name", "欧阳娜娜（123）", "欧*"),
        ("name", "", ""),
        ("number", "211006", "****06"),
        ("number", "106", "***"),
        ("number", "", ""),
        ("band", "2,345.60", "2000–2500"),
        ("band", "2500.00", "2500–3000"),
        ("band", "0.00", "0–500"),
        ("band", "−13.40", "−500–0"),
        ("band", "休", "*"),
        ("band", "", ""),
    ],
)
def test_a_mask_leaves_what_it_says(mask, text, shown):
    assert masks.MASKS[mask](text) == shown


@pytest.mark.parametrize("nearness", NEAR.values(), ids=NEAR)
@pytest.mark.parametrize(
    "plain", [Audience.SIGNED_IN, Audience.UNIT, Audience.TEAM, Audience.OWN], ids=lambda a: a.name
)
def test_a_column_is_masked_for_everybody_further_away_than_it_says(plain, nearness):
    column = Column("amount", "应得", unit="元", audience=Audience.SIGNED_IN, mask="band", plain=plain)
    content = replace(bonus(), columns=[column], total={}).content()
    seen = seen_by(content, Viewer(1, nearness))
    masked = plain > nearness
    others = [row["cells"]["amount"] for row in seen["rows"] if not row["own"]]
    assert others == [masks.band(text) if masked else text for text in AMOUNTS[1:]]
    assert [row["cells"]["amount"] for row in seen["rows"] if row["own"]] == AMOUNTS[:1]
    assert (seen["others"], seen["personal"]) == (not masked, True)


def test_a_link_is_for_those_it_leads_somewhere():
    content = replace(bonus(), facts=[Fact("奖金总额", "1", link="/bonus/1/", capability="bonus.view")]).content()
    handles = Viewer(9, Audience.TEAM, frozenset({"bonus.view"}))
    for viewer, links in ((handles, [True] * 5), (Viewer(1, Audience.TEAM), [True] + [False] * 4)):
        seen = seen_by(content, viewer)
        assert [bool(row["link"]) for row in seen["rows"]] == links
        assert seen["facts"][0].get("link") == ("/bonus/1/" if viewer is handles else None)


def test_a_note_that_names_somebody_stays_with_the_team():
    content = replace(bonus(), notes=["依据", Note("张三 由空更正为出勤", Audience.TEAM)]).content()
    assert seen_by(content, ANONYMOUS)["notes"] == ["依据"]
    assert seen_by(content, Viewer(1, Audience.TEAM))["notes"] == ["依据", "张三 由空更正为出勤"]


# -- The three modes of a bonus table -----------------------------------------------------------------------------------


def test_a_full_table_is_for_the_team_alone():
    seen = {name: seen_by(posted("full"), Viewer(9, nearness)) for name, nearness in NEAR.items()}
    assert [row["cells"]["amount"] for row in seen["team"]["rows"]] == AMOUNTS
    assert seen["unit"]["rows"] == seen["signed in"]["rows"] == []
    assert seen_by(posted("full"), ANONYMOUS)["facts"][0]["value"] == "10,120.59 元"


@pytest.mark.parametrize("mode", ["distribution", "own"])
def test_in_the_other_modes_everybody_sees_the_own_row_alone(mode):
    content = posted(mode)
    for nearness in NEAR.values():
        seen = seen_by(content, Viewer(2, nearness))
        assert [(row["own"], row["cells"]) for row in seen["rows"]] == [(True, {"name": "张2", "amount": AMOUNTS[1]})]
        assert (seen["total"], seen["others"]) == ({}, False)
        assert seen_by(content, Viewer(9, nearness))["rows"] == []
    assert OWN_ONLY in content["notes"]


def test_the_distribution_is_shown_to_the_team_and_names_nobody():
    chart = seen_by(posted("distribution"), Viewer(9, Audience.TEAM))["chart"]
    assert [(bar["label"], bar["text"], bar["size"]) for bar in chart["bars"]] == [("1500–2500 元", "5 人", 5)]
    for viewer in (Viewer(9, Audience.UNIT), ANONYMOUS):
        assert seen_by(posted("distribution"), viewer)["chart"] is None
    assert "chart" not in posted("own")


def test_among_too_few_there_is_no_distribution_and_no_sum():
    few = posted("distribution", AMOUNTS[:4])
    assert "chart" not in few
    assert [fact["label"] for fact in few["facts"]] == ["参加分配"]
    assert [fact["label"] for fact in posted("distribution")["facts"]] == ["奖金总额", "参加分配"]


def test_the_sum_of_a_single_person_stays_in_the_team():
    alone = seen_by(posted("full", AMOUNTS[:1]), ANONYMOUS)
    assert [fact["label"] for fact in alone["facts"]] == ["参加分配"]
    assert len(seen_by(posted("full", AMOUNTS[:2]), ANONYMOUS)["facts"]) == 2


amounts = st.lists(st.integers(0, 2_000_000), min_size=5, max_size=40)


@given(amounts, st.randoms(use_true_random=False))
def test_a_distribution_counts_everybody_and_gives_no_single_amount_away(fens, random):
    """Other amounts in the same bands draw the same chart, so it tells nothing more than the bands."""
    bars = distribution_of(bonus([yuan_text(fen) for fen in fens])).bars
    assert sum(bar.size for bar in bars) == len(fens)
    assert min(bar.size for bar in bars) >= FEWEST_IN_A_BAR
    width = masks.BAND * 100
    elsewhere = [fen // width * width + random.randrange(width) for fen in fens]
    assert distribution_of(bonus([yuan_text(fen) for fen in elsewhere])).bars == bars


# -- The guard ----------------------------------------------------------------------------------------------------------

PUBLIC = {
    "bare": Column("score", "得分", audience=Audience.PUBLIC),
    "masked for nobody": Column("score", "得分", audience=Audience.PUBLIC, mask="band", plain=Audience.PUBLIC),
}


@pytest.mark.django_db
@pytest.mark.parametrize("column", PUBLIC.values(), ids=PUBLIC)
def test_a_board_that_shows_persons_to_everybody_is_not_posted(column):
    board = Board("scores", "得分榜", [], [column], [Row(1, {"score": "90"})])
    with pytest.raises(BulletinError, match="“得分榜”没有张榜：得分是个人数据"):
        publish(board, team=make.make_team(), period=PERIOD, actor=None)
    assert not Bulletin.objects.exists()


@pytest.mark.django_db
def test_control_masked_persons_and_teams_are_posted():
    team = make.make_team()
    masked = Board("naming", "命名", [], [replace(NAME, audience=Audience.PUBLIC)], [Row(1, {"name": "张三"})])
    contest = Board("contest", "竞赛", [], [PUBLIC["bare"]], [Row(None, {"score": "90"})])
    first, second = (publish(board, team=team, period=PERIOD, actor=None) for board in (masked, contest))
    assert seen_by(first.content, ANONYMOUS)["rows"][0]["cells"] == {"name": "张*"}
    assert seen_by(second.content, ANONYMOUS)["rows"][0]["cells"] == {"score": "90"}


@pytest.mark.django_db
def test_names_open_to_everybody_signed_in_are_masked_for_others():
    team = make.make_team()
    BoardPolicy.objects.create(unit=team.unit, mask_names=False)
    board = Board("naming", "命名", [], [replace(NAME, audience=Audience.PUBLIC)], [Row(1, {"name": "张三"})])
    content = publish(board, team=team, period=PERIOD, actor=None).content
    assert seen_by(content, Viewer(9, Audience.SIGNED_IN))["rows"][0]["cells"] == {"name": "张三"}
    assert seen_by(content, ANONYMOUS)["rows"][0]["cells"] == {"name": "张*"}
