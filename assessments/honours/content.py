"""What the data of a Programme may say, and what a Round freezes of it: pure, complaints are sentences in Chinese.

- `levels`: steps of recommendation, lowest first: {"name", "at": one of AT, "roles": unit roles that give the opinion}, and
  where there is a limit "most": how many each unit may send up from there.
- `applicants`: who may file, codes of APPLICANTS that fit the subject.
- `criteria`: {"code", "name", "group", "method": one of METHODS, "points" (hundredths; a "yes" earns all of them), "must":
  whether nobody passes without it, "evidence": kinds of Proof that may stand for it; none named means any}.
- `conditions`: {"code", "text", "kind": one of KINDS, "bar_months"}; only a veto has months.
- `materials`: {"code", "name", "must"}: files that an application brings; their proofs bear this code.
- `quota`: fields of quotas.Quota. `review`: fields of marks.Way and "group_percent": how much of its points every group of
  criteria has to reach (0: no such rule).
- `recheck`: {"every_months", "pass_line" (hundredths), "result_months", "rectify_months"}; 0 means that there is no such rule.
  Without a result for `result_months` (a studio) or below the line a title is rectified within `rectify_months`.
"""

from dataclasses import fields

from assessments.honours.marks import Way, way_of
from assessments.honours.quotas import Quota, quota_of
from assessments.models import Proof

AT = {"unit": "所在单位", "above": "上一级单位", "root": "公司", "outside": "公司以上，公司代录"}
"""Where a level gives its opinion; what is said outside, as by a province, is entered by the company."""
METHODS = {"yes_no": "有或没有", "score": "打分"}
KINDS = {"must": "必备", "veto": "否决"}
APPLICANTS = {
    "team": {"leader": "班长", "deputy": "副班长"},
    "person": {"leader": "班长", "deputy": "副班长", "self": "本人"},
    "studio": {"studio_leader": "领军人"},
}
ROLES = {"union": "工会干事", "manager": "单位负责人", "party": "支委", "assessor": "考核员"}
"""Unit roles that may give an opinion."""
EVIDENCE = dict(Proof.Kind.choices)
CLOSED_MONTH = "closed_month"
"""The code of a veto whose cases are read from the closed scores instead of from the recorded bars."""
CASES = {
    "accident": "安全事故",
    "occupational": "严重职业病",
    "arrears": "拖欠工资或社会保险",
    "pollution": "环境污染事件",
    "mass_event": "群体性事件",
    "discipline": "违纪违法",
    "fraud": "弄虚作假",
    "reform_failed": "整改不合格",
    CLOSED_MONTH: "月度考核一票否决",
}
"""Codes of what bars, with their names; a programme's own text says what exactly it means."""
RECHECK = {"every_months": 120, "pass_line": 100_000, "result_months": 120, "rectify_months": 24}
"""The rules of a re-evaluation and the most each may be."""
LEVEL_MOST = 1000
QUOTA_MOST = {"total": 10_000, "per_unit": 1000, "front_line_percent": 100, "reserve_percent": 100}
REVIEW_MOST = {"reviewers": 15, "divergence": 100_000, "group_percent": 100}
MOST = {"levels": 5, "criteria": 60, "conditions": 30, "materials": 20}
YES_POINTS = 100
"""What a "yes" earns where no points are written: one point."""
HIGHEST = 100_000
"""A thousand points in hundredths: the most that a criterion holds."""
CONTENT = ("levels", "applicants", "criteria", "conditions", "materials", "quota", "review", "recheck")
FROZEN = ("code", "name", "title", "subject", "purpose", *CONTENT)
FIGURES = ("pass_line", "notice_days", "valid_months", "reward")


def frozen_of(programme):
    """The dict that Round.frozen holds: everything the programme says, and `pool`, the id of the programme it chooses from."""
    return {name: getattr(programme, name) for name in (*FROZEN, *FIGURES)} | {"pool": programme.pool_id}


