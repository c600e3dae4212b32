"""How people of the demo learn: a year of classroom, visions, mentors, practice cards and contests."""

import datetime
import uuid

from django.utils import timezone

from activities.models import ActivityKind, Mentorship, Participant, Vision
from activities.services import activities, contests, mentorships, practice, visions
from activities.services.activities import Content
from teams.models import Membership

DAY = datetime.timedelta(days=1)
LESSONS = [
    # code, days ago, seat of the lecturer, topic, hundredths of an hour
    ("company_class", 40, None, "从一起锅炉灭火事故说起", 200),
    ("branch_class", 26, None, "班组里怎样开好民主会", 100),
    ("team_class", 19, 2, "给煤机断煤怎么办", 50),
    ("team_class", 12, 5, "凝汽器查漏的三个窍门", 50),
    ("team_class", 5, 3, "登高作业前看哪五处", 50),
    ("lecture", 33, 2, "汽轮机振动的原因和判断", 100),
    ("training", 9, None, "事故处理仿真机培训", 200),
]
GUEST = "电力学院周教授"
CARDS = [
    (
        "汽机",
        "汽轮机冲转前要满足哪些条件？",
        "真空、油压、油温、轴向位移、胀差、上下缸温差都在规程范围内，盘车连续运行 4 小时以上。",
    ),
    ("锅炉", "锅炉灭火后第一件事做什么？", "立即确认全部燃料切断，再进行炉膛吹扫。没有吹扫严禁点火。"),
    ("电气", "厂用电全失后先保什么？", "先保直流油泵和事故照明，保证汽轮机安全停下来。"),
    (
        "",
        "发现有人触电怎么办？",
        "先断电，断不了就用干燥绝缘的东西挑开；不要直接用手拉人；没有呼吸心跳马上心肺复苏并打 120。",
    ),
    ("", "“两票”是哪两票？", "工作票和操作票。"),
    ("", "动火作业前要做哪几件事？", "办动火票、测可燃气体、清理周围可燃物、配灭火器、派监护人。"),
]
VISIONS = [
    (1, "三年内考上技师，带出两个能独立值班的徒弟。", 90, True),
    (6, "先把全厂系统图默画下来，两年内考上副值。", -3, True),
    (3, "考下注册安全工程师。", 8, False),
]
PLAN = [("默画主蒸汽系统图", "每周两张，师傅批改", 20), ("背熟事故处理规程第三章", "下班后一小时", 45)]
ENDED = ("默画循环水系统图", "跟着现场走两遍", "画出来了，师傅说可以")


def add(plant, today):
    """Of the first team and its unit."""
    team = plant.teams[0].team
    members = Membership.objects.open().filter(team=team).select_related("user").order_by("user__employee_no")
    people = [member.user for member in members]
    _lessons(plant, team, people, today)
    _visions(people, today)
    _mentorships(team, people, today)
    _cards(plant, team.unit, people)
    _contests(plant, team, people, today)


def _lessons(plant, team, people, today):
    kinds = {kind.code: kind for kind in ActivityKind.objects.filter(code__in={row[0] for row in LESSONS})}
    for code, ago, seat, topic, hours in LESSONS:
        if code in kinds:
            speaker = people[seat - 1] if seat else None
            _lesson(plant, kinds[code], team, people, today - ago * DAY, (speaker, topic, hours))


def _lesson(plant, kind, team, people, date, about):
    speaker, topic, hours = about
    of_team = kind.subject == ActivityKind.Subject.TEAM
    values = {"topic": topic}
    if not of_team:
        values |= {"lecturer": GUEST, "score": 9300}
    elif speaker and kind.code == "team_class":
        values |= {"speaker": speaker.pk, "score": 9000}
    elif speaker:
        values["speaker"] = speaker.name
    there = {user: Participant.Part.MEMBER for user in people if (user.pk + date.day) % 5}
    facts = {"title": topic, "date": date, "host": speaker, "values": values, "hours": hours, "people": there}
    where = {"unit": team.unit, "team": team if of_team else None, "source": uuid.uuid4()}
    activities.record(kind, Content(**facts), actor=plant.teams[0].leader, **where)


