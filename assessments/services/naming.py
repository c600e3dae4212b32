"""A round is named: every name on its list becomes a title, an honour and a line of the board that tells it; once."""

import re

from django.db import transaction
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours.application_access import of_others
from assessments.honours.name_lists import hindrances
from assessments.honours.title_days import valid_to
from assessments.models import Application, Round, Studio, Title, TitleStep
from assessments.services import studios, title_honours
from assessments.services.name_lists import advance
from bulletins.models import Bulletin
from bulletins.policies import notice_days, policy_for
from bulletins.services.notices import TOPIC, post_notice
from bulletins.tables import Audience
from teams.models import Unit

State = Round.State
COLUMNS = ["证书编号", "称号", "命名对象", "单位", "有效期至"]
LONGEST_DOCUMENT = 40
"""Signs of a document number: as many as an honour keeps."""


@transaction.atomic
def name_round(round_, document, named_on, *, actor):
    """Name everybody on the posted list of a round, under the number of a document; returns the Titles.

    The board that tells it is the deed's row in the trail; a studio that is named leaves its own. Raises AssessmentError
    with all that keeps the list from being named, StaleState when it is named already.
    """
    held = Round.objects.select_related("programme__unit").get(pk=round_.pk)
    _claim(held, document, named_on)
    winners = _winners(held)
    _require(held, winners, named_on, actor)
    titles = [_name(held, row, actor) for row in _numbered(held, winners, named_on.year)]
    _post(held, titles, actor)
    return titles


def _claim(held, document, named_on):
    """Compare and set: whoever comes second finds the round named."""
    facts = {"state": State.NAMED, "document": document, "named_on": named_on}
    if not Round.objects.filter(pk=held.pk, state=State.POSTED).update(**facts):
        raise StaleState(f"{held}现在不在公示中，不能命名，请刷新页面再看。")
    held.document, held.named_on = document, named_on


def _winners(held):
    rows = held.applications.filter(state=Application.State.SHORTLISTED)
    return list(rows.select_related("unit", "team__unit", "user", "studio__leader").order_by("place", "id"))


def _require(held, winners, named_on, actor):
    """Raise every reason at once for which the list cannot be named."""
    today = timezone.localdate()
    against = list(hindrances(held))
    if of_others(held.applications.filter(pk__in=[row.pk for row in winners]), actor).count() < len(winners):
        against.append("名单上有您自己的，或者您所在班组、工作室的，请别的工会干事命名。")
    if not held.opens_on <= named_on <= today:
        against.append(f"命名日期要在 {held.opens_on} 到 {today} 之间。")
    against += [_not_mature(row.studio) for row in winners if row.studio_id and not _is_mature(row.studio)]
    if against:
        raise AssessmentError(f"还不能命名：{''.join(against)}")


def _is_mature(studio):
    return studio.state in (Studio.State.MATURE, Studio.State.NAMED)


def _not_mature(studio):
    return f"{studio}现在是“{studio.get_state_display()}”，要先认定成熟。"


def _numbered(held, winners, year):
    """(application, serial of its certificate) of each; whoever else gives numbers waits until the end."""
    list(Unit.objects.select_for_update().filter(parent__isnull=True).order_by("pk"))
    prefix = f"{letters(held.programme.code)}-{year}-"
    latest = Title.objects.filter(serial__startswith=prefix).order_by("-serial").first()
    first = int(latest.serial.removeprefix(prefix)) + 1 if latest else 1
    return [(row, f"{prefix}{number:05d}") for number, row in enumerate(winners, first)]


def letters(code):
    """The code of a programme as a serial carries it: ``letters("six_good") == "SIXGOOD"``."""
    return re.sub(r"[^A-Z0-9]", "", code.upper())[:16] or "CH"


def _name(held, numbered, actor):
    row, serial = numbered
    advance(held, row, "name", held.document, actor=actor)
    frozen, said = held.frozen, f"{held.document}命名，证书编号 {serial}"
    days = {"valid_from": held.named_on, "valid_to": valid_to(held.named_on, frozen["valid_months"])}
    holder = {"team": row.team, "user": row.user, "studio": row.studio, "unit": row.unit}
    facts = {"programme": held.programme, "application": row, "serial": serial, "document": held.document}
    title = Title(name=frozen["title"], **holder, **facts, **days)
    title.honour = title_honours.give(title, actor=actor)
    title.save()
    TitleStep.objects.create(title=title, state=title.state, text=said, actor=actor)
    if row.studio_id:
        studios.named(row.studio, f"{title.name}，{said}", actor=actor)
    return title


def _post(held, titles, actor):
    """Hang the naming on the boards of the unit that names, for everybody who is signed in."""
    unit = held.programme.unit
    lines = [(row.serial, row.name, row.holder.name, str(row.unit), f"{row.valid_to}") for row in titles]
    text = f"根据{held.document}，{unit}命名以下 {len(titles)} 个“{titles[0].name}”。\n证书上的二维码可以查验真伪和有效期。"
    wish = {"kind": Bulletin.Kind.NAMING, "key": naming_key(held), "title": f"{held}命名公告", "text": text}
    wish |= {"audience": Audience.SIGNED_IN, "days": notice_days(policy_for(unit), Bulletin.Kind.NAMING)}
    post_notice({"unit": unit}, wish | {"table": (COLUMNS, lines)}, actor=actor)


def naming_key(round_):
    """Under which key the naming of a round hangs."""
    return f"naming-{round_.pk}"


def announcement_of(round_):
    """The board that tells the naming of a round, or None."""
    return Bulletin.objects.filter(kind=Bulletin.Kind.NAMING, topic=f"{TOPIC}{naming_key(round_)}").first()
