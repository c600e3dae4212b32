"""A standard as a workbook: the lines on one sheet, the figures on another; what goes out can be read in again."""

from assessments.errors import AssessmentError
from assessments.forms.standards import MOST_LINES, DraftForm
from assessments.standards.content import CHOICES, FIGURES, LABELS, LEVEL_MARK, METHOD_NAMES, STARS, TEXTS, text_of
from assessments.standards.figures import GRADES, NUMBERS
from assessments.standards.tree import FLAGS, NEW_LINE, Tree
from teams.downloads import Figure, Sheet, workbook_of
from teams.figures import short_text
from teams.workbooks import NoValue, column_letter, find_header, read_workbook

LINES, SETTINGS = "小项", "设置"
CHAPTER = "大项"
HEADERS = ["编号", CHAPTER, *LABELS.values()]
REQUIRED = [CHAPTER, LABELS["name"], LABELS["points"]]
NAMED = {FIGURES[name]: name for name in (*NUMBERS, *CHOICES, *TEXTS)} | {"标准名称": "name"}
GRADE, STAR, RANKS = "等级", "星级", FIGURES["rank_points"]
STAR_NUMBERS = {name: number for number, name in STARS.items()}
METHODS = {name: method for method, name in METHOD_NAMES.items()}
USUAL = {"awards_cap": "10", "lowest_grade": "不合格", "member_base": "100", "member_min": "0", "member_max": "120"}
USUAL |= {"veto_effect": "lowest", "na_rule": "leave", "league": "unit", "ties": "shared"}
USUAL |= {"grade-1": "优秀", "least-1": "90", "grade-2": "良好", "least-2": "80", "grade-3": "合格", "least-3": "70"}
YES_NO = [LABELS[name] for name in FLAGS]
TOLD = 20


class SheetRefused(AssessmentError):
    """The workbook holds no standard that can be taken over; the message names every row."""


def workbook_with(name, content):
    """Bytes of an .xlsx with the whole standard."""
    rows = [
        [f"{number}.{position}", chapter.name, *(_cell(line, field) for field in LABELS)]
        for number, chapter in enumerate(content.chapters, start=1)
        for position, line in enumerate(chapter.lines, start=1)
    ]
    settings = [["标准名称", name, ""], *_figure_rows(content)]
    return workbook_of(Sheet(LINES, HEADERS, rows), Sheet(SETTINGS, ["项目", "名称", "分值"], settings))


def _figure_rows(content):
    for name in NUMBERS:
        yield [FIGURES[name], "", Figure(short_text(getattr(content, name)))]
    for name in TEXTS:
        yield [FIGURES[name], getattr(content, name), ""]
    for name, choices in CHOICES.items():
        yield [FIGURES[name], choices(getattr(content, name)).label, ""]
    pairs = [(GRADE, *pair) for pair in content.grades]
    pairs += [(STAR, STARS[number], least) for number, least in content.stars]
    pairs += [(RANKS, str(last), ratio) for last, ratio in content.rank_points]
    for label, which, figure in pairs:
        yield [label, which, Figure(short_text(figure))]


def _cell(line, field):
    text = text_of(line, field)
    return Figure(text) if field in ("points", "step") else text


def read_standard(file):
    """(name in the workbook or '', Content) of an uploaded workbook.

    Raises SheetRefused with every problem by row and column, and WorkbookRefused for what is no workbook.
    """
    sheets = read_workbook(file)
    found = next(((name, rows, head) for name, rows in sheets.items() if (head := _header(rows))), None)
    if found is None:
        raise SheetRefused(
            f"文件里没有找到标准：前 10 行里要有一行表头，至少有“{'”“'.join(REQUIRED)}”。可以先导出一个标准照着填。"
        )
    name, figures = _settings(sheets.get(SETTINGS, []))
    tree, places, problems = _tree(figures, found[1], *found[2])
    if len(places) > MOST_LINES:
        raise SheetRefused(f"一个标准最多 {MOST_LINES} 条小项，表里有 {len(places)} 条。请分成几个标准后重新上传。")
    form = DraftForm(tree, {})
    problems += _problems(form, places, found[2][1])
    if problems:
        more = f"；还有 {len(problems) - TOLD} 处" if len(problems) > TOLD else ""
        raise SheetRefused("标准没有导入，请改正后重新上传。" + "；".join(problems[:TOLD]) + more + "。")
    return name, form.content()


