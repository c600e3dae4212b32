from django.urls import path

from bulletins import views

app_name = "bulletins"
urlpatterns = [
    path("boards/", views.wall, name="wall"),
    path("boards/<slug:serial>/", views.board, name="board"),
    path("boards/<slug:serial>/screen/", views.screen, name="screen"),
    path("boards/<slug:serial>/download/", views.download, name="download"),
    path("screens/<int:team_id>/", views.team_screen, name="team-screen"),
]
