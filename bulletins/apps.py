from django.apps import AppConfig

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
    )
