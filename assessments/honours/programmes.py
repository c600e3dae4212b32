"""Who reads and who manages programmes of honours, and what a list of them shows. They hold in their unit and all below."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from assessments.honours import content
from assessments.models import Programme
from assessments.services.programmes import new_presets
from assessments.standards.access import reach
from teams.access import access_of, unit_for
from teams.selectors import with_words


def listed(user, *, q="", subject="", state=""):
    """Programmes that hold where the person belongs, narrowed; those retired only when asked for."""
    rows = Programme.objects.filter(unit__in=reach(user), retired_on__isnull=state != "retired")
    rows = rows.filter(subject=subject) if subject else rows
    return with_words(rows, q, "name__icontains", "title__icontains", "purpose__icontains").select_related("unit")


def programme_for(user, pk):
    """The programme with this id; 404 for those to whom it does not apply."""
    programme = get_object_or_404(Programme.objects.select_related("unit", "pool"), pk=pk)
    if programme.unit_id not in reach(user):
        raise Http404
    return programme


def managed(user, pk):
    """The programme with this id, for those who manage the programmes of its unit."""
    programme = programme_for(user, pk)
    unit_for(user, programme.unit_id, "programme.manage")
    return programme


def manages(user, programme):
    """Whether the person manages this programme and its rounds."""
    return access_of(user).on_unit("programme.manage", programme.unit_id)


def units_of(user):
    """Units whose programmes the person manages, the uppermost first."""
    return access_of(user).units("programme.manage").order_by("id")


def to_install(user):
    """(the uppermost unit whose programmes the person manages or None, the shipped programmes that it does not have yet)."""
    units = list(units_of(user))
    managed_ids = {unit.pk for unit in units}
    top = next((unit for unit in units if unit.parent_id not in managed_ids), None)
    return top, new_presets(top) if top else []


def said(source):
    """What a programme, or the frozen dict of a round, says in the words of its page."""
    says = source.get if isinstance(source, dict) else lambda name: getattr(source, name)
    criteria, conditions, roles = says("criteria"), says("conditions"), content.ROLES
    levels = [{**row, "by": "、".join(roles.get(role, role) for role in row["roles"])} for row in says("levels")]
    return {
        "levels": [row | {"where": content.AT.get(row["at"], "")} for row in levels],
        "applicants": "、".join(content.APPLICANTS[says("subject")].get(hat, hat) for hat in says("applicants")),
        "groups": [(name, [_shown(row) for row in rows]) for name, rows in content.groups_of(criteria)],
        "full": content.full_marks(criteria),
        "musts": [row for row in conditions if row["kind"] == "must"],
        "vetoes": [row for row in conditions if row["kind"] == "veto"],
        "materials": says("materials"),
        "quota": "；".join(content.quota_words(says("quota"))),
        "review": "；".join(content.review_words(says("review"))),
        "recheck": "；".join(content.recheck_words(says("recheck"))),
        **{name: says(name) for name in content.FIGURES},
    }


def _shown(row):
    kinds = "、".join(content.EVIDENCE.get(kind, kind) for kind in row["evidence"])
    return row | {"how": content.METHODS.get(row["method"], ""), "kinds": kinds or "不限"}
