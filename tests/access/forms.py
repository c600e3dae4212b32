"""Every form of the product as data: who sends it where, what a right one holds, and what it leaves in the database."""

import unicodedata
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import (
    Appraisal,
    Ballot,
    Check,
    CheckPlan,
    Finding,
    ItemOwner,
    NotApplicable,
    StandardVersion,
    Veto,
)
from teams import periods
from teams.models import (
    Attendance,
    AttendanceMonth,
    AuditEntry,
    Certificate,
    Honour,
    Overtime,
    Substitution,
    Team,
    User,
    Watch,
    WorkDay,
)
from teams.services import attendance
from tests.access.adjustment_fields import ADJUSTMENT_FIELDS
from tests.access.bonus_fields import BONUS_FIELDS
from tests.access.fields import Field, day, minus, month, number, optional_day, text, whole
from tests.access.honour_fields import HONOUR_FIELDS
from tests.access.idea_fields import IDEA_FIELDS
from tests.access.knowledge_fields import KNOWLEDGE_FIELDS
from tests.access.learning_fields import LEARNING_FIELDS
from tests.access.objection_fields import OBJECTION_FIELDS
from tests.access.party_fields import PARTY_FIELDS
from tests.access.piece_fields import PIECE_FIELDS
from tests.access.point_fields import POINT_FIELDS
from tests.access.table import NEW_ROUND, RATING
from tests.access.world import client_of, edited_standard, watching_writes


def criterion(world):
    return world.check.version.criteria.first()


def sheet(world):
    row = f"c-{criterion(world).pk}"
    return {
        "key": "fuzz",
        "date": timezone.localdate().isoformat(),
        "shift": "night",
        "kind": "spot",
        row: "1",
        f"{row}-points": "0.5",
        f"{row}-person": "",
        f"{row}-note": "地面有油",
    }


def line_field(name, meaning):
    """A field of the first line in the editor of the unit's draft."""

    def stored(w):
        return getattr(w.version.criteria.get(code="1.1"), "origin_id" if name == "origin" else name)

    page, posted = "assessments:standard-edit", f"1-1-{name}"
    return Field("assessor", page, lambda w: [w.version.pk], edited_standard, lambda w: posted, stored, meaning)


LINE = {"name": text, "points": number, "step": number, "guidance": text, "method": text, "origin": whole}


def sheet_field(name, stored, meaning, who="leader", page="assessments:self-check"):
    def named(world):
        return name.format(row=f"c-{criterion(world).pk}")

    return Field(who, page, lambda w: [w.team.pk], sheet, named, stored, meaning)


def filed(column):
    return lambda w: getattr(Check.objects.filter(team=w.team).latest("id"), column)


def found(column):
    return lambda w: getattr(Finding.objects.filter(team=w.team).latest("id"), column)


def reason(who, page, args, stored):
    return Field(who, page, args, lambda w: {}, lambda w: "reason", stored, text)


def own_month(w):
    return [w.team.pk, w.open]


def substitution(w):
    return {"date": w.today, "user": w.person.pk, "covered": w.colleague.pk}


def covered(column):
    return lambda w: getattr(Substitution.objects.latest("id"), column)


def cell(w):
    return f"a-{w.people['worker'].pk}-1"


def hours(w):
    return f"o-{w.people['worker'].pk}"


def paper_field(page, model, body, name, meaning):
    def new_paper(w):
        return {"holder": w.people["clerk"].memberships.get().pk} | body

    def stored(w):
        latest = model.objects.latest("id")
        return latest.user.memberships.get().pk if name == "holder" else getattr(latest, name)

    return Field("clerk", page, lambda w: [w.team.pk], new_paper, lambda w: name, stored, meaning)


def certificate_field(name, meaning):
    return paper_field("teams:certificates", Certificate, {"name": "焊工证"}, name, meaning)


def honour_field(name, meaning):
    return paper_field("teams:honours", Honour, HONOUR, name, meaning)


HONOUR = {"name": "技术能手", "level": "city", "granted_by": "市总工会", "granted_on": "2026-05-01"}


def team_field(name):
    def stored(w):
        return getattr(Team.objects.get(pk=w.team.pk), name)

    return Field("leader", "teams:team-present", lambda w: [w.team.pk], lambda w: {}, lambda w: name, stored, text)


