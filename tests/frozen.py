"""The inputs of a month as tests look at them: gathered now, and hashed."""

import json

from assessments.gathering import gather
from assessments.inputs import canonical, fingerprint


def inputs_of(unit, period, version):
    """What a close of the month would freeze at this moment, as plain data."""
    return json.loads(gather(unit, period, version))


def hash_of(data):
    """The fingerprint of frozen inputs, or of other plain data."""
    return fingerprint(canonical(data))
