"""What two versions of a standard say differently, line by line."""

from dataclasses import dataclass

from assessments.standards.content import FIGURES, LABELS, text_of, words_of


@dataclass(frozen=True)
class Change:
    """A line that is there on one side only, or says something else: `old`, `new` are (code, Line) or None.

    `fields` are (label, old text, new text) of what differs.
    """

    old: tuple | None
    new: tuple | None
    fields: tuple = ()

    def __str__(self):
        code, line = self.new or self.old
        if self.old is None or self.new is None:
            return f"{'增加' if self.new else '删去'} {code} {line.name}"
        return f"{code} {line.name}：" + "；".join(
            f"{label} {old or '无'} → {new or '无'}" for label, old, new in self.fields
        )


def figures_changed(old, new):
    """(label, old text, new text) of the version's own figures that differ."""
    pairs = [(label, words_of(old, name), words_of(new, name)) for name, label in FIGURES.items()]
    pairs.append(("大项", *("、".join(chapter.name for chapter in side.chapters) for side in (old, new))))
    return [pair for pair in pairs if pair[1] != pair[2]]


def differences(old, new, origins=None):
    """Changes from one Content to the other, in the order of the new one, the removed lines last.

    Lines belong together by origin when `origins` ({code of the new line: code of the old one}) says so, else by name, and
    those that are left by code. A line that only moved is no change.
    """
    before, after = old.coded, new.coded
    partners = partners_of(before, after, origins or {})
    changes = [_change(before, partners.get(code), (code, line)) for code, line in after.items()]
    gone = [Change((code, line), None) for code, line in before.items() if code not in partners.values()]
    return [change for change in changes if change] + gone


def partners_of(before, after, origins):
    """{code of the new line: code of the old one} of {code: line with a name}: by origin, else by name, else by code."""
    partners = {code: old for code, old in origins.items() if old in before}
    by_name = {}
    for code, line in before.items():
        by_name.setdefault(line.name, code)
    for code, line in after.items():
        _pair(partners, code, by_name.get(line.name))
    for code in after:
        _pair(partners, code, code if code in before else None)
    return partners


def _pair(partners, code, old):
    if old and code not in partners and old not in partners.values():
        partners[code] = old


def _change(before, old_code, new):
    if old_code is None:
        return Change(None, new)
    old = before[old_code]
    fields = [(label, text_of(old, name), text_of(new[1], name)) for name, label in LABELS.items()]
    differing = tuple(field for field in fields if field[1] != field[2])
    return Change((old_code, old), new, differing) if differing else None
