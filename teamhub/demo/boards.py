"""What people do with the boards of the plant: notices, signatures, one objection that waits and one that was right."""

from assessments.correcting import entries_for
from assessments.models import Check, Finding
from assessments.services.checks import Deviation, file_check
from assessments.services.corrections import link_sheet
from bulletins.models import Bulletin
from bulletins.objections.access import lines_for
from bulletins.services import displays, notices, objections, signatures
from bulletins.services.receipts import read_by
from bulletins.tables import Audience
from teams import periods
from teams.models import Membership

FROM_UNIT = (
    "冬季防寒防冻检查",
    "各班组 11 月底以前查完伴热、保温和门窗，查到的问题记在“整改”里。\n露天阀门的保温由白班负责，夜班每两小时看一次温度。",
    Audience.PUBLIC,
)
FROM_LEADER = (
    "班务会",
    "本周五下班后在集控室开班务会：说上月奖金、下月学习。请大家先把榜看一遍，有不对的早点提。",
    Audience.TEAM,
)
READ_ONLY, ON_PAPER = slice(6, 8), 9
"""Who of the first team has only read the boards, and who signed on the printed sheet; the visitors have not opened them."""
VISITORS = range(6)
"""The seats that a visitor can play."""


def add(plant, today):
    """Hang two notices; let the first team read and sign last month's boards and object, and the second be put right."""
    last = periods.shift(periods.period_of(today), -1)
    first, second = plant.team("运行一值"), plant.team("运行二值")
    _notice({"unit": first.team.unit}, FROM_UNIT, "a", first.manager)
    _notice({"team": first.team}, FROM_LEADER, "b", first.leader)
    people = _people(first.team)
    for board in _boards(first.team, last):
        _signed(board, people, first.leader)
    _one_that_waits(_boards(first.team, last).get(kind=Bulletin.Kind.BONUS), people)
    _one_that_was_right(_boards(second.team, last).get(kind=Bulletin.Kind.SCORES), plant, second)


def add_display(plant):
    """A TV at the gate that shows every board of the plant in turn; returns its token."""
    wish = {"name": "厂门口", "teams": [], "kinds": Bulletin.Kind.values, "seconds": 20}
    _, token = displays.add_display(plant.root, **wish, actor=plant.holders["manager"])
    return token


def _notice(place, words, sign, actor):
    title, text, audience = words
    wish = {"key": sign * 12, "title": title, "text": text, "audience": audience, "days": 5}
    notices.post_notice(place, wish, actor=actor)


def _people(team):
    members = Membership.objects.open().filter(team=team).select_related("user").order_by("user__employee_no")
    return [member.user for member in members]


def _boards(team, period):
    shown = [Bulletin.Kind.SCORES, Bulletin.Kind.ATTENDANCE, Bulletin.Kind.BONUS]
    return Bulletin.objects.filter(team=team, period=period, kind__in=shown).select_related("unit", "team__unit")


def _signed(board, people, leader):
    """Most members have signed on their phones, two have only read it, one signed on paper."""
    for seat, person in enumerate(people):
        if seat in VISITORS or seat == ON_PAPER:
            continue
        read_by(board, person)
        if person not in people[READ_ONLY]:
            signatures.sign(board, actor=person)
    signatures.keep_paper(board, people[ON_PAPER], actor=leader)


def _one_that_waits(board, people):
    """A member objects to the own hours, and a workmate holds the same."""
    filer, supporter = people[READ_ONLY]
    words = {"wanted": "多 8 小时", "reason": "18 日夜班连上到中午，加班没有算进工时，交接班记录上有。"}
    objection = objections.file(board, _cell(filer, board, "hours"), **words, evidence=[], actor=filer)
    objections.support(objection, actor=supporter)


def _one_that_was_right(board, plant, demo):
    """One thing was noted twice: the manager agrees, the assessor enters a late sheet, and the board hangs once more."""
    noted = Finding.objects.filter(team=demo.team, period=board.period, person__isnull=False, points__lt=0)
    found = noted.select_related("on_sheet", "person").order_by("pk").first()
    if found is None:
        return
    words = {"wanted": "", "reason": "同一件事上一班已经记过一次，又记到我名下，请核对。"}
    objection = objections.file(board, _cell(found.person, board, "score"), **words, evidence=[], actor=found.person)
    objections.accept(objection, actor=demo.manager)
    objections.uphold(objection, "查了两班的检查记录，确实是同一件事记了两次，应当补回。", actor=demo.manager)
    assessor = plant.holders["assessor"]
    back = Deviation(None, -found.points, found.person, f"按异议 {objection.number} 更正：同一件事记了两次，补回扣分")
    facts = {"kind": Check.Kind.SPOT, "date": found.date, "shift": found.on_sheet.shift, "key": "demo:late"}
    file_check(demo.team, deviations=[back], actor=assessor, checker=assessor, late=True, **facts)
    objection.refresh_from_db()
    entry = entries_for(objection)[0]
    link_sheet(objection, entry, actor=assessor)


def _cell(user, board, column):
    """A figure of the own row."""
    own = next(line for line in lines_for(user, board) if line.own)
    return next(cell for cell in own.cells if cell.column == column)
