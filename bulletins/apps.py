from django.apps import AppConfig

from bulletins.objections.guards import OBJECTION_GUARDS
from teams.triggers import append_only


class BulletinsConfig(AppConfig):
    name = "bulletins"
    verbose_name = "公告栏"
    guards = (
        append_only("bulletins_bulletin"),
        append_only("bulletins_signature"),
        append_only("bulletins_correctionnote"),
        append_only("bulletins_closing"),
        append_only("bulletins_objectionstep"),
        append_only("bulletins_objectionsupport"),
        append_only("bulletins_chainhead"),
        *OBJECTION_GUARDS,
    )

    def shows_photo(self, user, photo):
        """Whether the photo is evidence of an objection that concerns the person (see teams.photos.shown_above)."""
        from bulletins.models import Objection
        from bulletins.objections.access import concerning

        return Objection.objects.filter(concerning(user), evidence=photo).exists()
