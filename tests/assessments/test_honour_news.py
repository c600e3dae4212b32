"""What of honours waits for a person reaches the home page, whichever of its subjects it comes from."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.urls import reverse

from assessments import honours
from assessments.honours import news
from tests.studios import Scene


def test_no_subject_is_forgotten():
    modules = [import_module(f"{honours.__name__}.{found.name}") for found in iter_modules(honours.__path__)]
    own = {module for module in modules if getattr(module, "waiting_for", None) is not None}
    assert {module for module in own if module.waiting_for.__module__ == module.__name__} == set(news.SOURCES)


@pytest.mark.django_db
def test_its_lines_stand_on_the_home_page(client):
    scene = Scene()
    result = scene.result(scene.growing())
    client.force_login(scene.finance)
    told = client.get(reverse("home")).content.decode()
    assert "核实工作室成果" in told
    assert reverse("assessments:studio-result", args=[result.pk]) in told
    client.force_login(scene.stranger)
    assert "核实工作室成果" not in client.get(reverse("home")).content.decode()
