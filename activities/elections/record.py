"""The record of one election as a workbook: what its page shows, and nothing of who voted or for whom (decisions/010)."""

from django.utils import timezone

from activities.elections import reads
from activities.services.election_results import notice_of
from activities.services.elections import turnout
from teams.downloads import Figure, Sheet

HEADERS = ["候选人", "工号", "推荐（人）", "参选", "得票", "结果"]
STANDS = {True: "参选", False: "不参选", None: "没有表示"}
UNSIGNED = "投票不记名：系统里没有谁投给谁的记录，这份表里也没有。"


def sheet_of(election):
    """The Sheet of an election; votes stand in it only once they are counted."""
    candidates = reads.candidates_of(election)
    title = f"{election.team.unit} {election}"
    after = [[UNSIGNED]] + ([[f"公示编号：{notice.serial}"]] if (notice := notice_of(election)) else [])
    return Sheet("选举记录", HEADERS, list(map(_row, candidates)), title, _facts(election), after)


def _row(candidate):
    counted = candidate.votes is not None
    votes = Figure(str(candidate.votes)) if counted else ""
    result = ("当选" if candidate.is_elected else "未当选") if counted else ""
    named = Figure(str(candidate.nominated))
    return [candidate.user.name, candidate.user.employee_no, named, STANDS[candidate.stands], votes, result]


def _facts(election):
    """[label, text] of what is known by now."""
    known = [
        ("状态", reads.SHOWN[election.state][1]),
        ("名额", str(election.posts)),
        ("发起", f"{election.called_by} {_day(election.called_at)}"),
        ("推荐截止", f"{election.nominate_until}"),
        ("投票截止", f"{election.vote_until}"),
        ("投票", _turnout(election)),
        ("计票", _day(election.counted_at)),
        ("公示到", election.notice_until and f"{election.notice_until}"),
        ("任期", (ends := reads.term_end(election)) and f"{_day(election.appointed_at)} 到 {ends}"),
        ("取消原因", election.reason),
    ]
    return [[label, text] for label, text in known if text]


def _turnout(election):
    if election.state == election.State.NOMINATING:
        return ""
    voted, may = turnout(election)
    blanks = f"，弃权 {reads.blanks_of(election)} 张" if election.counted_at else ""
    return f"{may} 人里 {voted} 人投过{blanks}"


def _day(moment):
    return moment and f"{timezone.localdate(moment)}"
