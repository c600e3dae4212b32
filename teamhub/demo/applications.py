"""The round of 六好 as a visitor finds it: one application recommended, one that waits, one sent back, one half written."""

from assessments.honours.application_lacks import Draft
from assessments.honours.application_lists import desk_of
from assessments.honours.application_proofs import SOURCES, candidates
from assessments.honours.application_starts import applicants_for, obstacles
from assessments.models import Round
from assessments.services import applications, recommendations

STORY = """{team}今年没有发生人身和设备责任事故，月度考核平均在 90 分以上。

一、安全上不留空档。班前会结合当天任务讲一个风险、问一个人，班后会评一件事；查出的问题当班改、改完拍照。

二、干活按标准。把巡检路线画成图贴在集控室，新来的人照着走不漏项；两票执行有人复查，错一处讲一次。

三、心往一处想。奖金表、考勤表按月公布，谁有疑问当场算；谁家有难处，工会小组长上门。"""
SHARE = 90
"""Per cent of the full marks that a team gives itself."""
PROOFS = 2
"""So many proofs of each kind stand for a criterion."""


def add(plant, today):
    """Teams that nothing bars answer the call for 六好; that of the leader whom a visitor plays has begun."""
    opened = Round.objects.get(programme__unit=plant.root, programme__code="six_good", state=Round.State.OPEN)
    against = obstacles(opened.frozen, [demo.team for demo in plant.teams], today)
    demos = [demo for demo in plant.teams if not against[demo.team]][:4]
    begun, waiting, returned, recommended = (begun_by(demo, opened) for demo in demos)
    for application in (waiting, returned, recommended):
        hand_in(application)
    union = plant.holders["union"]
    for text in ("全年无违章，台账实，同意推荐。", "名次靠前，同意推荐参评。"):
        recommendations.send_up(desk_of(recommended), [recommended], text, actor=union)
    recommendations.turn_down(returned, "return", "劳动竞赛只写了参加，请补上名次和照片。", actor=union)
    applications.save(begun, Draft(story="还在写：先写安全这一段。"), begun.saved_at, actor=begun.filed_by)


def begun_by(demo, opened):
    """The application of a team, with what exists for every criterion."""
    (applicant,) = applicants_for(demo.leader, opened)
    application = applications.start(opened, applicant, actor=demo.leader)
    for criterion in opened.frozen["criteria"]:
        _prove(application, criterion, demo.leader)
    return application


def _prove(application, criterion, actor):
    for kind in [kind for kind in criterion["evidence"] if kind in SOURCES]:
        rows = candidates(actor, application, criterion, kind)[:PROOFS]
        source = SOURCES[kind]
        picked = [(row.pk, source.label(row), source.date_of(row)) for row in rows]
        applications.add_proofs(application, criterion["code"], kind, picked, actor=actor)


def hand_in(application):
    """All that it still lacks is written."""
    frozen = application.round.frozen
    scores = {row["code"]: row["points"] * SHARE // 100 for row in frozen["criteria"]}
    notes, declared = dict.fromkeys(scores, "见依据"), list(range(len(frozen["conditions"])))
    draft = Draft(STORY.format(team=application.team), notes, scores, declared)
    applications.submit(application, draft, application.saved_at, actor=application.filed_by)
