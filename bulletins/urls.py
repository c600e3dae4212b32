from django.urls import path

from bulletins.views import boards, displays, notices, paper, policies

app_name = "bulletins"
urlpatterns = [
    path("boards/", boards.wall, name="wall"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/new/", notices.new_notice, name="notice-new"),
    path("notices/<slug:serial>/withdraw/", notices.withdraw, name="notice-withdraw"),
    path("policies/", policies.current, name="policy-current"),
    path("policies/<int:unit_id>/", policies.policy, name="policy"),
    path("policies/<int:unit_id>/drop/", policies.drop, name="policy-drop"),
    path("boards/<slug:serial>/", boards.board, name="board"),
    path("boards/<slug:serial>/download/", boards.download, name="download"),
    path("boards/<slug:serial>/paper/", paper.board, name="paper"),
    path("boards/<int:team_id>/<period:period>/paper/", paper.month, name="month-paper"),
    path("displays/", displays.display_list, name="displays"),
    path("displays/<int:display_id>/", displays.change, name="display"),
    path("displays/<int:display_id>/revoke/", displays.revoke, name="display-revoke"),
    path("displays/add/<int:unit_id>/", displays.add, name="display-add"),
    path("screens/<slug:token>/", displays.screen, name="screen"),
]
