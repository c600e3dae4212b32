from django.apps import AppConfig

from incentives.piecework.guards import PIECE_GUARDS
from incentives.points.guards import POINT_GUARDS
from incentives.spending.guards import SPENDING_GUARDS, papers_of, stays
from teams.triggers import append_only, changed, refuse

_SETTLED = "EXISTS (SELECT 1 FROM incentives_distribution d WHERE d.id = {row}.distribution_id AND d.state <> 'draft')"
_DIVIDED = "EXISTS (SELECT 1 FROM incentives_distribution d WHERE d.pool_id = OLD.id AND d.state <> 'draft')"
_NOT_PROPOSED = (
    "EXISTS (SELECT 1 FROM incentives_distribution d WHERE d.id = {row}.distribution_id AND d.state NOT IN ({states}))"
)
_FIGURES = changed(
    *("team_id", "period", "pool_id", "close_id", "rule_version_id", "amount", "reserve", "parts", "inputs_hash")
)

_ASTRAY = (
    "(OLD.state = 'draft' AND NEW.state NOT IN ('draft', 'proposed'))"
    " OR (OLD.state = 'proposed' AND NEW.state NOT IN ('draft', 'proposed', 'approved'))"
    " OR (OLD.state = 'approved' AND NEW.state NOT IN ('approved', 'posted'))"
    " OR (OLD.state = 'posted' AND NEW.state <> 'settled') OR OLD.state = 'settled'"
)

_PAID_EARLY = "NEW.state = 'settled' AND NEW.settled_on < DATE(NEW.posted_at)"
"""Both engines read the moment as a day of UTC, which is never after the day in China."""

_MISNAMED = (
    "(NEW.team_id IS NOT NULL AND (NEW.user_id IS NOT NULL OR NEW.code NOT LIKE '%:' || NEW.team_id))"
    " OR (NEW.user_id IS NOT NULL AND NEW.code NOT LIKE '%:' || NEW.user_id)"
    " OR (NEW.team_id IS NULL AND NEW.user_id IS NULL AND NEW.code LIKE '%:%')"
)
_REVERSES_A_REVERSAL = (
    "NEW.reverses_id = NEW.id OR EXISTS (SELECT 1 FROM incentives_transaction t"
    " WHERE t.id = NEW.reverses_id AND t.reverses_id IS NOT NULL)"
)
_NOT_OPPOSITE = (
    "EXISTS (SELECT 1 FROM incentives_transaction t WHERE t.reverses_id = NEW.transaction_id)"
    " OR EXISTS (SELECT 1 FROM incentives_transaction t WHERE t.id = NEW.transaction_id AND t.reverses_id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM incentives_entry e WHERE e.transaction_id = t.reverses_id AND e.amount = NEW.amount"
    " AND e.source_account_id = NEW.target_account_id AND e.target_account_id = NEW.source_account_id))"
)

_TERMS = ("unit_id", "code", "name", "kind", "least", "most", "note")
_COUNTED = (
    "EXISTS (SELECT 1 FROM incentives_distribution d WHERE d.team_id = {row}.team_id AND d.period = {row}.period"
    " AND d.state NOT IN ('draft', 'proposed'))"
)
_PROVING = (
    "EXISTS (SELECT 1 FROM incentives_adjustment a JOIN incentives_distribution d ON d.team_id = a.team_id"
    " AND d.period = a.period WHERE a.id = NEW.adjustment_id AND d.state NOT IN ('draft', 'proposed'))"
)


def _stands(condition):
    """No row comes, changes or goes where the condition holds for it."""
    old, new = (condition.format(row=row) for row in ("OLD", "NEW"))
    return {"INSERT": new, "UPDATE": f"{old} OR {new}", "DELETE": old}


