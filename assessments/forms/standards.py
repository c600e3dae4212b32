"""The editor of a draft standard: every field cleaned, every mistake named with the line it is in."""

from django import forms

from assessments.models import Criterion
from assessments.standards.content import (
    AWARD,
    LABELS,
    Chapter,
    Content,
    Line,
    award_points,
    base_points,
    line_of,
    standing,
)
from assessments.standards.figures import MOST, FiguresForm, figure, words
from assessments.standards.tree import texts_of
from teams.figures import hundredths, short_text, whole_number
from teams.forms import WorkbookForm

MOST_LINES = 300
LEVELS = 10


class LineForm(forms.Form):
    """One criterion; `line()` is what it says once it is valid."""

    name = words(LABELS["name"], 100)
    points = figure(LABELS["points"])
    method = forms.ChoiceField(
        label=LABELS["method"],
        choices=Criterion.Method,
        error_messages={"required": "请选择。", "invalid_choice": "要在扣分、是否、打分、加分里选一个。"},
    )
    step = figure(LABELS["step"])
    veto = forms.BooleanField(label=LABELS["veto"], required=False)
    may_be_na = forms.BooleanField(label=LABELS["may_be_na"], required=False)
    guidance = words(LABELS["guidance"], 300, required=False)
    levels = words(LABELS["levels"], 1500, required=False)
    evidence = words(LABELS["evidence"], 100, required=False)
    department = words(LABELS["department"], 60, required=False)

    def __init__(self, data, origins, *, prefix):
        super().__init__(data, prefix=prefix)
        self.origins, self.code = origins, prefix.replace("-", ".")

    def clean_levels(self):
        rows = [row for row in self.cleaned_data["levels"].splitlines() if row.strip()]
        if len(rows) > LEVELS:
            raise forms.ValidationError(f"最多 {LEVELS} 级，现在有 {len(rows)} 级。")
        return tuple(_level(row) for row in rows)

    def clean(self):
        facts = self.cleaned_data
        most, step = facts.get("points"), facts.get("step")
        if most is not None and not 0 < most <= MOST:
            self.add_error("points", f"要大于 0、不超过 {short_text(MOST)} 分。")
        elif most is not None and step is not None and not 0 < step <= most:
            self.add_error("step", f"要大于 0、不超过满分 {short_text(most)} 分。")
        if facts.get("method") == AWARD and facts.get("veto"):
            self.add_error("veto", "加分的小项不能一票否决，请去掉其中一样。")
        self._check_levels(facts.get("levels", ()), most or MOST)
        self._check_origin()

    def _check_levels(self, levels, most):
        figures = [least for _, _, least in levels]
        if figures != sorted(set(figures), reverse=True) or any(not 0 <= least <= most for least in figures):
            self.add_error("levels", "各级的分值要从高到低，不重复、不小于 0、不超过满分。")

    def _check_origin(self):
        origin = self.data.get(self.add_prefix("origin"), "")
        if origin and origin not in self.origins:
            self.add_error(None, "继承的那一条不是上级标准里的，请刷新页面后重新填写。")

    def line(self):
        """The Line, once valid."""
        return Line(**self.cleaned_data, origin=whole_number(self.data.get(self.add_prefix("origin"), "")) or None)

    @property
    def origin(self):
        """The id of the upper unit's line, as posted."""
        return self.data.get(self.add_prefix("origin"), "")

    @property
    def is_open(self):
        """Whether the fields that are folded away must be seen."""
        return bool(set(self.errors) - {"name", "points", "method"})

    @property
    def standing(self):
        """How the typed words stand to the upper unit's line."""
        criterion = self.origins.get(self.origin)
        if criterion is None:
            return "own"
        typed = {name: self.data.get(self.add_prefix(name), "") for name in LABELS}
        kept = texts_of(line_of(criterion))
        return "inherited" if all(typed[name] == kept[name] for name in LABELS) else "changed"


def _level(row):
    parts = [part.strip() for part in row.replace("|", "｜").split("｜")]
    if len(parts) != 3 or not parts[0]:
        raise forms.ValidationError(f"“{row[:20]}”要写成“名称｜说明｜分值”，例如“好｜天天做到｜5”。")
    try:
        return parts[0], parts[1], hundredths(parts[2])
    except ValueError as error:
        raise forms.ValidationError(f"“{row[:20]}”：{error}，分值请写成 5 或 4.5 这样。") from error


class ChapterForm(forms.Form):
    """The name of a category, with the forms of its lines."""

    name = words("大项", 60)

    def __init__(self, data, lines, *, prefix):
        super().__init__(data, prefix=prefix)
        self.lines = lines


class DraftForm:
    """A whole draft: the figures and every chapter with its lines, made from a Tree.

    `shown` is the fingerprint of the draft that the page was made from.
    """

    def __init__(self, tree, origins, shown=""):
        data, self.copied, self.shown = tree.fields(), bool(origins), shown
        self.figures = FiguresForm(data)
        self.chapters = [
            ChapterForm(data, self._lines(data, number, len(lines), origins), prefix=str(number))
            for number, (_, lines) in enumerate(tree.chapters, start=1)
        ]
        self.refusals = []

    @staticmethod
    def _lines(data, number, count, origins):
        return [LineForm(data, origins, prefix=f"{number}-{position}") for position in range(1, count + 1)]

    @property
    def lines(self):
        return [line for chapter in self.chapters for line in chapter.lines]

    def errors(self):
        """[(where on the page, sentence)] of everything that is wrong, from the top down."""
        found = [("figures", text) for text in _sentences(self.figures)]
        for chapter in self.chapters:
            found += [(f"c-{chapter.prefix}", f"第 {chapter.prefix} 大项{text}") for text in _sentences(chapter)]
            for line in chapter.lines:
                found += [(f"l-{line.prefix}", f"{line.code} {text}") for text in _sentences(line)]
        if len(self.lines) > MOST_LINES:
            found.append(("figures", f"一个标准最多 {MOST_LINES} 条小项，现在有 {len(self.lines)} 条。"))
        return found + [("figures", text) for text in self.refusals]

    def add_error(self, _field, text):
        """Take the refusal of a service (see teams.actions.carried_out)."""
        self.refusals.append(text)

    def content(self):
        """The Content, once there are no errors."""
        chapters = [
            Chapter(chapter.cleaned_data["name"], tuple(line.line() for line in chapter.lines))
            for chapter in self.chapters
        ]
        return Content(**self.figures.figures(), chapters=tuple(chapters))


def _sentences(form):
    for name, errors in form.errors.items():
        label = f"“{form.fields[name].label}”：" if name in form.fields else ""
        yield from (f"{label}{error}" for error in errors)


def sums_of(content):
    """The sums in a sentence: 44 条小项，基础分 100 分，加分小项 3 分。"""
    lines = list(content.coded.values())
    text = f"{len(lines)} 条小项，基础分 {short_text(base_points(lines))} 分"
    awards = award_points(lines)
    return f"{text}，加分小项 {short_text(awards)} 分。" if awards else f"{text}。"


def marked(criteria):
    """Stored criteria with `standing`: how each stands to the line it was copied from."""
    for criterion in criteria:
        origin = criterion.origin and line_of(criterion.origin)
        criterion.standing = standing(line_of(criterion), origin)
    return criteria


class ImportForm(WorkbookForm):
    """A workbook with a standard; without a name the one in the workbook holds."""

    name = words("标准名称", 80, required=False)