def shutdown_field(name, stored, meaning):
    def days(w):
        return {"first": "2026-12-08", "last": "2026-12-08", "is_workday": "no", "note": "停产"}

    return Field("admin", "teams:calendar", lambda w: [2026], days, lambda w: name, stored, meaning)


def plan_field(name, column, meaning):
    def set_by_hand(w):
        return {"team": w.team.pk, "kind": "superior", "first": w.today, "last": w.today}

    def stored(w):
        return getattr(CheckPlan.objects.latest("id"), column)

    page = ("assessor", "assessments:plans", lambda w: [w.unit.pk, w.open])
    return Field(*page, set_by_hand, lambda w: name, stored, meaning)


FIELDS = {
    "own phone": Field(
        "worker",
        "own-phone",
        lambda w: [],
        lambda w: {},
        lambda w: "phone",
        lambda w: User.objects.get(pk=w.people["worker"].pk).phone,
        lambda typed: "".join(unicodedata.normalize("NFKC", typed).split()),
    ),
    "certificate name": certificate_field("name", text),
    "certificate number": certificate_field("number", text),
    "certificate issued": certificate_field("issued_on", optional_day),
    "certificate expires": certificate_field("expires_on", optional_day),
    "certificate holder": certificate_field("holder", whole),
    "honour name": honour_field("name", text),
    "honour level": honour_field("level", text),
    "honour granted by": honour_field("granted_by", text),
    "honour granted": honour_field("granted_on", day),
    "honour expires": honour_field("expires_on", optional_day),
    "honour document": honour_field("document", text),
    "honour holder": honour_field("holder", whole),
    "slogan": team_field("slogan"),
    "vision": team_field("vision"),
    "style": team_field("style"),
    "skill level": Field(
        "clerk",
        "teams:skills",
        lambda w: [w.team.pk],
        lambda w: {},
        lambda w: f"level-{w.person.pk}",
        lambda w: type(w.person).objects.get(pk=w.person.pk).skill_level,
        text,
    ),
    "shutdown from": shutdown_field("first", lambda w: WorkDay.objects.earliest("date").date, day),
    "shutdown to": shutdown_field("last", lambda w: WorkDay.objects.latest("date").date, day),
    "shutdown note": shutdown_field("note", lambda w: WorkDay.objects.get().note, text),
    "veto": reason("assessor", "assessments:veto-add", own_month, lambda w: Veto.objects.latest("id").reason),
    "void": reason(
        "assessor",
        "assessments:finding-void",
        lambda w: [w.finding.pk],
        lambda w: Finding.objects.get(pk=w.finding.pk).void_reason,
    ),
    "void sheet": reason(
        "assessor",
        "assessments:check-void",
        lambda w: [w.check.pk],
        lambda w: Check.objects.get(pk=w.check.pk).void_reason,
    ),
    "returned attendance": reason(
        "manager",
        "teams:attendance-return",
        lambda w: [confirmed(w).team_id, w.open],
        lambda w: AttendanceMonth.objects.get(team=w.team, period=w.open).question,
    ),
    "plan team": plan_field("team", "team_id", whole),
    "plan kind": plan_field("kind", "kind", text),
    "plan first day": plan_field("first", "due_from", day),
    "plan last day": plan_field("last", "due_on", day),
    "cancelled plan": reason(
        "assessor",
        "assessments:plan-cancel",
        lambda w: [w.plan.pk],
        lambda w: AuditEntry.objects.filter(verb="plan.cancelled").latest("id").after["reason"],
    ),
    "item owner": Field(
        "leader",
        "assessments:owners",
        lambda w: [w.team.pk],
        lambda w: {},
        lambda w: f"o-{criterion(w).code}",
        lambda w: getattr(ItemOwner.objects.filter(team=w.team).first(), "user_id", None),
        whole,
    ),
    "appraisal title": Field(
        "manager",
        "assessments:appraisal-open",
        lambda w: [w.unit.pk],
        lambda w: NEW_ROUND | {"opens_on": w.today, "ends_on": w.later},
        lambda w: "title",
        lambda w: Appraisal.objects.latest("id").title,
        text,
    ),
    "ballot words": Field(
        "worker",
        "assessments:appraisal-vote",
        lambda w: [w.rated.pk],
        lambda w: RATING,
        lambda w: "words",
        lambda w: Ballot.objects.get(about=w.rated).words,
        text,
    ),
    "sheet date": sheet_field("date", filed("date"), day),
    "sheet shift": sheet_field("shift", filed("shift"), text),
    "sheet key": sheet_field("key", filed("key"), text),
    "sheet points": sheet_field("{row}-points", found("points"), minus),
    "sheet person": sheet_field("{row}-person", found("person_id"), whole),
    "sheet note": sheet_field("{row}-note", found("note"), text),
    "inspection kind": sheet_field("kind", filed("kind"), text, "assessor", "assessments:inspect"),
    "inapplicable": Field(
        "assessor",
        "assessments:conditions",
        own_month,
        lambda w: {},
        lambda w: "criteria",
        lambda w: NotApplicable.objects.get(team=w.team, period=w.open).criterion_id,
        whole,
    ),
    **PIECE_FIELDS,
    **HONOUR_FIELDS,
    **IDEA_FIELDS,
    **OBJECTION_FIELDS,
    **LEARNING_FIELDS,
    **KNOWLEDGE_FIELDS,
    **PARTY_FIELDS,
    **POINT_FIELDS,
    **ADJUSTMENT_FIELDS,
    "standard month": Field(
        "assessor",
        "assessments:standard-in-force",
        lambda w: [w.version.pk],
        lambda w: {},
        lambda w: "period",
        lambda w: StandardVersion.objects.get(pk=w.version.pk).in_force_from,
        month,
    ),
    **{f"standard line {name}": line_field(name, meaning) for name, meaning in LINE.items()},
    "standard unit": Field(
        "assessor",
        "assessments:standard-install",
        lambda w: ["standard_5x44"],
        lambda w: {},
        lambda w: "unit",
        lambda w: StandardVersion.objects.latest("id").standard.unit_id,
        whole,
    ),
    **BONUS_FIELDS,
    "attendance code": Field(
        "clerk",
        "teams:attendance",
        own_month,
        lambda w: {},
        cell,
        lambda w: getattr(Attendance.objects.filter(user=w.people["worker"], period=w.open).first(), "code", ""),
        text,
    ),
    "watch": Field(
        "clerk",
        "teams:watches",
        lambda w: [w.team.pk, w.next],
        lambda w: {},
        lambda w: "w-1-night",
        lambda w: getattr(Watch.objects.filter(date=periods.first_day(w.next)).first(), "user_id", None),
        whole,
    ),
    "hand-over": Field(
        "worker",
        "teams:watch",
        lambda w: [w.watch.pk],
        lambda w: {},
        lambda w: "leftover",
        lambda w: Watch.objects.get(pk=w.watch.pk).handover.removeprefix("遗留问题："),
        text,
    ),
    "substitution day": Field(
        "clerk", "teams:substitutions", own_month, substitution, lambda w: "date", covered("date"), day
    ),
    "substitution person": Field(
        "clerk", "teams:substitutions", own_month, substitution, lambda w: "covered", covered("covered_id"), whole
    ),
    "substitution note": Field(
        "clerk", "teams:substitutions", own_month, substitution, lambda w: "note", covered("note"), text
    ),
    "overtime": Field(
        "clerk",
        "teams:attendance",
        own_month,
        lambda w: {},
        hours,
        lambda w: getattr(Overtime.objects.filter(user=w.people["worker"], period=w.open).first(), "hours", None),
        lambda typed: number(typed) or None,
    ),
}


def confirmed(w):
    month = attendance.month_of(w.team, w.open)
    AttendanceMonth.objects.filter(pk=month.pk).update(state="confirmed")
    return month


REFUSALS = ("alert-danger", "invalid-feedback", "is-invalid", "errorlist")


@dataclass
class Answer:
    status: int
    accepted: bool
    refused: bool
    writes: list
    stored: object


def send(world, field, typed):
    """Post the form with `typed` in that field and undo it again; a lone surrogate arrives as the bytes it would be."""
    with transaction.atomic():
        address = reverse(field.page, args=field.args(world))
        body = urlencode(field.body(world) | {field.name(world): typed}, doseq=True, errors="surrogatepass")
        with watching_writes() as writes:
            client = client_of(world, field.who)
            response = client.post(address, body, content_type="application/x-www-form-urlencoded", follow=True)
        html = response.content.decode()
        accepted = "alert-success" in html
        stored = field.stored(world) if accepted else None
        transaction.set_rollback(True)
    refused = response.status_code == 404 or any(sign in html for sign in REFUSALS)
    return Answer(response.status_code, accepted, refused, writes, stored)


def arriving(typed):
    """What the server reads of a typed text: bytes that are no UTF-8 become replacement signs."""
    return typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
