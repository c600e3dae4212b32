from django.apps import AppConfig

from teams.triggers import append_only, refuse

_SETTLED = "EXISTS (SELECT 1 FROM incentives_distribution d WHERE d.id = {row}.distribution_id AND d.state <> 'draft')"


class IncentivesConfig(AppConfig):
    name = "incentives"
    verbose_name = "激励"
    guards = (
        append_only("incentives_account"),
        append_only("incentives_transaction"),
        append_only("incentives_entry"),
        refuse(
            "incentives_distribution",
            "settled",
            {
                "UPDATE": "OLD.state = 'posted' OR (OLD.state = 'approved' AND NEW.amount <> OLD.amount)",
                "DELETE": "OLD.state <> 'draft'",
            },
            "the distribution is settled: incentives_distribution",
        ),
        refuse(
            "incentives_distributionline",
            "settled",
            {
                "INSERT": _SETTLED.format(row="NEW"),
                "UPDATE": _SETTLED.format(row="OLD"),
                "DELETE": _SETTLED.format(row="OLD"),
            },
            "the distribution is settled: incentives_distributionline",
        ),
        refuse(
            "incentives_bonusruleversion",
            "settled",
            {
                "UPDATE": "OLD.state <> 'draft' AND (NEW.state = 'draft' OR CAST(OLD.definition AS TEXT) <> "
                "CAST(NEW.definition AS TEXT))",
                "DELETE": "OLD.state <> 'draft'",
            },
            "the rule version is in force: incentives_bonusruleversion",
        ),
    )
