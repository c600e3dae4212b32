"""Ranks of a contest: equal scores share a rank and the next one is skipped. Pure."""


def ranks(scores, lower_is_better=False):
    """{key: rank} of {key: score}; keys without a score (None) have no rank."""
    given = [score for score in scores.values() if score is not None]

    def rank(score):
        return 1 + sum(other < score if lower_is_better else other > score for other in given)

    return {key: rank(score) for key, score in scores.items() if score is not None}
