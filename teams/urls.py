from django.urls import path, register_converter

from teams.periods import PeriodConverter
from teams.views import attendance, photos, roster, units

register_converter(PeriodConverter, "period")

app_name = "teams"
urlpatterns = [
    path("teams/", units.team_list, name="team-list"),
    path("teams/<int:team_id>/", units.team_detail, name="team"),
    path("teams/<int:team_id>/passwords/", units.issue, name="passwords"),
    path("roster/", roster.upload, name="roster-upload"),
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
    path("photos/<int:attachment_id>/", photos.photo, name="photo"),
]
