from django.apps import AppConfig

from teams.triggers import append_only, changed, refuse

_SETTLED = "EXISTS (SELECT 1 FROM incentives_distribution d WHERE d.id = {row}.distribution_id AND d.state <> 'draft')"
_DIVIDED = "EXISTS (SELECT 1 FROM incentives_distribution d WHERE d.pool_id = OLD.id AND d.state <> 'draft')"
_FIGURES = changed(
    *("team_id", "period", "pool_id", "close_id", "rule_version_id", "amount", "reserve", "parts", "inputs_hash")
)


class IncentivesConfig(AppConfig):
    name = "incentives"
    verbose_name = "激励"
    guards = (
        append_only("incentives_account"),
        append_only("incentives_transaction"),
        append_only("incentives_entry"),
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
                "UPDATE": f"OLD.state = 'posted' OR (OLD.state = 'approved' AND (NEW.state = 'draft' OR {_FIGURES}))",
                "DELETE": "OLD.state <> 'draft'",
            },
            "the distribution is settled: incentives_distribution",
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
            "incentives_bonusruleversion",
            "settled",
            {
                "UPDATE": f"OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed('definition', 'in_force_from')})",
                "DELETE": "OLD.state <> 'draft'",
            },
            "the rule version is in force: incentives_bonusruleversion",
        ),
    )
