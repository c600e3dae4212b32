"""What of honours waits for a person, for the home page: (title, detail, address, kind of state, word) of each line."""

from assessments.honours import (
    application_lists,
    challenge_access,
    name_lists,
    result_news,
    review_lists,
    rounds,
    studio_news,
    title_news,
)

SOURCES = (
    *(rounds, application_lists, review_lists, name_lists, challenge_access, result_news),
    *(title_news, studio_news),
)


def news_for(user):
    """Every line, in the order of a round; what is held and kept after it stands last."""
    for source in SOURCES:
        yield from source.waiting_for(user)
