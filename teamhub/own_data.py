"""What the product holds about a person, as a workbook for that person: one sheet a kind, declared in SHEETS."""

from django.db.models import Q
from django.utils import timezone

from activities.models import (
    Author,
    Duty,
    Goal,
    GoalMeasure,
    KnowledgeVersion,
    ReadReceipt,
)
from assessments.models import Appraisal, Finding, ItemOwner, LeaderAppraisal, MemberScore, Rectification, Statement
from bulletins.models import Objection, ObjectionSupport, Receipt, Signature
from bulletins.objections.access import concerning
from incentives.models import (
    Adjustment,
    Distribution,
    DistributionLine,
    Exclusion,
    Expense,
    PieceRecord,
    PointEntry,
    SignOff,
    SpecialAward,
)
from teamhub.own_branch import SHEETS as BRANCH_SHEETS
from teamhub.own_honours import SHEETS as HONOUR_SHEETS
from teamhub.own_learning import SHEETS as LEARNING_SHEETS
from teamhub.own_records import SHEETS as RECORD_SHEETS
from teamhub.verbs import VERBS
from teams import periods
from teams.figures import (
    coefficient_text,
    decimal_text,
    short_text,
    signed_text,
    signed_yuan_text,
    yuan_text,
)
from teams.models import (
    Attendance,
    AttendanceCorrection,
    AuditEntry,
    Certificate,
    CoefficientChange,
    Honour,
    Overtime,
    SignIn,
    Substitution,
    Watch,
)


def sheets_about(user):
    """[(name, headers, rows)] of everything about a person, oldest first; rows hold text."""
    return [(name, headers, list(rows(user))) for name, headers, rows in SHEETS]


def _at(moment):
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _person(user):
    yield "工号", user.employee_no
    yield "姓名", user.name
    yield "联系电话", user.phone
    yield "政治面貌", user.get_political_status_display()
    yield "技能等级", user.get_skill_level_display()
    yield "参加工作时间", user.hired_on
    yield "建档时间", _at(user.created_at)
    yield "最近登录", _at(user.last_login)


def _memberships(user):
    for row in user.memberships.select_related("team__unit").order_by("started_on"):
        place = (row.team.unit, row.team, row.get_role_display(), coefficient_text(row.coefficient))
        yield *place, row.started_on, row.ended_on


def _roles(user):
    for row in user.unit_roles.select_related("unit").order_by("started_on"):
        yield row.unit, row.get_role_display(), row.started_on, row.ended_on


def _coefficients(user):
    for row in CoefficientChange.objects.filter(user=user).select_related("team").order_by("id"):
        change = (coefficient_text(row.old), coefficient_text(row.new), row.effective_on, row.reason)
        yield row.team, *change, row.get_state_display()


def _certificates(user):
    for row in Certificate.objects.filter(user=user).order_by("id"):
        yield row.name, row.number, row.issued_on, row.expires_on, row.withdrawn_on


def _honours(user):
    for row in Honour.objects.filter(user=user).order_by("id"):
        given = (row.name, row.get_level_display(), row.granted_by, row.granted_on)
        yield *given, row.expires_on, row.document, row.withdrawn_on


def _attendance(user):
    for row in Attendance.objects.filter(user=user).select_related("team").order_by("date"):
        yield row.date, row.team, row.code, row.get_code_display()


def _overtime(user):
    for row in Overtime.objects.filter(user=user).select_related("team").order_by("period"):
        yield periods.label(row.period), row.team, short_text(row.hours)


def _corrections(user):
    for row in AttendanceCorrection.objects.filter(user=user).order_by("id"):
        change = (row.date, row.old_code, row.new_code, signed_text(row.hours), row.reason, row.get_state_display())
        yield *change, periods.label(row.counts_in) if row.counts_in else ""


def _watches(user):
    for row in Watch.objects.filter(user=user).select_related("team"):
        yield row.date, row.get_shift_display(), row.team, row.handover, _at(row.handed_at)


