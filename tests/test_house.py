"""The laws of the house that nobody remembers every day. Each check comes with a planted violation it must find."""

import ast
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.test.utils import isolate_apps

ROOT = Path(settings.BASE_DIR)
FLOORS = ["teams", "bulletins", "activities", "assessments", "incentives", "teamhub"]  # lowest first
SOURCES = sorted(path for app in FLOORS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def higher(app):
    return FLOORS[FLOORS.index(app) + 1 :]


def app_of(path):
    """The app a source or template belongs to; templates outside an app's directory belong to the top floor."""
    parts = path.relative_to(ROOT).parts
    name = parts[1] if parts[0] == "templates" else parts[0]
    return name if name in FLOORS else FLOORS[-1]


def check_files(paths, violations):
    """Fail with every ``path: violation`` that the function finds in the text of the files."""
    found = [f"{path.relative_to(ROOT)}: {text}" for path in paths for text in violations(path, path.read_text())]
    assert not found, "\n" + "\n".join(found)


# -- Arrows between apps point down ------------------------------------------------------------------------------------


@cache
def nodes_of(source):
    return list(ast.walk(ast.parse(source)))


def imported(source, package=""):
    """Dotted names of everything a source imports, inside functions too."""
    for node in nodes_of(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, node.module] if node.module else base)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def package_of(path):
    return ".".join(path.relative_to(ROOT).parent.parts)


def upward_imports(path, source):
    return [name for name in imported(source, package_of(path)) if name.split(".")[0] in higher(app_of(path))]


def upward_names(path, source):
    """Models and tasks of a higher floor named in a string, such as ``"assessments.Check"``."""
    pattern = re.compile(rf"(?:{'|'.join(higher(app_of(path))) or '(?!)'})\.\w+")
    constants = (node.value for node in nodes_of(source) if isinstance(node, ast.Constant))
    return [value for value in constants if isinstance(value, str) and pattern.fullmatch(value)]


def upward_relations(all_models):
    return [
        str(field)
        for model in all_models
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if model._meta.app_label in FLOORS and field.related_model._meta.app_label in higher(model._meta.app_label)
    ]


def accessors_from_above(app, all_models):
    """Names under which rows of higher floors hang on the models of this floor and those below."""
    here = [model for model in all_models if model._meta.app_label in FLOORS[: FLOORS.index(app) + 1]]
    relations = [relation for model in here for relation in model._meta.related_objects]
    above = {r.get_accessor_name() for r in relations if r.related_model._meta.app_label in higher(app)}
    above |= {r.name for r in relations if r.related_model._meta.app_label in higher(app)}
    own = {field.name for model in here for field in model._meta.get_fields() if not field.auto_created}
    return above - own


def names_in_source(source):
    """Attributes that a source reads, and the steps of the look-ups it filters by."""
    for node in nodes_of(source):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and "__" in (node.arg or ""):
            yield from node.arg.split("__")


def names_in_template(source):
    for tag in re.findall(r"{[{%](.*?)[%}]}", source):
        yield from re.findall(r"\.([A-Za-z_]\w*)", re.sub(r"\"[^\"]*\"|'[^']*'", "", tag))


def upward_accessors(path, source):
    names = names_in_template(source) if path.suffix == ".html" else names_in_source(source)
    return sorted(_accessors_from_above(app_of(path)) & set(names))


@cache
def _accessors_from_above(app):
    return accessors_from_above(app, apps.get_models())


def test_an_app_imports_only_lower_floors():
    check_files(SOURCES, upward_imports)


def test_an_app_names_no_model_or_task_of_a_higher_floor():
    check_files(SOURCES, upward_names)


def test_relations_point_down():
    assert upward_relations(apps.get_models(include_auto_created=True)) == []


def test_nobody_reads_what_a_higher_floor_hangs_on_its_models():
    check_files([*SOURCES, *TEMPLATES], upward_accessors)


