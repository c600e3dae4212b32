from django.urls import path

from activities.views import activities, duties, kinds

app_name = "activities"
urlpatterns = [
    path("duties/", duties.duty_list, name="duties"),
    path("duties/<int:duty_id>/waive/", duties.waive, name="duty-waive"),
    path("duties/<int:duty_id>/ask-again/", duties.ask_again, name="duty-ask-again"),
    path("duties/units/<int:unit_id>/rules/", duties.rules, name="duty-rules"),
    path("duties/units/<int:unit_id>/<period:period>/", duties.compliance, name="compliance"),
    path("duties/units/<int:unit_id>/<period:period>/export/", duties.export, name="compliance-export"),
]
