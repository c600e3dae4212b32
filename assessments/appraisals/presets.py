"""What an appraisal can ask: the shipped sets of items with their weights and grades, as in their files."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from teams.figures import hundredths

FOLDER = Path(__file__).resolve().parent.parent / "presets"
DEFAULT = "appraisal_behaviour"


@dataclass(frozen=True)
class Preset:
    """`items` are (name, text, points in hundredths), `grades` (name, least hundredths) from the best down."""

    name: str
    purpose: str
    items: tuple
    weights: dict
    least_answers: int
    grades: tuple
    lowest_grade: str


def presets():
    """{key: Preset}, the usual one first."""
    keys = sorted((path.stem for path in FOLDER.glob("appraisal_*.toml")), key=lambda key: (key != DEFAULT, key))
    return {key: _preset(_read(key)) for key in keys}


def _read(key):
    return tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))


def _preset(facts):
    return Preset(
        name=facts["name"],
        purpose=facts["purpose"],
        items=tuple((name, text, hundredths(points)) for name, text, points in _items(facts)),
        weights=facts["weights"],
        least_answers=facts["least_answers"],
        grades=tuple((name, hundredths(least)) for name, least in facts["grades"]),
        lowest_grade=facts["lowest_grade"],
    )


def _items(facts):
    """Own items of the preset, or those of some chapters of a shipped standard."""
    if "items" in facts:
        return facts["items"]
    chapters = _read(facts["standard"])["categories"]
    chosen = [chapter for chapter in chapters if chapter["name"] in facts["categories"]]
    return [(line["name"], line["guidance"], line["points"]) for chapter in chosen for line in chapter["criteria"]]