def _visions(people, today):
    for seat, statement, days, is_shown in VISIONS:
        user = people[seat - 1]
        mentor = people[0] if seat == 6 else None
        facts = {"review_on": today + 30 * DAY, "mentor": mentor, "is_shown": is_shown}
        vision = visions.write(user, statement=statement, actor=user, **facts)
        Vision.objects.filter(pk=vision.pk).update(starts_on=today - 150 * DAY, review_on=today + days * DAY)
        if seat == 6:
            _plan(vision, people[0], today)


def _plan(vision, mentor, today):
    for text, how, days in PLAN:
        visions.add_item(vision, text=text, how=how, due_on=today + days * DAY, actor=vision.user)
    text, how, outcome = ENDED
    item = visions.add_item(vision, text=text, how=how, due_on=today - 5 * DAY, actor=vision.user)
    visions.finish_item(item, outcome, actor=vision.user)
    said = "进步快，基础扎实。下半年把电气部分补上。"
    visions.review(vision, text=said, review_on=today + 5 * DAY, actor=mentor)
    Vision.objects.filter(pk=vision.pk).update(review_on=today - 3 * DAY)


def _mentorships(team, people, today):
    leader = people[0]
    rows = [(people[1], people[6], 200, "passed"), (people[2], people[7], 60, "running"), (leader, people[5], 2, "new")]
    for mentor, apprentice, ago, state in rows:
        starts_on = today - ago * DAY
        days = {"starts_on": starts_on, "ends_on": starts_on + 365 * DAY}
        aims = "一年内：会独立巡检和交接班；会处理三种常见故障；默画主要系统图。"
        found = mentorships.propose(team, mentor=mentor, apprentice=apprentice, aims=aims, actor=leader, **days)
        if state != "new":
            mentorships.agree(found, actor=mentor)
            mentorships.agree(found, actor=apprentice)
            _agreed_on(found, starts_on)
        if state == "passed":
            exam = {"exam_on": today - 12 * DAY, "score": 9150, "passed": True, "outcome": "操作熟练，讲得清楚"}
            mentorships.examine(found, actor=leader, **exam)


def _agreed_on(mentorship, day):
    at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(17, 30)))
    Mentorship.objects.filter(pk=mentorship.pk).update(mentor_agreed_at=at, apprentice_agreed_at=at)


def _cards(plant, unit, people):
    cards = [
        practice.write_card(unit, question=question, answer=answer, trade=trade, actor=plant.teams[0].manager)
        for trade, question, answer in CARDS
    ]
    answers = [(5, ["known", "unsure"]), (1, ["known", "known", "unknown"]), (2, ["unknown", "known"])]
    for seat, results in answers:
        for card, result in zip(cards, results, strict=False):
            practice.answer(card, result, unit=unit, actor=people[seat])


def _contests(plant, team, people, today):
    union, unit = plant.holders["union"], team.unit
    first = {"name": "心肺复苏技能比武", "subject": "person", "measured_in": "分", "lower_is_better": False}
    first |= {"rules": "理论 30 分，操作 70 分，评委三人取平均。\n前三名给班组加分。"}
    days = {"starts_on": today - 20 * DAY, "ends_on": today - 20 * DAY}
    done = contests.create(unit, actor=union, **first, **days)
    contests.enter(done, people[1:7], actor=union)
    contests.start(done, actor=union)
    scores = [9250, 8800, 8800, 9500, 7900, 9100]
    contests.enter_scores(done, dict(zip(done.entrants.order_by("id"), scores, strict=True)), actor=union)
    contests.rank(done, actor=union)
    contests.post(done, honoured=3, level="unit", granted_by=unit.name, actor=union)
    second = {"name": "四季度“无缺陷”劳动竞赛", "subject": "team", "measured_in": "条", "lower_is_better": True}
    second |= {"rules": "比谁的遗留缺陷少，月底由考核员清点。", "starts_on": today - 15 * DAY, "ends_on": today}
    running = contests.create(unit, actor=union, **second)
    contests.enter(running, list(unit.teams.open()), actor=union)
    contests.start(running, actor=union)
    third = {"name": "灭火器操作比武", "subject": "person", "measured_in": "秒", "lower_is_better": True}
    third |= {"rules": "从提起灭火器到火灭，用时短的在前。", "starts_on": today + 20 * DAY, "ends_on": today + 20 * DAY}
    contests.create(unit, actor=union, **third)
