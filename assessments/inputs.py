"""What a month's scores were computed from, as it was frozen: plain data that can be hashed, read and recomputed."""

import hashlib
import json

import orjson

from assessments import scoring


def fingerprint(value):
    """sha256 of the canonical JSON of inputs or other plain data, the same on every machine and database."""
    return sha256_of(canonical(value))


def sha256_of(text):
    """sha256 of a text, e.g. of inputs that are canonical JSON already."""
    return hashlib.sha256(text.encode()).hexdigest()


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value):
    """JSON with sorted keys and no spaces: the same data always gives the same text."""
    return _ENCODER.encode(value)


def parsed(text):
    """The plain data of a JSON text, e.g. of inputs as they are stored; a unit's month has thousands of lines."""
    return orjson.loads(text)


def yardstick(inputs):
    """The Yardstick kept in frozen inputs; those of older closes lack what could not be set then, and mean the defaults."""
    kept = inputs["yardstick"]
    criteria = {code: scoring.Line(*line) for code, line in kept["criteria"].items()}
    pairs = {name: tuple(map(tuple, kept[name])) for name in scoring.PAIRS if name in kept}
    return scoring.Yardstick(**kept | pairs | {"criteria": criteria})


def coefficients(inputs, team_id, user_id):
    """The steps of a member's coefficient in frozen inputs, {from, days, coefficient}; empty where it never changed."""
    team = next(team for team in inputs["teams"] if team["id"] == team_id)
    steps = next(member.get("coefficients", []) for member in team["members"] if member["id"] == user_id)
    return steps if len({step["coefficient"] for step in steps}) > 1 else []
