"""Studios: founded, described, their members and rules; and each step of their life along assessments/honours/studio_moves.py."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours.studio_lamps import has_result, lacking, seven
from assessments.honours.studio_lists import facts_about
from assessments.honours.studio_moves import MOVES
from assessments.models import Studio, StudioMember, StudioRule, StudioStep
from teams import audit

State = Studio.State
LONGEST_RECTIFICATION = 2 * 366
COLUMNS = ("kind", "aims", "plan", "place", "area", "equipment")


@transaction.atomic
def establish(unit, leader, *, name="", kind, aims="", plan="", founded_on, actor):
    """Found a studio that bears the name of its leader, who becomes its first member; returns the Studio.

    Raises AssessmentError for a day to come, for the own studio, and when the leader has one or the unit one of that name.
    """
    require_past(founded_on, "成立日期")
    if leader == actor:
        raise AssessmentError("自己领军的工作室要请别人来登记。")
    name = name or f"{leader.name}创新工作室"
    facts = {"kind": kind, "aims": aims, "plan": plan, "founded_on": founded_on, "created_by": actor}
    studio = _unless_taken(
        lambda: Studio.objects.create(unit=unit, leader=leader, name=name, **facts), unit, leader, name
    )
    StudioMember.objects.create(studio=studio, user=leader, skill="领军人", joined_on=founded_on)
    _step(studio, f"成立，领军人{leader.name}", actor)
    audit.record("studio.founded", studio, actor=actor, unit=unit, after={"leader": str(leader), "kind": kind})
    return studio


def _unless_taken(write, unit, leader, name, but=None):
    """Carry out a write that names a leader or a studio; a sentence when one of them is taken."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        others = Studio.objects.filter(ended_on__isnull=True).exclude(pk=but)
        taken = others.filter(leader=leader).first()
        told = f"{leader.name}已经领着“{taken}”" if taken else f"{unit}已有同名的“{name}”"
        raise AssessmentError(f"{told}，一人一室、一名一室，请核对。") from error


@transaction.atomic
def describe(studio, *, actor, plaque=None, **columns):
    """Say what the studio is: `columns` are those of COLUMNS; a new `plaque` (Attachment) replaces the photo."""
    found = held(studio)
    columns |= {"plaque": plaque} if plaque else {}
    changed = {name: value for name, value in columns.items() if getattr(found, name) != value}
    if not changed:
        raise AssessmentError("内容没有变，不用保存。")
    Studio.objects.filter(pk=found.pk).update(**changed)
    told = [str(Studio._meta.get_field(name).verbose_name) for name in changed]
    audit.record("studio.described", found, actor=actor, unit=found.unit, after={"fields": told})


def held(studio):
    """The studio as it is now, locked until the end of the transaction. Raises StaleState when it is over."""
    found = Studio.objects.select_for_update().get(
        pk=studio.pk
    )  # alone: PostgreSQL loses a joined row that changed meanwhile
    if found.state == State.REVOKED:
        raise StaleState(f"“{found}”已经撤销，不能再登记。")
    return found


def require_past(day, what):
    if day > timezone.localdate():
        raise AssessmentError(f"{what}还没到，请填今天或以前的日期。")


@transaction.atomic
def add_member(studio, user, *, skill, joined_on, actor):
    """Take a person into the studio; returns the StudioMember."""
    found = held(studio)
    require_past(joined_on, "加入日期")
    if joined_on < found.founded_on:
        raise AssessmentError(f"工作室 {found.founded_on:%Y-%m-%d} 才成立，加入日期不能更早。")
    try:
        with transaction.atomic():
            member = StudioMember.objects.create(studio=found, user=user, skill=skill, joined_on=joined_on)
    except IntegrityError as error:
        raise AssessmentError(f"{user.name}已经在工作室里，不用再加。") from error
    told = {"user": str(user), "skill": skill, "joined_on": f"{joined_on}"}
    audit.record("studio_member.joined", found, actor=actor, unit=found.unit, after=told)
    return member


@transaction.atomic
def end_membership(member, left_on, *, actor):
    """A member leaves on a day; the leader only by a change of leader. The row stays as history."""
    found = held(member.studio)
    require_past(left_on, "离开日期")
    if member.user_id == found.leader_id:
        raise AssessmentError(f"{found.leader.name}是领军人，请先换领军人。")
    if left_on < member.joined_on:
        raise AssessmentError(f"{member.joined_on:%Y-%m-%d} 才加入，离开日期不能更早。")
    if not StudioMember.objects.filter(pk=member.pk, left_on__isnull=True).update(left_on=left_on):
        raise StaleState("此人刚刚已经离开，请刷新页面再看。")
    told = {"user": str(member.user), "left_on": f"{left_on}"}
    audit.record("studio_member.left", found, actor=actor, unit=found.unit, after=told)


