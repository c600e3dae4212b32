"""docs/coverage.md: one row a practice, written from the presets, and every link leads somewhere."""

import re

import pytest
from django.conf import settings

from activities.services.kinds import presets
from teamhub import coverage

NUMBERS = [str(number) for number in range(1, 141)] + ["140a", "140b", "140c"] + [str(n) for n in range(141, 187)]


def rows():
    lines = coverage.PAGE.read_text(encoding="utf-8").splitlines()
    return {
        cells[1]: cells[2:4] for cells in ([c.strip() for c in line.split("|")] for line in lines) if len(cells) == 5
    }


def test_the_page_is_what_the_presets_say():
    assert coverage.PAGE.read_text(encoding="utf-8") == coverage.table(), "run manage.py write_coverage"


def test_every_practice_has_its_row():
    found = [number for number in rows() if number not in ("编号", "---")]
    assert found == NUMBERS == list(coverage.practices())


def test_every_practice_is_served():
    assert [number for number, (_, served) in rows().items() if served == "—"] == []


def test_presets_name_practices_that_exist():
    unknown = {
        (server.name, number)
        for server in coverage.servers()
        for number in server.practices
        if number not in coverage.practices()
    }
    assert unknown == set()


def test_every_kind_of_the_preset_names_what_it_serves():
    assert [kind["name"] for kind in presets() if not kind["practices"]] == []


def test_every_link_leads_to_a_file():
    text = coverage.PAGE.read_text(encoding="utf-8")
    targets = set(re.findall(r"\]\(\.\./([^)]+)\)", text))
    assert len(targets) > 20
    assert [target for target in sorted(targets) if not (settings.BASE_DIR / target).is_file()] == []


def test_a_screen_that_does_not_exist_is_told():
    with pytest.raises(LookupError, match="nowhere"):
        coverage.file_of("bulletins:nowhere")
