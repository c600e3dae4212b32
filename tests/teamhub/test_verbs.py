"""Every deed that the code writes into the trail has a name that people read, and no name is left over."""

import re
from pathlib import Path

from activities.ideas.moves import MOVES as IDEA_MOVES
from activities.services.goals import VERBS as GOAL_ENDS
from teamhub.verbs import VERBS

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("teams", "bulletins", "activities", "assessments", "incentives", "teamhub")
RECORDED = re.compile(r'(?:audit\.record[(,]|_record\()\s*"([a-z_]+\.[a-z_]+)"')
PAPERS = {f"{kind}.{deed}" for kind in ("certificate", "honour") for deed in ("recorded", "corrected", "withdrawn")}
"""What teams/services/papers.py records for each kind of paper."""
LITERAL = re.compile(r'"([a-z_]+\.[a-z_]+)"')
MOVED = {move.verb for move in IDEA_MOVES.values()} | set(GOAL_ENDS.values())
"""What becomes of an idea, and of a goal."""


def found(pattern):
    """What stands in the code, but for the list of names itself."""
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py") if path.name != "verbs.py"]
    return {verb for path in paths for verb in pattern.findall(path.read_text(encoding="utf-8"))}


def test_every_deed_has_a_name():
    assert found(RECORDED) | PAPERS | MOVED <= set(VERBS)


def test_no_name_is_left_over():
    assert set(VERBS) <= found(LITERAL) | PAPERS
