"""An empty roster workbook to fill in: the header, two example rows, and a sheet that says what belongs where."""

from teams.downloads import Sheet, workbook_of
from teams.models import Membership, User
from teams.roster import COLUMNS, EXAMPLE, REQUIRED

EXAMPLES = [
    ["000101", f"张三{EXAMPLE}", "运行部", "运行一值", "班长", "1.3", "中共党员", "2008-07-01", "13800000001"],
    ["000102", f"李四{EXAMPLE}", "运行部", "运行一值", "组员", "1", "群众", "2019-08", ""],
]
HINTS = {
    "工号": "最多 20 位数字、字母或短横；前面的 0 丢了会自动补足。同一工号只能出现一次。",
    "姓名": "最多 50 个字。",
    "部门": "班组所在的部门或车间；没有的会自动新建。",
    "班组": "没有的会自动新建。一个班组只能有一位班长。",
    "班组职务": f"{'、'.join(Membership.Role.labels)}；新进人员空着就是组员。",
    "岗位系数": "0.01 到 9.99，最多两位小数；空着时新进人员按 1，其他人不变。",
    "政治面貌": f"{'、'.join(User.PoliticalStatus.labels)}；可以空着。",
    "参加工作时间": "写成 1998-06-01、1998/6/1 或 1998-06。",
    "联系电话": "5 到 20 位数字，可带 + 和 -。",
}


def roster_template():
    """Bytes of the .xlsx; every cell is text, so that no table program takes the zeros off an employee number."""
    hints = [[name, "必填" if name in REQUIRED else "可选", hint] for name, hint in HINTS.items()]
    return workbook_of(
        Sheet("花名册", list(COLUMNS), EXAMPLES, widths=[16] * len(COLUMNS)),
        Sheet("填写说明", ["这一列", "要不要填", "怎么填"], hints, widths=[16, 12, 80]),
    )
