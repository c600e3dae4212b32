"""Honours of the demo: the programmes that the company's union runs, a round that takes applications and one in preparation."""

import datetime

from assessments.services import bars, programmes, rounds

DAY = datetime.timedelta(days=1)
INSTALLED = ("six_good", "ten_models", "vanguard", "seven_have", "studio_scored", "best_leader")
INVITATION = """各部门、各班组：
今年的“六好模范班组”开始申报。请班长对照六个好逐条写清，依据从平时的检查、得分、活动、荣誉里选。
部门工会推荐后报公司工会，有问题找工会办公室。"""
ACCIDENT = ("卸煤班", 400, "翻车机衬板脱落伤人，安监〔2025〕18 号通报")


def add(plant, today):
    """Of the whole company."""
    union = plant.holders["union"]
    found = {code: programmes.install_preset(code, plant.root, actor=union) for code in INSTALLED}
    call = {"opens_on": today, "apply_until": today + 9 * DAY, "review_until": today + 23 * DAY}
    called = rounds.prepare(found["six_good"], actor=union, name=f"{today.year}年度", invitation=INVITATION, **call)
    rounds.open_round(called, actor=union)
    called.refresh_from_db()
    rounds.invite(called, actor=union)
    later = {name: day + 30 * DAY for name, day in call.items()}
    rounds.prepare(found["vanguard"], actor=union, name=f"{today.year}年度", invitation="", **later)
    team, back, text = ACCIDENT
    unlucky = plant.team(team).team
    facts = {"code": "accident", "text": text, "happened_on": today - back * DAY}
    bars.record(unlucky.unit, team=unlucky, actor=union, **facts)
