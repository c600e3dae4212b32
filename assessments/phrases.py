"""Quick phrases: what a team wrote most often about an item lately, to be taken over with one tap."""

import datetime
from collections import defaultdict

from django.db.models import Count
from django.db.models.functions import Length

from assessments.models import Finding

RECENT = datetime.timedelta(days=90)
MOST, LONGEST = 4, 24
"""Phrases of an item, and signs of a phrase: what is longer tells about one case."""


def quick_phrases(team, today):
    """{(code, name) of an item, None for the award: its most used notes, at most four}; one query."""
    notes = (
        Finding.objects.valid()
        .filter(team=team, date__gte=today - RECENT)
        .exclude(note="")
        .alias(signs=Length("note"))
        .filter(signs__lte=LONGEST)
        .values_list("criterion__code", "criterion__name", "note")
        .annotate(times=Count("pk"))
        .order_by("-times", "note")
    )
    phrases = defaultdict(list)
    for code, name, note, _ in notes:
        phrases[code and (code, name)].append(note)
    return {item: found[:MOST] for item, found in phrases.items()}