def _substitutions(user):
    rows = Substitution.objects.filter(user=user) | Substitution.objects.filter(covered=user)
    for row in rows.select_related("user", "covered").order_by("date", "id"):
        yield row.date, row.user, row.covered, row.note, _at(row.withdrawn_at)


def _findings(user):
    rows = Finding.objects.filter(person=user).select_related("criterion", "on_sheet__checker", "team")
    for row in rows.order_by("date", "id"):
        name = f"{row.criterion.code} {row.criterion.name}" if row.criterion else "加分"
        yield row.date, row.team, name, signed_text(row.points), row.note, row.on_sheet.checker, row.void_reason


def _statements(user):
    for row in Statement.objects.filter(person=user).select_related("finding__criterion").order_by("id"):
        yield _at(row.at), row.finding, row.text


def _rectifications(user):
    rows = Rectification.objects.filter(assignee=user).select_related("finding__criterion", "team")
    for row in rows.order_by("id"):
        yield row.team, row.finding, row.due_on, row.measure, row.get_state_display()


def _owned_items(user):
    for row in ItemOwner.objects.filter(user=user).select_related("team", "standard"):
        yield row.team, row.standard, row.code


def _duties(user):
    for row in Duty.objects.filter(user=user).select_related("team").order_by("due_on"):
        yield row.team, row.title, row.due_on, row.get_state_display(), _at(row.done_at)


def _scores(user):
    for row in (
        MemberScore.objects.filter(user=user).select_related("team", "close").defer("close__inputs").order_by("period")
    ):
        yield periods.label(row.period), row.team, decimal_text(row.score), row.close.get_state_display()


def _appraisals(user):
    rows = LeaderAppraisal.objects.filter(leader=user).select_related("appraisal__unit", "team")
    for row in rows.order_by("id"):
        own = "；".join(_rated(*pair) for pair in zip(row.appraisal.items, row.own_scores, strict=False))
        results = (row.by_self, row.by_members, row.by_superior, row.total)
        figures = ["" if result is None else decimal_text(result) for result in results]
        said = row.superior_words if row.appraisal.state == Appraisal.State.CLOSED else ""
        yield row.appraisal, row.team, own, row.own_words, *figures, row.grade, said


def _rated(item, score):
    return f"{item[0]} {short_text(score)}"


def _bonuses(user):
    posted = DistributionLine.objects.filter(user=user, distribution__state__in=Distribution.IN_LEDGER)
    lines = posted.select_related("distribution__team")
    for row in lines.order_by("distribution__period"):
        figures = (coefficient_text(row.coefficient), row.days, short_text(row.hours), decimal_text(row.score))
        place = (periods.label(row.distribution.period), row.distribution.team)
        money = (yuan_text(row.amount), signed_yuan_text(row.adjusted), yuan_text(row.payable))
        yield *place, *figures, *money, row.distribution.get_state_display()


def _adjustments(user):
    for row in (
        Adjustment.objects.filter(user=user).select_related("team", "clause", "objection").order_by("period", "id")
    ):
        said = (row.basis, signed_yuan_text(row.amount), row.reason, row.get_state_display(), row.answer)
        yield periods.label(row.period), row.team, *said


def _exclusions(user):
    for row in Exclusion.objects.filter(user=user).select_related("team").order_by("period"):
        yield periods.label(row.period), row.team, row.reason


def _sign_offs(user):
    for row in SignOff.objects.filter(user=user).select_related("distribution__team").order_by("at"):
        place = (periods.label(row.distribution.period), row.distribution.team)
        yield *place, "同意" if row.agrees else "不同意", row.reason, _at(row.at)


def _pieces(user):
    rows = PieceRecord.objects.filter(user=user).select_related("team", "item").order_by("date", "id")
    for row in rows:
        done = (row.date, row.team, row.item, row.quantity_text, short_text(row.points), row.note)
        yield *done, periods.label(row.period), row.get_state_display(), row.void_reason


