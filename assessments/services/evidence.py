"""Picking records that stand for a line of the standard, and taking a pick back."""

from django.db import transaction

from activities.models import Activity, ActivityKind
from assessments.errors import AssessmentError, StaleState
from assessments.models import Evidence
from teams import audit
from teams.models import Team


@transaction.atomic
def pick(team, criterion, activities, *, actor):
    """Let records of the team stand for the line; those that do already stay as they are. Returns how many are new.

    Raises AssessmentError for records of other teams, voided or confidential ones.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    wanted = Activity.objects.valid().filter(pk__in=[row.pk for row in activities], team=team)
    wanted = list(wanted.exclude(privacy=ActivityKind.Privacy.CONFIDENTIAL))
    if len(wanted) != len(activities):
        raise AssessmentError("选的记录里有已作废、保密或别的班组的，请刷新页面重新选。")
    standard = criterion.version.standard
    there = Evidence.objects.filter(standard=standard, code=criterion.code, activity__in=wanted)
    known = set(there.values_list("activity_id", flat=True))
    new = [row for row in wanted if row.pk not in known]
    Evidence.objects.bulk_create(
        Evidence(team=team, standard=standard, code=criterion.code, activity=row, picked_by=actor) for row in new
    )
    if new:
        after = {"code": criterion.code, "records": [str(row) for row in new]}
        audit.record("evidence.picked", team, actor=actor, unit=team.unit, after=after)
    return len(new)


@transaction.atomic
def take_back(team, criterion, activity, *, actor):
    """A record no longer stands for the line by hand; records of kinds that support it go on doing so."""
    rows = Evidence.objects.filter(team=team, standard=criterion.version.standard, code=criterion.code)
    deleted, _ = rows.filter(activity=activity).delete()
    if not deleted:
        raise StaleState("这条佐证已经取消，请刷新页面再看。")
    before = {"code": criterion.code, "record": str(activity)}
    audit.record("evidence.taken_back", team, actor=actor, unit=team.unit, before=before)
