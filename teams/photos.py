"""Photos from phones: checked, turned upright, made smaller and re-encoded, so that no location stays inside."""

import hashlib
import io
from contextlib import contextmanager, suppress

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import DatabaseError
from PIL import Image, ImageOps, UnidentifiedImageError

from teams.errors import TeamError
from teams.models import Attachment

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 1600


def store_photo(upload, *, team, actor):
    """Keep an uploaded photo as JPEG for a team; returns the Attachment. Raises TeamError for anything but a photo."""
    return keep_photo(encode_photo(upload), team=team, actor=actor)


def encode_photo(upload):
    """The bytes of an uploaded photo as it is kept, which takes a while: outside of a transaction others wait for.

    Raises TeamError for anything but a photo.
    """
    if upload.size > MAX_BYTES:
        raise TeamError(f"照片“{upload.name}”超过 15 MB，请在手机上选“中等大小”后重新上传。")
    return _reencoded(upload)


def keep_photo(data, *, team, actor):
    """The Attachment of a photo that encode_photo made ready."""
    photo = Attachment(
        team=team, sha256=hashlib.sha256(data).hexdigest(), content_type="image/jpeg", size=len(data), uploaded_by=actor
    )
    photo.file.save(f"{photo.sha256[:32]}.jpg", ContentFile(data), save=True)
    return photo


@contextmanager
def storing_photos(*, team, actor, store_one=store_photo):
    """Gives the function that stores one upload; when what they belong to is not stored, files and rows vanish again."""
    stored = []

    def store(upload):
        stored.append(store_one(upload, team=team, actor=actor))
        return stored[-1]

    try:
        yield store
    except Exception:
        for photo in stored:
            photo.file.delete(save=False)
        with suppress(DatabaseError):  # a transaction that broke takes the rows back by itself
            Attachment.objects.filter(pk__in=[photo.pk for photo in stored]).delete()
        raise


def shown_above(user, photo):
    """Whether a page of a higher floor shows a photo to a person who does not see its team.

    Asked of every app whose AppConfig has a method `shows_photo(user, photo)`.
    """
    rules = [config.shows_photo for config in apps.get_app_configs() if hasattr(config, "shows_photo")]
    return any(rule(user, photo) for rule in rules)


def _reencoded(upload):
    try:
        with Image.open(upload, formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise TeamError(f"照片“{upload.name}”尺寸太大，请缩小后重新上传。")
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise TeamError(f"“{upload.name}”不是能打开的照片，请用手机重新拍一张（JPG、PNG 或 WebP）。") from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    buffer = io.BytesIO()
    upright.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()
