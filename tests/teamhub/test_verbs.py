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
MOVED = {move.verb for move in IDEA_MOVES.values()} | set(GOAL_ENDS.values())
"""What becomes of an idea, and of a goal."""


def test_every_deed_has_a_name_and_every_name_a_deed():
    sources = [path.read_text(encoding="utf-8") for app in APPS for path in (ROOT / app).rglob("*.py")]
    assert {verb for source in sources for verb in RECORDED.findall(source)} | PAPERS | MOVED == set(VERBS)
