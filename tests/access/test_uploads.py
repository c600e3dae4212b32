"""Hostile files: each upload of the product refuses them with a sentence, and neither rows nor files remain."""

import io
from contextlib import suppress
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from teams import photos
from teams.errors import TeamError
from teams.photos import store_photo
from teams.roster import read_roster
from teams.workbooks import WorkbookRefused, read_workbook
from tests.access.board_pages import NEW_NOTICE
from tests.access.deeds import DEEDS
from tests.access.test_trail import carry_out
from tests.access.world import client_of, picture, watching_writes
from tests.hostile import HOSTILE, ROSTER, SHEET
from tests.sampling import by_turns
from tests.workbooks import archive, named, roster, workbook

pytestmark = pytest.mark.django_db


def stored_files():
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def post(world, who, name, args, body):
    """Post a form with files; returns the page it leads to and the changing statements. All of it is undone."""
    with transaction.atomic(), watching_writes() as writes:
        response = client_of(world, who).post(reverse(name, args=args), body, follow=True)
        transaction.set_rollback(True)
    assert response.status_code == 200
    return response.content.decode(), writes


# -- Workbooks -----------------------------------------------------------------------------------------------------------


WORKBOOKS = {name: content for name, (content, _) in HOSTILE.items()}
WORKBOOKS |= {"6 MB": b"PK\3\4" + b"\0" * 6_000_000, "an empty table": roster().getvalue()}
WORKBOOKS |= {
    "two columns of numbers": workbook({"运行一值": [["工号", "姓名", "部门", "班组", "1", "工号"]]}).getvalue(),
    "no table": workbook({"运行一值": [["你好"]]}).getvalue(),
}
SENTENCES = {name: sentence.strip("^$") for name, (_, sentence) in HOSTILE.items()}
SENTENCES["nothing at all"] = "文件是空的"


@pytest.mark.parametrize("name", by_turns(WORKBOOKS, 2))
def test_a_hostile_workbook_is_refused_on_every_page_that_takes_one(world, name):
    def file():
        return SimpleUploadedFile("表.xlsx", WORKBOOKS[name])

    page, writes = post(
        world,
        "admin",
        "teams:roster-upload",
        [],
        {"unit": world.plant.pk, "effective_on": timezone.localdate(), "file": file()},
    )
    assert SENTENCES.get(name, "") in unescape(page)
    # What only a look inside shows has been kept for a worker; it is thrown away again.
    assert ("花名册读不了" in page) if writes else ("invalid-feedback" in page)
    assert not any("teams_user" in write or "teams_membership" in write for write in writes)

    notice = NEW_NOTICE | {"kind": "contest", "place": f"unit-{world.unit.pk}", "file": file()}
    page, writes = post(world, "manager", "bulletins:notice-new", [], notice)
    assert ("invalid-feedback" in page or "alert-danger" in page, writes) == (True, [])
    assert SENTENCES.get(name, "") in unescape(page)

    page, writes = post(world, "leader", "activities:practice-import", [], {"unit": world.unit.pk, "file": file()})
    assert ("invalid-feedback" in page or "alert-danger" in page, writes) == (True, [])
    assert SENTENCES.get(name, "") in unescape(page)

    pages = {"teams:attendance-import": ("clerk", world.team), "incentives:pools-import": ("finance", world.unit)}
    for address, (who, place) in pages.items():
        page, writes = post(world, who, address, [place.pk, world.open], {"file": file()})
        assert ("alert-danger" in page, writes) == (True, [])
        assert SENTENCES.get(name, "") in unescape(page)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "明天", "\0", ""])
def test_a_roster_from_an_impossible_day_is_refused(world, day):
    body = {"unit": world.plant.pk, "effective_on": day, "file": SimpleUploadedFile("a.xlsx", roster().getvalue())}
    page, writes = post(world, "admin", "teams:roster-upload", [], body)
    assert ("invalid-feedback" in page, writes) == (True, [])


def test_a_roster_with_cells_that_no_database_holds_names_the_cells(world):
    long, hidden = "长" * 300, "张_x0000_三&#1;"
    people = [["900001", long, long, long], ["900002", hidden, "运行部", "运行一值"]]
    body = {"unit": world.plant.pk, "effective_on": timezone.localdate()}
    body["file"] = SimpleUploadedFile("a.xlsx", roster(*people).getvalue())
    with transaction.atomic():
        client = client_of(world, "admin")
        preview = client.post(reverse("teams:roster-upload"), body, follow=True)
        address = preview.redirect_chain[-1][0]
        applied = client.post(f"{address}apply/", {"without_bad_rows": "1"}, follow=True)
        transaction.set_rollback(True)
    assert "姓名超过 50 个字" in preview.content.decode()
    assert "花名册已导入" in applied.content.decode()


damage = st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=0, max_size=4)), min_size=1, max_size=4)


def damaged(content, changes):
    content = bytearray(content)
    for position, piece in changes:
        start = position % max(1, len(content))
        content[start : start + len(piece) + 1] = piece
    return bytes(content)


