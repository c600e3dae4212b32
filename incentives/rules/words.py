"""A bonus rule in words: for its page, the board and the notice board, and what two versions say differently."""

from incentives.rules.definition import UNITS, formula, percent
from teams.figures import short_text, yuan_text

UNIT_WORDS = {"fen": "分", "yuan": "元", "ten_yuan": "十元"}
LEADER_WORDS = {
    "same": "和别人一样分",
    "average": "最多得班组的平均数，多出来的由其他人按权重分",
    "apart": "不参加分配，津贴另发",
}


def clauses(rule):
    """{what it is about: what it says} in the order in which people read a rule; what does not apply is left out."""
    said = {
        "留存": _reserve(rule),
        **{rule.names[part.key]: f"占 {percent(rule, part)}，按“{formula(rule, part)}”分配到人" for part in rule.parts},
        "工龄": _short(rule),
        "封顶": _cap(rule.scheme),
        "保底": _floor(rule.scheme),
        "班长": _leader(rule),
        "不参加分配": _excluding(rule),
        "扣罚": _deductions(rule),
        "会签": _consent(rule),
        "出勤": f"{rule.worked_codes} 算出勤，工时＝出勤天数 × {short_text(rule.hours_per_day)} ＋ 加班小时",
        "取整": _rounding(rule.scheme),
    }
    return {label: text for label, text in said.items() if text}


def sentences(rule):
    """The clauses as sentences without their full stop."""
    return [f"{label}：{text}" for label, text in clauses(rule).items()]


def differences(old, new):
    """(what it is about, old words, new words) of every clause that two rules word differently."""
    before, after = clauses(old), clauses(new)
    labels = [*after, *(label for label in before if label not in after)]
    pairs = [(label, before.get(label, ""), after.get(label, "")) for label in labels]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _reserve(rule):
    share = rule.scheme.reserve
    return share and f"先从总额里留 {short_text(share)}%，进班组的留存账户，其余的再分"


def _short(rule):
    if not rule.short_years:
        return ""
    own = "、".join(f"{rule.names[part.key]} {percent(rule, part, 'short')}" for part in rule.parts)
    return f"到月底工龄不满 {rule.short_years} 年的人按{own} 计：各部分的权重乘自己的比例，再除以办法的比例"


def _cap(scheme):
    if scheme.cap is not None:
        most = f"每人最多 {yuan_text(scheme.cap)} 元"
    elif scheme.cap_percent is not None:
        most = f"每人最多得平均数的 {short_text(scheme.cap_percent)}%"
    else:
        return ""
    rest = "；都到了封顶，剩下的进留存" if scheme.reserve else ""
    return f"{most}，多出来的由其他人按权重分{rest}"


def _floor(scheme):
    return scheme.floor and f"有权重的人每人至少 {yuan_text(scheme.floor)} 元，不够的从其他人的份里按权重补"


def _leader(rule):
    allowance = rule.allowance and f"，每月 {yuan_text(rule.allowance)} 元，不占奖金总额"
    return LEADER_WORDS[rule.scheme.leader] + (allowance if rule.scheme.leader == "apart" and allowance else "")


def _excluding(rule):
    codes = "".join(f"“{code}”" for code in rule.excluding_codes)
    return codes and f"当月{codes}合计满 {rule.excluding_days} 天的人"


def _consent(rule):
    return rule.consent and f"参加分配的人有 {short_text(rule.consent)}% 同意，负责人才能批准"


def _deductions(rule):
    cap = rule.deduction_cap
    return cap and f"一个月的个人扣罚最多扣到本人所得的 {short_text(cap)}%，超过的不扣，也不结转"


def _rounding(scheme):
    unit = next(UNIT_WORDS[name] for name, fen in UNITS.items() if fen == scheme.unit)
    tail = "不足十元的零头" if unit == "十元" else "不足一元的零头"
    rest = "" if unit == "分" else f"，{tail}{'进留存' if scheme.reserve else '给余数最大的人'}"
    return f"各部分都算到{unit}，尾差按最大余数法，余数相同的给工号小的人{rest}；合计与总额一分不差"
