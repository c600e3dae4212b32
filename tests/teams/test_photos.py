"""Photos from phones are taken apart and made anew: no location, no hidden programme, no surprise."""

import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from PIL import Image

from teams import photos
from teams.errors import TeamError
from teams.models import Attachment, User
from teams.photos import store_photo, storing_photos
from tests import factories as make

pytestmark = pytest.mark.django_db
GPS, ORIENTATION = 0x8825, 0x0112


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def image_bytes(size=(40, 20), kind="JPEG", exif=None):
    buffer = io.BytesIO()
    extra = {"exif": exif} if exif else {}
    Image.new("RGB", size, "red").save(buffer, kind, **extra)
    return buffer.getvalue()


def store(content, name="现场.jpg"):
    return store_photo(SimpleUploadedFile(name, content), team=make.make_team(), actor=make.make_user())


def content_of(photo):
    return Path(photo.file.path).read_bytes()


def opened(photo):
    return Image.open(io.BytesIO(content_of(photo)))


def test_a_photo_forgets_where_it_was_taken_and_stands_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # held sideways
    exif.get_ifd(GPS).update({1: "N", 2: (37.0, 52.0, 12.0), 3: "E", 4: (112.0, 33.0, 0.0)})
    original = image_bytes((40, 20), exif=exif)
    assert dict(Image.open(io.BytesIO(original)).getexif().get_ifd(GPS))[1] == "N"

    image = opened(store(original))
    assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (20, 40), {})


def test_a_photo_is_known_by_the_fingerprint_of_what_is_stored():
    photo = store(image_bytes())
    content = content_of(photo)
    assert (photo.sha256, photo.size, photo.content_type) == (
        hashlib.sha256(content).hexdigest(),
        len(content),
        "image/jpeg",
    )
    assert store(image_bytes()).sha256 == photo.sha256


def test_the_name_of_the_upload_does_not_reach_the_disk(media):
    photo = store(image_bytes(), "../../etc/passwd.jpg")
    assert photo.file.name.startswith("photos/20")
    assert photo.file.name.rsplit("/", 1)[1].startswith(photo.sha256[:32])
    assert [path.name for path in media.rglob("*.jpg")] == [photo.file.name.rsplit("/", 1)[1]]


def test_a_programme_hidden_behind_a_picture_is_left_behind():
    polyglot = image_bytes(kind="PNG") + b"<script>alert(1)</script><?php system($_GET[0]); ?>"
    content = content_of(store(polyglot, "x.png"))
    assert b"script" not in content
    assert b"php" not in content


def test_a_large_photo_becomes_smaller_and_keeps_its_shape():
    assert opened(store(image_bytes((3200, 1600)))).size == (1600, 800)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_phones_may_send_their_usual_kinds(kind):
    assert opened(store(image_bytes(kind=kind))).format == "JPEG"


REFUSED = {
    "nothing": (b"", "不是能打开的照片"),
    "a text": ("这不是照片".encode(), "不是能打开的照片"),
    "a drawing with a programme": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "不是能打开的照片"),
    "an animation": (image_bytes(kind="GIF"), "不是能打开的照片"),
    "half a photo": (image_bytes((400, 400))[:400], "不是能打开的照片"),
    "only the first bytes of one": (b"\xff\xd8\xff\xe0" + b"\0" * 100, "不是能打开的照片"),
    "a document": (b"%PDF-1.7", "不是能打开的照片"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_anything_else_is_refused_and_not_stored(name, media):
    content, sentence = REFUSED[name]
    with pytest.raises(TeamError, match=sentence):
        store(content, "x.jpg")
    assert (Attachment.objects.count(), list(media.rglob("*.*"))) == (0, [])


@pytest.mark.parametrize(
    ("limit", "value", "sentence"), [("MAX_BYTES", 100, "超过 15 MB"), ("MAX_PIXELS", 799, "尺寸太大")]
)
def test_too_much_is_refused(limit, value, sentence, monkeypatch):
    monkeypatch.setattr(photos, limit, value)
    with pytest.raises(TeamError, match=sentence):
        store(image_bytes((40, 20)))


def refused_after_storing(team, actor, refusal):
    with storing_photos(team=team, actor=actor) as put:
        put(SimpleUploadedFile("现场.jpg", image_bytes()))
        refusal()


def refuse():
    raise TeamError("这条记录已经定了。")


def break_down():
    raise ConnectionResetError


def store_the_same_twice():
    with transaction.atomic():
        for _ in range(2):
            User.objects.create(employee_no="900001")


def break_the_transaction():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing")


@pytest.mark.parametrize(
    ("refusal", "error"),
    [(refuse, TeamError), (break_down, ConnectionResetError), (store_the_same_twice, IntegrityError)],
)
def test_what_was_stored_for_something_refused_vanishes_with_its_row(media, refusal, error):
    with pytest.raises(error):
        refused_after_storing(make.make_team(), make.make_user(), refusal)
    assert not Attachment.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_what_was_stored_in_a_transaction_that_broke_leaves_no_file(media):
    team, actor = make.make_team(), make.make_user()
    with pytest.raises(DatabaseError, match="nothing"), transaction.atomic():
        refused_after_storing(team, actor, break_the_transaction)
    assert not Attachment.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]
    assert not [path for path in media.rglob("*") if path.is_file()]
