from django.apps import AppConfig

from teams.triggers import append_only, changed, every_write, refuse, touched

_MONTH_CLOSED = (
    "EXISTS (SELECT 1 FROM assessments_teamscore s JOIN assessments_monthclose c ON c.id = s.close_id "
    "WHERE s.team_id = {row}.team_id AND s.period = {row}.period AND c.state = 'closed')"
)
_COUNTS_IN_CLOSED = (
    "EXISTS (SELECT 1 FROM assessments_teamscore s JOIN assessments_monthclose c ON c.id = s.close_id "
    "WHERE s.team_id = {row}.counts_team_id AND s.period = {row}.counts_in AND c.state = 'closed')"
)
_ACTIVITY_WRITTEN = changed(
    *("kind_id", "unit_id", "title", "date", "counts_in", "hours", "points", "minutes", "place", "privacy")
)
_ACTIVITY_SETTLED = (
    f"OLD.state <> 'draft' AND {_ACTIVITY_WRITTEN} AND EXISTS (SELECT 1 FROM assessments_monthclose c "  # noqa: S608
    "WHERE c.unit_id = OLD.unit_id AND c.period = OLD.counts_in AND c.state = 'closed')"
)
_CLOSE_CLOSED = "EXISTS (SELECT 1 FROM assessments_monthclose c WHERE c.id = {row}.close_id AND c.state = 'closed')"
_VERSION_SETTLED = (
    "EXISTS (SELECT 1 FROM assessments_standardversion v WHERE v.id = {row}.version_id AND v.state <> 'draft')"
)
_FINDING_CLOSED = (
    "EXISTS (SELECT 1 FROM assessments_finding f JOIN assessments_teamscore s "
    "ON s.team_id = f.team_id AND s.period = f.period JOIN assessments_monthclose c ON c.id = s.close_id "
    "WHERE f.id = {row}.finding_id AND c.state = 'closed')"
)
_APPRAISAL_OVER = "EXISTS (SELECT 1 FROM assessments_appraisal a WHERE a.id = {row}.appraisal_id AND a.state <> 'open')"
_BALLOTS_OVER = (
    "EXISTS (SELECT 1 FROM assessments_leaderappraisal l JOIN assessments_appraisal a ON a.id = l.appraisal_id "
    "WHERE l.id = NEW.about_id AND a.state <> 'open')"
)
_ROUND = changed(
    *("unit_id", "title", "opens_on", "items", "weight_self", "weight_members", "weight_superior"),
    *("least_answers", "grades", "lowest_grade"),
)
_ROUND_FROZEN = changed("programme_id", "frozen", "opens_on")
_REVIEW_GIVEN = changed("application_id", "reviewer_id", "marks", "notes", "total", "state")
_CHECK = touched("team_id", "kind", "period", "date", "shift", "version_id", "checker_id")
_FINDING = touched("on_sheet_id", "team_id", "period", "date", "criterion_id", "points", "person_id", "note")
_COUNTS_AGAIN = "(OLD.voided_at IS NOT NULL AND NEW.voided_at IS NULL)"
_FIGURES = changed(
    *("standard_id", "number", "in_force_from", "awards_cap", "grades", "lowest_grade"),
    *("stars", "veto_effect", "veto_cap", "na_rule", "league", "ties", "rank_points"),
    *("member_base", "member_min", "member_max"),
)


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "考核"

    def shows_photo(self, user, photo):
        """Whether a sheet or a rectification that concerns a person shows this photo (see teams.photos.shown_above)."""
        from assessments.access import sheets_about
        from assessments.honours.application_access import shows
        from assessments.honours.challenge_access import shows as shows_challenge
        from assessments.honours.review_access import shows as shows_reviewer
        from assessments.honours.studio_access import shows_photo
        from assessments.rectifications.access import rectifications_about

        about = rectifications_about(user)
        shown = (
            sheets_about(user).filter(findings__photos=photo),
            about.filter(steps__photos=photo),
            about.filter(finding__photos=photo),
        )
        asked = (shows_photo, shows, shows_challenge, shows_reviewer)
        return any(rows.exists() for rows in shown) or any(shows_it(user, photo) for shows_it in asked)

    def proud_of(self, team):
        """[(label, text)] of the latest closed month that a team's wall may show (see activities.walls)."""
        from assessments.standing import told_of

        return told_of(team)

    def settles(self, unit, team, period):
        """Whether a month's scores are settled for the team, or for the unit itself (see teams.months)."""
        from assessments import selectors

        return selectors.is_settled(team, period) if team else selectors.is_settled_for(unit, period)

    def goal_figures(self):
        """Real figures of assessments that goals are read from (see activities.goals.figures)."""
        from assessments.goal_figures import FIGURES

        return FIGURES

    def honour_pages(self, user, honours):
        """Addresses of the titles for which honours stand, where the person sees them (see teams.honours.with_pages)."""
        from assessments.honours.title_access import pages_of

        return pages_of(user, honours)

    def correction_ways(self, user, objection):
        """Where the person corrects what the objection was right about (see bulletins.objections.corrections)."""
        from assessments.correcting import ways_for

        return ways_for(user, objection)

    guards = (
        *(
            append_only(f"assessments_{table}")
            for table in ("applicationstep", "studiostep", "studiomoney", "titlestep", "panelrecord")
        ),
        refuse(
            "assessments_round",
            "opened",
            {"UPDATE": f"OLD.state <> 'draft' AND {_ROUND_FROZEN}", "DELETE": "OLD.state <> 'draft'"},
            "the round is open: assessments_round",
        ),
        refuse(
            "assessments_review",
            "done",
            {"UPDATE": f"OLD.state = 'done' AND {_REVIEW_GIVEN}", "DELETE": "OLD.state = 'done'"},
            "the review is given: assessments_review",
        ),
        refuse(
            "assessments_challenge",
            "answered",
            {"UPDATE": "OLD.state <> 'open'", "DELETE": "OLD.state <> 'open'"},
            "the challenge is answered: assessments_challenge",
        ),
        refuse(
            "assessments_recheck",
            "decided",
            {"UPDATE": "OLD.result <> 'open'", "DELETE": "OLD.result <> 'open'"},
            "the recheck is decided: assessments_recheck",
        ),
        refuse(
            "assessments_title",
            "over",
            {"UPDATE": "OLD.state IN ('revoked', 'expired') AND NEW.state <> OLD.state", "DELETE": None},
            "the title is over: assessments_title",
        ),
        append_only("assessments_rectificationstep"),
        append_only("assessments_statement"),
        refuse(
            "assessments_rectification",
            "closed",
            {"UPDATE": "OLD.state = 'closed'", "DELETE": None},
            "the rectification is closed: assessments_rectification",
        ),
        *(
            every_write(table, "month", _MONTH_CLOSED, f"the month is closed: {table}")
            for table in (
                "assessments_check",
                "assessments_finding",
                "assessments_notapplicable",
                "assessments_veto",
            )
        ),
        *(
            refuse(table, "written_once", {"UPDATE": f"{condition} OR {_COUNTS_AGAIN}"}, f"it is written once: {table}")
            for table, condition in (("assessments_check", _CHECK), ("assessments_finding", _FINDING))
        ),
        every_write(
            "assessments_finding_photos", "month", _FINDING_CLOSED, "the month is closed: assessments_finding_photos"
        ),
        *(
            every_write(table, "closed", _CLOSE_CLOSED, f"the month is closed: {table}")
            for table in ("assessments_teamscore", "assessments_memberscore")
        ),
        *(
            every_write(table, "settled", _VERSION_SETTLED, f"the standard version is in force: {table}")
            for table in ("assessments_category", "assessments_criterion")
        ),
        refuse(
            "assessments_appraisal",
            "closed",
            {"UPDATE": f"OLD.state <> 'open' OR {_ROUND}", "DELETE": None},
            "the appraisal stands: assessments_appraisal",
        ),
        every_write(
            "assessments_leaderappraisal",
            "closed",
            _APPRAISAL_OVER,
            "the appraisal is over: assessments_leaderappraisal",
        ),
        *(
            refuse(
                table,
                "append_only",
                {"INSERT": _BALLOTS_OVER, "UPDATE": None, "DELETE": None},
                f"a ballot stands: {table}",
            )
            for table in ("assessments_ballot", "assessments_ballotgiven")
        ),
        refuse(
            "activities_activity",
            "month",
            {"UPDATE": _ACTIVITY_SETTLED},
            "the month is closed: activities_activity",
        ),
        refuse(
            "teams_attendancecorrection",
            "month",
            {"INSERT": _COUNTS_IN_CLOSED.format(row="NEW"), "UPDATE": _COUNTS_IN_CLOSED.format(row="NEW")},
            "the month is closed: teams_attendancecorrection",
        ),
        refuse(
            "assessments_monthclose",
            "closed",
            {"UPDATE": "OLD.state = 'closed'", "DELETE": "OLD.state IN ('confirmed', 'closed')"},
            "the month is closed: assessments_monthclose",
        ),
        refuse(
            "assessments_standardversion",
            "settled",
            {
                "UPDATE": f"OLD.state = 'frozen' OR (OLD.state = 'in_force' AND (NEW.state = 'draft' OR {_FIGURES}))",
                "DELETE": "OLD.state <> 'draft'",
            },
            "the standard version is in force: assessments_standardversion",
        ),
    )
