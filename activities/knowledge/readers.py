"""Who has signed that a version was read, and who has not yet."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from activities.models import ReadReceipt
from teams.access import subtree_ids
from teams.models import Membership, Team, User


@dataclass(frozen=True)
class Reader:
    """Somebody who has to read a version, or has; `team` is None for those who have left, `at` before they signed."""

    user: User
    team: Team | None
    at: Any


def readers_of(version):
    """Everybody who is asked to sign the version, then those who signed and have left; who has not signed comes first."""
    receipts = {row.user_id: row for row in ReadReceipt.objects.filter(version=version).select_related("user")}
    rows = []
    for member in members_of(version.item):
        receipt = receipts.pop(member.user_id, None)
        rows.append(Reader(member.user, member.team, receipt and receipt.at))
    rows += [Reader(receipt.user, None, receipt.at) for receipt in receipts.values()]
    return sorted(rows, key=lambda row: (row.at is not None, row.user.employee_no))


def members_of(item):
    """Memberships of those for whom an item is meant: of its team, or of all teams of its unit and below."""
    place = {"team": item.team} if item.team else {"team__unit__in": subtree_ids(item.unit)}
    return Membership.objects.open().filter(**place).select_related("user", "team__unit")


HEADERS = ["工号", "姓名", "单位", "班组", "状态", "签收时间"]


def exported(rows):
    """The lines of the workbook of Readers, under HEADERS; times are those of the plant."""
    for row in rows:
        place = (row.team.unit.name, row.team.name) if row.team else ("", "已离开")
        at = f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}" if row.at else ""
        yield [row.user.employee_no, row.user.name, *place, "已签收" if row.at else "未签收", at]