def _points(user):
    rows = PointEntry.objects.filter(user=user).select_related("indicator", "decided_by").order_by("date", "id")
    for row in rows:
        said = (row.indicator, signed_text(row.points), row.what, row.get_state_display(), row.answer)
        yield row.date, periods.label(row.period), *said


def _expenses(user):
    about = Q(handler=user) | Q(witness=user) | Q(paid_to=user) | Q(proposed_by=user)
    for row in Expense.objects.filter(about).select_related("team", "handler", "witness", "paid_to").order_by("id"):
        people = ["（我）" if person == user else "" for person in (row.handler, row.witness, row.paid_to)]
        spent = (row.date, row.team, row.get_subject_display(), row.reason, yuan_text(row.amount))
        yield *spent, *people, row.get_state_display()


def _awards(user):
    for row in SpecialAward.objects.filter(Q(user=user) | Q(proposed_by=user)).select_related("team").order_by("id"):
        own = "（我）" if row.user_id == user.pk else ""
        money = (row.get_kind_display(), row.reason, yuan_text(row.amount), own, row.get_state_display())
        yield periods.label(row.period), row.team, *money


def _signatures(user):
    for row in Signature.objects.filter(user=user).select_related("bulletin", "kept_by").order_by("id"):
        yield row.bulletin, row.bulletin.serial, _at(row.at), row.kept_by


def _objections(user):
    supported = set(ObjectionSupport.objects.filter(user=user).values_list("objection_id", flat=True))
    rows = Objection.objects.filter(concerning(user)).select_related("bulletin").distinct()
    for row in rows.order_by("id"):
        part = "提出" if row.filed_by_id == user.pk else "附议" if row.pk in supported else "我的数"
        cell = (row.number, _at(row.filed_at), part, row.bulletin, row.label, row.shown, row.wanted, row.reason)
        yield *cell, row.get_state_display(), row.answer


def _receipts(user):
    for row in Receipt.objects.filter(user=user).select_related("bulletin").order_by("id"):
        yield row.date, row.bulletin, _at(row.first_at), _at(row.last_at), row.views


def _knowledge(user):
    rows = KnowledgeVersion.objects.filter(Q(written_by=user) | Q(authors=user)).select_related("item").distinct()
    for row in rows.order_by("id"):
        yield (
            row.item.get_kind_display(),
            row.title,
            row.number,
            row.get_state_display(),
            _at(row.written_at),
            row.answer,
        )


def _read_receipts(user):
    for row in ReadReceipt.objects.filter(user=user).select_related("version").order_by("id"):
        yield row.version.title, row.version.number, _at(row.at)


def _sign_ins(user):
    for row in SignIn.objects.filter(user=user).order_by("id"):
        yield _at(row.started_at), row.address, row.device, _at(row.ended_at)


def _own_deeds(user):
    for row in AuditEntry.objects.filter(actor=user).order_by("id"):
        yield _at(row.at), VERBS.get(row.verb, row.verb), row.label, row.address


def _deeds_about(user):
    rows = AuditEntry.objects.filter(object_type="teams.user", object_id=user.pk).exclude(actor=user)
    for row in rows.select_related("actor").order_by("id"):
        yield _at(row.at), VERBS.get(row.verb, row.verb), row.actor


def _ideas(user):
    for row in Author.objects.filter(user=user).select_related("idea").order_by("idea"):
        idea = row.idea
        benefit = "" if idea.benefit is None else yuan_text(idea.benefit)
        yield idea.number, idea.title, _at(idea.submitted_at), idea.get_state_display(), benefit


def _goals(user):
    for goal in Goal.objects.filter(user=user).order_by("id"):
        yield "目标", goal.title, goal.due_on, goal.get_state_display(), goal.outcome
    for row in GoalMeasure.objects.filter(owner=user).select_related("goal").order_by("id"):
        yield "措施", row.text, row.due_on, "已完成" if row.done_on else "在办", row.outcome


