"""What the product holds about how a person learns, as sheets of the own data (teamhub/own_data.py)."""

from django.db.models import Q
from django.utils import timezone

from activities.models import Entrant, Mentorship, Practice, Vision
from teams.figures import short_text


def _visions(user):
    for vision in Vision.objects.filter(user=user).prefetch_related("items", "reviews__reviewer").order_by("id"):
        yield vision.starts_on, "愿景", vision.statement, vision.mentor, vision.ended_on
        for item in vision.items.all():
            yield item.due_on, "学习计划", item.text, item.outcome, item.done_on
        for review in vision.reviews.all():
            yield timezone.localdate(review.at), "回顾", review.text, review.reviewer, None


def _mentorships(user):
    rows = Mentorship.objects.filter(Q(mentor=user) | Q(apprentice=user)).select_related("mentor", "apprentice")
    for row in rows.order_by("id"):
        score = "" if row.exam_score is None else short_text(row.exam_score)
        days = (row.starts_on, row.ends_on)
        yield row.mentor, row.apprentice, *days, row.aims, row.get_state_display(), row.exam_on, score, row.outcome


def _practices(user):
    for row in Practice.objects.filter(user=user).select_related("card").order_by("id"):
        yield f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}", row.card.question, row.get_result_display()


def _contests(user):
    for row in Entrant.objects.filter(user=user).select_related("contest__unit").order_by("id"):
        score = "" if row.score is None else f"{short_text(row.score)} {row.contest.measured_in}"
        yield row.contest.starts_on, row.contest.unit, row.contest, score, row.rank


SHEETS = [
    ("愿景和学习计划", ["日期", "类别", "内容", "辅导人、结果或回顾人", "结束或完成"], _visions),
    (
        "师带徒",
        ["师傅", "徒弟", "开始", "结束", "培养目标", "状态", "考核日期", "成绩（分）", "结果"],
        _mentorships,
    ),
    ("练兵", ["时间", "题目", "结果"], _practices),
    ("竞赛", ["日期", "单位", "竞赛", "成绩", "名次"], _contests),
]
