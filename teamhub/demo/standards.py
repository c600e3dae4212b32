"""What the plant makes of its standard: who answers for which line, a unit's own edition, a draft that is being worked on."""

from dataclasses import replace

from assessments import selectors
from assessments.plans import draws
from assessments.services import owners, standard_editing, standards
from assessments.standards.content import Line, content_of, fingerprint
from teams import periods
from teams.models import Membership

VACANT = ("1.3", "3.6", "4.5")
"""Lines for which the first team has still to name somebody."""
OWN_EDITION = {
    "2.9": {"name": "洒煤、扬尘与环保达标", "guidance": "转运站积尘、沿线洒煤每处扣 0.5 分"},
    "3.2": {"name": "采样、制样合格率", "evidence": "化验记录"},
    "5.1": {"points": 200},
}
OWN_LINE = Line("皮带机托辊、清扫器", 100, guidance="缺一只、卡一只扣 0.5 分", evidence="巡检照片", department="燃料部")
REDRAFTED = {
    "1.8": {"points": 100},
    "2.4": {"points": 500, "guidance": "一般违章每人次扣 1 分，严重违章每人次扣 2 分"},
}
RAISED = (("优秀", 9800), ("良好", 9500), ("合格", 8500))
"""Grade lines that the draft tries, so that a trial shows who would move."""


def assign_owners(plant):
    """The lines of the standard go round among the people of each team; the visitor's leader has some left to give."""
    version = selectors.version_for(plant.root, periods.current_period())
    codes = list(version.criteria.values_list("code", flat=True))
    for demo in plant.teams:
        members = Membership.objects.open().filter(team=demo.team).order_by("user__employee_no")
        shares = draws.shares(codes, {}, list(members.values_list("user_id", flat=True)))
        vacant = VACANT if demo == plant.teams[0] else ()
        changes = {code: (None, user) for code, user in shares.items() if code not in vacant}
        owners.assign(demo.team, version.standard, changes, actor=demo.leader)


def further_versions(plant, period):
    """From the next month on the last unit has its own edition; the plant's second version is still a draft."""
    assessor = plant.holders["assessor"]
    version = selectors.version_for(plant.root, period)
    own = standard_editing.hand_down(version, plant.units[-1], actor=assessor)
    _edit(own, OWN_EDITION, assessor, extra=OWN_LINE)
    standards.put_in_force_by_hand(own, periods.shift(period, 1), actor=assessor)
    _edit(standard_editing.redraft(version, actor=assessor), REDRAFTED, assessor, grades=RAISED)


def _edit(draft, changes, actor, extra=None, **figures):
    """Save a draft with other words in the lines of these codes, a further line in its last chapter, other figures."""
    content, coded = content_of(draft), iter(content_of(draft).coded)
    chapters = [
        replace(chapter, lines=tuple(replace(line, **changes.get(next(coded), {})) for line in chapter.lines))
        for chapter in content.chapters
    ]
    if extra:
        chapters[-1] = replace(chapters[-1], lines=(*chapters[-1].lines, extra))
    changed = replace(content, chapters=tuple(chapters), **figures)
    standard_editing.save(draft, changed, fingerprint(content), actor=actor)
