"""Reads of visions: the own one, those a person may see, who has one and whose review is due."""

import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from activities.learning.reach import present
from activities.models import StudyItem, Vision
from teams.access import access_of
from teams.models import Membership
from teams.selectors import with_words

AHEAD = datetime.timedelta(days=14)
"""How long before its day a review is shown as due."""
OPEN = Vision.objects.filter(ended_on__isnull=True)
STANDINGS = {"none": "还没有写", "due": "该回顾了", "late": "回顾过期", "kept": "正常"}


def own(user):
    """The person's open vision with plan and reviews; None before the first."""
    return _whole(OPEN).filter(user=user).first()


def _whole(rows):
    rows = rows.select_related("user", "mentor")
    return rows.prefetch_related("items", "reviews__reviewer")


def former(user):
    """Earlier visions of a person, latest first."""
    return Vision.objects.filter(user=user, ended_on__isnull=False)


def may_review(user, vision):
    """Whether the person looks at it with its owner: the mentor, or who leads the owner's team; never the owner."""
    return user.pk != vision.user_id and (user.pk == vision.mentor_id or _leads(user, vision))


def _leads(user, vision):
    teams = access_of(user).teams("vision.review")
    return Membership.objects.open().filter(user=vision.user_id, team__in=teams).exists()


def vision_for(user, pk):
    """An open vision of somebody that the person may see: as a reviewer, or one shown to the own team; else None."""
    vision = _whole(OPEN).filter(pk=pk).first()
    if vision is None or vision.user_id == user.pk or may_review(user, vision):
        return vision
    mates = Membership.objects.open().filter(user=vision.user_id, team__in=access_of(user).team_roles)
    return vision if vision.is_shown and mates.exists() else None


def shown_beside(user):
    """Visions of team-mates who show theirs."""
    mates = Membership.objects.open().filter(team__in=access_of(user).team_roles).exclude(user=user).values("user")
    return OPEN.filter(user__in=mates, is_shown=True).select_related("user").order_by("user__employee_no")


def to_review(user):
    """Visions whose review is due from the person: of those one mentors and of the team one leads."""
    led = Membership.objects.open().filter(team__in=access_of(user).teams("vision.review")).values("user")
    due = OPEN.filter(review_on__lte=timezone.localdate()).exclude(user=user)
    return due.filter(Q(mentor=user) | Q(mentor__isnull=True, user__in=led)).select_related("user")


def members_of(teams, *, q="", standing=""):
    """Present members of these teams, narrowed by words and a key of STANDINGS."""
    rows = with_words(present(teams), q, "user__name__icontains", "user__employee_no")
    found, today = OPEN.filter(user=OuterRef("user")), timezone.localdate()
    by_standing = {
        "none": ~Exists(found),
        "due": Exists(found.filter(review_on__range=(today, today + AHEAD))),
        "late": Exists(found.filter(review_on__lt=today)),
        "kept": Exists(found.filter(review_on__gt=today + AHEAD)),
    }
    return rows.filter(by_standing[standing]) if standing else rows


def with_visions(members):
    """Give each of these memberships its open `vision` and `standing`; two queries however many they are."""
    members = list(members)
    found = OPEN.filter(user__in=[member.user_id for member in members]).select_related("mentor")
    plans = Prefetch("items", StudyItem.objects.filter(done_on__isnull=True), to_attr="open_items")
    visions = {vision.user_id: vision for vision in found.prefetch_related(plans)}
    for member in members:
        member.vision = visions.get(member.user_id)
        member.standing = standing_of(member.vision)
    return members


def standing_of(vision):
    """A key of STANDINGS."""
    if vision is None:
        return "none"
    today = timezone.localdate()
    if vision.review_on < today:
        return "late"
    return "due" if vision.review_on <= today + AHEAD else "kept"


def counts(teams):
    """[(key of STANDINGS, label, how many)] of the present members of these teams."""
    return [(key, label, members_of(teams, standing=key).count()) for key, label in STANDINGS.items()]
