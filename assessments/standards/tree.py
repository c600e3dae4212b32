"""A draft as it stands on the editor's page: raw texts in order, and the steps that arrange them before they are saved."""

import re
from dataclasses import dataclass

from assessments.standards.content import LABELS, line_of, text_of
from assessments.standards.figures import FIELDS, figure_texts
from teams.figures import whole_number

FLAGS = ("veto", "may_be_na")
LINE_FIELDS = (*LABELS, "origin")
STEP = re.compile(r"(up|down|delete|add|restore)(?:-(\d{1,4}))?(?:-(\d{1,4}))?", re.ASCII)
NEW_LINE = dict.fromkeys(LINE_FIELDS, "") | {"method": "deduct", "step": "0.5", "may_be_na": "on"}


def texts_of(line):
    """A Line as the texts of its fields; flags are "on" or empty."""
    texts = {name: text_of(line, name) for name in LABELS if name not in FLAGS}
    flags = {name: "on" if getattr(line, name) else "" for name in FLAGS}
    return texts | flags | {"method": line.method, "origin": str(line.origin or "")}


@dataclass
class Tree:
    """`figures` {name: text} of the version; `chapters` [[name, [{field: text} of each line]]]."""

    figures: dict
    chapters: list

    @classmethod
    def of(cls, content):
        """The tree that shows a Content."""
        return cls(
            figure_texts(content), [[row.name, [texts_of(line) for line in row.lines]] for row in content.chapters]
        )

    @classmethod
    def read(cls, data):
        """The tree that was posted: chapter 2 is `2-name`, its third line `2-3-name`, `2-3-points` and so on."""
        chapters = []
        while (name := data.get(f"{len(chapters) + 1}-name")) is not None:
            chapters.append([name, _posted_lines(data, len(chapters) + 1)])
        figures = {name: data.get(name, "").replace("\r\n", "\n") for name in FIELDS}
        return cls(figures, chapters)

    def fields(self):
        """{field: text} as it would be posted."""
        flat = dict(self.figures)
        for number, (name, lines) in enumerate(self.chapters, start=1):
            flat[f"{number}-name"] = name
            for position, line in enumerate(lines, start=1):
                flat |= {
                    f"{number}-{position}-{field}": text for field, text in line.items() if text or field not in FLAGS
                }
        return flat

    def arrange(self, step, origins):
        """Carry out one step such as `add`, `add-2`, `up-2`, `delete-2-3` or `restore-2-3`; what makes no sense does nothing.

        `origins` are {id: criterion} of the upper unit's lines.
        """
        found = STEP.fullmatch(step)
        if not found:
            return
        verb, chapter, line = found[1], *(whole_number(part or "") - 1 for part in found.groups()[1:])
        if found[0] == "add":
            self.chapters.append(["", [dict(NEW_LINE)]])
        elif 0 <= chapter < len(self.chapters):
            self._arrange_in(verb, chapter, line, origins)

    def _arrange_in(self, verb, chapter, line, origins):
        lines = self.chapters[chapter][1]
        if verb == "add":
            lines.append(dict(NEW_LINE))
        elif line == -1:
            _move(self.chapters, verb, chapter)
        elif not 0 <= line < len(lines):
            return
        elif verb == "restore" and lines[line]["origin"] in origins:
            kept = lines[line]["origin"]
            lines[line] = texts_of(line_of(origins[kept])) | {"origin": kept}
        elif not self._crosses(verb, chapter, line):
            _move(lines, verb, line)

    def _crosses(self, verb, chapter, line):
        """Move the first line up, or the last one down, into the neighbouring chapter."""
        lines = self.chapters[chapter][1]
        if verb == "up" and line == 0 and chapter > 0:
            self.chapters[chapter - 1][1].append(lines.pop(0))
        elif verb == "down" and line == len(lines) - 1 and chapter < len(self.chapters) - 1:
            self.chapters[chapter + 1][1].insert(0, lines.pop())
        else:
            return False
        return True


def _posted_lines(data, chapter):
    lines = []
    while data.get(f"{(prefix := f'{chapter}-{len(lines) + 1}')}-name") is not None:
        line = {name: data.get(f"{prefix}-{name}", "") for name in LINE_FIELDS}
        lines.append(line | {"levels": line["levels"].replace("\r\n", "\n")})
    return lines


def _move(rows, verb, index):
    other = index + {"up": -1, "down": 1}.get(verb, 0)
    if verb == "delete":
        del rows[index]
    elif other != index and 0 <= other < len(rows):
        rows[index], rows[other] = rows[other], rows[index]
