"""One month of a plant as its people hand it in, and what must come out (tests/data/case-2026-10)."""

import json
from pathlib import Path

CASE = Path(__file__).parent / "case-2026-10"
EXPECTED = json.loads((CASE / "expected.json").read_text(encoding="utf-8"))
