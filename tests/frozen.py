"""The inputs of a month as tests look at them."""

import json

from assessments.gathering import gather


def inputs_of(unit, period, version):
    """What a close of the month would freeze at this moment, as plain data."""
    return json.loads(gather(unit, period, version))
