from django.apps import AppConfig
from django.db.models.signals import post_migrate

from teams import triggers, wording

_APPROVED = (
    "EXISTS (SELECT 1 FROM teams_attendancemonth m "
    "WHERE m.team_id = {row}.team_id AND m.period = {row}.period AND m.state = 'approved')"
)


class TeamsConfig(AppConfig):
    name = "teams"
    verbose_name = "班组与人员"
    guards = (
        *(
            triggers.every_write(table, "approved", _APPROVED, f"the attendance is approved: {table}")
            for table in ("teams_attendance", "teams_overtime")
        ),
        triggers.refuse(
            "teams_attendancemonth",
            "approved",
            {"UPDATE": "OLD.state = 'approved'", "DELETE": "OLD.state = 'approved'"},
            "the attendance is approved: teams_attendancemonth",
        ),
        triggers.append_only("teams_auditentry"),
        triggers.append_only("teams_auditseal"),
        triggers.refuse(
            "teams_attendancecorrection",
            "decided",
            {"UPDATE": "OLD.state <> 'proposed'", "DELETE": None},
            "the correction is decided: teams_attendancecorrection",
        ),
        triggers.refuse(
            "teams_watch",
            "handed_over",
            {"UPDATE": "OLD.taken_at IS NOT NULL", "DELETE": "OLD.handed_at IS NOT NULL"},
            "the watch is handed over: teams_watch",
        ),
    )

    def ready(self):
        wording.put_in_place()
        post_migrate.connect(triggers.install_after_migrate, dispatch_uid="teams.triggers")
