"""卓越班组 of the demo, in review: one application where the reviewers disagree, one half marked, one that still lacks reviewers."""

import datetime

from assessments.honours.application_lists import desk_of
from assessments.honours.application_starts import obstacles
from assessments.models import Application, Review
from assessments.services import assignments, programmes, recommendations, reviews, rounds
from teamhub.demo.applications import begun_by, hand_in

DAY = datetime.timedelta(days=1)
OFF = {"assessor": 40, "finance": 55, "party": 300}
"""What each takes off every criterion, in hundredths; the third sees it quite otherwise."""
NOTES = {"1": "目标上墙，但个人那一份没有签字。", "3": "两条建议已经用上，算得出省了多少钱。"}
WHOLE = "现场看得出天天在抓，改进要再有自己的题目。"


def add(plant, today):
    """Three teams that nothing bars, their reviewers, and marks."""
    union, holders = plant.holders["union"], plant.holders
    programme = programmes.install_preset("excellent_team", plant.root, actor=union)
    days = {"opens_on": today, "apply_until": today, "review_until": today + 12 * DAY}
    found = rounds.prepare(programme, actor=union, name=f"{today.year}年度", invitation="", **days)
    rounds.open_round(found, actor=union)
    found.refresh_from_db()
    against = obstacles(found.frozen, [demo.team for demo in plant.teams], today)
    demos = [demo for demo in plant.teams if not against[demo.team]][-3:]
    for demo in demos:
        _recommended(demo, found, union)
    rounds.begin_review(found, actor=union, early=True)
    apart, half, lacking = Application.objects.filter(round=found).select_related("round__programme").order_by("id")
    people = [holders[role] for role in OFF]
    for application in (apart, half):
        assignments.assign(application, people, actor=union)
    assignments.assign(lacking, [holders["finance"], demos[-1].manager], actor=union)
    for role, off in OFF.items():
        _give(apart, holders[role], off)
    _give(half, holders["finance"], OFF["finance"])


def _recommended(demo, found, union):
    application = begun_by(demo, found)
    hand_in(application)
    for text in ("指标连续三个月在前，同意推荐。", "同意推荐参评。"):
        recommendations.send_up(desk_of(application), [application], text, actor=union)


def _give(application, reviewer, off):
    review = Review.objects.select_related("application__round__programme__unit", "reviewer").get(
        application=application, reviewer=reviewer
    )
    marks = {row["code"]: row["points"] - off for row in application.round.frozen["criteria"]}
    reviews.submit(review, marks, NOTES | {"": WHOLE}, reviews.seen_of(review), actor=reviewer)
