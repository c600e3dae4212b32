"""Daily self checks by the teams and inspections by the assessor, as rows of sheets with their findings."""

import datetime
import tomllib

from django.utils import timezone

from assessments import selectors
from assessments.models import Check
from assessments.services.checks import Deviation, file_check
from teamhub.demo.accounts import HERE
from teamhub.demo.photos import photo

NOTES = tomllib.loads((HERE / "notes.toml").read_text(encoding="utf-8"))
MISSED, SELF_FOUND, NAMED, PHOTOGRAPHED, AWARDED = 0.05, 0.1, 0.6, 0.08, 0.5
LONG_AGO = datetime.timedelta(days=21)
"""What was found earlier is put right by now and nothing is asked about it."""
BEGINS = {Check.Shift.DAY: 7, Check.Shift.MORNING: 7, Check.Shift.MIDDLE: 15, Check.Shift.NIGHT: 19}
"""The hour of a shift's check."""
KINDS = [Check.Kind.SPOT] * 5 + [Check.Kind.SUPERIOR] * 2 + [Check.Kind.SPECIAL] * 2


class Rubric:
    """The standard in force as a team's month needs it, and the notes of the team's trade."""

    def __init__(self, month):
        version = selectors.version_for(month.demo.team.unit, month.period)
        self.criteria = {criterion.code: criterion for criterion in version.criteria.all()}
        trade = month.demo.team.trade
        self.notes = {kind: NOTES["all"][kind] + NOTES[trade][kind] * 2 for kind in ("personal", "shared")}

    def finding(self, month, day):
        """A deviation as an inspector would note it on that day."""
        named = month.rng.random() < NAMED
        code, points, note = month.rng.choice(self.notes["personal" if named else "shared"])
        person = month.rng.choice(month.at_work(day)) if named else None
        return self.deviation(code, points, person, _numbered(note, month.rng))

    def deviation(self, code, points, person, note, photos=()):
        return Deviation(self.criteria[code], -round(points * 100), person, note, list(photos))


def _numbered(note, rng):
    return note.format(n=rng.randint(1, 4))


def self_checks(month, today, *, filed_today):
    """The team's own sheet of every shift, but for a few that were forgotten; a night that is still to come has none."""
    rubric = Rubric(month)
    for day in month.days:
        shift = month.shift(day)
        due = shift and (day < today or (filed_today and shift == Check.Shift.DAY))
        if due and (day == today or month.rng.random() >= MISSED):
            found = [_small(rubric.finding(month, day))] if month.rng.random() < SELF_FOUND else []
            _file(month, Check.Kind.SELF, day, found, month.in_charge(day), shift=shift)


def _small(deviation):
    """What a team notes about itself costs half a point."""
    deviation.points = -50
    return deviation


def inspections(month, assessor):
    """Spot, superior and special checks spread over the days lived so far."""
    rubric, rng = Rubric(month), month.rng
    days = [day for day in month.days if month.at_work(day)]
    sheets = min(len(days), round(rng.randint(3, 9) * len(month.days) / 30))
    for day in sorted(rng.sample(days, sheets)):
        found = [rubric.finding(month, day) for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3]))]
        if found and rng.random() < PHOTOGRAPHED:
            found[0].photos.append(photo(month, assessor))
        inspect(month, day, found, assessor, kind=rng.choice(KINDS))
    if len(days) > 5 and rng.random() < AWARDED:
        award(month, rng.choice(days), assessor)


def award(month, day, assessor):
    """An award outside the standard for somebody who was at work."""
    points, note = month.rng.choice(NOTES["all"]["award"])
    person = month.rng.choice(month.at_work(day))
    found = [Deviation(None, round(points * 100), person, _numbered(note, month.rng))]
    inspect(month, day, found, assessor, kind=Check.Kind.SUPERIOR)


def inspect(month, day, found, assessor, *, kind=Check.Kind.SPOT):
    """File one sheet of the assessor; returns the Check."""
    return _file(month, kind, day, found, assessor, shift=month.shift(day) or Check.Shift.DAY)


def _file(month, kind, day, found, checker, *, shift):
    key = f"demo:{month.demo.team.pk}:{kind}:{day}:{len(found)}:{month.rng.getrandbits(32):08x}"
    people = {"actor": checker, "checker": checker, "rectified": timezone.localdate() - day > LONG_AGO}
    check = file_check(month.demo.team, kind=kind, date=day, shift=shift, deviations=found, key=key, **people)
    Check.objects.filter(pk=check.pk).update(submitted_at=_handed_in(month, kind, day, shift))
    return check


def _handed_in(month, kind, day, shift):
    """A self check is handed in as the shift begins, an inspection during it, and neither later than now."""
    hour = BEGINS[shift] if kind == Check.Kind.SELF else BEGINS[shift] + 2
    begun = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
    at = begun + datetime.timedelta(hours=hour, minutes=month.rng.randint(0, 50))
    return min(at, timezone.now())
