"""The heads of all chains, noted once a day in the database, in a file and, where a mail server is set up, by mail."""

import os
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from bulletins.errors import BulletinError
from bulletins.heads import Head, read_heads
from bulletins.models import Bulletin, ChainHead
from teams.models import Unit

FILE = "chain-heads.txt"


def note_heads():
    """Note the head of every chain today, unless it is noted already; returns all ChainHeads of the day."""
    today = timezone.localdate()
    units = Unit.objects.filter(pk__in=Bulletin.objects.values("unit")).exclude(
        pk__in=ChainHead.objects.filter(date=today).values("unit")
    )
    ChainHead.objects.bulk_create([_head(unit, today) for unit in units], ignore_conflicts=True)
    return list(ChainHead.objects.filter(date=today).select_related("unit", "bulletin"))


def _head(unit, date):
    """The head of a chain as it is now; a board posted while it is counted counts for tomorrow."""
    boards = Bulletin.objects.filter(unit=unit).order_by("pk")
    last = boards.only("content_hash").last()
    count = boards.filter(pk__lte=last.pk).count()
    return ChainHead(unit=unit, date=date, bulletin=last, content_hash=last.content_hash, count=count)


def keep_outside(heads):
    """Append the lines of ChainHeads that the file does not have yet; returns its path. Raises OSError."""
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    known, torn = set(text.splitlines()), bool(text) and not text.endswith("\n")
    lines = [line for line in lines_of(heads) if line not in known]
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" * torn + "".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    return path


def mail(heads):
    """Send the lines of ChainHeads to whom the settings name, or to nobody. Raises OSError where the mail does not get through."""
    lines = lines_of(heads)
    if settings.CHAIN_HEADS_TO and lines:
        said = "每行依次是：日期、单位号、张数、最后一张的编号、指纹、单位。请保存这封邮件，核验时用：manage.py verify_boards --heads 文件"
        send_mail(f"榜链之首 {heads[0].date}", "\n".join([*lines, "", said]), None, settings.CHAIN_HEADS_TO)


def lines_of(heads):
    """ChainHeads as lines for a file or a mail."""
    return [
        Head(head.date, head.unit_id, head.count, head.bulletin.serial, head.content_hash, head.unit.name).line
        for head in heads
    ]


def heads_outside(path=None):
    """The Heads in a file; without a path those in the file that is written daily, none before the first.

    Raises BulletinError where the file cannot be read.
    """
    if path is None and not _file().exists():
        return []
    try:
        text = Path(path or _file()).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise BulletinError(f"文件 {path or _file()} 读不出来：请核对路径和权限，文件应当是 UTF-8 文本。") from error
    return read_heads(text.splitlines(), "文件里")


def _file():
    return Path(settings.CHAIN_HEADS_DIR) / FILE
