"""Every form of the product sent once as it should be: by whom, what must be so before, and what the trail then says."""

import datetime

from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from teams import periods, selectors
from teams.models import Membership, WorkDay
from teams.services import coefficients, units
from tests import workbooks
from tests.access.account_deeds import ACCOUNT_DEEDS
from tests.access.activity_deeds import ACTIVITY_DEEDS
from tests.access.adjustment_deeds import ADJUSTMENT_DEEDS
from tests.access.application_deeds import APPLICATION_DEEDS
from tests.access.board_deeds import BOARD_DEEDS
from tests.access.bonus_deeds import BONUS_DEEDS
from tests.access.deed import (
    Deed,
    approved_unit,
    computed_unit,
    confirmed_month,
    confirmed_unit,
    past_month,
    reason,
    shown_unit,
)
from tests.access.evidence_deeds import EVIDENCE_DEEDS
from tests.access.forms import HONOUR, criterion, sheet
from tests.access.idea_deeds import IDEA_DEEDS
from tests.access.knowledge_deeds import KNOWLEDGE_DEEDS
from tests.access.learning_deeds import LEARNING_DEEDS
from tests.access.name_list_deeds import NAME_LIST_DEEDS
from tests.access.objection_deeds import OBJECTION_DEEDS
from tests.access.party_deeds import PARTY_DEEDS
from tests.access.piece_deeds import PIECE_DEEDS
from tests.access.point_deeds import POINT_DEEDS
from tests.access.pool_deeds import POOL_DEEDS, SHOWS_ONLY
from tests.access.programme_deeds import PROGRAMME_DEEDS
from tests.access.review_deeds import REVIEW_DEEDS
from tests.access.spending_deeds import SPENDING_DEEDS
from tests.access.studio_deeds import STUDIO_DEEDS
from tests.access.table import DUTY_RULES, NEW_ROUND, RATING
from tests.access.title_deeds import TITLE_DEEDS
from tests.access.world import PASSWORD, edited_standard, picture
from tests.data import CASE
from tests.factories import code_of, make_second_factor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def coming_monday():
    """The first day of next week, none of whose spot checks are drawn."""
    today = timezone.localdate()
    return today + datetime.timedelta(days=7 - today.weekday())


# -- What must be so before --------------------------------------------------------------------------------------------


def empty_unit(world):
    world.empty_unit = units.add_unit(world.plant, "空车间", actor=None)


def empty_team(world):
    today = timezone.localdate()
    facts = {"name": "空班", "shift_pattern": "day", "trade": "", "formed_on": today}
    world.empty_team = units.add_team(world.unit, actor=None, **facts)


def moved(world):
    """The worker gets another duty from tomorrow on, when nobody has logged anything."""
    place = Membership.objects.open().get(user=world.person)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    return {"team": place.team_id, "role": "safety", "effective_on": tomorrow, "seen": place.pk}


def free_leader(world):
    """Nobody has a coefficient change pending."""
    coefficients.withdraw(world.change, actor=world.people["leader"])


SHUTDOWN = {"first": "2026-12-07", "last": "2026-12-09", "is_workday": "no", "note": "停产检修"}


def shutdown(world):
    """A day registered."""
    WorkDay.objects.create(date="2026-12-08", is_workday=False, note="停产检修")


def in_session(world, **values):
    session = SessionStore(world.sessions["worker"])
    session.update(values)
    session.save()


def half_signed_in(world):
    """The worker has given the password and is asked for the code."""
    device = make_second_factor(world.people["worker"])
    in_session(world, two_factors=True)
    return {"code": code_of(device)}


def key_shown(world):
    """The worker's phone holds the key that the page showed."""
    device = TOTPDevice(user=world.people["worker"])
    in_session(world, two_factor_key=device.key)
    return {"code": code_of(device)}


def verified(world):
    """The worker has signed in with two factors."""
    device = make_second_factor(world.people["worker"])
    in_session(world, two_factors=True, otp_device_id=device.persistent_id)


def uploaded_roster():
    return SimpleUploadedFile("花名册.xlsx", (CASE / "roster.xlsx").read_bytes(), content_type=XLSX)


def sheet_of_team(world):
    """The team's attendance of the open month: who belonged to it on the first was there."""
    members = selectors.members_during(world.team, world.open)
    rows = [[row.user.name, row.user.employee_no, "√" if 1 in row.days else ""] for row in members]
    rows = [["姓名", "工号", "1"], *rows]
    return SimpleUploadedFile("考勤.xlsx", workbooks.workbook({world.team.name: rows}).read(), content_type=XLSX)


# -- The deeds, by page of the table -----------------------------------------------------------------------------------

