"""The topics of the help: which headings of docs/manual.md, and which pages of the product each of them helps on."""

from typing import NamedTuple


class Topic(NamedTuple):
    """A topic: its address, the heading of its text in docs/manual.md, and the beginnings of the names of its pages.

    One that `is_document` is docs/<slug>.md as a whole, under this heading.
    """

    slug: str
    heading: str
    pages: str = ""
    is_document: bool = False


GROUPS = {
    "开始": (
        Topic("roles", "谁做什么"),
        Topic("first", "第一次用", "teams:roster"),
        Topic("questions", "常见问题", "login sign-in-code password_change own- session two-factors"),
    ),
    "班组每天": (
        Topic("self-check", "每天：班前自查", "assessments:self-check assessments:check assessments:finding"),
        Topic("attendance-day", "每天：班前记考勤", "teams:attendance-day"),
        Topic("activities", "活动记录（台账）", "activities:activit activities:follow-up activities:sign-in"),
        Topic("rectifications", "整改：从发现到闭环", "assessments:rectification"),
        Topic(
            "duties", "待办和按时率", "home activities:dut activities:c activities:unit-calendar activities:rotation"
        ),
        Topic("watches", "值班、交接班和补位", "teams:watch teams:hand-overs teams:substitution"),
        Topic("owners", "小项责任人", "assessments:owners"),
    ),
    "每月考核": (
        Topic("attendance", "每月：考勤", "teams:attendance teams:correction"),
        Topic("scores", "看得分", "assessments:score assessments:own-score assessments:target"),
        Topic("plans", "检查安排：互查、抽查、上级检查", "assessments:plan assessments:inspect assessments:mutual"),
        Topic("closes", "每月：月结", "assessments:close assessments:conditions assessments:veto"),
        Topic(
            "analysis",
            "检查分析、对标和阶段报告",
            "assessments:analysis assessments:comp assessments:report assessments:signals",
        ),
        Topic("standards", "考核标准", "assessments:standard"),
        Topic("appraisals", "班组长测评", "assessments:appraisal"),
        Topic("scoring", "怎么算分", is_document=True),
    ),
    "奖金和钱": (
        Topic(
            "own-bonus",
            "我的奖金怎么来的",
            "incentives:explain incentives:payslip incentives:sign incentives:statement",
        ),
        Topic(
            "pools",
            "每月：下达奖金总额",
            "incentives:current incentives:month incentives:pool incentives:unit-pool incentives:budget",
        ),
        Topic("distributions", "每月：分配、会签、批准、发放", "incentives:"),
        Topic("rules", "分配办法", "incentives:rule incentives:what-if"),
        Topic(
            "adjustments",
            "个人奖罚和不参加分配的人",
            "incentives:adjust incentives:clause incentives:exclu incentives:payroll",
        ),
        Topic("piecework", "计件工分", "incentives:piece"),
        Topic("expenses", "班组费用、奖金留存和专项奖励", "incentives:expense incentives:reserve incentives:award"),
        Topic("accounts", "账户和收支", "incentives:account incentives:unit-money incentives:pay-year"),
        Topic("bonus", "怎么分奖金", is_document=True),
    ),
    "公布和异议": (
        Topic("publishing", "每月：张榜", "incentives:publish incentives:preview bulletins:preview bulletins:notice"),
        Topic("boards", "看榜", "bulletins:"),
        Topic("objections", "异议", "bulletins:objection incentives:objection assessments:objection"),
    ),
    "班组建设": (
        Topic("evidence", "台账佐证和班组风采", "assessments:evidence activities:wall"),
        Topic("kinds", "活动种类", "activities:kind"),
        Topic("ideas", "合理化建议", "activities:idea"),
        Topic("goals", "目标、目标等级和任务清单", "activities:goal activities:measure activities:task"),
        Topic("knowledge", "知识库：案例、操作法、卡片和制度", "activities:knowledge"),
        Topic(
            "learning",
            "学习：学时、愿景、师带徒、练兵、竞赛",
            "activities:l activities:vision activities:mentor activities:practice activities:contest activities:growth"
            " activities:own- activities:study",
        ),
    ),
    "评选": (
        Topic("programmes", "评选项目、批次和否决情形", "assessments:programme assessments:round assessments:bar"),
        Topic("applications", "申报荣誉和逐级推荐", "assessments:application"),
        Topic("reviews", "评审", "assessments:review"),
        Topic("name-lists", "定名单、公示和公示异议", "assessments:name-list assessments:challenge"),
        Topic(
            "titles",
            "命名、证书、称号的复评",
            "assessments:title assessments:round-name assessments:round-certificates",
        ),
        Topic("studios", "创新工作室：七有、成果、经费", "assessments:studio"),
    ),
    "党建": (
        Topic("party-points", "党员积分", "incentives:point"),
        Topic("party", "党建台账、后备和公推共选", "activities:party activities:reserve activities:election"),
        Topic("points", "党员安全生产贡献度积分怎么算", is_document=True),
    ),
    "管理": (
        Topic("units", "单位、班组和人员", "teams: security trail"),
        Topic("past-months", "补录往月"),
    ),
}
"""Topics by what they are about, in the order in which people read them."""
TOPICS = {topic.slug: topic for topics in GROUPS.values() for topic in topics}
