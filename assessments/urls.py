from django.urls import path

from assessments.views import checks, closes, standards

app_name = "assessments"
urlpatterns = [
    path("checks/", checks.current, name="checks-current"),
    path("checks/<int:team_id>/<period:period>/", checks.check_list, name="checks"),
    path("checks/<int:team_id>/new/", checks.self_check, name="self-check"),
    path("checks/<int:team_id>/inspect/", checks.inspect, name="inspect"),
    path("checks/sheet/<int:check_id>/", checks.check_detail, name="check"),
    path("checks/sheet/<int:check_id>/void/", checks.void_sheet, name="check-void"),
    path("findings/<int:finding_id>/", checks.finding, name="finding"),
    path("findings/<int:finding_id>/void/", checks.void, name="finding-void"),
    path("standards/", standards.standard_list, name="standards"),
    path("standards/install/<slug:key>/", standards.install, name="standard-install"),
    path("standards/<int:version_id>/", standards.standard_detail, name="standard"),
    path("standards/<int:version_id>/in-force/", standards.put_in_force, name="standard-in-force"),
    path("standards/<int:version_id>/delete/", standards.delete, name="standard-delete"),
    path("closes/", closes.close_list, name="close-current"),
    path("closes/<period:period>/", closes.close_list, name="close-list"),
    path("closes/<int:unit_id>/<period:period>/", closes.close_detail, name="close"),
    path("closes/<int:unit_id>/<period:period>/progress/", closes.close_progress, name="close-progress"),
    path("closes/<int:unit_id>/<period:period>/compute/", closes.compute, name="close-compute"),
    path("closes/<int:unit_id>/<period:period>/<slug:verb>/", closes.step, name="close-step"),
    path("scores/", closes.current_score, name="score-current"),
    path("scores/<int:team_id>/<period:period>/", closes.team_score, name="score"),
    path("scores/<int:team_id>/<period:period>/conditions/", closes.conditions, name="conditions"),
    path("scores/<int:team_id>/<period:period>/vetoes/", closes.veto_add, name="veto-add"),
    path("vetoes/<int:veto_id>/remove/", closes.veto_remove, name="veto-remove"),
]
