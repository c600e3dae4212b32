"""Reads of rounds: which a person meets, how far they are, and what of them waits for somebody today."""

from collections import Counter

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from assessments.honours.application_starts import applicants_for
from assessments.honours.programmes import manages
from assessments.honours.told_states import told
from assessments.models import Application, Round, Studio
from assessments.services.rounds import CANCELLABLE, invitation_key
from assessments.standards.access import reach
from bulletins.models import Bulletin
from bulletins.services.notices import TOPIC
from teams.access import access_of, line_of, unit_for
from teams.models import AuditEntry
from teams.selectors import with_words

State = Round.State
GONE = (Application.State.WITHDRAWN, Application.State.REFUSED)


def visible_to(user):
    """Rounds of the programmes that hold where the person belongs; drafts only for those who run them."""
    own = Q(programme__unit__in=access_of(user).unit_ids("programme.manage"))
    rows = Round.objects.filter(~Q(state=State.DRAFT) | own, programme__unit__in=reach(user))
    return rows.select_related("programme__unit")


def listed(user, *, q="", state="", programme=None, year=None):
    """Rounds for the list, narrowed, each with `filed`: how many applications were handed in."""
    rows = visible_to(user).annotate(filed=Count("applications", filter=Q(applications__submitted_at__isnull=False)))
    narrowed = {"state": state, "programme": programme, "opens_on__year": year}
    rows = rows.filter(**{name: value for name, value in narrowed.items() if value})
    found = with_words(rows, q, "name__icontains", "programme__name__icontains", "programme__title__icontains")
    return found.order_by("-opens_on", "-id")


def round_for(user, pk):
    """The round with this id; 404 for those to whom it does not apply, and of drafts for those who do not run them."""
    return get_object_or_404(visible_to(user), pk=pk)


def managed(user, pk):
    """The round with this id, for those who run it; 403 for the others who see it."""
    found = round_for(user, pk)
    unit_for(user, found.programme.unit_id, "programme.manage")
    return found


def standings(round_):
    """How many applications of a round are in which state: {"states": [(state in words, count)], "units": [(unit, states,
    sum)], "total"}; states that none is in are left out."""
    rows = round_.applications.values_list("unit__name", "state").annotate(count=Count("pk")).order_by("unit__name")
    states, units = Counter(), {}
    for unit, real, count in rows:
        state = told(real, round_)
        states[state] += count
        units.setdefault(unit, Counter())[state] += count
    shown = [(value, label) for value, label in Application.State.choices if states[value]]
    by_unit = [
        (unit, [(label, counts[value]) for value, label in shown], counts.total()) for unit, counts in units.items()
    ]
    return {"states": [(label, states[value]) for value, label in shown], "units": by_unit, "total": states.total()}


def unfinished(round_):
    """What stays behind when applications end now, e.g. "2 份还没有提交、1 份还没有推荐"; empty when nothing does."""
    words = {"draft": "还没有提交", "returned": "退回后没有补好", "submitted": "还没有推荐"}
    counts = dict(round_.applications.order_by().values_list("state").annotate(count=Count("pk")))
    return "、".join(f"{counts[state]} 份{said}" for state, said in words.items() if counts.get(state))


def invitation_of(round_):
    """The notice that invites to a round, or None."""
    return Bulletin.objects.filter(topic=f"{TOPIC}{invitation_key(round_)}", kind=Bulletin.Kind.NOTICE).first()


def postponements(round_):
    """Entries of the trail: when the last day was put off, and why."""
    about = {"object_type": Round._meta.label_lower, "object_id": round_.pk, "verb": "round.put_off"}
    return AuditEntry.objects.filter(**about).select_related("actor").order_by("id")


def days_left(round_):
    """How many days applications are still taken, today included; 0 when it is over."""
    return max((round_.apply_until - timezone.localdate()).days + 1, 0)


# -- What waits ----------------------------------------------------------------------------------------------------------


def waiting_for(user):
    """(title, detail, address, kind of state, word) of each line: rounds to apply in, and rounds whose last day is over."""
    for round_ in open_for(user):
        detail = f"{round_}，{round_.apply_until} 截止，还有 {days_left(round_)} 天"
        yield "评选申报", detail, reverse("assessments:round", args=[round_.pk]), "wait", "可申报"
    units = access_of(user).unit_ids("programme.manage")
    over = Round.objects.filter(programme__unit__in=units, state=State.OPEN, apply_until__lt=timezone.localdate())
    for round_ in over.select_related("programme").order_by("apply_until", "id") if units else ():
        detail = f"{round_}申报已于 {round_.apply_until} 截止，可以进入评审"
        yield "评选批次", detail, reverse("assessments:round", args=[round_.pk]), "wait", "待评审"


def open_for(user):
    """Open rounds in which the person may file an application and has filed none; few queries, however many rounds."""
    rows = Round.objects.filter(state=State.OPEN, apply_until__gte=timezone.localdate()).select_related("programme")
    rows = list(rows.order_by("apply_until", "id"))
    sides = list(_sides(user, {row.frozen["subject"] for row in rows}))
    found = [row for row in rows if any(_fits(row, *side) for side in sides)]
    done = _filed(user, found)
    return [row for row in found if row.pk not in done]


def may_file(user, round_):
    """Whether there is anybody for whom the person may still apply in a round now."""
    return round_.state == State.OPEN and days_left(round_) > 0 and bool(applicants_for(user, round_))


def _sides(user, subjects):
    """(units above, in which hats the person files there, for which subjects), read for the subjects asked for only."""
    membership = access_of(user).membership if subjects & {"team", "person"} else None
    if membership:
        yield set(line_of(membership.team.unit)), {membership.role, "self"}, ("team", "person")
    led = Studio.objects.filter(leader=user, ended_on__isnull=True).select_related("unit")
    if "studio" in subjects and (studio := led.first()):
        yield set(line_of(studio.unit)), {"studio_leader"}, ("studio",)


def _fits(round_, units, hats, subjects):
    frozen = round_.frozen
    in_place = round_.programme.unit_id in units and frozen["subject"] in subjects
    return in_place and bool(hats & set(frozen["applicants"]))


def _filed(user, rounds):
    """Ids of the rounds in which the own team, studio or oneself stands already, or the person filed somebody."""
    rows = Application.objects.filter(round__in=rounds).exclude(state__in=GONE)
    mine = Q(team__in=access_of(user).team_roles) | Q(user=user) | Q(studio__leader=user)
    return set(rows.filter(mine | Q(user__isnull=False, filed_by=user)).values_list("round", flat=True))


def deeds_for(user, round_, invitation):
    """Which deeds of a round are the person's now, by the names of their buttons; nobody is invited twice."""
    if not manages(user, round_.programme):
        return set()
    steps = {State.DRAFT: {"change", "open"}, State.OPEN: {"invite", "put_off", "review"}, State.CANCELLED: set()}
    steps |= {State.POSTED: {"reviews", "name"}, State.NAMED: {"reviews", "certificates"}}
    found = steps.get(round_.state, {"reviews"}) | (
        {"cancel"} if round_.state in CANCELLABLE and not round_.bulletin else set()
    )
    return found - ({"invite"} if invitation else set())
