"""The table of what serves which practice (docs/coverage.md), made of the presets and of the list of screens.

A practice is served by a screen (teamhub/presets/coverage.toml), by a kind of records (activities/presets/kinds.toml), or by
another preset that ships with the product (coverage.toml, too). `manage.py write_coverage` writes the table.
"""

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from importlib import import_module

from django.apps import apps
from django.conf import settings

PRESETS = settings.BASE_DIR / "teamhub" / "presets"
KINDS = "activities/presets/kinds.toml"
PAGE = settings.BASE_DIR / "docs" / "coverage.md"
HEAD = """# 覆盖表

班组管理的 189 条做法，各由产品的哪个页面、哪种活动记录或哪份预置资料来办。本页由 `manage.py write_coverage` 从
[做法清单](../teamhub/presets/practices.toml)、[页面清单](../teamhub/presets/coverage.toml)和[活动种类](../activities/presets/kinds.toml)生成，不要手改。

| 编号 | 做法 | 由什么来办 |
|---|---|---|
"""


@dataclass(frozen=True)
class Server:
    """One thing that serves practices: what it is in a word, its name, and the file that holds it, from the project's folder."""

    what: str
    name: str
    file: str
    practices: tuple

    @property
    def link(self):
        """The thing as Markdown, from docs/."""
        return f"{self.what}[{self.name}](../{self.file})"


def practices():
    """{number: the practice in words} of all practices, in their order."""
    return _read("practices")["practices"]


def servers():
    """Every Server: screens, other presets, kinds of records."""
    listed = _read("coverage")
    kinds = tomllib.loads((settings.BASE_DIR / KINDS).read_text(encoding="utf-8"))["kind"]
    return [
        *(Server("页面", row["name"], file_of(row["page"]), tuple(row["practices"])) for row in listed["screen"]),
        *(Server("预置", row["name"], row["file"], tuple(row["practices"])) for row in listed["preset"]),
        *(Server("活动种类", row["name"], KINDS, tuple(row["practices"])) for row in kinds),
    ]


def _read(name):
    return tomllib.loads((PRESETS / f"{name}.toml").read_text(encoding="utf-8"))


def file_of(page):
    """The file of the view behind a URL name, from the project's folder. Raises LookupError for a name that leads nowhere."""
    label, _, name = page.rpartition(":")
    root = import_module(settings.ROOT_URLCONF)  # registers the converters of addresses, too
    module = import_module(f"{apps.get_app_config(label).name}.urls") if label else root
    for pattern in module.urlpatterns:
        if getattr(pattern, "name", None) == name:
            return pattern.callback.__module__.replace(".", "/") + ".py"
    raise LookupError(f"No page is called {page}.")


def served():
    """{number: [Server]} of the practices that something serves."""
    found = defaultdict(list)
    for server in servers():
        for number in server.practices:
            found[number].append(server)
    return found


def table():
    """The text of docs/coverage.md."""
    by_number = served()
    return HEAD + "".join(
        f"| {number} | {words} | {'，'.join(server.link for server in by_number[number]) or '—'} |\n"
        for number, words in practices().items()
    )