@given(changes=damage, inside=st.booleans())
@hypothesis_settings(max_examples=50, suppress_health_check=list(HealthCheck))
def test_a_damaged_workbook_is_read_or_refused(changes, inside):
    parts = ROSTER
    content = archive(parts | {SHEET: damaged(parts[SHEET], changes)} if inside else parts)
    with suppress(WorkbookRefused):
        read_roster(read_workbook(named(content if inside else damaged(content, changes))))


# -- Photos --------------------------------------------------------------------------------------------------------------


def image(kind, size=(20, 20), **options):
    buffer = io.BytesIO()
    Image.new("L", size).save(buffer, kind, **options)
    return buffer.getvalue()


PHOTOS = {
    "an SVG with a script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a GIF": image("GIF"),
    "a TIFF": image("TIFF"),
    "a PDF": b"%PDF-1.7\n",
    "a web page": b"<html><script>alert(1)</script></html>",
    "nothing but a beginning": b"\x89PNG\r\n\x1a\n",
    "half a photo": picture(size=(400, 300), kind="JPEG").read()[:900],
    "64 million pixels": image("PNG", (8000, 8000)),
    "400 million pixels": image("PNG", (20_000, 20_000), compress_level=1),
    "too many bytes": b"\xff\xd8\xff" + b"\0" * (15 * 1024 * 1024),
}


def sheet_with(world, *photos):
    row = f"c-{world.check.version.criteria.first().pk}"
    today = timezone.localdate()
    body = {"key": "photos", "date": today, "shift": "night", row: "1", f"{row}-points": "0.5"}
    return body | {f"{row}-photos": list(photos)}


@pytest.mark.parametrize("name", PHOTOS)
def test_a_hostile_photo_is_refused_and_leaves_no_file(world, name):
    before = stored_files()
    sent = [picture(size=(50, 50)), SimpleUploadedFile("<b>照片.jpg", PHOTOS[name], content_type="image/jpeg")]
    page, writes = post(world, "leader", "assessments:self-check", [world.team.pk], sheet_with(world, *sent))
    assert ("alert-danger" in page, writes) == (True, [])
    assert "<b>照片" not in page
    assert stored_files() == before


def test_a_fourth_photo_of_one_finding_is_refused(world):
    page, writes = post(
        world, "leader", "assessments:self-check", [world.team.pk], sheet_with(world, *[picture() for _ in range(4)])
    )
    assert ("照片最多 3 张" in page, writes) == (True, [])


def test_a_photo_that_is_also_something_else_is_stored_as_a_photo_only(world):
    location = Image.Exif()
    location[0x8825] = {1: "N", 2: (39.0, 54.0, 0.0)}
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40)).save(buffer, "JPEG", exif=location)
    polyglot = buffer.getvalue() + b"<script>alert(1)</script>PK\3\4"
    photo = store_photo(SimpleUploadedFile("a.jpg", polyglot), team=world.team, actor=world.people["leader"])
    stored = photo.file.read()
    photo.file.close()
    assert (b"script" in stored, b"PK\3\4" in stored) == (False, False)
    assert not Image.open(io.BytesIO(stored)).getexif()
    response = client_of(world, "worker").get(reverse("teams:photo", args=[photo.pk]))
    assert (response.headers["Content-Type"], response.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    b"".join(response.streaming_content)
    photo.file.storage.delete(photo.file.name)


PICTURED = {
    "teams:team-photo": "photo",
    "activities:activity-record meeting": "files",
    "assessments:challenge-new posted_best": "files",
    "assessments:rectification-report assigned_rectification": "photos",
    "bulletins:objection-new board": "photos",
    "incentives:award-propose": "photos",
    "incentives:points-enter points": "photos",
    "incentives:rule-pass rule": "photos",
}
"""{deed: the field of its pictures}."""


@pytest.mark.parametrize("name", [*PICTURED, "assessments:self-check"])
def test_a_picture_is_encoded_before_the_transaction_begins(world, monkeypatch, name):
    """It takes long, and on SQLite every transaction holds the write lock."""
    encode, deed, depths = photos._reencoded, DEEDS[name], []

    def watched(upload):
        depths.append(len(connection.savepoint_ids))
        return encode(upload)

    def pictured(world):
        if name not in PICTURED:
            return sheet_with(world, picture())
        return (deed.body(world) if callable(deed.body) else deed.body) | {PICTURED[name]: picture()}

    monkeypatch.setattr(photos, "_reencoded", watched)
    monkeypatch.setitem(DEEDS, name, replace(deed, body=pictured))
    outside = len(connection.savepoint_ids) + 1
    assert [row.verb for row in carry_out(world, name)] == [deed.verb]
    assert depths == [outside]


@given(changes=damage, kind=st.sampled_from(["JPEG", "PNG", "WEBP"]))
@hypothesis_settings(max_examples=50, suppress_health_check=list(HealthCheck))
def test_a_damaged_photo_is_stored_or_refused(world, changes, kind):
    content = damaged(picture(size=(64, 48), kind=kind).read(), changes)
    with transaction.atomic():
        with suppress(TeamError):
            photo = store_photo(SimpleUploadedFile("a.jpg", content), team=world.team, actor=world.people["leader"])
            photo.file.storage.delete(photo.file.name)
        transaction.set_rollback(True)
