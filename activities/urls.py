from django.urls import path

from activities.views import activities, duties

app_name = "activities"
urlpatterns = [
    path("activities/", activities.activity_list, name="activities"),
    path("activities/new/", activities.choose, name="activity-choose"),
    path("activities/new/<int:kind_id>/", activities.record, name="activity-record"),
    path("activities/<int:activity_id>/", activities.detail, name="activity"),
    path("activities/<int:activity_id>/edit/", activities.edit, name="activity-edit"),
    path("activities/<int:activity_id>/void/", activities.void, name="activity-void"),
    path("activities/<int:activity_id>/sign-in-code/", activities.sign_in_code, name="sign-in-code"),
    path("sign-in/<uuid:key>/", activities.sign_in, name="sign-in"),
    path("follow-ups/<int:follow_up_id>/done/", activities.follow_up_end, {"step": "done"}, name="follow-up-done"),
    path("follow-ups/<int:follow_up_id>/drop/", activities.follow_up_end, {"step": "drop"}, name="follow-up-drop"),
    path("duties/", duties.duty_list, name="duties"),
    path("duties/<int:duty_id>/waive/", duties.waive, name="duty-waive"),
    path("duties/<int:duty_id>/ask-again/", duties.ask_again, name="duty-ask-again"),
    path("duties/units/<int:unit_id>/rules/", duties.rules, name="duty-rules"),
    path("duties/units/<int:unit_id>/<period:period>/", duties.compliance, name="compliance"),
    path("duties/units/<int:unit_id>/<period:period>/export/", duties.export, name="compliance-export"),
]
