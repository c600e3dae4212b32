"""The pages of honours that stand beside each other, each for those who can use it."""

from django.urls import reverse

from teams.access import access_of

PAGES = [
    # (label, URL name, capability on some unit or None for everybody)
    ("批次", "assessments:rounds", None),
    ("申报", "assessments:applications", None),
    ("评审", "assessments:reviews", None),
    ("公示异议", "assessments:challenges", None),
    ("称号", "assessments:titles", None),
    ("项目", "assessments:programmes", None),
    ("否决情形", "assessments:bars", "programme.manage"),
    ("统计", "assessments:round-figures", "application.view"),
]


def pages_for(user, here=""):
    """[{"label", "url", "active"}] of the pages that the person can use; `here` is the URL name of the open one."""
    access = access_of(user)
    return [
        {"label": label, "url": reverse(name), "active": name == here}
        for label, name, capability in PAGES
        if capability is None or access.unit_ids(capability)
    ]
