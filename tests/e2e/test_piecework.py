"""Checking work points in a browser: the question before names what is ticked, and nothing else is accepted."""

import pytest

from incentives.models import PieceRecord
from tests.browser import PHONE
from tests.e2e.steps import Visitor
from tests.pieces import DAY, enter, make_crew

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_question_names_the_records_that_are_accepted(new_page):
    crew = make_crew()
    enter(crew.team, crew.leader, [(crew.one, crew.cut, 300), (crew.other, crew.load, 100)], DAY)
    visitor = Visitor(new_page(PHONE, user=crew.manager))
    visitor.open("incentives:piecework-day", crew.team.pk, DAY)
    visitor.page.get_by_role("checkbox", name=crew.other.name).uncheck()
    visitor.agree("验收选中的", f"这些算进奖金：{crew.one.name} {crew.cut} 3 架。")
    visitor.reads("已验收 1 条")
    assert list(PieceRecord.objects.filter(state="approved").values_list("user", flat=True)) == [crew.one.pk]
