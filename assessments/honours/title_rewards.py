"""What a title was rewarded with and where that is proposed: money is known above, asked for here."""

from django.apps import apps

from assessments.models import Title


def ways_for(user, title):
    """[(label, address)] where the person proposes the reward of a valid title.

    Asked of every app whose AppConfig has a method `title_reward_ways(user, title)`.
    """
    if title.state != Title.State.VALID:
        return []
    return [way for ask in _asked("title_reward_ways") for way in ask(user, title)]


def given_for(user, title):
    """[(words, address or None)] of the rewards of a title, as far as the person may know of them.

    Asked of every app whose AppConfig has a method `title_rewards_of(user, title)`.
    """
    return [reward for ask in _asked("title_rewards_of") for reward in ask(user, title)]


def _asked(name):
    return [getattr(config, name) for config in apps.get_app_configs() if hasattr(config, name)]
