from django.apps import AppConfig


class TeamhubConfig(AppConfig):
    name = "teamhub"
    verbose_name = "TeamHub"

    def ready(self):
        from teamhub import checks  # noqa: F401 -- registers the system checks