def _header(rows):
    return find_header(rows, REQUIRED, [*HEADERS])


def _plain(cell):
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).replace("\r\n", "\n").strip()


def _settings(rows):
    """(name of the standard, {field: text} of the figures); what the sheet does not say is as usual."""
    found, grades, ranks = {}, {}, []
    for row in rows:
        label, text, figure = [*map(_plain, row), "", "", ""][:3]
        if label in NAMED:
            found[NAMED[label]] = _setting(NAMED[label], text, figure)
        elif label == GRADE and len(grades) < 2 * GRADES:
            number = len(grades) // 2 + 1
            grades |= {f"grade-{number}": text, f"least-{number}": figure}
        elif label == STAR:
            found[_star(text)] = figure
        elif label == RANKS:
            ranks.append(f"{text}{LEVEL_MARK}{figure}")
    usual = {field: text for field, text in USUAL.items() if not grades or "-" not in field}
    return found.pop("name", ""), usual | found | grades | {"rank_points": "\n".join(ranks)}


def _setting(field, text, figure):
    if field in CHOICES:
        return {label: value for value, label in CHOICES[field].choices}.get(text, text)
    return figure if field in NUMBERS else text


def _star(text):
    if text not in STAR_NUMBERS:
        raise SheetRefused(f"“{SETTINGS}”表“{STAR}”：“{text[:20]}”要写成{'、'.join(STAR_NUMBERS)}里的一个。")
    return f"star-{STAR_NUMBERS[text]}"


def _tree(figures, rows, head, columns):
    """(Tree, {prefix of a line: row number}, problems); lines of one chapter stand together."""
    tree, places, problems = Tree(figures, []), {}, []
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        cells = {name: row[index] if index < len(row) else "" for name, index in columns.items()}
        if not any(_plain(cells[name]) for name in REQUIRED):
            continue
        problems += _unread(number, cells, columns)
        chapter = _plain(cells[CHAPTER])
        if not tree.chapters or chapter not in ("", tree.chapters[-1][0]):
            tree.chapters.append([chapter, []])
        tree.chapters[-1][1].append(_line(cells))
        places[f"{len(tree.chapters)}-{len(tree.chapters[-1][1])}"] = number
    return tree, places, problems if places else ["表头下面没有小项"]


def _unread(number, cells, columns):
    """Cells that hold something which is not what it seems."""
    for name in HEADERS[1:]:
        cell = cells.get(name, "")
        place = f"第 {number} 行“{name}”（{column_letter(columns.get(name, 0))} 列）"
        if isinstance(cell, NoValue):
            yield f"{place}：{cell.reason}"
        elif name in YES_NO and _plain(cell) not in ("", "是", "否"):
            yield f"{place}：要填“是”或“否”"


def _line(cells):
    """The texts of a line; what the sheet leaves out is as in a new line."""
    line = dict(NEW_LINE)
    for field, label in LABELS.items():
        text = _plain(cells.get(label, ""))
        if field in FLAGS:
            line[field] = {"是": "on", "否": ""}.get(text, line[field])
        elif field == "method":
            line[field] = METHODS.get(text, text) or line[field]
        else:
            line[field] = text or line[field]
    return line


def _problems(form, places, columns):
    found = [f"“{SETTINGS}”表{_told(form.figures, name, text)}" for name, text in _errors(form.figures)]
    for chapter in form.chapters:
        row = places[f"{chapter.prefix}-1"]
        found += [
            f"第 {row} 行“{CHAPTER}”（{column_letter(columns[CHAPTER])} 列）：{text.rstrip('。')}"
            for _, text in _errors(chapter)
        ]
        for line in chapter.lines:
            for name, text in _errors(line):
                column = f"（{column_letter(columns[LABELS[name]])} 列）" if LABELS[name] in columns else ""
                found.append(f"第 {places[line.prefix]} 行“{LABELS[name]}”{column}：{text.rstrip('。')}")
    return found


def _errors(form):
    return [(name, text) for name, errors in form.errors.items() for text in errors]


def _told(form, name, text):
    return f"“{form.fields[name].label}”：{text.rstrip('。')}"
