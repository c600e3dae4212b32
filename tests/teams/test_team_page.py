"""The page of a team: what of a colleague is everybody's business."""

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["leader", "worker", "clerk", "manager", "party", "admin", "finance", "auditor"])
def test_the_political_status_is_for_those_who_work_with_it(who, client):
    team = make.make_team()
    make.make_member(team)
    duty = who in ("leader", "worker", "clerk")
    client.force_login(make.make_member(team, who) if duty else make.give_role(team.unit, who))
    shown = "政治面貌" in client.get(f"/teams/{team.pk}/").content.decode()
    assert shown == (who in ("leader", "manager", "party", "admin"))
