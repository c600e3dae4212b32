from django.apps import AppConfig

from teams.triggers import append_only, changed, refuse, touched

_WRITTEN = (
    changed("item_id", "number", "title", "summary", "body", "steps", "tags", "changes", "must_read", "written_by_id")
    + " OR "
    + touched("reviewed_by_id", "reviewed_at", "answer")
)


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "班组活动"
    guards = (
        *(
            append_only(f"activities_{table}")
            for table in (
                *("readreceipt", "goalprogress", "visionreview", "practice", "ideastep"),
                *("commitmentcheck", "mechanismstep", "reservestep", "voter", "ballotpaper"),
            )
        ),
        refuse(
            "activities_knowledgeversion",
            "published",
            {
                "UPDATE": f"OLD.state = 'published' AND (NEW.state <> 'published' OR {_WRITTEN})",
                "DELETE": "OLD.state = 'published'",
            },
            "the version is published: activities_knowledgeversion",
        ),
        refuse(
            "activities_activity",
            "over",
            {"UPDATE": "OLD.state IN ('replaced', 'voided') AND NEW.state <> OLD.state", "DELETE": None},
            "the record is replaced or voided: activities_activity",
        ),
    )

    def shows_photo(self, user, photo):
        """Whether a record that the person may see, or a team's wall, shows this photo or file (see teams.photos.shown_above)."""
        from activities.access import visible_to
        from activities.ideas.access import visible_to as ideas_visible_to
        from activities.knowledge.access import shows as shown_in_knowledge
        from teams.models import Team

        in_idea = ideas_visible_to(user).filter(files=photo).exists() or shown_in_knowledge(user, photo)
        return in_idea or visible_to(user).filter(photos=photo).exists() or Team.objects.filter(photo=photo).exists()
