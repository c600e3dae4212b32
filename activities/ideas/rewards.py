"""What an idea was rewarded with and where that is proposed: money is known above, asked for here."""

from django.apps import apps

from activities.models import Idea


def ways_for(user, idea):
    """[(label, address)] where the person proposes a reward for a verified idea.

    Asked of every app whose AppConfig has a method `reward_ways(user, idea)`.
    """
    if idea.state != Idea.State.VERIFIED:
        return []
    asked = [config.reward_ways for config in apps.get_app_configs() if hasattr(config, "reward_ways")]
    return [way for ask in asked for way in ask(user, idea)]


def given_for(user, idea):
    """[(words, address or None)] of the rewards of an idea, as far as the person may know of them.

    Asked of every app whose AppConfig has a method `rewards_of(user, idea)`.
    """
    asked = [config.rewards_of for config in apps.get_app_configs() if hasattr(config, "rewards_of")]
    return [reward for ask in asked for reward in ask(user, idea)]