SHEETS = [
    ("个人资料", ["项目", "内容"], _person),
    ("班组经历", ["单位", "班组", "职务", "岗位系数", "起始日期", "截止日期"], _memberships),
    ("系数变更", ["班组", "原系数", "新系数", "生效日期", "理由", "状态"], _coefficients),
    ("单位职务", ["单位", "职务", "起始日期", "截止日期"], _roles),
    ("证书", ["名称", "编号", "发证日期", "有效期至", "注销日期"], _certificates),
    ("荣誉", ["名称", "级别", "授予单位", "授予日期", "有效期至", "文号", "注销日期"], _honours),
    ("考勤", ["日期", "班组", "符号", "含义"], _attendance),
    ("加班", ["月份", "班组", "小时"], _overtime),
    ("考勤更正", ["日期", "原符号", "更正为", "加班增减", "原因", "状态", "计入月份"], _corrections),
    ("值班", ["日期", "班次", "班组", "交班记录", "交班时间"], _watches),
    ("补位", ["日期", "补位人", "被补位人", "说明", "撤销时间"], _substitutions),
    ("检查记录", ["日期", "班组", "小项", "分", "说明", "检查人", "作废原因"], _findings),
    ("情况说明", ["时间", "检查记录", "说明"], _statements),
    ("整改", ["班组", "检查记录", "期限", "整改情况", "状态"], _rectifications),
    ("负责的小项", ["班组", "标准", "小项"], _owned_items),
    ("建议", ["编号", "题目", "提出时间", "状态", "年效益（元）"], _ideas),
    *HONOUR_SHEETS,
    ("目标和措施", ["类别", "内容", "完成日期", "状态", "总结或完成情况"], _goals),
    ("待办", ["班组", "事项", "期限", "状态", "完成时间"], _duties),
    *LEARNING_SHEETS,
    *RECORD_SHEETS,
    ("得分", ["月份", "班组", "个人得分", "月结状态"], _scores),
    (
        "班组长测评",
        [
            "测评",
            "班组",
            "自评各项",
            "自我总结",
            "自评得分",
            "民主测评得分",
            "上级评价得分",
            "总分",
            "等级",
            "上级意见",
        ],
        _appraisals,
    ),
    (
        "奖金",
        [
            "月份",
            "班组",
            "岗位系数",
            "出勤天数",
            "工时",
            "个人得分",
            "分配所得（元）",
            "奖罚（元）",
            "应得（元）",
            "状态",
        ],
        _bonuses,
    ),
    ("个人奖罚", ["月份", "班组", "条款", "金额（元）", "事由", "状态", "审批意见"], _adjustments),
    ("不参加分配", ["月份", "班组", "原因"], _exclusions),
    ("会签", ["月份", "班组", "意见", "理由", "时间"], _sign_offs),
    ("工分", ["日期", "班组", "项目", "数量", "工分", "说明", "计入月份", "状态", "作废原因"], _pieces),
    ("党员积分", ["日期", "计入月份", "指标", "分值", "事由", "状态", "意见"], _points),
    ("班组费用", ["日期", "班组", "科目", "事由", "金额（元）", "经办人", "证明人", "发给", "状态"], _expenses),
    ("专项奖励", ["月份", "班组", "类别", "事由", "金额（元）", "发给", "状态"], _awards),
    ("核对签字", ["公告", "编号", "时间", "代为登记"], _signatures),
    (
        "异议",
        ["编号", "提出时间", "关系", "公告", "栏目", "榜上的数", "认为应当是", "理由", "状态", "答复"],
        _objections,
    ),
    ("看过的公告", ["日期", "公告", "首次", "最近", "次数"], _receipts),
    ("知识条目", ["种类", "标题", "版本", "状态", "撰写时间", "审核意见"], _knowledge),
    ("制度签收", ["标题", "版本", "签收时间"], _read_receipts),
    ("登录", ["登录时间", "来源地址", "设备", "结束时间"], _sign_ins),
    ("我做过的操作", ["时间", "动作", "对象", "来源地址"], _own_deeds),
    ("别人办理的", ["时间", "动作", "操作人"], _deeds_about),
    *BRANCH_SHEETS,
]
"""(sheet, headers, function of the person that yields its rows)."""
