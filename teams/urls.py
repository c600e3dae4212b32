from django.urls import path, register_converter

from teams.periods import PeriodConverter
from teams.views import attendance, coefficients, organization, people, photos, roster, units

register_converter(PeriodConverter, "period")

app_name = "teams"
urlpatterns = [
    path("teams/", units.team_list, name="team-list"),
    path("teams/<int:team_id>/", units.team_detail, name="team"),
    path("teams/<int:team_id>/passwords/", units.issue, name="passwords"),
    path("roster/", roster.upload, name="roster-upload"),
    path("roster/template/", roster.template, name="roster-template"),
    path("roster/<int:batch_id>/", roster.preview, name="roster-preview"),
    path("roster/<int:batch_id>/apply/", roster.apply, name="roster-apply"),
    path("roster/<int:batch_id>/discard/", roster.discard, name="roster-discard"),
    path("attendance/", attendance.month_list, name="attendance-current"),
    path("attendance/<period:period>/", attendance.month_list, name="attendance-list"),
    path("attendance/<int:team_id>/<period:period>/", attendance.grid, name="attendance"),
    path("attendance/<int:team_id>/<period:period>/import/", attendance.import_sheet, name="attendance-import"),
    path("attendance/<int:team_id>/<period:period>/confirm/", attendance.confirm, name="attendance-confirm"),
    path("attendance/<int:team_id>/<period:period>/approve/", attendance.approve, name="attendance-approve"),
    path("attendance/<int:team_id>/<period:period>/return/", attendance.send_back, name="attendance-return"),
    path("units/", organization.unit_tree, name="units"),
    path("units/<int:unit_id>/", organization.unit, name="unit"),
    path("units/<int:unit_id>/add/", organization.unit_add, name="unit-add"),
    path("units/<int:unit_id>/close/", organization.unit_close, name="unit-close"),
    path("units/<int:unit_id>/teams/", organization.team_add, name="team-add"),
    path("teams/<int:team_id>/edit/", organization.team_edit, name="team-edit"),
    path("teams/<int:team_id>/disband/", organization.team_disband, name="team-disband"),
    path("people/", people.person_list, name="people"),
    path("people/export/", people.roster_export, name="roster-export"),
    path("people/<int:user_id>/", people.person, name="person"),
    path("people/<int:user_id>/password/", people.account_password, name="account-password"),
    path("people/<int:user_id>/<slug:verb>/", people.account, name="account"),
    path("roles/", people.role_list, name="roles"),
    path("roles/<int:role_id>/end/", people.role_end, name="role-end"),
    path("teams/<int:team_id>/coefficients/", coefficients.change_list, name="coefficients"),
    path("coefficients/<int:change_id>/refuse/", coefficients.refuse, name="coefficient-refuse"),
    path("coefficients/<int:change_id>/<slug:verb>/", coefficients.step, name="coefficient-step"),
    path("photos/<int:attachment_id>/", photos.photo, name="photo"),
]
