from django.urls import path

from activities import views

app_name = "activities"
urlpatterns = [
    path("duties/", views.duty_list, name="duties"),
    path("duties/<int:duty_id>/waive/", views.waive, name="duty-waive"),
    path("duties/<int:duty_id>/ask-again/", views.ask_again, name="duty-ask-again"),
    path("duties/units/<int:unit_id>/rules/", views.rules, name="duty-rules"),
    path("duties/units/<int:unit_id>/<period:period>/", views.compliance, name="compliance"),
    path("duties/units/<int:unit_id>/<period:period>/export/", views.export, name="compliance-export"),
]
