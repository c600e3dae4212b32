"""Refusals of the ground floor; each message is a sentence fit to show to the person who caused it."""


class TeamError(Exception):
    """A wish that the rules refuse. `str(error)` says in Chinese what is wrong and what to do."""


class StaleState(TeamError):
    """Somebody else was faster: the row is no longer in the state the change started from."""

    def __init__(self, message="这条记录刚刚被别人改过了，请刷新页面再看。"):
        super().__init__(message)
