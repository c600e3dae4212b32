"""A standard as plain, ordered data: what presets, workbooks, the editor and stored versions have in common."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, fields, replace

from assessments.models import StandardVersion
from assessments.scoring import PAIRS
from teams.figures import decimal_text, hundredths, short_text

AWARD = "award"
LEVEL_MARK = "｜"
METHOD_NAMES = {"deduct": "扣分", "yes_no": "是否", "score": "打分", AWARD: "加分"}
LABELS = {
    "name": "小项",
    "points": "满分",
    "step": "每次至少",
    "method": "方式",
    "veto": "一票否决",
    "may_be_na": "可以不适用",
    "guidance": "评分说明",
    "levels": "分级说明",
    "evidence": "要求的证据",
    "department": "责任部门",
}
"""The fields of a criterion in the order of pages and workbooks, with the words for them."""
FIGURES = {
    "awards_cap": "每月加分上限",
    "member_base": "个人基础分",
    "member_min": "个人最低分",
    "member_max": "个人最高分",
    "grades": "等级线",
    "lowest_grade": "最低等级",
    "stars": "星级线",
    "veto_effect": "一票否决的后果",
    "veto_cap": "否决后最高等级",
    "na_rule": "不适用的小项",
    "league": "排名范围",
    "ties": "同分怎么排",
    "rank_points": "名次折算",
}
"""The fields of a version in the order of pages and workbooks, with the words for them."""
CHOICES = {
    "veto_effect": StandardVersion.VetoEffect,
    "na_rule": StandardVersion.NotApplicableRule,
    "league": StandardVersion.League,
    "ties": StandardVersion.Ties,
}
TEXTS = ("lowest_grade", "veto_cap")
STARS = {5: "五星", 4: "四星", 3: "三星", 2: "二星", 1: "一星"}


@dataclass(frozen=True)
class Line:
    """One criterion; points and step in hundredths, levels as (name, text, points); `origin` as in the model."""

    name: str
    points: int
    step: int = 50
    method: str = "deduct"
    guidance: str = ""
    levels: tuple = ()
    evidence: str = ""
    department: str = ""
    veto: bool = False
    may_be_na: bool = True
    origin: int | None = None


@dataclass(frozen=True)
class Chapter:
    """One category with its lines in order."""

    name: str
    lines: tuple = ()


@dataclass(frozen=True)
class Content:
    """Everything that a version says; figures in hundredths, grades and stars as (which, least score) from the best down."""

    awards_cap: int
    grades: tuple
    lowest_grade: str
    member_base: int
    member_min: int
    member_max: int
    chapters: tuple = ()
    stars: tuple = ()
    veto_effect: str = "lowest"
    veto_cap: str = ""
    na_rule: str = "leave"
    league: str = "unit"
    ties: str = "shared"
    rank_points: tuple = ()

    @property
    def coded(self):
        """{code: Line} in order: codes follow from the places."""
        return {
            f"{number}.{position}": line
            for number, chapter in enumerate(self.chapters, start=1)
            for position, line in enumerate(chapter.lines, start=1)
        }

    @property
    def figures(self):
        """The fields of the version itself, without the chapters."""
        return {name: value for name, value in vars(self).items() if name != "chapters"}


def base_points(lines):
    """What the lines of the base hold together; awards lie outside of it."""
    return sum(line.points for line in lines if line.method != AWARD)


def award_points(lines):
    """What the lines of awards can earn together."""
    return sum(line.points for line in lines if line.method == AWARD)


def fingerprint(content):
    """sha256 of the content: two readers of the same draft see the same."""
    text = json.dumps(asdict(content), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def line_of(criterion):
    """A stored criterion as a Line."""
    levels = tuple(tuple(level) for level in criterion.levels)
    facts = {name: getattr(criterion, name) for name in LABELS if name != "levels"}
    return Line(**facts, levels=levels, origin=criterion.origin_id)


def content_of(version):
    """A stored version as Content; two queries."""
    chapters = version.categories.prefetch_related("criteria")
    figures = {field.name: getattr(version, field.name) for field in fields(Content) if field.name != "chapters"}
    pairs = {name: tuple(map(tuple, figures[name])) for name in PAIRS}
    lines = tuple(Chapter(row.name, tuple(map(line_of, row.criteria.all()))) for row in chapters)
    return Content(**figures | pairs, chapters=lines)


def content_of_preset(preset):
    """A preset file as Content: figures there are points; a criterion is [name, points] or a table of its fields."""
    member = preset["member"]
    pairs = {name: tuple((which, hundredths(figure)) for which, figure in preset.get(name, ())) for name in PAIRS}
    return Content(
        **pairs,
        **{name: preset[name] for name in (*CHOICES, *TEXTS) if name in preset},
        awards_cap=hundredths(preset["awards_cap"]),
        member_base=hundredths(member["base"]),
        member_min=hundredths(member["min"]),
        member_max=hundredths(member["max"]),
        chapters=tuple(
            Chapter(chapter["name"], tuple(_preset_line(line, preset["step"]) for line in chapter["criteria"]))
            for chapter in preset["categories"]
        ),
    )


def _preset_line(line, step):
    facts = line if isinstance(line, dict) else {"name": line[0], "points": line[1]}
    levels = tuple((name, text, hundredths(points)) for name, text, points in facts.get("levels", ()))
    figures = {"points": hundredths(facts["points"]), "step": hundredths(facts.get("step", step))}
    return Line(**facts | figures | {"levels": levels})


def text_of(line, name):
    """A field of a line as people read and type it."""
    value = getattr(line, name)
    if name == "levels":
        return "\n".join(LEVEL_MARK.join([level, text, short_text(points)]) for level, text, points in value)
    if name == "method":
        return METHOD_NAMES[value]
    if name in ("points", "step"):
        return short_text(value)
    return ("是" if value else "否") if isinstance(value, bool) else value


def words_of(content, name):
    """A figure of the version as people read it."""
    value = getattr(content, name)
    if name == "rank_points":
        return "、".join(f"{ranks} {decimal_text(ratio)}" for ranks, ratio in ranks_of(value))
    if name in PAIRS:
        return "、".join(f"{STARS.get(which, which)} ≥ {short_text(least)}" for which, least in value)
    if name in CHOICES:
        return CHOICES[name](value).label
    return value if name in TEXTS else short_text(value)


def further_figures(version):
    """(label, words) of what a version says of stars, vetoes, N/A and ranks, without what it leaves empty."""
    names = ("stars", "veto_effect", "veto_cap", "na_rule", "league", "ties", "rank_points")
    return [(FIGURES[name], words) for name in names if (words := words_of(version, name))]


def ranks_of(steps):
    """(the ranks that a step is for, in words; its ratio) of [last rank, ratio]; the last step is for all that follow."""
    first = 1
    for position, (last, ratio) in enumerate(steps, start=1):
        if position == len(steps):
            yield f"第 {first} 名起", ratio
        else:
            yield f"第 {first} 名" if first == last else f"第 {first}～{last} 名", ratio
        first = last + 1


def same_words(line, other):
    """Whether two lines say the same, wherever they stand."""
    return all(getattr(line, name) == getattr(other, name) for name in LABELS)


def with_origins(content, known):
    """The content with its lines joined to those of an upper unit; `known` are (code, name, origin) of lines that were.

    A line is the same when it has the code and the name, or a name that stands once on either side.
    """
    lines = content.coded
    written, told = Counter(line.name for line in lines.values()), Counter(name for _, name, _ in known)
    origins = {name: origin for _, name, origin in known if written[name] == told[name] == 1}
    exact = {(code, name): origin for code, name, origin in known}
    found = {code: exact.get((code, line.name), origins.get(line.name)) for code, line in lines.items()}
    chapters = (
        replace(
            chapter,
            lines=tuple(
                replace(line, origin=found[f"{number}.{position}"])
                for position, line in enumerate(chapter.lines, start=1)
            ),
        )
        for number, chapter in enumerate(content.chapters, start=1)
    )
    return replace(content, chapters=tuple(chapters))


def standing(line, origin):
    """How a line stands to the line of the upper unit that it was copied from: inherited, changed, or own without one."""
    if origin is None:
        return "own"
    return "inherited" if same_words(line, origin) else "changed"
