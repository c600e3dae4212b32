from django.urls import path

from bulletins.feeds import feed
from bulletins.views import boards, displays, notices, objections, paper, policies, signing, verify

app_name = "bulletins"
urlpatterns = [
    path("boards/", boards.wall, name="wall"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/new/", notices.new_notice, name="notice-new"),
    path("notices/<slug:serial>/withdraw/", notices.withdraw, name="notice-withdraw"),
    path("policies/", policies.current, name="policy-current"),
    path("policies/<int:unit_id>/", policies.policy, name="policy"),
    path("policies/<int:unit_id>/drop/", policies.drop, name="policy-drop"),
    path("boards/feed/", feed, name="feed"),
    path("boards/<slug:serial>/", boards.board, name="board"),
    path("boards/<slug:serial>/sign/", signing.sign, name="sign"),
    path("boards/<slug:serial>/sign-paper/", signing.paper, name="sign-paper"),
    path("boards/<slug:serial>/objections/new/", objections.new, name="objection-new"),
    path("objections/", objections.objection_list, name="objections"),
    path("objections/export/", objections.export, name="objections-export"),
    path("objections/<int:objection_id>/", objections.detail, name="objection"),
    path("objections/<int:objection_id>/refuse/", objections.refuse, name="objection-refuse"),
    path("objections/<int:objection_id>/answer/", objections.answer, name="objection-answer"),
    path("objections/<int:objection_id>/correct/", objections.correct, name="objection-correct"),
    path("objections/<int:objection_id>/<slug:verb>/", objections.step, name="objection-step"),
    path("boards/<slug:serial>/download/", boards.download, name="download"),
    path("boards/<slug:serial>/paper/", paper.board, name="paper"),
    path("boards/<int:team_id>/<period:period>/paper/", paper.month, name="month-paper"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<slug:serial>/", verify.verified, name="verified"),
    path("displays/", displays.display_list, name="displays"),
    path("displays/<int:display_id>/", displays.change, name="display"),
    path("displays/<int:display_id>/revoke/", displays.revoke, name="display-revoke"),
    path("displays/add/<int:unit_id>/", displays.add, name="display-add"),
    path("screens/<slug:token>/", displays.screen, name="screen"),
]
