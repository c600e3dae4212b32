"""Whether a list of nominees keeps the quota: pure, in whole numbers and per cent. What is broken is said in sentences."""

from collections import Counter
from dataclasses import dataclass, fields, replace

from assessments.scoring import divide_half_up


@dataclass(frozen=True)
class Quota:
    """How many may be named. None is no limit; `one_for_one`: each manager needs somebody of the front line beside."""

    total: int | None = None
    per_unit: int | None = None
    front_line_percent: int = 0
    one_for_one: bool = False
    reserve_percent: int = 0

    @property
    def reserve(self):
        """How many may stand on the reserve list (rounded up); None without a total."""
        return None if self.total is None else -(-self.total * self.reserve_percent // 100)


@dataclass(frozen=True)
class Nominee:
    """One name of a list: who, of which unit, whether of the front line, and the bars that hold against it, in words."""

    name: str
    unit: str
    is_front_line: bool = True
    bars: tuple = ()


@dataclass(frozen=True)
class Meter:
    """How far a list fills the quota."""

    chosen: int
    total: int | None
    front_line: int
    front_line_percent: int | None
    needed_percent: int


def quota_of(data):
    """The Quota that a programme's `quota` says."""
    return Quota(**{field.name: data[field.name] for field in fields(Quota) if field.name in data})


def quota_at(frozen, level):
    """The Quota of a unit's list at a level of recommendation: the whole of the round, or what the level lets each send up."""
    quota, most = quota_of(frozen["quota"]), frozen["levels"][level].get("most")
    return quota if most is None else replace(quota, total=most)


def meter(quota, nominees):
    """The Meter of a list."""
    front, others = _sides(nominees)
    return Meter(len(nominees), quota.total, front, _share(quota, front, others), quota.front_line_percent)


def _share(quota, front, others):
    """The front line in whole per cent, rounded half up; what falls short of the quota never looks as if it reached it."""
    if not front + others:
        return None
    share = divide_half_up(front * 100, front + others)
    return min(share, quota.front_line_percent - 1) if _is_short(quota, front, others) else share


def _is_short(quota, front, others):
    return front * 100 < quota.front_line_percent * (front + others)


def problems(quota, nominees):
    """Sentences about what the list breaks; none for a list that can be sent up. An empty list breaks nothing."""
    return [*_barred(nominees), *_too_many(quota, nominees), *_per_unit(quota, nominees), *_front_line(quota, nominees)]


def _barred(nominees):
    return [f"{nominee.name}不能推荐：{'；'.join(nominee.bars)}。" for nominee in nominees if nominee.bars]


def _too_many(quota, nominees):
    over = len(nominees) - quota.total if quota.total is not None else 0
    return [f"名额 {quota.total} 个，名单上有 {len(nominees)} 个，要去掉 {over} 个。"] if over > 0 else []


def _per_unit(quota, nominees):
    if quota.per_unit is None:
        return []
    counts = Counter(nominee.unit for nominee in nominees)
    over = [(unit, count) for unit, count in counts.items() if count > quota.per_unit]
    return [f"{unit}最多 {quota.per_unit} 个，名单上有 {count} 个。" for unit, count in over]


def _front_line(quota, nominees):
    front, others = _sides(nominees)
    if _is_short(quota, front, others):
        yield f"一线至少占 {quota.front_line_percent}%，名单上 {len(nominees)} 个里只有 {front} 个。"
    if quota.one_for_one and others > front:
        yield f"推荐一名管理人员要同时推荐一名一线职工：管理人员 {others} 个，一线 {front} 个。"


def _sides(nominees):
    front = sum(nominee.is_front_line for nominee in nominees)
    return front, len(nominees) - front
