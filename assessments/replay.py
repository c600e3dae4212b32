"""A closed month as it would have been under another standard: frozen inputs with its lines in place of the old ones."""

from dataclasses import asdict, dataclass

from assessments.scoring import LOSSES
from assessments.standards.changes import partners_of

GONE, OTHER_WAY = "新标准里没有这一条", "新标准里这一条改了扣分、加分的方式"


@dataclass(frozen=True)
class Replay:
    """`inputs` like those of a close, ready to be scored; `left_out` are (finding, reason) of what they no longer hold."""

    inputs: dict
    left_out: tuple


def successors(old, new):
    """{code of an old Criterion: code of the new one}: those that one was copied from, else of one name, else of one code."""
    before, after = ({row.code: row for row in rows} for rows in (old, new))
    copied = {key: row.code for row in old for key in (row.pk, row.origin_id) if key}
    origins = {row.code: copied[row.origin_id] for row in new if row.origin_id in copied}
    return {code: successor for successor, code in partners_of(before, after, origins).items()}


def replay(inputs, yardstick, codes):
    """The Replay of frozen inputs with another Yardstick; `codes` map the old lines to its own, awards outside stay."""
    teams, left_out = [], []
    for team in inputs["teams"]:
        findings = [(finding, _reason(finding, yardstick, codes)) for finding in team["findings"]]
        left_out += [pair for pair in findings if pair[1]]
        kept = [finding | {"code": codes.get(finding["code"])} for finding, reason in findings if not reason]
        absent = [codes[code] for code in team["not_applicable"] if code in codes]
        teams.append(team | {"findings": kept, "not_applicable": absent})
    return Replay(inputs | {"yardstick": asdict(yardstick), "teams": teams}, tuple(left_out))


def _reason(finding, yardstick, codes):
    """Why a finding finds no place in the other standard; '' when it does."""
    if finding["code"] is None:
        return ""
    if finding["code"] not in codes:
        return GONE
    is_base = yardstick.criteria[codes[finding["code"]]].method in LOSSES
    return "" if is_base == (finding["points"] < 0) else OTHER_WAY
