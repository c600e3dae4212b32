"""Promises of Party members with their quarterly checks, and mechanisms (四建四强、四个一) with their progress."""

import datetime
import tomllib
import uuid
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.models import Commitment, CommitmentCheck, Mechanism, MechanismStep
from activities.party.access import party_people
from teams import audit

PRESETS = Path(__file__).resolve().parent.parent / "presets" / "mechanisms.toml"


@transaction.atomic
def promise(unit, user, *, year, text, actor):
    """Write down what a Party member of a unit promises for a year; returns the Commitment."""
    if not party_people(unit).filter(pk=user.pk).exists():
        raise ActivityError(f"{user}不是{unit}的党员，不能在这里承诺。")
    _require_near(year)
    if Commitment.objects.filter(unit=unit, user=user, year=year, text=text).exists():
        raise StaleState("这条承诺已经写过了。")
    found = Commitment.objects.create(unit=unit, user=user, year=year, text=text)
    audit.record("commitment.made", found, actor=actor, unit=unit, after={"user": user.name, "year": year})
    return found


@transaction.atomic
def check_promise(commitment, *, quarter, result, note, actor):
    """Say how far a promise was kept in a quarter that has begun, once and never the own; returns the CommitmentCheck."""
    if commitment.user_id == actor.pk:
        raise ActivityError("不能检查自己的承诺，请另一位支委来查。")
    if timezone.localdate() < first_day(commitment.year, quarter):
        raise ActivityError(f"{commitment.year} 年第 {quarter} 季度还没开始，到时候再检查。")
    try:
        with transaction.atomic():
            check = CommitmentCheck.objects.create(
                commitment=commitment, quarter=quarter, result=result, note=note, checked_by=actor
            )
    except IntegrityError as error:
        raise StaleState(f"第 {quarter} 季度已经检查过了，不能再改。") from error
    after = {"quarter": quarter, "result": check.get_result_display(), "note": note}
    audit.record("commitment.checked", commitment, actor=actor, unit=commitment.unit, after=after)
    return check


def first_day(year, quarter):
    """The first day of a quarter."""
    return datetime.date(year, 3 * quarter - 2, 1)


def presets():
    """The shipped mechanisms: {code: {"name", "items"}}, items as Mechanism keeps them."""
    return {row["code"]: row for row in tomllib.loads(PRESETS.read_text())["mechanism"]}


def install(unit, code, *, year, actor):
    """Set up a shipped mechanism for a year; returns the Mechanism."""
    preset = presets()[code]
    return _set_up(unit, code, preset["name"], year, preset["items"], actor)


def set_up(unit, *, name, year, items, actor):
    """Set up a mechanism of one's own for a year; `items` are dicts of name and aim. Returns the Mechanism."""
    return _set_up(unit, f"own-{uuid.uuid4().hex[:12]}", name, year, items, actor)


def _require_near(year):
    if abs(year - timezone.localdate().year) > 1:
        raise ActivityError("只能写去年、今年和明年的，请核对年度。")


@transaction.atomic
def _set_up(unit, code, name, year, items, actor):
    _require_near(year)
    if Mechanism.objects.filter(unit=unit, name=name, year=year).exists():
        raise ActivityError(f"{unit} {year} 年已有“{name}”。")
    try:
        with transaction.atomic():
            found = Mechanism.objects.create(unit=unit, code=code, name=name, year=year, items=items)
    except IntegrityError as error:
        raise StaleState(f"{unit} {year} 年已有“{name}”。") from error
    after = {"items": [item["name"] for item in items]}
    audit.record("mechanism.installed", found, actor=actor, unit=unit, after=after)
    return found


@transaction.atomic
def add_item(mechanism, *, name, aim, actor):
    """Add a thing to get going to a mechanism, such as a weak item of the scores."""
    held = Mechanism.objects.select_for_update().get(pk=mechanism.pk)
    if name in {item["name"] for item in held.items}:
        raise ActivityError(f"“{held}”里已有“{name}”。")
    held.items = [*held.items, {"name": name, "aim": aim}]
    held.save(update_fields=["items"])
    audit.record("mechanism.changed", held, actor=actor, unit=held.unit, after={"name": name, "aim": aim})


@transaction.atomic
def step(mechanism, *, item, percent, text, actor):
    """Say what was done about an item and how far it is, in per cent; returns the MechanismStep."""
    if item not in {row["name"] for row in mechanism.items}:
        raise ActivityError("没有这个事项，请刷新页面再选。")
    found = MechanismStep.objects.create(mechanism=mechanism, item=item, percent=percent, text=text, actor=actor)
    after = {"item": item, "percent": percent, "text": text}
    audit.record("mechanism.stepped", mechanism, actor=actor, unit=mechanism.unit, after=after)
    return found
