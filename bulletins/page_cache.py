"""The page that everybody without signing in gets of a board: made once for each of its states, and not sent twice."""

import hashlib
from functools import cache

from django.conf import settings
from django.core.cache import cache as pages
from django.db.models import Count, IntegerField, Max, OuterRef, Subquery
from django.http import HttpResponse
from django.templatetags.static import static
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from bulletins.closings import objections_open
from bulletins.models import Bulletin, ChainHead, Closing, CorrectionNote, Receipt, Signature
from teams.prepared import Given, Prepared

KEPT_SECONDS = 600
FOLDERS = ("bulletins", "includes")
SERIAL_SIGNS = Bulletin._meta.get_field("serial").max_length


def is_shared(request):
    """Whether a request gets the page that everybody gets: nobody is signed in, and nothing is to be told.

    While templates are worked on (DEBUG) every page is made anew.
    """
    return not settings.DEBUG and not {settings.SESSION_COOKIE_NAME, "messages"} & set(request.COOKIES)


def shared_page(request, stamp, make):
    """The kept page of this stamp, else the one that `make` answers; 304 for who has it."""
    etag = quote_etag(stamp)
    answer = get_conditional_response(request, etag=etag) or _kept(request, stamp, make)
    answer.headers["ETag"], answer.headers["Cache-Control"] = etag, "no-cache"
    return answer


def _kept(request, stamp, make):
    key = f"board:{stamp}:{request.scheme}:{request.get_host()}"
    content = pages.get(key)
    if content is None:
        content = make().content
        pages.set(key, content, KEPT_SECONDS)
    return HttpResponse(content)


def stamp_of(serial):
    """What tells one state of a board's public page from every other, or None where there is no such board.

    It is asked for once in BOARD_STAMP_SECONDS in each process, so that many readers cost no query each.
    """
    if len(serial) > SERIAL_SIGNS:
        return None
    key = f"stamp:{serial}:{timezone.localdate()}"
    return pages.get_or_set(key, lambda: state_of(serial), settings.BOARD_STAMP_SECONDS)


def state_of(serial):
    """The same, read now; one query."""
    row = next(iter(STATE.rows(serial=serial)), None)
    return row and hashlib.sha256(repr((edition(), timezone.localdate(), row)).encode()).hexdigest()[:32]


def _last(model, figure, **which):
    rows = model.objects.filter(**which).order_by().values(next(iter(which))).annotate(figure=figure)
    return Subquery(rows.values("figure"), output_field=IntegerField())


BOARD = {"bulletin": OuterRef("pk")}
OF_UNIT = {"unit": OuterRef("unit")}
STATE = Prepared(
    lambda: (
        Bulletin.objects.filter(serial=Given("serial"))
        .order_by()
        .annotate(
            last_board=_last(Bulletin, Max("pk"), **OF_UNIT),
            last_head=_last(ChainHead, Max("pk"), **OF_UNIT),
            signed=_last(Signature, Count("pk"), **BOARD),
            readers=_last(Receipt, Count("user", distinct=True), **BOARD),
            last_correction=_last(CorrectionNote, Max("pk"), **BOARD),
            closed=_last(Closing, Max("pk"), **BOARD),
            disputes=objections_open(),
        )
        .values_list(
            *("content_hash", "unit__name", "team__name", "last_board", "last_head", "signed", "readers"),
            *("last_correction", "closed", "disputes"),
        )
    )
)
"""All that a public page depends on."""


@cache
def edition():
    """The fingerprint of what this release makes pages of."""
    folder = settings.BASE_DIR / "templates"
    files = [folder / "base.html", *(file for name in FOLDERS for file in sorted((folder / name).glob("*.html")))]
    made_of = b"".join(file.read_bytes() for file in files) + static("css/teamhub.css").encode()
    return hashlib.sha256(made_of).hexdigest()[:16]