@transaction.atomic
def set_rule(studio, kind, *, text, file=None, set_on, actor):
    """Put one of the seven rules in place of the one before, which stays readable; returns the StudioRule."""
    found = held(studio)
    require_past(set_on, "实行日期")
    if not text and file is None:
        raise AssessmentError("请写制度内容或上传文件。")
    latest = found.rules.filter(kind=kind).first()
    if latest and set_on < latest.set_on:
        raise AssessmentError(f"现行的这一项从 {latest.set_on:%Y-%m-%d} 起实行，新的不能更早。")
    rule = StudioRule.objects.create(studio=found, kind=kind, text=text, file=file, set_on=set_on, set_by=actor)
    told = {"rule": rule.get_kind_display(), "set_on": f"{set_on}"}
    audit.record("studio_rule.set", found, actor=actor, unit=found.unit, after=told)
    return rule


@transaction.atomic
def mature(studio, text, *, actor):
    """The union finds that a studio has all seven; refused with what is missing."""
    today = timezone.localdate()
    missing = lacking(seven(facts_about(studio, today), today))
    if missing:
        raise AssessmentError(f"七有还没有齐，不能认定成熟：{missing}。")
    _move("mature", studio, text, actor)


@transaction.atomic
def named(studio, text, *, actor):
    """A round names the studio; `text` says the title and the document. Called inside the transaction that names."""
    _move("name", studio, text, actor)


@transaction.atomic
def keep(studio, text, *, actor):
    """The yearly check is passed; once a year, and not without a result of the last twelve months."""
    found, today = held(studio), timezone.localdate()
    if found.steps.filter(at__year=today.year, text__startswith=f"{MOVES['keep'].label}：").exists():
        raise StaleState(f"“{studio}”{today.year} 年的年检已经做过了。")
    _require_result(studio, today)
    _move("keep", studio, text, actor)


def _require_result(studio, today):
    if not has_result(facts_about(studio, today), today):
        raise AssessmentError("十二个月里没有核实过的成果，请先核实成果，或者限期整改、撤销。")


@transaction.atomic
def rectify(studio, until, text, *, actor):
    """Ask a named studio to mend what is wrong by a day, with the reason."""
    today = timezone.localdate()
    if not today < until <= today + datetime.timedelta(days=LONGEST_RECTIFICATION):
        raise AssessmentError("整改期限请选明天以后、两年以内的日期。")
    _move("rectify", studio, text, actor, rectify_until=until, reason=text)


@transaction.atomic
def restore(studio, text, *, actor):
    """What was wrong is mended, and there is a result of the last twelve months; the studio is named again."""
    _require_result(studio, timezone.localdate())
    _move("restore", studio, text, actor, rectify_until=None, reason="")


@transaction.atomic
def revoke(studio, text, *, actor):
    """The studio is over; who is in it leaves. Its history stays."""
    today = timezone.localdate()
    _move("revoke", studio, text, actor, ended_on=today, rectify_until=None, reason=text)
    members = StudioMember.objects.filter(studio=studio, left_on__isnull=True)
    members.update(left_on=today)


@transaction.atomic
def rename(studio, leader, *, name, text, actor):
    """Another member leads the studio, which bears the own name from now on; who led it before stays a member if there."""
    found = held(studio)
    if leader == actor:
        raise AssessmentError("不能把自己定为领军人，请别人来办。")
    if leader.pk == found.leader_id:
        raise AssessmentError(f"{leader.name}已经是领军人，请选另外的人。")
    if not leader.is_active or not found.members.filter(user=leader, left_on__isnull=True).exists():
        raise AssessmentError(f"{leader.name}不在工作室里，请先加为成员。")
    name = name or f"{leader.name}创新工作室"
    told = f"{found.leader.name}换为{leader.name}，更名“{name}”，{text}"
    columns = {"leader": leader, "name": name}
    _unless_taken(lambda: _move("rename", studio, told, actor, **columns), found.unit, leader, name, but=found.pk)


@transaction.atomic
def warn(studio, text, *, actor):
    """Write down what the union has to decide about; nothing else changes."""
    _move("warn", studio, text, actor)


def _move(move_name, studio, text, actor, **columns):
    """Compare-and-set along the declared table, from the state that was read; StaleState when it is another by now."""
    move, before = MOVES[move_name], studio.get_state_display()
    target = move.target or studio.state
    rows = Studio.objects.filter(pk=studio.pk, state=studio.state, leader=studio.leader_id)
    if studio.state not in move.sources or not rows.update(state=target, **columns):
        raise StaleState(f"“{studio}”现在不能“{move.label}”，可能刚刚有了变化，请刷新页面再看。")
    studio.refresh_from_db()
    _step(studio, f"{move.label}：{text}", actor)
    told = {"before": {"state": before}, "after": {"state": studio.get_state_display(), "text": text}}
    audit.record(move.verb, studio, actor=actor, unit=studio.unit, **told)


def _step(studio, text, actor):
    StudioStep.objects.create(studio=studio, state=studio.state, text=text[:300], actor=actor)
