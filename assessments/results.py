"""From frozen inputs to the rows of a month's scores: no database, the same inputs always give the same rows."""

from collections import defaultdict

from assessments import inputs as frozen
from assessments import scoring

LONGEST_REASON = 500


def score_teams(inputs):
    """Score the teams of the inputs one by one: yields (team id, TeamResult)."""
    yardstick = frozen.yardstick(inputs)
    for team in inputs["teams"]:
        yield team["id"], _score_team(yardstick, team)


def _score_team(yardstick, team):
    try:
        return scoring.score_team(yardstick, _pairs(team), frozenset(team["not_applicable"]), bool(team["vetoes"]))
    except ValueError as error:
        raise ValueError(f"{team['name']}{error}") from error


def _pairs(team):
    return [(finding["code"], finding["points"]) for finding in team["findings"]]


def team_rows(inputs):
    """One dict a team with the fields of TeamScore (without `close`): score, grade, stars, rank, categories and lines."""
    scored, yardstick = dict(score_teams(inputs)), frozen.yardstick(inputs)
    leagues = {team["id"]: _league(yardstick, team) for team in inputs["teams"]}
    ranks = scoring.rank_teams(scored, yardstick.ties, leagues)
    return [
        _team_row(team, scored[team["id"]], ranks[team["id"]])
        | {"period": inputs["period"], "veto_reason": _veto_reason(team, yardstick)}
        | {"league": leagues[team["id"]], "rank_ratio": scoring.rank_ratio(yardstick, ranks[team["id"]])}
        for team in inputs["teams"]
    ]


def _league(yardstick, team):
    """Among whom a team is ranked: the teams of its trade, or with '' all of the unit."""
    return team.get("trade", "") if yardstick.league == "trade" else ""


def _team_row(team, result, rank):
    return {
        "team_id": team["id"],
        "score": result.score,
        "awards": result.awards,
        "vetoed": result.vetoed,
        "grade": result.grade,
        "stars": result.stars,
        "rank": rank,
        "categories": [
            {"number": category.number, "applicable": category.applicable, "kept": category.kept}
            for category in result.categories
        ],
        "lines": team["findings"],
    }


def _veto_reason(team, yardstick):
    """What was recorded as a veto, and the veto lines that lost points with the day; at most what a score holds."""
    codes = scoring.vetoing_codes(yardstick, _pairs(team), frozenset(team["not_applicable"]))
    first = {finding["code"]: finding for finding in reversed(team["findings"]) if finding["points"] < 0}
    lines = [f"{code} {first[code]['name']}（{first[code]['date']}）" for code in codes]
    reason = "；".join([*team["vetoes"], *lines])
    return reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1] + "…"


def member_rows(inputs):
    """One dict a member with the fields of MemberScore (without `close`)."""
    yardstick, rows = frozen.yardstick(inputs), []
    for team in inputs["teams"]:
        lines = defaultdict(list)
        for finding in team["findings"]:
            lines[finding["person"]].append(finding)
        rows += [
            _member_row(yardstick, team, member, inputs["period"], lines[member["id"]]) for member in team["members"]
        ]
    return rows


def _member_row(yardstick, team, member, period, lines):
    return {
        "team_id": team["id"],
        "user_id": member["id"],
        "period": period,
        "score": scoring.score_member(yardstick, [line["points"] for line in lines]),
        "coefficient": member["coefficient"],
        "codes": member["codes"],
        "overtime": member["overtime"],
        "late": member.get("late", []),
        "lines": lines,
    }
