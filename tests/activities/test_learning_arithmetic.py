"""The next practice card and the ranks of a contest: pure arithmetic."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from activities.learning.ranking import ranks
from activities.learning.spacing import DAY, Seen, due_at, is_due, next_card, seen_by_card

NOW = datetime.datetime(2026, 10, 9, 8, tzinfo=datetime.UTC)
LONG_AGO = NOW - 100 * DAY
MINUTE = datetime.timedelta(minutes=1)


def test_unknown_comes_before_unsure_before_new_before_known():
    cards = [
        Seen(1, "known", LONG_AGO, 1),
        Seen(2),
        Seen(3, "unsure", LONG_AGO),
        Seen(4, "unknown", LONG_AGO),
    ]
    order = []
    while cards:
        chosen = next_card(cards, NOW)
        order.append(chosen.card)
        cards.remove(chosen)
    assert order == [4, 3, 2, 1]


def test_of_equal_ones_the_longest_ago_comes_first():
    assert next_card([Seen(1, "unknown", NOW - DAY), Seen(2, "unknown", LONG_AGO)], NOW).card == 2


def test_a_card_rests_after_its_answer():
    just_now = [Seen(1, "unknown", NOW - MINUTE), Seen(2)]
    assert next_card(just_now, NOW).card == 2
    assert next_card(just_now, NOW + 10 * MINUTE).card == 1


def test_with_none_due_the_one_due_soonest_is_asked():
    cards = [Seen(1, "known", NOW, 3), Seen(2, "known", NOW, 1)]
    assert not any(is_due(seen, NOW) for seen in cards)
    assert next_card(cards, NOW).card == 2


def test_without_cards_there_is_none():
    assert next_card([], NOW) is None


def test_known_again_and_again_rests_longer():
    rests = [due_at(Seen(1, "known", NOW, streak)) - NOW for streak in (1, 2, 3, 9)]
    assert rests == [3 * DAY, 7 * DAY, 30 * DAY, 30 * DAY]


def test_a_miss_ends_the_streak():
    answers = [(1, "known", NOW), (1, "known", NOW), (1, "unsure", NOW), (1, "known", NOW), (9, "known", NOW)]
    assert seen_by_card([1, 2], answers) == [Seen(1, "known", NOW, 1), Seen(2)]


def test_equal_scores_share_a_rank_and_the_next_is_skipped():
    assert ranks({"a": 9000, "b": 9500, "c": 9000, "d": 100, "e": None}) == {"a": 2, "b": 1, "c": 2, "d": 4}


def test_where_lower_is_better_the_fastest_is_first():
    assert ranks({"a": 1250, "b": 1100}, lower_is_better=True) == {"a": 2, "b": 1}


@given(st.dictionaries(st.integers(), st.one_of(st.none(), st.integers(-(10**6), 10**6)), max_size=12), st.booleans())
def test_a_rank_is_one_more_than_how_many_are_better(scores, lower):
    found = ranks(scores, lower)
    assert set(found) == {key for key, score in scores.items() if score is not None}
    for key, place in found.items():
        better = [other for other in found if (scores[other] - scores[key]) * (-1 if lower else 1) > 0]
        assert place == len(better) + 1
