"""Documents that people attach: PDF, Word, Excel and PowerPoint files, checked by what is inside and not by their names."""

import hashlib
import re
import zipfile
from pathlib import PurePath

from django.core.files.base import ContentFile

from teams.errors import TeamError
from teams.models import Attachment
from teams.photos import store_photo, storing_photos

MAX_BYTES = 15 * 1024 * 1024
PDF = "application/pdf"
OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
}
"""By the folder inside the archive: (content type, ending)."""
PHOTO_ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".heic"}
NEEDS = "只能上传照片、PDF、Word（docx）、Excel（xlsx）和 PowerPoint（pptx）文件。"


def store_file(upload, *, team, actor):
    """Keep an uploaded photo or document for a team, or with None for the page that shows it alone; returns the Attachment.

    Raises TeamError for other files, for too large ones and for those that carry macros.
    """
    if PurePath(upload.name).suffix.lower() in PHOTO_ENDINGS:
        return store_photo(upload, team=team, actor=actor)
    if upload.size > MAX_BYTES:
        raise TeamError(f"文件“{upload.name}”超过 15 MB，请压缩后重新上传。")
    data = upload.read()
    content_type, ending = _kind(data, upload)
    document = Attachment(
        team=team,
        name=_named(upload.name, ending),
        sha256=hashlib.sha256(data).hexdigest(),
        content_type=content_type,
        size=len(data),
        uploaded_by=actor,
    )
    document.file.save(f"{document.sha256[:32]}.{ending}", ContentFile(data), save=True)
    return document


def storing_files(*, team, actor):
    """As teams.photos.storing_photos, for photos and documents."""
    return storing_photos(team=team, actor=actor, store_one=store_file)


def _named(name, ending):
    """The file's own name without what no file system or header takes, ending as its content says."""
    stem = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "", PurePath(name).stem).strip(". ") or "附件"
    return f"{stem[:100]}.{ending}"


def _kind(data, upload):
    if data.startswith(b"%PDF-"):
        return PDF, "pdf"
    try:
        upload.seek(0)
        with zipfile.ZipFile(upload) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise TeamError(f"“{upload.name}”打不开。{NEEDS}") from error
    if any(name.endswith("vbaProject.bin") for name in names):
        raise TeamError(f"“{upload.name}”带有宏，不能上传。请另存为不带宏的文件。")
    found = [OFFICE[folder] for folder in OFFICE if any(name.startswith(folder) for name in names)]
    if "[Content_Types].xml" not in names or len(found) != 1:
        raise TeamError(f"“{upload.name}”打不开。{NEEDS}")
    return found[0]