class IncentivesConfig(AppConfig):
    name = "incentives"
    verbose_name = "激励"
    guards = (
        append_only("incentives_account"),
        append_only("incentives_transaction"),
        append_only("incentives_entry"),
        refuse(
            "incentives_account",
            "misnamed",
            {"INSERT": _MISNAMED},
            "the code names another owner: incentives_account",
        ),
        refuse(
            "incentives_transaction",
            "reversal",
            {"INSERT": _REVERSES_A_REVERSAL},
            "a reversal is final: incentives_transaction",
        ),
        refuse(
            "incentives_entry",
            "opposite",
            {"INSERT": _NOT_OPPOSITE},
            "a reversal is the opposite of what it reverses: incentives_entry",
        ),
        refuse(
            "incentives_pool",
            "divided",
            {"UPDATE": _DIVIDED, "DELETE": _DIVIDED},
            "the pool is divided: incentives_pool",
        ),
        refuse(
            "incentives_distribution",
            "settled",
            {
                "UPDATE": f"(OLD.state <> 'draft' AND {_FIGURES}) OR {_ASTRAY}",
                "DELETE": "OLD.state <> 'draft'",
            },
            "the distribution is settled: incentives_distribution",
        ),
        refuse(
            "incentives_distribution",
            "paid_early",
            {"INSERT": _PAID_EARLY, "UPDATE": f"OLD.state <> 'settled' AND {_PAID_EARLY}"},
            "nothing is paid before it is posted: incentives_distribution",
        ),
        refuse(
            "incentives_distributionline",
            "settled",
            {
                "INSERT": _SETTLED.format(row="NEW"),
                "UPDATE": f"{_SETTLED.format(row='OLD')} OR {_SETTLED.format(row='NEW')}",
                "DELETE": _SETTLED.format(row="OLD"),
            },
            "the distribution is settled: incentives_distributionline",
        ),
        refuse(
            "incentives_adjustment",
            "proposed",
            {
                "INSERT": _COUNTED.format(row="NEW"),
                "UPDATE": f"{_COUNTED.format(row='OLD')} OR {stays('user_id', 'clause_id', 'objection_id', undone='withdrawn')}",
                "DELETE": None,
            },
            "what was proposed stays: incentives_adjustment",
        ),
        papers_of("adjustment", "evidence", too_late=_PROVING),
        refuse("incentives_exclusion", "counted", _stands(_COUNTED), "it is counted: incentives_exclusion"),
        refuse(
            "incentives_clause",
            "published",
            {
                "UPDATE": f"OLD.ended_on IS NOT NULL OR {changed(*_TERMS)}",
                "DELETE": None,
            },
            "the clause is published: incentives_clause",
        ),
        refuse(
            "incentives_signoff",
            "closed",
            {
                "INSERT": _NOT_PROPOSED.format(row="NEW", states="'proposed'"),
                "UPDATE": " OR ".join(_NOT_PROPOSED.format(row=row, states="'proposed'") for row in ("OLD", "NEW")),
                "DELETE": _NOT_PROPOSED.format(row="OLD", states="'proposed', 'draft'"),
            },
            "the signatures are closed: incentives_signoff",
        ),
        refuse(
            "incentives_bonusruleversion",
            "settled",
            {
                "UPDATE": f"OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed('definition', 'in_force_from')})",
                "DELETE": "OLD.state <> 'draft'",
            },
            "the rule version is in force: incentives_bonusruleversion",
        ),
        *PIECE_GUARDS,
        *POINT_GUARDS,
        *SPENDING_GUARDS,
    )

    def correction_ways(self, user, objection):
        """Where the person corrects what an objection to a bonus or expense table was right about."""
        from incentives.correcting import ways_for

        return ways_for(user, objection)

    def correction_worths(self, user, objection, own):
        """What the correction of an objection brings in money (see bulletins.objections.corrections)."""
        from incentives.remedies import worths_for

        return worths_for(user, objection, own)

    def reward_ways(self, user, idea):
        """Where the person proposes an award for a verified idea (see activities.ideas.rewards)."""
        from incentives.spending.ideas import ways_for

        return ways_for(user, idea)

    def rewards_of(self, user, idea):
        """What an idea was rewarded with (see activities.ideas.rewards)."""
        from incentives.spending.ideas import rewards_of

        return rewards_of(user, idea)

    def title_reward_ways(self, user, title):
        """Where the person proposes an award for a title (see assessments.honours.title_rewards)."""
        from incentives.spending.titles import ways_for

        return ways_for(user, title)

    def title_rewards_of(self, user, title):
        """What a title was rewarded with (see assessments.honours.title_rewards)."""
        from incentives.spending.titles import rewards_of

        return rewards_of(user, title)

    def goal_figures(self):
        """Real figures of money that goals are read from (see activities.goals.figures)."""
        from incentives.goal_figures import FIGURES

        return FIGURES

    def shows_photo(self, user, photo):
        """Whether the photo is evidence of an award or a deduction of the person (see teams.photos.shown_above)."""
        from incentives.models import Adjustment

        return Adjustment.objects.filter(user=user, evidence=photo).exists()
