"""Where an upheld objection can be corrected, and what that is worth: each floor answers for its own, for boards hang below what
they show.
"""

from django.apps import apps

from bulletins.models import Objection


def ways_for(user, objection):
    """[(label, address)] of the pages on which this person can make the correcting entry.

    Asked of every app whose AppConfig has a method `correction_ways(user, objection)`.
    """
    return _asked("correction_ways", user, objection) if objection.state == Objection.State.UPHELD else []


def worths_for(user, objection, *, own=False):
    """The Worths of the correction that this person may read; with `own` those of the own money alone.

    Asked of every app whose AppConfig has a method `correction_worths(user, objection, own)`.
    """
    return _asked("correction_worths", user, objection, own) if objection.state in Objection.RIGHT else []


def _asked(name, *facts):
    asked = [getattr(config, name) for config in apps.get_app_configs() if hasattr(config, name)]
    return [found for ask in asked for found in ask(*facts)]
