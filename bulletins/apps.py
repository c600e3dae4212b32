from django.apps import AppConfig

from teams.triggers import append_only


class BulletinsConfig(AppConfig):
    name = "bulletins"
    verbose_name = "公告栏"
    guards = (append_only("bulletins_bulletin"),)