def unit_at(level, line):
    """Which of the units of a `line`, the own one first, gives the opinion of a level."""
    return {"unit": line[0], "above": line[min(1, len(line) - 1)]}.get(level["at"], line[-1])


def full_marks(criteria):
    """The points (hundredths) that all criteria hold together."""
    return sum(row["points"] for row in criteria)


def groups_of(criteria):
    """[(group, its criteria)] in the order in which the groups begin."""
    names = dict.fromkeys(row["group"] for row in criteria)
    return [(name, [row for row in criteria if row["group"] == name]) for name in names]


def bar_months(conditions):
    """{code: months} of the vetoes among the conditions; the longest, where a code stands twice."""
    found = {}
    for row in conditions:
        if row["kind"] == "veto":
            found[row["code"]] = max(row["bar_months"], found.get(row["code"], 0))
    return found


def problems(subject, content, pass_line=0):
    """Sentences about what the CONTENT of a programme for this subject says wrongly, each with where; none when it is right."""
    found = [f"{WORDS[name]}最多 {most} 行，现在有 {len(content[name])} 行。" for name, most in _too_long(content)]
    checks = (
        _levels(content["levels"]),
        _applicants(subject, content["applicants"]),
        _criteria(content["criteria"], pass_line),
        _conditions(content["conditions"]),
        _materials(content),
        _quota(content["quota"]),
        _review(content["review"]),
        _recheck(content["recheck"]),
    )
    return [*found, *(sentence for check in checks for sentence in check)]


WORDS = {"levels": "推荐层级", "criteria": "评选条件", "conditions": "必备和否决条件", "materials": "材料"}


def _too_long(content):
    return [(name, most) for name, most in MOST.items() if len(content[name]) > most]


def _levels(levels):
    if not levels:
        yield "推荐层级还没有写，至少要有一级。"
    for place, row in enumerate(levels, 1):
        where = f"推荐层级第 {place} 行"
        yield from _text(where, row["name"], 20)
        if row["at"] not in AT:
            yield f"{where}：请选在哪一级单位推荐。"
        if not row["roles"] or not set(row["roles"]) <= set(ROLES):
            yield f"{where}：请选由谁推荐。"
        if not 0 < row.get("most", 1) <= LEVEL_MOST:
            yield f"{where}：每单位最多报几个要在 1 到 {LEVEL_MOST} 之间。"


def _applicants(subject, applicants):
    fitting = APPLICANTS[subject]
    if not applicants or not set(applicants) <= set(fitting):
        yield f"谁能申报要从{'、'.join(fitting.values())}里选，至少选一个。"


def _criteria(criteria, pass_line):
    if not criteria:
        yield "评选条件还没有写，至少要有一条。"
    yield from _codes("评选条件", criteria)
    for place, row in enumerate(criteria, 1):
        yield from (f"评选条件第 {place} 行：{words}" for words in _criterion(row))
    full = full_marks(criteria)
    if not 0 <= pass_line <= full:
        yield f"达标分 {pass_line / 100:g} 超过了各条加起来的满分 {full / 100:g}。"


def _criterion(row):
    if not 0 < len(row["name"]) <= 60:
        yield "条件要有 1 到 60 个字。"
    if not 0 < len(row["group"]) <= 20:
        yield "归到哪一类要写，最多 20 个字。"
    if row["method"] not in METHODS:
        yield "请选怎么评。"
    if not 0 < row["points"] <= HIGHEST:
        yield f"满分要大于 0，最多 {HIGHEST // 100}。"
    if not set(row["evidence"]) <= set(EVIDENCE):
        yield "依据的种类不对，请重新选择。"


def _conditions(conditions):
    yield from _codes("必备和否决条件", conditions, unique=False)
    for place, row in enumerate(conditions, 1):
        where = f"必备和否决条件第 {place} 行"
        yield from _text(where, row["text"], 120)
        if row["kind"] not in KINDS:
            yield f"{where}：请选必备还是否决。"
        elif (row["kind"] == "veto") != (1 <= row["bar_months"] <= 120):
            yield f"{where}：否决的要写几个月内不能评（1 到 120），必备的不写。"


