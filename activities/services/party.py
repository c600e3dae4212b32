"""Party building in teams: liaisons, Party groups, areas of responsibility and model posts."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.models import Liaison, PartyGroup, PartyGroupMember, PartyPost
from activities.party.access import PARTY, committee_of
from teams import audit
from teams.models import Membership


@transaction.atomic
def appoint_liaison(team, user, started_on, *, actor):
    """Let a member of the committee be in touch with a team from a day on, in place of whoever was; returns the Liaison."""
    _require_come(started_on)
    if not committee_of(team.unit).filter(pk=user.pk).exists():
        raise ActivityError(f"{user}不是{team.unit}的支委，请先请安全管理员授予支委职务。")
    if Membership.objects.open().filter(team=team, user=user).exists():
        raise ActivityError(f"{user}是{team}的人，联系支委要请班组以外的人。")
    held = Liaison.objects.select_for_update().filter(team=team, ended_on__isnull=True).select_related("user").first()
    if held and held.user_id == user.pk:
        raise ActivityError(f"{user}已经是{team}的联系支委。")
    if held and held.started_on > started_on:
        raise ActivityError(f"开始日期不能早于现在这一位的开始日期 {held.started_on:%Y-%m-%d}。")
    if held:
        Liaison.objects.filter(pk=held.pk).update(ended_on=started_on)
    try:
        with transaction.atomic():
            liaison = Liaison.objects.create(team=team, user=user, started_on=started_on)
    except IntegrityError as error:
        raise StaleState(f"{team}刚刚定了别的联系支委，请刷新页面再看。") from error
    facts = {"before": {"user": held.user.name if held else ""}, "after": {"user": user.name}}
    audit.record("liaison.appointed", liaison, actor=actor, unit=team.unit, **facts)
    return liaison


@transaction.atomic
def end_liaison(liaison, *, actor):
    """End a liaison today; the visits stay."""
    if not Liaison.objects.filter(pk=liaison.pk, ended_on__isnull=True).update(ended_on=timezone.localdate()):
        raise StaleState("这项联系已经结束了。")
    audit.record("liaison.ended", liaison, actor=actor, unit=liaison.team.unit)


@transaction.atomic
def form_group(unit, *, name, team, leader, formed_on, actor):
    """Form a Party group, of a team or across teams, with its leader as the first member; returns the PartyGroup."""
    _require_come(formed_on)
    _require_party(leader)
    try:
        with transaction.atomic():
            group = PartyGroup.objects.create(unit=unit, team=team, name=name, leader=leader, formed_on=formed_on)
    except IntegrityError as error:
        raise ActivityError(f"{unit}已有党小组“{name}”，请换一个名称。") from error
    _join(group, leader, "", formed_on)
    audit.record("party_group.formed", group, actor=actor, unit=unit, after={"name": name, "leader": leader.name})
    return group


@transaction.atomic
def join_group(group, user, *, speciality, joined_on, actor):
    """Put a Party member into a group; with a speciality he or she is attached to it as an expert."""
    held = _open_group(group)
    _require_come(joined_on)
    if joined_on < held.formed_on:
        raise ActivityError(f"加入日期不能早于成立日期 {held.formed_on:%Y-%m-%d}。")
    _require_party(user)
    member = _join(held, user, speciality, joined_on)
    after = {"user": user.name, "speciality": speciality}
    audit.record("party_group.joined", held, actor=actor, unit=held.unit, after=after)
    return member


def _join(group, user, speciality, joined_on):
    try:
        with transaction.atomic():
            return PartyGroupMember.objects.create(group=group, user=user, speciality=speciality, joined_on=joined_on)
    except IntegrityError as error:
        raise ActivityError(f"{user}已在一个党小组里，请先让他离开那个小组。") from error


@transaction.atomic
def leave_group(member, *, actor):
    """Take a member out of a group today; the leader only after another one leads."""
    held = _open_group(member.group)
    if held.leader_id == member.user_id:
        raise ActivityError(f"{member.user}是组长，请先换组长。")
    today = timezone.localdate()
    if not PartyGroupMember.objects.filter(pk=member.pk, left_on__isnull=True).update(left_on=today):
        raise StaleState("此人已经离开这个党小组。")
    audit.record("party_group.left", held, actor=actor, unit=held.unit, after={"user": member.user.name})


@transaction.atomic
def lead_group(group, user, *, actor):
    """Let another member lead a group."""
    held = _open_group(group)
    if held.leader_id == user.pk:
        raise ActivityError(f"{user}已经是组长。")
    if not held.members.filter(user=user, left_on__isnull=True).exists():
        raise ActivityError(f"{user}不在这个党小组，请先编入。")
    before = held.leader.name
    PartyGroup.objects.filter(pk=held.pk, ended_on__isnull=True).update(leader=user)
    told = {"before": {"leader": before}, "after": {"leader": user.name}}
    audit.record("party_group.led", held, actor=actor, unit=held.unit, **told)


@transaction.atomic
def end_group(group, *, actor):
    """Dissolve a group today; its members are free for other groups."""
    held, today = _open_group(group), timezone.localdate()
    PartyGroupMember.objects.filter(group=held, left_on__isnull=True).update(left_on=today)
    PartyGroup.objects.filter(pk=held.pk, ended_on__isnull=True).update(ended_on=today)
    audit.record("party_group.ended", held, actor=actor, unit=held.unit)


def _open_group(group):
    """The group, locked against being dissolved in between."""
    held = PartyGroup.objects.select_for_update().get(pk=group.pk)
    if held.ended_on:
        raise StaleState(f"党小组“{held}”已经撤销了。")
    return held


@transaction.atomic
def set_up_post(team, *, kind, name, user, duties, started_on, actor):
    """Let a Party member of a team answer for an area or a post; returns the PartyPost."""
    _require_come(started_on)
    _require_party(user)
    if not Membership.objects.open().filter(team=team, user=user).exists():
        raise ActivityError(f"{user}不在{team}，责任人要是本班组的党员。")
    facts = {"kind": kind, "name": name, "user": user, "duties": duties, "started_on": started_on}
    try:
        with transaction.atomic():
            post = PartyPost.objects.create(team=team, **facts)
    except IntegrityError as error:
        label = PartyPost.Kind(kind).label
        raise ActivityError(f"{team}已有{label}“{name}”，请换一个名称或者先结束那一个。") from error
    audit.record("party_post.set_up", post, actor=actor, unit=team.unit, after={"user": user.name, "duties": duties})
    return post


@transaction.atomic
def end_post(post, outcome, *, actor):
    """End an area or a post today with what came of it."""
    if not outcome:
        raise ActivityError("结束要写明成效。")
    rows = PartyPost.objects.filter(pk=post.pk, ended_on__isnull=True)
    if not rows.update(ended_on=timezone.localdate(), outcome=outcome):
        raise StaleState("这一项已经结束了。")
    audit.record("party_post.ended", post, actor=actor, unit=post.team.unit, after={"outcome": outcome})


def _require_come(day):
    if day > timezone.localdate():
        raise ActivityError("日期还没到，请填今天或以前的日期。")


def _require_party(user):
    if user.political_status not in PARTY:
        raise ActivityError(f"{user}不是党员，请核对政治面貌。")
