"""Reads of titles: the list with its filters and workbook, the page of one, the rechecks that wait, public verification."""

from django.db.models import Prefetch, Q

from assessments.honours.title_access import WHOLE, visible_to
from assessments.honours.title_moves import LIVE
from assessments.models import Programme, Recheck, Title
from bulletins.masks import name as masked
from teams.access import access_of, subtree_ids
from teams.models import Unit
from teams.selectors import with_words

State = Title.State
WORDS = ("name", "serial", "document", "programme__name", "team__name", "user__name", "studio__name", "unit__name")
HEADERS = ["证书编号", "称号", "获得者", "单位", "评选项目", "文号", "生效日期", "有效期至", "状态", "撤销方式"]


def listed(user, *, q="", state="", programme=None, unit=None, year=""):
    """Titles for the list, narrowed, the latest first; those that are over only when asked for."""
    rows = visible_to(user)
    if state != "all":
        rows = rows.filter(state=state) if state else rows.filter(state__in=LIVE)
    rows = rows.filter(programme=programme) if programme else rows
    rows = rows.filter(unit__in=subtree_ids(unit)) if unit else rows
    rows = rows.filter(valid_from__year=year) if year else rows
    return with_words(rows, q, *(f"{path}__icontains" for path in WORDS)).order_by("-valid_from", "-id")


def choices_for(user):
    """What the filters of the list offer: programmes, units and years that some title in sight has."""
    rows = visible_to(user).order_by()
    return {
        "programmes": Programme.objects.filter(pk__in=rows.values("programme")),
        "units": Unit.objects.filter(pk__in=rows.values("unit")),
        "years": [day.year for day in rows.dates("valid_from", "year", order="DESC")],
    }


def exported(rows):
    """Rows under HEADERS."""
    for row in rows:
        facts = [row.serial, row.name, row.holder.name, row.unit, row.programme, row.document]
        yield [*facts, f"{row.valid_from}", f"{row.valid_to}", row.get_state_display(), row.get_way_display()]


def to_recheck(user):
    """(open rechecks, titles that mend what was wrong) of the programmes whose titles the person keeps, the next day first."""
    units = access_of(user).unit_ids("title.recheck")
    rechecks = Recheck.objects.filter(title__programme__unit__in=units, title__state=State.VALID, result="open")
    rechecks = rechecks.prefetch_related(Prefetch("title", WHOLE)).order_by("due_on", "id")
    mending = WHOLE.filter(programme__unit__in=units, state=State.RECTIFYING).order_by("rectify_until", "id")
    return rechecks, mending


def open_recheck_of(title):
    """The recheck of a title that waits for its result, or None."""
    return title.rechecks.filter(result=Recheck.Result.OPEN).first()


def history_of(title):
    """(steps, decided rechecks) of a title, the latest first."""
    done = title.rechecks.filter(~Q(result=Recheck.Result.OPEN)).select_related("decided_by").order_by("-decided_at")
    return title.steps.select_related("actor").order_by("-id"), done


def public_name(title):
    """The holder as everybody may read it: of a person the surname alone, also where a studio bears the name."""
    if title.user_id:
        return masked(title.user.name)
    if title.studio_id:
        return title.studio.name.replace(title.studio.leader.name, masked(title.studio.leader.name))
    return title.team.name


def by_serial(serial):
    """The title with this serial, or None."""
    return WHOLE.filter(serial=serial.strip().upper()).first()