def _materials(content):
    yield from _codes("材料", content["materials"])
    taken = {row["code"] for row in content["criteria"]}
    for place, row in enumerate(content["materials"], 1):
        yield from _text(f"材料第 {place} 行", row["name"], 60)
        if row["code"] in taken:
            yield f"材料第 {place} 行：代码“{row['code']}”已经是一条评选条件的。"


def _quota(quota):
    yield from _figures("名额", quota, QUOTA_MOST, {field.name for field in fields(Quota)})


def _review(review):
    yield from _figures("评审", review, REVIEW_MOST, {*(field.name for field in fields(Way)), "group_percent"})
    if way_of(review).reviewers < 1:
        yield "评审：每份申报至少要 1 位评委。"


def _recheck(recheck):
    yield from _figures("复评", recheck, RECHECK, set(RECHECK))
    rules = recheck.get("pass_line"), recheck.get("result_months")
    if any(rules) and not recheck.get("rectify_months"):
        yield "复评：有复评及格分或者成果期限的，要写几个月内整改。"


def _figures(where, data, most, known):
    if set(data) - known:
        yield f"{where}里有不认识的项目：{'、'.join(sorted(set(data) - known))}。"
    wrong = [name for name, limit in most.items() if not 0 <= (data.get(name) or 0) <= limit]
    if wrong:
        yield f"{where}的数字不在允许的范围里，请核对。"


def _text(where, text, longest):
    if not 0 < len(text) <= longest:
        yield f"{where}：名称要有 1 到 {longest} 个字。"


def _codes(where, rows, *, unique=True):
    codes = [row["code"] for row in rows]
    if any(not 0 < len(code) <= 20 for code in codes):
        yield f"{where}：每一行要有代码，最多 20 个字。"
    twice = sorted({code for code in codes if codes.count(code) > 1}) if unique else []
    if twice:
        yield f"{where}：代码“{'、'.join(twice)}”用了两次。"


def quota_words(quota):
    """Sentences about who fits on the list."""
    found = quota_of(quota)
    yield f"名额 {found.total} 个" if found.total is not None else "名额不限"
    if found.per_unit is not None:
        yield f"每个单位最多 {found.per_unit} 个"
    if found.front_line_percent:
        yield f"一线职工、班组长和班组占 {found.front_line_percent}% 以上"
    if found.one_for_one:
        yield "推荐一名管理人员要同时推荐一名一线职工"
    if found.reserve_percent:
        yield f"备选名额为 {found.reserve_percent}%"


def review_words(review):
    """Sentences about how it is reviewed."""
    way = way_of(review)
    yield f"每份申报 {way.reviewers} 位评委，{'匿名评审' if way.is_blind else '公开评审'}"
    if way.drop_extremes:
        yield "去掉一个最高分和一个最低分"
    if way.divergence:
        yield f"评委打分相差超过 {way.divergence / 100:g} 分的要复核"
    if review.get("group_percent"):
        yield f"每一类都要达到 {review['group_percent']}%"
    steps = {"现场考察": way.needs_visit, "答辩": way.needs_defence, "表决": way.needs_vote}
    if any(steps.values()):
        yield f"要经过{'、'.join(name for name, needed in steps.items() if needed)}"


def recheck_words(recheck):
    """Sentences about how a title is looked at again."""
    if not recheck.get("every_months"):
        yield "不复评，到期自然失效"
        return
    yield f"每 {recheck['every_months']} 个月复评一次"
    if recheck.get("pass_line"):
        yield f"复评低于 {recheck['pass_line'] / 100:g} 分的限期整改"
    if recheck.get("result_months"):
        yield f"{recheck['result_months']} 个月没有成果的限期整改"
    if recheck.get("rectify_months"):
        yield f"整改期 {recheck['rectify_months']} 个月，仍不合格的撤销"
