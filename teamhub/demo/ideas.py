"""Ideas in every state and goals from the company down to a worker, with measures, as a visitor finds them."""

import datetime
import random
import uuid

from activities.models import Idea
from activities.services import goals, ideas
from activities.services.goals import Content as GoalContent
from activities.services.ideas import Content
from teams.models import Membership

Kind, Theme = Idea.Kind, Idea.Theme
DAY = datetime.timedelta(days=1)
IDEAS = [
    # (state, kind, theme, title, problem, proposal, expected)
    (
        *("verified", Kind.SUGGESTION, Theme.ENERGY, "2 号机疏水改接凝汽器"),
        *(
            "疏水常年排地沟，白白浪费除盐水",
            "从疏水母管接一根 DN50 管到凝汽器，加一道手动门",
            "一年少用除盐水约 3000 吨",
        ),
    ),
    (
        *("carried_out", Kind.SUGGESTION, Theme.SAFETY, "磨煤机平台加装踢脚板"),
        *("平台边沿没有踢脚板，工具容易滚落", "用库里剩的 100 毫米扁钢加装踢脚板", "杜绝高处落物"),
    ),
    (
        *("adopted", Kind.QC, Theme.QUALITY, "降低给水泵机械密封泄漏次数"),
        *("今年给水泵机械密封漏了 4 次", "成立 QC 小组，从冷却水和安装间隙两头查原因", "一年不超过 1 次"),
    ),
    (
        *("submitted", Kind.SUGGESTION, Theme.COST, "旧阀门研磨后再用"),
        *("拆下来的旧阀门都当废铁卖", "挑密封面好的研磨、打压，合格的入库当备件", "一年省备件费约 2 万元"),
    ),
    (
        *("submitted", Kind.SUGGESTION, Theme.SERVICE, "集控室加一台饮水机"),
        *("夜班接水要下两层楼", "在集控室门口加一台饮水机", "夜班少离岗"),
    ),
    (
        *("returned", Kind.PROJECT, Theme.TECHNIQUE, "循环水泵变频改造"),
        *("冬季两台循环水泵全开，电耗高", "一台泵改变频", "冬季省电"),
    ),
    (
        *("refused", Kind.SUGGESTION, Theme.MANAGEMENT, "取消班前会"),
        *("班前会占时间", "有事在群里说", ""),
    ),
]
WORDS = {"return": "请写明改造费用和一年省多少电", "refuse": "班前会是安全规程要求的，可以压缩到十分钟，不能取消"}


def add(plant, today):
    """What the people of the first team thought of, and what everybody wants to reach this year."""
    demo = plant.teams[0]
    stays = Membership.objects.open().filter(team=demo.team).exclude(role="leader").order_by("user__employee_no")
    members = [stay.user for stay in stays.select_related("user")]
    for number, row in enumerate(IDEAS):
        _idea(plant, demo, members, number, row, today)
    _goals(plant, demo, members, today)


def _idea(plant, demo, members, number, row, today):
    state, kind, theme, title, problem, proposal, expected = row
    author, mate = members[number % len(members)], members[(number + 1) % len(members)]
    source = uuid.UUID(int=random.Random(f"teamhub: idea {number}").getrandbits(128), version=4)
    facts = {"title": title, "problem": problem, "proposal": proposal, "expected": expected, "authors": [mate]}
    idea = ideas.submit(demo.team, Content(kind, theme, **facts), actor=author, source=source)
    if state in ("returned", "refused"):
        verb = {"returned": "return", "refused": "refuse"}[state]
        ideas.take(idea, verb, WORDS[verb], actor=demo.manager)
    if state in ("adopted", "carried_out", "verified"):
        ideas.adopt(idea, demo.leader, today + 20 * DAY, "同意，先做一台看效果", actor=demo.manager)
    if state in ("carried_out", "verified"):
        ideas.take(idea, "carry-out", "利用停机的机会做完了", actor=demo.leader)
    if state == "verified":
        said = "一年少用除盐水 3200 吨，每吨 8 元"
        ideas.verify(idea, 2_560_000, said, actor=plant.holders["assessor"])


def _goals(plant, demo, members, today):
    manager, leader, worker = demo.manager, demo.leader, members[0]
    unit = demo.team.unit
    first, last = today - 75 * DAY, today + 45 * DAY
    days = {"starts_on": first, "due_on": last}
    score = {"measure": "月度得分", "measured_in": "分", "figure": "score"}
    company = goals.set_goal(
        GoalContent(
            "long", "三年内全部班组达到优秀", target=9000, baseline=8000, **score | days | {"due_on": last + 900 * DAY}
        ),
        unit=plant.root,
        actor=manager,
    )
    of_unit = goals.set_goal(
        GoalContent("short", f"{unit}平均得分 93 分", target=9300, baseline=8500, parent=company, **score | days),
        unit=unit,
        actor=manager,
    )
    of_team = goals.set_goal(
        GoalContent("short", "月度得分稳定在 95 分", target=9500, baseline=8800, parent=of_unit, **score | days),
        unit=unit,
        team=demo.team,
        actor=leader,
    )
    goals.add_measure(
        of_team, "把最近三个月扣分最多的三项列出来，每周班会讲一项", leader, today + 5 * DAY, actor=leader
    )
    goals.add_measure(of_team, "到考核第一的班组看一次交接班，学一条回来", worker, today - 2 * DAY, actor=leader)
    done = goals.add_measure(of_team, "检查表每项定责任人", members[1], today - 20 * DAY, actor=leader)
    goals.finish_measure(done, "责任人都定了，贴在看板上", actor=members[1])
    goals.add_measure(of_unit, "每月组织一次班组对标", manager, today + 12 * DAY, actor=manager)
    _by_hand(demo, members, of_team, days, today)


def _by_hand(demo, members, of_team, days, today):
    leader, worker, unit = demo.leader, members[0], demo.team.unit
    facts = {"measure": "违章次数", "measured_in": "次", "lower_is_better": True}
    no_breach = goals.set_goal(
        GoalContent("short", "全年无违章", target=0, baseline=600, **facts | days),
        unit=unit,
        team=demo.team,
        actor=leader,
    )
    for back, value, note in ((60, 500, "上季度结转"), (30, 300, "未系帽带两次减下来"), (3, 200, "本月一次")):
        goals.enter_progress(no_breach, today - back * DAY, value, note, actor=leader)
    facts = {"measure": "考试成绩", "measured_in": "分", "parent": of_team}
    own = goals.set_goal(
        GoalContent("short", "通过高级工考试", target=8000, baseline=6000, **facts | days),
        unit=unit,
        user=worker,
        actor=worker,
    )
    goals.enter_progress(own, today - 40 * DAY, 6500, "模拟考", actor=worker)
    goals.enter_progress(own, today - 5 * DAY, 7600, "第二次模拟考", actor=worker)
    goals.add_measure(own, "每天做 20 道规程题", worker, today + 30 * DAY, actor=worker)