DEEDS = (
    {
        # The account
        "password_change": Deed(
            "worker",
            "password.changed",
            {"old_password": PASSWORD, "new_password1": "Chengdu+77", "new_password2": "Chengdu+77"},
        ),
        "own-data": Deed("worker", "own_data.exported"),
        "trail-export": Deed("auditor", "trail.exported"),
        "sign-out-everywhere": Deed("worker", "account.signed_out"),
        "logout": Deed("worker", "account.left"),
        "own-phone": Deed("worker", "phone.changed", {"phone": "13800000000"}),
        "session-end sign_in": Deed("worker", "account.session_ended"),
        "sign-in-code": Deed("worker", "account.signed_in", before=half_signed_in),
        "two-factors": Deed("worker", "second_factor.turned_on", before=key_shown),
        "two-factors-codes": Deed("worker", "second_factor.codes_renewed", {"password": PASSWORD}, verified),
        "two-factors-off": Deed("worker", "second_factor.turned_off", {"password": PASSWORD}, verified),
        # People and teams
        "teams:passwords": Deed("admin", "password.issued", {"user": "person"}),
        "teams:team-present": Deed(
            "leader", "team.changed", {"slogan": "安全每一天", "vision": "", "style": "细、严、实"}
        ),
        "teams:team-photo": Deed("deputy", "team.pictured", lambda w: {"photo": picture()}),
        "teams:skills": Deed("clerk", "skills.set", lambda w: {f"level-{w.person.pk}": "senior"}),
        "teams:history-export": Deed("worker", "history.exported"),
        "teams:certificates": Deed(
            "clerk", "certificate.recorded", lambda w: {"holder": w.person.memberships.get().pk, "name": "焊工证"}
        ),
        "teams:certificate-export": Deed("manager", "certificate.exported"),
        "teams:certificate certificate": Deed("leader", "certificate.corrected", {"name": "低压电工证"}),
        "teams:certificate office_certificate": Deed("admin", "certificate.corrected", {"name": "低压电工证"}),
        "teams:certificate-withdraw certificate": Deed("manager", "certificate.withdrawn", reason()),
        "teams:honours": Deed("clerk", "honour.recorded", HONOUR | {"holder": "whole"}),
        "teams:team-honours-export": Deed("union", "honour.exported"),
        "teams:honour-export": Deed("manager", "honour.exported"),
        "teams:honour honour": Deed("leader", "honour.corrected", HONOUR),
        "teams:honour team_honour": Deed("union", "honour.corrected", HONOUR),
        "teams:honour-withdraw team_honour": Deed("manager", "honour.withdrawn", reason()),
        "teams:calendar-current": Deed("admin", "calendar.set", SHUTDOWN),
        "teams:calendar 2026": Deed("admin", "calendar.set", SHUTDOWN),
        "teams:calendar-remove 2026": Deed("admin", "calendar.removed", SHUTDOWN, shutdown),
        "teams:unit": Deed("admin", "unit.changed", lambda w: {"name": "新名称", "parent": w.plant.pk}),
        "teams:unit-add": Deed("admin", "unit.added", {"name": "新车间"}),
        "teams:unit-close": Deed("admin", "unit.closed", before=empty_unit, args=["empty_unit"]),
        "teams:team-add": Deed(
            "admin",
            "team.added",
            lambda w: {"name": "新班组", "unit": w.unit.pk, "shift_pattern": "day", "formed_on": "2026-10-01"},
        ),
        "teams:team-edit": Deed(
            "admin", "team.changed", lambda w: {"name": "新名称", "unit": w.unit.pk, "shift_pattern": "day"}
        ),
        "teams:team-disband": Deed("admin", "team.disbanded", before=empty_team, args=["empty_team"]),
        "teams:person-move person": Deed("admin", "person.moved", moved),
        "teams:account-password person": Deed("admin", "password.issued"),
        "teams:account person unlock": Deed("admin", "account.unlocked"),
        "teams:account person reset-second-factor": Deed("admin", "second_factor.reset", before=verified),
        "teams:phone person": Deed("leader", "phone.revealed"),
        "teams:roster-upload": Deed(
            "admin",
            "import.uploaded",
            lambda w: {"unit": w.plant.pk, "effective_on": timezone.localdate(), "file": uploaded_roster()},
        ),
        "teams:roster-apply batch": Deed("admin", "import.confirmed", {"without_bad_rows": "1"}),
        "teams:roster-discard batch": Deed("admin", "import.discarded"),
        "teams:roster-export": Deed("admin", "roster.exported"),
        "teams:roles": Deed(
            "security",
            "role.given",
            lambda w: {"employee_no": w.person.employee_no, "unit": w.unit.pk, "role": "union"},
        ),
        "teams:role-end given": Deed("security", "role.ended"),
        "teams:coefficients": Deed(
            "leader",
            "coefficient.proposed",
            lambda w: reason(member=w.person.memberships.get().pk, new="1.5", effective_on=timezone.localdate()),
            free_leader,
        ),
        "teams:coefficient-refuse change": Deed("manager", "coefficient.refused", reason()),
        "teams:coefficient-step change approve": Deed("manager", "coefficient.approved"),
        "teams:coefficient-step change withdraw": Deed("leader", "coefficient.withdrawn"),
        # Attendance
        "teams:attendance-day today": Deed(
            "clerk", "attendance.saved", lambda w: {f"a-{w.person.pk}-{timezone.localdate().day}": "√"}
        ),
        "teams:attendance-export-all": Deed("manager", "attendance.exported"),
        "teams:attendance-export": Deed("leader", "attendance.exported"),
        "teams:attendance": Deed("clerk", "attendance.saved", lambda w: {f"a-{w.person.pk}-1": "√"}),
        "teams:attendance-import": Deed("clerk", "attendance.saved", lambda w: {"file": sheet_of_team(w)}),
        "teams:attendance-confirm": Deed("leader", "attendance.confirmed", before=past_month, args=["team", "past"]),
        "teams:attendance-approve": Deed(
            "manager", "attendance.approved", before=confirmed_month, args=["team", "past"]
        ),
        "teams:attendance-return": Deed(
            "manager", "attendance.returned", reason(), before=confirmed_month, args=["team", "past"]
        ),
        "teams:corrections": Deed(
            "leader",
            "correction.proposed",
            lambda w: reason(person=w.people["clerk"].pk, date=periods.first_day(w.closed), code="事"),
        ),
        "teams:correction-refuse correction": Deed("manager", "correction.refused", reason()),
        "teams:correction-step correction approve": Deed("manager", "correction.approved"),
        "teams:correction-step correction withdraw": Deed("leader", "correction.withdrawn"),
        "teams:watches next": Deed("clerk", "watch.planned", {"w-1-night": "person"}),
        "teams:watch watch": Deed("worker", "watch.handed_over", {"equipment-usual": "运行正常"}),
        "teams:watch-take-over handed_watch": Deed("worker", "watch.taken_over"),
        "teams:substitutions": Deed(
            "safety", "substitution.recorded", {"date": "today", "user": "person", "covered": "colleague"}
        ),
        "assessments:analysis-export units": Deed("assessor", "analysis.exported"),
        "assessments:analysis-export teams": Deed("leader", "analysis.exported", {"kind": "spot"}),
        "assessments:comparison-export": Deed("worker", "comparison.exported", {"months": "6"}),
        "assessments:report-export units year": Deed("manager", "report.exported"),
        "assessments:report-export teams month": Deed("leader", "report.exported"),
        "teams:substitutions-export": Deed("clerk", "substitution.exported"),
        "teams:substitution-withdraw substitution": Deed("leader", "substitution.withdrawn", reason()),
        # Duties
        "activities:duty-waive duty": Deed("manager", "duty.waived", reason()),
        "activities:duty-ask-again waived_duty": Deed("assessor", "duty.asked_again"),
        "activities:duty-rules": Deed("assessor", "duty_rule.set", DUTY_RULES),
        "activities:duties-export": Deed("manager", "duty.exported", {"state": "all"}),
        "activities:compliance-export": Deed("manager", "duty.exported"),
        # Checks and standards
        "assessments:self-check": Deed("leader", "check.filed", sheet),
        "assessments:inspect": Deed("assessor", "check.filed", sheet),
        "assessments:check-void check": Deed("assessor", "check.voided", reason()),
        "assessments:plans": Deed(
            "assessor", "plan.added", {"team": "team", "kind": "superior", "first": "today", "last": "today"}
        ),
        "assessments:plans-draw-spot": Deed(
            "assessor", "plan.drawn", lambda w: {"week": coming_monday(), "number": "2"}
        ),
        "assessments:plans-draw-mutual": Deed("assessor", "plan.drawn", args=["unit", "next"]),
        "assessments:plan-cancel plan": Deed("assessor", "plan.cancelled", reason()),
        "assessments:mutual-check mutual_plan": Deed(
            "leader", "check.filed", {"key": "mutual", "date": "today", "shift": "day"}
        ),
        "assessments:owners": Deed("leader", "items.assigned", lambda w: {f"o-{criterion(w).code}": w.person.pk}),
        "assessments:finding-void finding": Deed("assessor", "finding.voided", reason()),
        "assessments:statement finding": Deed("worker", "statement.added", {"text": "当时在抢修"}),
        "assessments:rectification-export": Deed("worker", "rectification.exported"),
        "assessments:rectification-assign rectification": Deed(
            "deputy", "rectification.assigned", {"assignee": "person", "due_on": "today"}
        ),
        "assessments:rectification-report assigned_rectification": Deed(
            "worker", "rectification.reported", lambda w: {"measure": "修好了", "photos": picture()}
        ),
        "assessments:rectification-close reported_rectification": Deed("safety", "rectification.closed"),
        "assessments:rectification-refuse reported_rectification": Deed("leader", "rectification.refused", reason()),
        "assessments:rectification-extend assigned_rectification": Deed(
            "manager", "rectification.extended", {"due_on": "later", "reason": "等备件"}
        ),
        "assessments:appraisal-open": Deed("manager", "appraisal.opened", NEW_ROUND),
        "assessments:appraisal-close appraisal": Deed("manager", "appraisal.closed", {"early": "1"}),
        "assessments:appraisal-extend appraisal": Deed(
            "manager", "appraisal.extended", {"ends_on": "later", "reason": "夜班的人还没填"}
        ),
        "assessments:appraisal-cancel appraisal": Deed("manager", "appraisal.cancelled", reason()),
        "assessments:appraisal-export closed_appraisal": Deed("union", "appraisal.exported"),
        "assessments:appraisal-self rated": Deed("leader", "appraisal.self_rated", RATING),
        "assessments:appraisal-vote rated": Deed("deputy", "appraisal.voted", RATING),
        "assessments:appraisal-superior rated": Deed("manager", "appraisal.superior_rated", RATING),
        "assessments:standard-install standard_5x44": Deed("assessor", "standard.drafted", {"unit": "unit"}),
        "assessments:standard-in-force version": Deed(
            "assessor", "standard.put_in_force", lambda w: {"period": periods.label(periods.shift(w.open, 1))}
        ),
        "assessments:standard-delete version": Deed("assessor", "standard.discarded"),
        "assessments:standard-import": Deed("assessor", "standard.drafted", {"unit": "unit", "file": "standard_file"}),
        "incentives:what-if-export version": Deed("assessor", "standard.trial_exported"),
        "incentives:what-if-export root_version": Deed("manager", "standard.trial_exported", {"changed": "on"}),
        "assessments:standard-edit version": Deed("assessor", "standard.edited", edited_standard),
        "assessments:standard-redraft settled_version": Deed("assessor", "standard.drafted"),
        "assessments:standard-hand-down root_settled": Deed("assessor", "standard.drafted", {"unit": "unit"}),
        # The close
        "assessments:close-compute": Deed("assessor", "close.requested", before=approved_unit),
        "assessments:close-step confirm": Deed(
            "assessor", "close.confirmed", before=computed_unit, args=["unit", "open", "confirm"]
        ),
        "assessments:close-step take-back": Deed(
            "assessor", "close.taken_back", before=confirmed_unit, args=["unit", "open", "take-back"]
        ),
        "assessments:close-step finish": Deed(
            "assessor", "close.closed", before=confirmed_unit, args=["unit", "open", "finish"]
        ),
        "assessments:close-all compute": Deed("assessor", "close.requested", shown_unit, approved_unit),
        "assessments:close-all confirm": Deed("assessor", "close.confirmed", shown_unit, computed_unit),
        "assessments:close-all finish": Deed("assessor", "close.closed", shown_unit, confirmed_unit),
        "assessments:score-refresh": Deed("worker", "close.refreshed"),
        "assessments:conditions": Deed(
            "assessor", "applicability.set", lambda w: {"criteria": w.check.version.criteria.first().pk}
        ),
        "assessments:veto-add": Deed("assessor", "veto.recorded", reason()),
        "assessments:veto-remove veto": Deed("assessor", "veto.removed"),
    }
    | ACCOUNT_DEEDS
    | ACTIVITY_DEEDS
    | APPLICATION_DEEDS
    | EVIDENCE_DEEDS
    | ADJUSTMENT_DEEDS
    | BOARD_DEEDS
    | PARTY_DEEDS
    | PIECE_DEEDS
    | IDEA_DEEDS
    | NAME_LIST_DEEDS
    | REVIEW_DEEDS
    | OBJECTION_DEEDS
    | LEARNING_DEEDS
    | KNOWLEDGE_DEEDS
    | POINT_DEEDS
    | BONUS_DEEDS
    | POOL_DEEDS
    | PROGRAMME_DEEDS
    | SPENDING_DEEDS
    | STUDIO_DEEDS
    | TITLE_DEEDS
)
"""Deed by `str(page)`; one for each page of the table that somebody may post to."""

LEAVE_NOTHING = {"login"} | SHOWS_ONLY
