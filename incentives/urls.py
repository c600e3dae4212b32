from django.urls import path

from incentives.views import distributions, pools, previews, rule_editing, rules, whatif

app_name = "incentives"
urlpatterns = [
    path("standards/<int:version_id>/try/", whatif.what_if, name="what-if"),
    path("standards/<int:version_id>/try/export/", whatif.export, name="what-if-export"),
    path("bonus/", distributions.month_list, name="current"),
    path("bonus/rules/", rules.rule_list, name="rules"),
    path("bonus/rules/install/<slug:key>/", rules.install, name="rule-install"),
    path("bonus/rules/<int:version_id>/in-force/", rules.put_in_force, name="rule-in-force"),
    path("bonus/lines/<int:line_id>/", distributions.explain, name="explain"),
    path("bonus/rules/<int:version_id>/", rule_editing.rule_detail, name="rule"),
    path("bonus/rules/<int:version_id>/edit/", rule_editing.edit, name="rule-edit"),
    path("bonus/rules/<int:version_id>/redraft/", rule_editing.redraft, name="rule-redraft"),
    path("bonus/rules/<int:version_id>/pass/", rule_editing.pass_by_meeting, name="rule-pass"),
    path("bonus/rules/<int:version_id>/compare/", rule_editing.compare, name="rule-compare"),
    path("bonus/rules/<int:version_id>/delete/", rules.delete, name="rule-delete"),
    path("bonus/<period:period>/", distributions.month_list, name="month"),
    path("bonus/pools/<int:unit_id>/<period:period>/", pools.edit, name="pools"),
    path("bonus/<int:team_id>/<period:period>/", distributions.distribution, name="distribution"),
    path("bonus/<int:team_id>/<period:period>/draft/", distributions.draft, name="draft"),
    path("bonus/<int:team_id>/<period:period>/return/", distributions.send_back, name="return"),
    path("bonus/<int:team_id>/<period:period>/publish/", distributions.publish, name="publish"),
    path("bonus/<int:team_id>/<period:period>/preview/", previews.preview, name="preview"),
    path("bonus/<int:team_id>/<period:period>/<slug:verb>/", distributions.step, name="step"),
]
