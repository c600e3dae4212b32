"""Who holds a post in a team: it passes from those who had it to others, from a day on."""

import datetime

from django.db import transaction

from teams.errors import TeamError
from teams.models import Membership, Team

Role = Membership.Role
POSTS = [role for role in Role if role != Role.WORKER]
"""Duties of a team that somebody is put into; whoever leaves one is a worker again."""


@transaction.atomic
def fill_post(team, role, users, *, on):
    """Let exactly these members hold a post of a team from a day on; returns (names before, names after).

    Whoever held it and is not among them becomes a worker; coefficients stay, they have a procedure of their own. Leaves no
    trail: whoever calls records the deed. Raises TeamError for somebody who is no member now.
    """
    Team.objects.select_for_update().get(pk=team.pk)
    members = {row.user_id: row for row in Membership.objects.open().filter(team=team).select_related("user")}
    strangers = [user.name for user in users if user.pk not in members]
    if strangers:
        raise TeamError(f"{'、'.join(strangers)}已经不在{team}，不能任命。")
    before = [row for row in members.values() if row.role == role]
    wanted = {user.pk for user in users}
    for row in before:
        if row.user_id not in wanted:
            _move(row, Role.WORKER, on)
    for pk in wanted:
        if members[pk].role != role:
            _move(members[pk], role, on)
    return [row.user.name for row in before], [user.name for user in users]


def _move(row, role, on):
    """Close the membership the day before and open one with the other duty; one that begins that day is changed itself."""
    if row.started_on >= on:
        Membership.objects.filter(pk=row.pk).update(role=role)
        return
    Membership.objects.filter(pk=row.pk).update(ended_on=on - datetime.timedelta(days=1))
    Membership.objects.create(user=row.user, team=row.team, role=role, coefficient=row.coefficient, started_on=on)
