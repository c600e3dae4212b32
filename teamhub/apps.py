from django.apps import AppConfig


class TeamhubConfig(AppConfig):
    name = "teamhub"
    verbose_name = "TeamHub"
