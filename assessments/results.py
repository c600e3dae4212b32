"""From frozen inputs to the rows of a month's scores: no database, the same inputs always give the same rows."""

from assessments import inputs as frozen
from assessments import scoring


def score_teams(inputs):
    """Score the teams of the inputs one by one: yields (team id, TeamResult)."""
    yardstick = frozen.yardstick(inputs)
    for team in inputs["teams"]:
        findings = [(finding["code"], finding["points"]) for finding in team["findings"]]
        yield (
            team["id"],
            scoring.score_team(yardstick, findings, frozenset(team["not_applicable"]), bool(team["vetoes"])),
        )


def team_rows(inputs, scored=None):
    """One dict a team with the fields of TeamScore (without `close`): score, grade, rank, categories and lines.

    `scored` is {team id: TeamResult} when score_teams was already run over the same inputs.
    """
    scored = scored or dict(score_teams(inputs))
    ranks = scoring.rank_teams(scored)
    return [_team_row(team, scored[team["id"]], ranks[team["id"]], inputs["period"]) for team in inputs["teams"]]


def _team_row(team, result, rank, period):
    return {
        "team_id": team["id"],
        "period": period,
        "score": result.score,
        "awards": result.awards,
        "vetoed": result.vetoed,
        "veto_reason": "；".join(team["vetoes"]),
        "grade": result.grade,
        "rank": rank,
        "categories": [
            {"number": category.number, "applicable": category.applicable, "kept": category.kept}
            for category in result.categories
        ],
        "lines": team["findings"],
    }


def member_rows(inputs):
    """One dict a member with the fields of MemberScore (without `close`)."""
    yardstick = frozen.yardstick(inputs)
    return [
        _member_row(yardstick, team, member, inputs["period"]) for team in inputs["teams"] for member in team["members"]
    ]


def _member_row(yardstick, team, member, period):
    lines = [finding for finding in team["findings"] if finding["person"] == member["id"]]
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
