"""The Party records of a unit as sheets of a workbook."""

from activities.party import reads
from teams.downloads import Figure, Sheet


def sheets_of(unit, today):
    """Sheets of liaisons, groups, posts, promises and mechanisms; the last two of the running year."""
    return [
        Sheet("联系班组", ["单位", "班组", "联系支委", "开始日期", "最近走访"], list(_touches(unit))),
        Sheet("党小组", ["党小组", "班组", "组长", "党员", "工号", "技术专业", "加入日期"], list(_members(unit))),
        Sheet(
            "责任区和示范岗",
            ["种类", "名称", "班组", "责任人", "职责或承诺", "开始", "结束", "成效"],
            list(_posts(unit)),
        ),
        Sheet("承诺", ["承诺人", "年度", "承诺", *_QUARTERS], list(_promises(unit, today.year))),
        Sheet(
            "创建机制", ["机制", "年度", "事项", "目标", "完成（%）", "进度", "最近做了什么"], list(_items(unit, today))
        ),
    ]


_QUARTERS = [f"第 {quarter} 季度" for quarter in range(1, 5)]


def _touches(unit):
    for touch in reads.touches(list(reads.teams_below(unit))):
        liaison = touch.liaison
        facts = [liaison.user.name, str(liaison.started_on)] if liaison else ["", ""]
        yield [touch.team.unit.name, touch.team.name, *facts, str(touch.last_visit or "")]


def _members(unit):
    for group in reads.groups_of(unit):
        for member in group.present:
            who = [member.user.name, member.user.employee_no, member.speciality, str(member.joined_on)]
            yield [group.name, group.team.name if group.team else "跨班组", group.leader.name, *who]


def _posts(unit):
    for ended in (False, True):
        for post in reads.posts_of(unit, ended=ended):
            words = [post.get_kind_display(), post.name, post.team.name, post.user.name, post.duties]
            yield [*words, str(post.started_on), str(post.ended_on or ""), post.outcome]


def _promises(unit, year):
    for row in reads.promises_of(unit, year):
        found = [f"{check.get_result_display()}：{check.note}" if check else "" for check in reads.quarters_of(row)]
        yield [row.user.name, str(row.year), row.text, *found]


def _items(unit, today):
    for mechanism, items, _ in reads.mechanisms_of(unit, today.year, today):
        for item in items:
            last = item.steps[0].text if item.steps else ""
            yield [mechanism.name, str(mechanism.year), item.name, item.aim, Figure(str(item.percent)), item.word, last]
