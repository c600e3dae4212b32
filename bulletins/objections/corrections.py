"""Where an upheld objection can be corrected: each floor names its own ways, for boards hang below what they show."""

from django.apps import apps

from bulletins.models import Objection


def ways_for(user, objection):
    """[(label, address)] of the pages on which this person can make the correcting entry.

    Asked of every app whose AppConfig has a method `correction_ways(user, objection)`.
    """
    if objection.state != Objection.State.UPHELD:
        return []
    asked = [config.correction_ways for config in apps.get_app_configs() if hasattr(config, "correction_ways")]
    return [way for ask in asked for way in ask(user, objection)]