@pytest.mark.parametrize(
    "source",
    [
        "import incentives",
        "import incentives.models as m",
        "from incentives import models",
        "def f():\n    from incentives.models import Pool",
        "from ...incentives import models",
    ],
)
def test_control_an_upward_import_is_found(source):
    assert upward_imports(ROOT / "teams" / "services" / "x.py", source)
    assert not upward_imports(ROOT / "teamhub" / "deep" / "x.py", source)


def test_control_an_upward_name_is_found():
    assert upward_names(ROOT / "teams" / "x.py", "ForeignKey('assessments.Check')") == ["assessments.Check"]
    assert upward_names(ROOT / "assessments" / "x.py", "ForeignKey('teams.Team')") == []
    assert upward_names(ROOT / "teamhub" / "x.py", "ForeignKey('teams.Team')") == []


@isolate_apps("teams", "assessments")
def test_control_upward_relations_and_accessors_are_found():
    class Team(models.Model):
        last_check = models.ForeignKey("assessments.Check", models.PROTECT, related_name="+")

        class Meta:
            app_label = "teams"

    class Check(models.Model):
        team = models.ForeignKey(Team, models.PROTECT, related_name="checks")
        quiet = models.ForeignKey(Team, models.PROTECT, related_name="+")

        class Meta:
            app_label = "assessments"

    assert upward_relations([Team, Check]) == ["teams.Team.last_check"]
    assert accessors_from_above("teams", [Team, Check]) == {"checks"}
    assert accessors_from_above("assessments", [Team, Check]) == set()


def test_control_names_in_use_are_found():
    assert set(names_in_source("team.checks.all()\nfilter(checks__period=1)")) >= {"checks"}
    assert set(names_in_template("{% for c in team.checks.all %}{{ c.x|add:'a.b' }}")) == {"checks", "all", "x"}


# -- Layers inside an app point one way --------------------------------------------------------------------------------

MAY_NOT_IMPORT = {
    "models": {"selectors", "services", "tasks", "forms", "views", "urls"},
    "selectors": {"services", "tasks", "forms", "views", "urls"},
    "services": {"forms", "views", "urls"},
    "forms": {"views", "urls"},
    "tasks": {"forms", "views", "urls"},
}
PURE = {"scoring", "distribution"}


def wrong_layers(path, source):
    own = [name.split(".") for name in imported(source, package_of(path)) if name.split(".")[0] in FLOORS]
    if path.stem in PURE:
        return [".".join(name) for name in own]
    layer = path.relative_to(ROOT).with_suffix("").parts[1]
    return [".".join(name) for name in own if name[1:2] and name[1] in MAY_NOT_IMPORT.get(layer, ())]


def test_layers_import_only_lower_layers():
    check_files(SOURCES, wrong_layers)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("teams/models/people.py", "from teams.services import roster"),
        ("teams/models/people.py", "from teams import services"),
        ("assessments/services.py", "def f():\n    from assessments.views import page"),
        ("assessments/services/close.py", "from ..forms import CheckForm"),
        ("assessments/scoring.py", "from teams.periods import shift"),
    ],
)
def test_control_a_wrong_layer_is_found(path, source):
    assert wrong_layers(ROOT / path, source)


# -- Size --------------------------------------------------------------------------------------------------------------


def too_long(limit):
    return lambda path, text: [f"{len(text.splitlines())} lines, at most {limit}"] * (len(text.splitlines()) > limit)


def test_files_stay_short():
    scripts = [path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts]
    check_files([*SOURCES, *scripts, *(ROOT / "tests").rglob("*.py")], too_long(400))
    check_files(TEMPLATES, too_long(130))


def test_control_a_long_file_is_found():
    assert too_long(2)(None, "a\nb\nc") == ["3 lines, at most 2"]
    assert too_long(3)(None, "a\nb\nc") == []


# -- Templates obey the content security policy ------------------------------------------------------------------------


class Markup(HTMLParser):
    """Collects what the browser would refuse, or what would execute text."""

    def __init__(self):
        super().__init__()
        self.violations = []

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag == "script" and not {"src", "nonce"} & set(names) and "json" not in (names.get("type") or ""):
            self.violations.append("inline <script> without nonce")
        if tag == "style":
            self.violations.append("inline <style>")
        self.violations += [f"{name}= on <{tag}>" for name in names if name == "style" or re.match("(hx-)?on", name)]


