"""What the branch, the reserve and elections hold about a person, for the person's own data."""

from django.utils import timezone

from activities.models import Candidate, Commitment, Liaison, PartyGroupMember, PartyPost, ReserveStep


def _party(user):
    for row in Liaison.objects.filter(user=user).select_related("team").order_by("id"):
        yield "联系班组", row.team, "", row.started_on, row.ended_on
    for row in PartyGroupMember.objects.filter(user=user).select_related("group").order_by("id"):
        yield "党小组", row.group, row.speciality, row.joined_on, row.left_on
    for row in PartyPost.objects.filter(user=user).order_by("id"):
        yield row.get_kind_display(), row.name, row.duties, row.started_on, row.ended_on
    for row in Commitment.objects.filter(user=user).order_by("id"):
        yield "承诺", f"{row.year} 年", row.text, _at(row.made_at), ""


def _reserve_steps(user):
    for row in ReserveStep.objects.filter(reserve__user=user).order_by("id"):
        yield _at(row.at), row.get_stage_display(), row.text


def _candidacies(user):
    for row in Candidate.objects.filter(user=user).select_related("election__team").order_by("id"):
        stands = {True: "参选", False: "不参选", None: ""}[row.stands]
        yield row.election.team, row.election.post, stands, row.votes, "当选" if row.is_elected else ""


def _at(moment):
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


SHEETS = [
    ("党建", ["种类", "班组或名称", "内容", "开始", "结束"], _party),
    ("后备培养", ["时间", "阶段", "记录"], _reserve_steps),
    ("参加选举", ["班组", "岗位", "是否参选", "得票", "结果"], _candidacies),
]
"""As in teamhub/own_data.py."""
