"""The honour on the page of a team or a person that stands for a title: as long, and no longer. None leaves a trail row."""

from assessments.models import Studio
from teams.models import Honour
from teams.services import papers

Level = Honour.Level


def give(title, *, actor):
    """The Honour of a title; that of a studio is its leader's and names the studio. At company level when the plant names."""
    unit = title.programme.unit
    level = Level.COMPANY if unit.parent_id is None else Level.UNIT
    facts = {"level": level, "granted_by": str(unit)[:60], "granted_on": title.valid_from}
    facts |= {"name": _name(title), "expires_on": title.valid_to, "document": title.document}
    return papers.recorded(Honour, _bearer(title.holder), actor=actor, **facts)


def _name(title):
    return f"{title.name}（{title.studio}）"[:60] if title.studio_id else title.name


def _bearer(holder):
    return holder.leader if isinstance(holder, Studio) else holder


def carry_on(title, *, actor):
    """Let the honour last as long as the title now does; returns it. What was withdrawn by hand stays so."""
    old = title.honour
    if old is None or old.withdrawn_on or old.expires_on == title.valid_to:
        return old
    papers.withdrawn(old)
    names = ("name", "level", "granted_by", "granted_on", "document")
    facts = {name: getattr(old, name) for name in names} | {"expires_on": title.valid_to}
    return papers.recorded(Honour, old.holder, actor=actor, **facts)


def take_back(title):
    """The honour of a title that was revoked no longer counts, also where it was corrected by hand."""
    if title.honour is None:
        return
    same = {"granted_on": title.honour.granted_on, "document": title.honour.document, "withdrawn_on": None}
    for honour in Honour.objects.filter(team=title.honour.team, user=title.honour.user, **same):
        papers.withdrawn(honour)