def unsafe_markup(path, source):
    found = re.findall(r"\|\s*safe\w*|autoescape\s+off", source)
    markup = Markup()
    markup.feed(re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", source, flags=re.DOTALL))
    return found + markup.violations


def other_search_words(path, source):
    return re.findall(r">(找|查|查找|查询)</button>", source)


def test_a_list_is_narrowed_by_the_same_word_everywhere():
    """搜索 where only words are typed, 筛选 where there is more to choose."""
    check_files(TEMPLATES, other_search_words)


def test_control_another_word_for_a_search_is_found():
    assert other_search_words(None, '<button class="btn" type="submit">查找</button>') == ["查找"]
    assert other_search_words(None, '<button type="submit">筛选</button><button>搜索</button>') == []


def test_templates_are_safe():
    check_files(TEMPLATES, unsafe_markup)


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        "<p {% if x %}class='a'{% endif %} style='color: red'>",
        "<button onclick='go()'>",
        "<button hx-on:click='go()'>",
        "{{ text|safe }}",
        "{{ texts | safeseq }}",
        "{% autoescape off %}",
    ],
)
def test_control_unsafe_markup_is_found(source):
    assert unsafe_markup(None, source)


def test_control_safe_markup_passes():
    source = """<script src="{% static 'a.js' %}"></script><script nonce="{{ request.csp_nonce }}">1</script>
        <a href="{% url 'home' %}" {% include "x.html" with once=1 style=2 %}>{{ safe|default:"style=" }}</a>"""
    assert unsafe_markup(None, source) == []


# -- Words that code does not use --------------------------------------------------------------------------------------

FORBIDDEN = {
    r"(.+\.)?date\.today": "use timezone.localdate",
    r"(.+\.)?datetime\.(today|now|utcnow|utcfromtimestamp)": "use timezone.now",
    r"(.+\.)?now\(\)\.date": "the UTC date is not the Beijing date; use timezone.localdate",
    r"(.+\.)?mark_safe": "use format_html",
    r".+\.(raw|extra)": "use the ORM, or a cursor where it must be SQL",
    r"eval|exec|pickle\..+|marshal\..+": "data is never executed",
}
ALLOWED = {
    (ROOT / "teams/prepared.py", "model.objects.raw"),  # SQL that the ORM composed (docs/decisions/011)
    (ROOT / "teamhub/manual.py", "mark_safe"),  # our own documents, rendered without HTML of their own
    (ROOT / "teamhub/manual.py", "django.utils.safestring.mark_safe"),
}


def forbidden_words(path, source):
    names = [ast.unparse(node) for node in nodes_of(source) if isinstance(node, ast.Attribute | ast.Name)]
    words = {*names, *imported(source)}
    words = [word for word in words if (path, word) not in ALLOWED]
    return [
        f"{word}: {why}" for word in sorted(words) for pattern, why in FORBIDDEN.items() if re.fullmatch(pattern, word)
    ]


def test_code_uses_no_forbidden_words():
    check_files(SOURCES, forbidden_words)


@pytest.mark.parametrize(
    "source",
    [
        "date.today()",
        "DateField(default=datetime.date.today)",
        "datetime.datetime.now(tz)",
        "datetime.utcnow()",
        "timezone.now().date()",
        "from django.utils.safestring import mark_safe",
        "Team.objects.raw('SELECT 1')",
        "Team.objects.extra(where=['1'])",
        "from pickle import loads",
        "import pickle\npickle.loads(b'')",
        "eval('1')",
    ],
)
def test_control_a_forbidden_word_is_found(source):
    assert forbidden_words(None, source)


def test_control_allowed_words_pass():
    source = "timezone.localdate(), timezone.now(), formset(extra=1), self.date.year, model.evaluate()"
    assert forbidden_words(None, source) == []


# -- Migrations --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True)
