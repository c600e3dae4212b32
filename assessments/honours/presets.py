"""The programmes that ship with the product: files that say what domain rules say, as fields of Programme."""

import tomllib
from pathlib import Path

from assessments.honours.content import CONTENT, YES_POINTS
from teams.figures import hundredths

FOLDER = Path(__file__).resolve().parent.parent / "presets"
PREFIX = "programme_"
ORDER = ("six_good", "ten_models", "vanguard", "seven_have", "studio_scored")
"""The best known ones first."""
NOTICE_DAYS, VALID_MONTHS = 5, 12
"""Honours hang five working days and are named anew every year."""


def presets():
    """{code: fields of a Programme} of all shipped programmes; `pool` is the code of the one that it chooses from, or None."""
    codes = [path.stem.removeprefix(PREFIX) for path in FOLDER.glob(f"{PREFIX}*.toml")]
    ordered = sorted(codes, key=lambda code: (ORDER.index(code) if code in ORDER else len(ORDER), code))
    return {code: _read(code) for code in ordered}


def _read(code):
    facts = tomllib.loads((FOLDER / f"{PREFIX}{code}.toml").read_text(encoding="utf-8"))
    plain = ("name", "title", "subject", "purpose", "practices")
    cleaned = {
        "criteria": [_criterion(row) for row in facts["criteria"]],
        "conditions": [{"bar_months": 0} | row for row in facts["conditions"]],
        "review": facts["review"] | _points(facts["review"], "divergence"),
        "recheck": facts["recheck"] | _points(facts["recheck"], "pass_line"),
    }
    return {
        "code": code,
        **{name: facts[name] for name in (*plain, *CONTENT)},
        **cleaned,
        "pass_line": hundredths(facts.get("pass_line", "0")),
        "notice_days": NOTICE_DAYS,
        "valid_months": VALID_MONTHS,
        "pool": facts.get("pool"),
    }


def _points(data, name):
    return {name: hundredths(data[name])} if name in data else {}


def _criterion(row):
    points = hundredths(row["points"]) if "points" in row else YES_POINTS
    return {"method": "score", "must": False} | row | {"points": points}
